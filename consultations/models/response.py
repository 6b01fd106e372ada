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


class Stream(models.TextChoices):
    """Where an answer comes from. The streams are numbered, counted and listed apart."""

    CONSULTEE = "consultee", _("Remissinstans")
    PUBLIC = "public", _("Allmänheten")
    MEETING = "meeting", _("Dialogmöte")


class Channel(models.TextChoices):
    """How an answer came in. All but the first two are entered by the region."""

    OWN = "own", _("Skrivet på plattformen")
    LINK = "link", _("Skrivet genom personlig länk")
    LETTER = "letter", _("Brev")
    PHONE = "phone", _("Telefon")
    MEETING = "meeting", _("Möte")
    EMAIL = "email", _("E-post")
    FILE = "file", _("Fil")


ENTERED = (Channel.LETTER, Channel.PHONE, Channel.MEETING, Channel.EMAIL, Channel.FILE)


class Response(models.Model):
    """``number`` is given when it is submitted, in order within the round and stream; later versions keep it. ``receipt`` is
    the canonical content whose SHA-256 is ``sha256``. ``entered_by``: an officer of the region wrote it in for the
    organisation; then ``received_at`` (when it reached the region) decides whether it is late. ``political``: a body of the
    organisation decides before it is handed in; ``preliminary``: it was handed in before that."""

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
    stream = models.CharField(max_length=10, choices=Stream, default=Stream.CONSULTEE)
    channel = models.CharField(_("kom in genom"), max_length=8, choices=Channel, default=Channel.OWN)
    received_at = models.DateTimeField(_("kom in"), null=True, blank=True)
    entered_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    original_note = models.TextField(_("originalet"), blank=True)
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
            models.UniqueConstraint(
                fields=["round", "stream", "number", "version"], name="response_numbers_are_unique"
            ),
            models.CheckConstraint(
                condition=Q(entered_by=None, received_at=None, channel__in=["own", "link"])
                | Q(
                    entered_by__isnull=False,
                    received_at__isnull=False,
                    channel__in=["letter", "phone", "meeting", "email", "file"],
                ),
                name="an_entered_response_says_who_when_and_how",
            ),
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

    @property
    def alone(self) -> bool:
        """Whether somebody answers as herself: she is spoken to as one, and has no colleagues in it."""
        return self.stream == Stream.PUBLIC
