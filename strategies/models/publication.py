"""A rendering of a frozen version: bytes made once, stored with their hash."""

from django.db import models
from django.db.models import Q

from strategies.states import PublicationState


class Publication(models.Model):
    """``content_sha256`` covers the version's hash, the template's and the engine's versions: same hash, same bytes.

    ``done`` of ``total`` units of work have been made; ``stage`` says in words which.
    """

    version = models.ForeignKey("strategies.Version", models.PROTECT, related_name="publications")
    format = models.CharField(max_length=8, choices=[("pdf", "PDF")])
    content_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=PublicationState, default=PublicationState.WAITING)
    stage = models.CharField(max_length=80, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=400, blank=True)
    file = models.FileField(upload_to="publications/", blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_bytes = models.PositiveBigIntegerField(null=True)
    pages = models.PositiveIntegerField(null=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["format", "content_sha256"], name="never_rendered_twice"),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(file="") & ~Q(file_sha256="") & Q(pages__isnull=False)),
                name="a_done_publication_has_its_file",
            ),
        ]
