"""An organisation's response (remissvar). Immutable once submitted: a trigger refuses every change.

A correction, or the adopted answer after a preliminary one, is a row of its own with the next ``version``. It counts from
the moment it is handed in; the row before it is then superseded, and stays readable.
"""

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
    """``number`` is given when it is submitted, in order within the round; later versions keep it. ``receipt`` is the
    canonical content whose SHA-256 is ``sha256``. ``political``: the organisation decides in a body before it is handed in;
    ``preliminary``: it was handed in before that."""

    round = models.ForeignKey("consultations.ConsultationRound", models.PROTECT, related_name="responses")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, related_name="responses")
    state = models.CharField(max_length=10, choices=ResponseState, default=ResponseState.DRAFTING)
    kind = models.CharField(_("slag"), max_length=12, choices=ResponseKind, default=ResponseKind.ANSWER)
    summary = models.TextField(_("sammanfattande svar"), blank=True)
    own_case_number = models.CharField(_("ert diarienummer"), max_length=40, blank=True)
    version = models.PositiveSmallIntegerField(default=1, db_default=1)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="successor")
    political = models.BooleanField(_("beslutas politiskt"), default=False, db_default=False)
    preliminary = models.BooleanField(_("preliminärt"), default=False, db_default=False)
    ready_at = models.DateTimeField(null=True, blank=True)
    ready_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    returned_reason = models.TextField(_("varför det gick tillbaka"), blank=True, db_default="")
    returned_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
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
            models.UniqueConstraint(fields=["round", "actor", "version"], name="versions_of_a_response_are_numbered"),
            models.UniqueConstraint(
                fields=["round", "actor"],
                condition=Q(state="submitted"),
                name="one_response_counts_per_actor_and_round",
            ),
            models.UniqueConstraint(
                fields=["round", "actor"],
                condition=Q(state__in=["drafting", "ready", "decided"]),
                name="one_response_in_work_per_actor_and_round",
            ),
            models.UniqueConstraint(fields=["round", "number", "version"], name="response_numbers_are_unique"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["submitted", "superseded"],
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    number__isnull=False,
                )
                | (~Q(state__in=["submitted", "superseded"]) & Q(submitted_at=None, submitted_by=None, number=None)),
                name="a_submitted_response_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(version=1, supersedes=None) | Q(version__gt=1, supersedes__isnull=False),
                name="a_later_version_follows_one",
            ),
            models.CheckConstraint(
                condition=Q(preliminary=False) | Q(political=True), name="only_what_is_to_be_decided_is_preliminary"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "decided"]) | Q(ready_at__isnull=False, ready_by__isnull=False),
                name="what_is_ready_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor}"
