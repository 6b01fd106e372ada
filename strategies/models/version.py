"""A version of the strategy: one working draft at a time, every other one frozen."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from strategies.states import TextStatus


class Version(models.Model):
    """Freezing turns the working version itself into the frozen one; the next draft is forked from it.

    ``manifest``: {algorithm, sections: [{uuid, sha256, ...}], sha256} as made by ``strategies.domain.manifest``.
    """

    strategy = models.ForeignKey("strategies.Strategy", models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("nummer"))
    label = models.CharField(_("namn"), max_length=120)
    status = models.CharField(_("status"), max_length=16, choices=TextStatus, default=TextStatus.WORKING)
    forked_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="forks")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    manifest = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    adopted_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords(excluded_fields=["manifest"])

    class Meta:
        verbose_name = _("version")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "number"], name="version_numbers_are_unique"),
            models.UniqueConstraint(
                fields=["strategy"], condition=Q(status="working"), name="one_working_version_per_strategy"
            ),
            models.UniqueConstraint(
                fields=["strategy"], condition=Q(status="adopted"), name="one_adopted_version_per_strategy"
            ),
            models.CheckConstraint(
                condition=Q(status="working", frozen_at=None, frozen_by=None, sha256="")
                | (~Q(status="working") & Q(frozen_at__isnull=False, frozen_by__isnull=False) & ~Q(sha256="")),
                name="frozen_versions_say_who_when_and_hash",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["adopted", "superseded"]) | Q(adopted_on__isnull=False),
                name="adopted_versions_have_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_frozen(self) -> bool:
        return self.status != TextStatus.WORKING
