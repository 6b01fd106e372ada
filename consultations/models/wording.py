"""A point's suggested wording as it was put into the draft."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WordingWay(models.TextChoices):
    SUGGESTION = "suggestion", _("Som förslag i utkastet")
    EDIT = "edit", _("Direkt i texten")


class PlacedWording(models.Model):
    """Put into ``section`` of a draft by the steps of ``batch_id``; a suggestion's marks have the id ``mark_id``. ``before``
    and ``after`` are the words of the blocks that it changes. ``ended_at``: ``taken_back`` by a person, or
    put in once more after it was refused in the draft."""

    point = models.ForeignKey("consultations.Point", models.PROTECT, related_name="placed")
    section = models.ForeignKey("strategies.Section", models.PROTECT, related_name="+")
    way = models.CharField(_("hur"), max_length=10, choices=WordingWay)
    mark_id = models.CharField(max_length=40, blank=True)
    batch_id = models.UUIDField()
    link = models.ForeignKey("consultations.ChangeLink", models.PROTECT, related_name="placed")
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    taken_back = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["point"], condition=Q(ended_at=None), name="a_wording_is_put_in_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=(Q(way="suggestion") & ~Q(mark_id="")) | Q(way="edit", mark_id=""),
                name="a_suggested_wording_has_its_mark",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="a_wording_taken_back_says_who_and_when",
            ),
        ]
