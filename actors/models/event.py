"""The trail: who did what, when, to which object. Rows are never changed or removed (a trigger refuses it)."""

from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """One event per verb. ``object_type``/``object_id`` name the row; ``strategy_id`` gathers a strategy's history."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120)  # as it was then; "Systemet" when nobody
    actor = models.ForeignKey("actors.Actor", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(max_length=200, blank=True)
    strategy_id = models.BigIntegerField(null=True)
    # Only the actor's own people may see it (for instance the work on an answer before it is submitted).
    private_to = models.ForeignKey("actors.Actor", models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "-at"]),
            models.Index(fields=["strategy_id", "-at"]),
        ]
