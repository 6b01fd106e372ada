"""A document from outside on its way into a draft: what was sent, how far it has come, what it is proposed to become."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from strategies.states import ImportState


class ImportKind(models.TextChoices):
    DOCX = "docx", _("Word-dokument")
    PASTE = "paste", _("inklistrad text")


class ImportJob(models.Model):
    """``parts`` is the reading: a list of {level, title, doc, words}, one per heading, in order.

    ``notices`` are sentences about what could not be kept; ``comments`` the comments of the file ({author, words, at, on}).
    ``changes``: tracked changes, {id (of their marks in ``parts``), author, at, inserted, deleted}. ``result`` names the sections it became: {n: section id}. ``read_for`` tells one reading from the next.
    """

    strategy = models.ForeignKey("strategies.Strategy", models.PROTECT, related_name="imports")
    kind = models.CharField(_("slag"), max_length=8, choices=ImportKind)
    name = models.CharField(_("namn"), max_length=200)
    file = models.FileField(upload_to="imports/")
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("läge"), max_length=9, choices=ImportState, default=ImportState.WAITING)
    stage = models.CharField(max_length=80, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=400, blank=True)
    parts = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    comments = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    result = models.JSONField(default=dict)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    taken_in_at = models.DateTimeField(null=True)
    taken_in_by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("inläsning")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="taken_in", taken_in_at__isnull=False, taken_in_by__isnull=False)
                | (~Q(state="taken_in") & Q(taken_in_at=None, taken_in_by=None)),
                name="what_was_taken_in_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name
