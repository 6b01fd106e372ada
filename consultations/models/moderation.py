"""Whether an answer from the public is published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from consultations.states import ModerationState


class Moderation(models.Model):
    """One per answer from the public, made when it is handed in. The answer itself is never changed by it."""

    response = models.OneToOneField("consultations.Response", models.CASCADE, related_name="moderation")
    state = models.CharField(max_length=10, choices=ModerationState, default=ModerationState.WAITING)
    reason = models.TextField(_("skäl"), blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, decided_by=None)
                | Q(state="published", decided_at__isnull=False, decided_by__isnull=False)
                | (Q(state="held", decided_at__isnull=False, decided_by__isnull=False) & ~Q(reason="")),
                name="moderation_says_who_when_and_why",
            )
        ]
