"""How a draft stood at one time, without freezing it: its outline, and how many steps each section's text had."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CheckpointKind(models.TextChoices):
    NAMED = "named", _("Egen sparpunkt")
    QUIET = "quiet", _("Efter ett arbetspass")
    IMPORT = "import", _("Före inläsning av ett dokument")
    REPLACE = "replace", _("Före sök och ersätt")
    RESTORE = "restore", _("Före en återställning")


class Checkpoint(models.Model):
    """``outline``: the live sections in reading order, {pk, uuid, kind, title, code, level, parent (uuid or null), position, n
    (steps of its text), metadata}. The words are found again from the steps, which are never changed. ``stamp`` as ``text_stamp``.
    """

    version = models.ForeignKey("strategies.Version", models.CASCADE, related_name="checkpoints")
    kind = models.CharField(max_length=8, choices=CheckpointKind)
    label = models.CharField(_("namn"), max_length=120, blank=True)
    stamp = models.PositiveBigIntegerField()
    outline = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("sparpunkt")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="named") | ~Q(label=""), name="named_checkpoints_have_a_name"),
            models.CheckConstraint(
                condition=Q(kind="quiet") | Q(by__isnull=False), name="checkpoints_say_who_made_them"
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())

    @property
    def side(self) -> str:
        """Its name in the address of a comparison."""
        return f"s{self.pk}"
