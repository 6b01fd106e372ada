"""The way to a political decision: development board, executive board, regional council."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from strategies.states import ApprovalState


class Body(models.TextChoices):
    DEVELOPMENT_BOARD = "development_board", _("Regionala utvecklingsnämnden")
    EXECUTIVE_BOARD = "executive_board", _("Regionstyrelsen")
    REGIONAL_COUNCIL = "regional_council", _("Regionfullmäktige")


class DecisionOutcome(models.TextChoices):
    APPROVED = "approved", _("Tillstyrker / godkänner")
    ADOPTED = "adopted", _("Antar")
    REFERRED_BACK = "referred_back", _("Återremitterar")


class OpinionKind(models.TextChoices):
    RESERVATION = "reservation", _("Reservation")
    SEPARATE_OPINION = "separate_opinion", _("Särskilt yttrande")


class ApprovalCase(models.Model):
    """One per version put to decision."""

    version = models.OneToOneField("strategies.Version", models.PROTECT, related_name="approval")
    state = models.CharField(max_length=20, choices=ApprovalState, default=ApprovalState.DEVELOPMENT_BOARD)
    case_number = models.CharField(_("diarienummer"), max_length=40, blank=True)
    summary = models.TextField(_("sammanfattning av ärendet"), blank=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")

    history = HistoricalRecords()


class Decision(models.Model):
    """What a body decided: date and paragraph of the minutes (kommunallagen 5:67, 5:69). Never changed afterwards."""

    case = models.ForeignKey(ApprovalCase, models.PROTECT, related_name="decisions")
    body = models.CharField(_("organ"), max_length=20, choices=Body)
    outcome = models.CharField(_("beslut"), max_length=16, choices=DecisionOutcome)
    decided_on = models.DateField(_("beslutsdatum"))
    paragraph = models.CharField(_("paragraf"), max_length=20)
    note = models.TextField(_("beslutets lydelse"), blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "body"], name="a_body_decides_once_per_case"),
            models.CheckConstraint(condition=~Q(paragraph=""), name="a_decision_has_a_paragraph"),
            models.CheckConstraint(
                condition=~Q(outcome="adopted") | Q(body="regional_council"), name="only_the_council_adopts"
            ),
        ]


class Reservation(models.Model):
    """A reservation (kommunallagen 4:27) or separate opinion, by whom and in what words."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="reservations")
    kind = models.CharField(max_length=18, choices=OpinionKind)
    by_whom = models.CharField(_("av"), max_length=160)
    text = models.TextField(_("lydelse"))
