"""What became of a point: the decision, the public reason, and the change of the text that it caused."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from consultations.models.wording import PlacedWording, WordingWay
from strategies.models import Suggestion
from strategies.states import SuggestionState


class DispositionDecision(models.TextChoices):
    ACCOMMODATED = "accommodated", _("Tillgodoses")
    PARTLY = "partly", _("Tillgodoses delvis")
    NOT = "not", _("Tillgodoses inte")
    ALREADY = "already", _("Redan tillgodosedd")
    ELSEWHERE = "elsewhere", _("Hanteras i annan process")
    NOTED = "noted", _("Noteras")


#: Decisions that need a public reason (practice from planning law: the reason where a view is not met).
NEEDS_REASON = frozenset({"partly", "not", "already", "elsewhere"})


class Disposition(models.Model):
    """A decision on a point (bemötande). Never changed: a new decision is a new row with the next ``number``, and the
    highest number holds."""

    point = models.ForeignKey("consultations.Point", models.PROTECT, related_name="dispositions")
    number = models.PositiveSmallIntegerField()
    current = models.BooleanField(default=True)
    decision = models.CharField(_("beslut"), max_length=14, choices=DispositionDecision)
    reason = models.TextField(_("offentligt skäl"), blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["point_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["point", "number"], name="dispositions_are_numbered"),
            models.UniqueConstraint(
                fields=["point"], condition=Q(current=True), name="one_current_disposition_per_point"
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=["partly", "not", "already", "elsewhere"]) | ~Q(reason=""),
                name="decisions_that_need_a_reason_have_one",
            ),
        ]


class ChangeLinks(models.QuerySet["ChangeLink"]):
    """Ties between points and changes."""

    def standing(self) -> "ChangeLinks":
        """Those that hold: not taken away, and not about a suggestion in the draft that was refused or is gone."""
        marks = Suggestion.objects.filter(
            mark_id=OuterRef("mark_id"),
            section__version=OuterRef("section__version"),
            state__in=[SuggestionState.OPEN, SuggestionState.ACCEPTED],
        )
        refused = PlacedWording.objects.filter(
            ~Exists(marks), link=OuterRef("pk"), way=WordingWay.SUGGESTION, ended_at=None
        )
        return self.filter(~Exists(refused), removed_at=None)


class ChangeLink(models.Model):
    """The change in the text that a point caused: ``section`` is in the newer version; ``before``/``after`` are the words
    of the block as they were when the link was made."""

    point = models.ForeignKey("consultations.Point", models.PROTECT, related_name="change_links")
    section = models.ForeignKey("strategies.Section", models.PROTECT, related_name="change_links")
    block_id = models.CharField(max_length=40, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = ChangeLinks.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "section", "block_id"], condition=Q(removed_at=None), name="a_change_is_linked_once"
            )
        ]
