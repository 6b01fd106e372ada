"""The glossary of a strategy: the word that was agreed on, and the words it stands in for."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Term(models.Model):
    """``variants`` are words to avoid, as they are written. A removed term keeps its row and its history."""

    strategy = models.ForeignKey("strategies.Strategy", models.PROTECT, related_name="terms")
    preferred = models.CharField(_("ord som vi använder"), max_length=120)
    variants = models.JSONField(_("i stället för"), default=list)
    note = models.CharField(_("förklaring"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("termer")
        ordering = [Lower("preferred"), "id"]
        constraints = [
            models.UniqueConstraint(
                "strategy", Lower("preferred"), condition=Q(removed_at=None), name="a_term_once_per_strategy"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="removed_terms_say_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.preferred
