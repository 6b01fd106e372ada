"""Words of an answer that the public doesn't see."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RedactedPart(models.TextChoices):
    SUMMARY = "summary", _("Svaret i korthet")
    POINT = "point", _("Synpunkten")
    WORDING = "wording", _("Föreslagen lydelse")
    POSITION = "position", _("Skälet till ett ställningstagande")
    ANSWER = "answer", _("Svaret på en fråga")
    ATTACHMENT = "file", _("En bilaga, som inte lämnas ut här")


class Redaction(models.Model):
    """``words``: exactly as they stand in the part, or "" for all of it. ``row_id``: of the point, position or answer; 0 for
    the summary. The answer itself never changes: the words are masked when somebody reads who may not see them."""

    response = models.ForeignKey("consultations.Response", models.CASCADE, related_name="redactions")
    part = models.CharField(max_length=8, choices=RedactedPart)
    row_id = models.BigIntegerField(default=0)
    words = models.TextField(blank=True)
    reason = models.CharField(_("skäl"), max_length=400)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_redaction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="a_lifted_redaction_says_who_and_when",
            ),
            models.UniqueConstraint(
                fields=["response", "part", "row_id", "words"],
                condition=Q(lifted_at=None),
                name="words_are_redacted_once",
            ),
        ]
