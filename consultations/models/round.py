"""A consultation round (remiss/samrådsomgång) on a frozen version."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from consultations.states import RoundState


class PublicWhen(models.TextChoices):
    NEVER = "never", _("Svaren publiceras inte här")
    CLOSED = "closed", _("När samrådet har stängt")
    SETTLED = "settled", _("När alla synpunkter är bemötta")


class RoundKind(models.TextChoices):
    """What a kind means for openness is in ``visibility.py``; in words, in ``wording.py``."""

    EARLY = "early", _("Tidig dialog")
    CONSULTATION = "consultation", _("Samråd")
    REFERRAL = "referral", _("Remiss")
    SHARING = "sharing", _("Underhandsremiss")


def usual_reminders() -> list[int]:
    """Days before the closing."""
    return [14, 3]


class ConsultationRound(models.Model):
    """``opens_at`` and ``closes_at`` are the announced times; ``opened_at``/``closed_at`` what happened.

    The round closes at ``closes_at`` whatever the worker does: every check asks the clock, Celery only records it.
    """

    version = models.ForeignKey("strategies.Version", models.PROTECT, related_name="rounds")
    title = models.CharField(_("namn"), max_length=160)
    kind = models.CharField(_("slag"), max_length=12, choices=RoundKind, default=RoundKind.CONSULTATION)
    cover_letter = models.TextField(_("missiv"), blank=True)
    case_number = models.CharField(_("diarienummer"), max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.PREPARING)
    opens_at = models.DateTimeField(_("öppnar"), null=True, blank=True)
    closes_at = models.DateTimeField(_("stänger"), null=True, blank=True)
    scheduled_at = models.DateTimeField(null=True, blank=True)  # somebody said: open by itself at ``opens_at``
    scheduled_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    public_when = models.CharField(
        _("svaren blir offentliga"), max_length=8, choices=PublicWhen, default=PublicWhen.CLOSED
    )
    accepts_late = models.BooleanField(_("sena svar tas emot och stämplas som sena"), default=True)
    open_to_public = models.BooleanField(_("allmänheten får svara"), default=False)
    remind_days = models.JSONField(_("påminnelser"), default=usual_reminders, blank=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("samrådsomgång")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(state="open"), name="one_open_round_per_version"),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="a_round_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(scheduled_at=None, scheduled_by=None)
                | Q(scheduled_at__isnull=False, scheduled_by__isnull=False, opens_at__isnull=False),
                name="a_scheduled_round_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state="preparing", opened_at=None)
                | (~Q(state="preparing") & Q(opened_at__isnull=False, closes_at__isnull=False)),
                name="an_open_round_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "open"], closed_at=None)
                | Q(state__in=["closed", "settled"], closed_at__isnull=False),
                name="a_closed_round_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="a_settled_round_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class QuestionKind(models.TextChoices):
    FREE = "free", _("Fri text")
    CHOICE = "choice", _("Ett val")
    SCALE = "scale", _("Skala 1–5")


class Question(models.Model):
    """``choices``: list of texts, for QuestionKind.CHOICE only.

    A question that is asked of every goal is one row per goal: ``section`` says which, and ``series`` holds them together.
    """

    round = models.ForeignKey(ConsultationRound, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("svarstyp"), max_length=8, choices=QuestionKind, default=QuestionKind.FREE)
    text = models.CharField(_("fråga"), max_length=400)
    choices = models.JSONField(_("svarsalternativ"), default=list, blank=True)
    section = models.ForeignKey("strategies.Section", models.PROTECT, null=True, blank=True, related_name="+")
    series = models.UUIDField(null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(section=None, series=None) | Q(section__isnull=False, series__isnull=False),
                name="a_question_of_a_goal_is_one_of_a_series",
            ),
            models.UniqueConstraint(fields=["series", "section"], name="a_series_asks_of_a_goal_once"),
        ]

    @property
    def asked(self) -> str:
        """The question in full: with the goal it is asked of, when it is asked of one (``section`` loaded)."""
        return f"{self.text} – {self.section.title}" if self.section else self.text
