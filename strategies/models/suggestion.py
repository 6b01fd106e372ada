"""Who suggested what when in a section's text. The words themselves are marks in the section's document."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from strategies.states import SuggestionState


class Suggestion(models.Model):
    """``mark_id`` is the id of the marks. ``length`` and ``blocks`` are how much has stood under it at most, so that
    nobody can put words in another's mouth. ``before`` and ``after``: the words when it was settled. ``because``: where it
    is from when it came from outside the draft, in a few words, and ``because_url`` where that can be read."""

    section = models.ForeignKey("strategies.Section", models.CASCADE, related_name="suggestions")
    mark_id = models.CharField(max_length=40)
    author = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    state = models.CharField(_("läge"), max_length=8, choices=SuggestionState, default=SuggestionState.OPEN)
    length = models.PositiveIntegerField(default=0)
    blocks = models.PositiveIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")
    batch_id = models.UUIDField(null=True)  # of the steps that settled it
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    because = models.CharField(max_length=200, blank=True, db_default="")
    because_url = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name = _("ändringsförslag")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["section", "mark_id"], name="a_suggestion_once_per_section"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | (~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="a_settled_suggestion_says_who_and_when",
            ),
        ]
        indexes = [models.Index(fields=["mark_id"])]

    def __str__(self) -> str:
        return self.mark_id
