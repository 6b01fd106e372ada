"""The audit trail of every word: one row per ProseMirror step, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StepVia(models.TextChoices):
    EDITOR = "editor", _("skrivet")
    FORM = "form", _("formulär")
    IMPORT = "import", _("inläst")
    RESTORE = "restore", _("återställt")
    PROPOSAL = "proposal", _("ändringsförslag")
    SPLIT = "split", _("delat")
    MERGE = "merge", _("sammanslaget")
    DECIDE = "decide", _("förslag avgjorda")


class Step(models.Model):
    """Applying steps 1..n of a section to its document at version 0 gives its document at version n."""

    section = models.ForeignKey("strategies.Section", models.CASCADE, related_name="steps")
    n = models.PositiveIntegerField()
    step = models.JSONField()
    by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    via = models.CharField(max_length=8, choices=StepVia, default=StepVia.EDITOR)
    batch_id = models.UUIDField()

    class Meta:
        ordering = ["section_id", "n"]
        constraints = [models.UniqueConstraint(fields=["section", "n"], name="a_step_number_once_per_section")]
        indexes = [models.Index(fields=["batch_id"])]
