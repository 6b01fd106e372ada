"""A change of wording proposed by somebody who reads the text but may not write in the draft."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from strategies.states import ProposalState


class Proposal(models.Model):
    """``section`` as it was after ``doc_version`` steps is the base; ``doc`` is the wanted text of the whole section, and
    ``text`` what was written in the form. Nothing of it is in any draft until an officer accepts it."""

    section = models.ForeignKey("strategies.Section", models.PROTECT, related_name="proposals")
    doc_version = models.PositiveIntegerField()
    doc = models.JSONField()
    text = models.TextField()
    reason = models.TextField(_("varför"), blank=True)
    author = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    state = models.CharField(_("läge"), max_length=8, choices=ProposalState, default=ProposalState.OPEN)
    answer = models.TextField(_("svar"), blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")
    batch_id = models.UUIDField(null=True)  # of the steps that it became; null when it was put in by hand

    class Meta:
        verbose_name = _("ändringsförslag utifrån")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | (~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="a_decided_proposal_says_who_and_when",
            ),
            models.CheckConstraint(condition=~Q(state="rejected", answer=""), name="a_refusal_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.section.title
