"""Where a comment or a point holds on to the text. The anchor is never overwritten; each new version adds a resolution."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Anchor(models.Model):
    """Exact words of a section at ``doc_version``: ProseMirror positions ``start``..``end``, the block where they begin,
    the words and what stands around them."""

    section = models.ForeignKey("strategies.Section", models.PROTECT, related_name="anchors")
    doc_version = models.PositiveIntegerField(default=0)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    block_id = models.CharField(max_length=40)
    quote = models.TextField()
    prefix = models.CharField(max_length=200, blank=True)
    suffix = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="an_anchor_has_words")]


class AnchorOutcome(models.TextChoices):
    EXACT = "exact", _("Oförändrad")
    MOVED = "moved", _("Flyttad")
    REWORDED = "reworded", _("Omformulerad")
    AMBIGUOUS = "ambiguous", _("Flera möjliga ställen")
    GONE = "gone", _("Finns inte kvar")


class AnchorResolution(models.Model):
    """Where an anchor is in another version. ``score`` 0..1. A person may confirm or correct it.

    ``doc_version`` stamps the text it was found in (``carry.text_stamp``): an older stamp means that it is looked for again.
    ``section_version``: the ``doc_version`` of ``section`` that ``start``..``end`` are positions in.
    ``trace_start``, ``trace_end``: where the steps alone have carried the two ends in the anchor's own section, up to its
    ``traced_to``; they may meet (the words were deleted) and part again (an undo).
    """

    anchor = models.ForeignKey(Anchor, models.CASCADE, related_name="resolutions")
    version = models.ForeignKey("strategies.Version", models.CASCADE, related_name="anchor_resolutions")
    section = models.ForeignKey("strategies.Section", models.CASCADE, null=True, related_name="+")
    doc_version = models.PositiveBigIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=AnchorOutcome)
    score = models.FloatField()
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    block_id = models.CharField(max_length=40, blank=True)
    text_now = models.TextField(blank=True)
    section_version = models.PositiveIntegerField(null=True)
    traced_to = models.PositiveIntegerField(null=True)
    trace_start = models.PositiveIntegerField(null=True)
    trace_end = models.PositiveIntegerField(null=True)
    confirmed_by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["anchor", "version"], name="one_resolution_per_anchor_and_version"),
            models.CheckConstraint(
                condition=Q(outcome__in=["gone", "ambiguous"])
                | Q(section__isnull=False, start__isnull=False, end__isnull=False),
                name="a_found_anchor_says_where",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="anchor_confirmation_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(traced_to=None, trace_start=None, trace_end=None)
                | Q(traced_to__isnull=False, trace_start__isnull=False, trace_end__isnull=False),
                name="a_trace_is_whole",
            ),
        ]
