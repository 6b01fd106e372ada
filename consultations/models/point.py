"""One view (synpunkt) in a response, and the organisation's own notes about its work."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PointKind(models.TextChoices):
    CHANGE = "change", _("Ändringsförslag")
    OBJECTION = "objection", _("Invändning")
    SUPPORT = "support", _("Stöd")
    QUESTION = "question", _("Fråga")
    REMARK = "remark", _("Kommentar")
    ERROR = "error", _("Sakfel")


class PointChange(models.TextChoices):
    """Against the version of the response before this one; empty in the first."""

    SAME = "same", _("Som förut")
    CHANGED = "changed", _("Ändrad")
    NEW = "new", _("Ny")


class Point(models.Model):
    """About exact words (``anchor``), about a section, or in general (neither). ``number`` counts within the response.

    In a later version of the response ``origin`` is the same point in the version before, and ``change`` (set when it is
    handed in) says whether it is as it was: then the decision on it holds.
    """

    response = models.ForeignKey("consultations.Response", models.CASCADE, related_name="points")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("slag"), max_length=10, choices=PointKind, default=PointKind.REMARK)
    section = models.ForeignKey("strategies.Section", models.PROTECT, null=True, blank=True, related_name="+")
    anchor = models.ForeignKey("strategies.Anchor", models.PROTECT, null=True, blank=True, related_name="points")
    text = models.TextField(_("synpunkt"))
    suggested_wording = models.TextField(_("föreslagen lydelse"), blank=True)
    origin = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="continued_as")
    change = models.CharField(max_length=8, choices=PointChange, blank=True, db_default="")
    said_by = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="+")  # at a meeting
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["response_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["response", "number"], name="points_are_numbered_within_a_response"),
            models.CheckConstraint(
                condition=Q(anchor=None) | Q(section__isnull=False), name="an_anchored_point_has_a_section"
            ),
        ]


class InternalNote(models.Model):
    """For the organisation's own people only. The region never sees it, submitted or not. ``parent``: what it replies to
    (the first note of a thread, which alone can be ``resolved``)."""

    response = models.ForeignKey("consultations.Response", models.CASCADE, related_name="notes")
    point = models.ForeignKey(Point, models.SET_NULL, null=True, blank=True, related_name="notes")
    section = models.ForeignKey("strategies.Section", models.PROTECT, null=True, blank=True, related_name="+")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    text = models.TextField(_("intern anteckning"))
    mentioned = models.ManyToManyField("actors.User", blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False, parent=None),
                name="a_resolved_thread_says_who_and_when",
            )
        ]
