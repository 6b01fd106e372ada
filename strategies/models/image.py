"""A picture in a strategy, checked and re-encoded when it was uploaded."""

import uuid

from django.db import models


class Image(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    strategy = models.ForeignKey("strategies.Strategy", models.PROTECT, related_name="images")
    file = models.ImageField(upload_to="images/", width_field="width", height_field="height")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    mime = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
