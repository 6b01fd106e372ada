"""A section of a version: a row with its metadata in columns and its prose in ``doc``."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from strategies.states import WorkStatus


def empty_doc() -> dict[str, object]:
    """A document without blocks."""
    return {"type": "doc", "content": []}


class SectionKind(models.TextChoices):
    CHAPTER = "chapter", _("Kapitel")
    TEXT = "text", _("Avsnitt")
    GOAL = "goal", _("Mål")
    SUBGOAL = "subgoal", _("Delmål")
    PRIORITY = "priority", _("Prioritering")


class Section(models.Model):
    """``uuid`` and block ids live on from version to version. ``position`` orders siblings (gaps allowed).

    ``doc`` is ProseMirror JSON after ``doc_version`` steps. A removed section keeps its row until the version is frozen.
    ``owners`` are the people who see to it that it is written; ``work`` is how far they have come. Locked: nobody writes in it.
    """

    version = models.ForeignKey("strategies.Version", models.PROTECT, related_name="sections")
    uuid = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(_("slag"), max_length=10, choices=SectionKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.IntegerField(default=0)
    title = models.CharField(_("rubrik"), max_length=240)
    doc = models.JSONField(default=empty_doc)
    doc_version = models.PositiveIntegerField(default=0)
    schema_version = models.PositiveSmallIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)  # counts changes of the metadata, for stale forms
    target_year = models.PositiveSmallIntegerField(_("målår"), null=True, blank=True)
    responsible = models.ManyToManyField("actors.Actor", blank=True, related_name="responsible_for")
    policy_items = models.ManyToManyField("strategies.PolicyItem", blank=True, related_name="sections")
    work = models.CharField(_("läge"), max_length=12, choices=WorkStatus, default=WorkStatus.NOT_STARTED)
    owners = models.ManyToManyField("actors.User", blank=True, related_name="owned_sections")
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    lock_reason = models.CharField(_("skäl"), max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField()

    history = HistoricalRecords(excluded_fields=["doc", "doc_version", "updated_at"])

    class Meta:
        verbose_name = _("avsnitt")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "uuid"], name="a_section_once_per_version"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="a_section_is_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="removed_sections_say_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(locked_at=None, locked_by=None, lock_reason="")
                | (Q(locked_at__isnull=False, locked_by__isnull=False) & ~Q(lock_reason="")),
                name="locked_sections_say_who_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(target_year=None)
                | Q(kind__in=["goal", "subgoal", "priority"], target_year__range=(2000, 2100)),
                name="only_goals_and_priorities_have_a_target_year",
            ),
        ]

    def __str__(self) -> str:
        return self.title
