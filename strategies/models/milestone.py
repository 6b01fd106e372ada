"""What a consultation led to, pushed down by the consultations app so that a version can tell how it came about."""

from django.db import models


class ConsultationOutcome(models.Model):
    """One row per round and kind of fact on a version: opened, closed, settled. ``numbers`` are counts at that time.
    ``public``: everyone may know of it; a draft that was shared for comments is never told of outside."""

    version = models.ForeignKey("strategies.Version", models.PROTECT, related_name="consultation_outcomes")
    round_title = models.CharField(max_length=160)
    round_url = models.CharField(
        max_length=200, blank=True, db_default="", default=""
    )  # told by the app that has the page
    round_key = models.CharField(max_length=40)
    event = models.CharField(
        max_length=12, choices=[("opened", "opened"), ("closed", "closed"), ("settled", "settled")]
    )
    at = models.DateTimeField()
    numbers = models.JSONField(default=dict)
    public = models.BooleanField(default=True, db_default=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round_key", "event"], name="an_event_of_a_round_is_recorded_once"),
        ]
