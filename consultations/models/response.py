"""An organisation's response (remissvar). Immutable once submitted: a trigger refuses every change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from consultations.states import ResponseState


class ResponseKind(models.TextChoices):
    ANSWER = "answer", _("Svar med synpunkter")
    NO_OBJECTION = "no_objection", _("Ingen erinran")
    DECLINES = "declines", _("Avstår från att svara")


class Response(models.Model):
    """``number`` is given when it is submitted, in order within the round. ``receipt`` is the canonical content whose
    SHA-256 is ``sha256``."""

    round = models.ForeignKey("consultations.ConsultationRound", models.PROTECT, related_name="responses")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, related_name="responses")
    state = models.CharField(max_length=10, choices=ResponseState, default=ResponseState.DRAFTING)
    kind = models.CharField(_("slag"), max_length=12, choices=ResponseKind, default=ResponseKind.ANSWER)
    summary = models.TextField(_("sammanfattande svar"), blank=True)
    own_case_number = models.CharField(_("ert diarienummer"), max_length=40, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    late = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    receipt = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    revision = models.PositiveIntegerField(default=0)

    history = HistoricalRecords(excluded_fields=["receipt"])

    class Meta:
        verbose_name = _("remissvar")
        constraints = [
            models.UniqueConstraint(fields=["round", "actor"], name="one_response_per_actor_and_round"),
            models.UniqueConstraint(fields=["round", "number"], name="response_numbers_are_unique"),
            models.CheckConstraint(
                condition=Q(
                    state="submitted", submitted_at__isnull=False, submitted_by__isnull=False, number__isnull=False
                )
                | (~Q(state="submitted") & Q(submitted_at=None, submitted_by=None, number=None)),
                name="a_submitted_response_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor}"
