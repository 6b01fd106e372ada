"""Where the words of a section came from, when it was split off from another or took another in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TieKind(models.TextChoices):
    SPLIT = "split", _("delning")
    MERGE = "merge", _("sammanslagning")


class SectionTie(models.Model):
    """Split: ``section`` began with words of ``source``. Merge: the words of ``source`` went into ``section``.

    ``source_version`` is how many steps the source had before, so that its earlier trail is found. ``data``: {"blocks": ids that
    went over, "heading": the block that became a title or was made of one, or null, "children": sections that followed}.
    """

    kind = models.CharField(max_length=5, choices=TieKind)
    section = models.ForeignKey("strategies.Section", models.CASCADE, related_name="ties")
    source = models.ForeignKey("strategies.Section", models.CASCADE, related_name="ties_from")
    source_version = models.PositiveIntegerField()
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(section=models.F("source")), name="a_tie_is_between_two_sections"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="undone_ties_say_who_and_when",
            ),
        ]
