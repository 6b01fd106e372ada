"""Back to how it was, as a new change: one section or the whole draft. What stood in between stays in the trail."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, NotFound, WrongState
from strategies import rules
from strategies.domain.checkpoints import State, keep_before, state_at, state_of
from strategies.domain.locks import check_not_locked
from strategies.domain.sections import (
    add_section,
    lock_draft,
    lock_section_row,
    remove_section,
    rename_section,
    restore_section,
    save_section,
)
from strategies.domain.text import replace_text
from strategies.models import Checkpoint, CheckpointKind, Section, SectionTie, StepVia, Version


def checkpoint_with_version(checkpoint_id: int) -> Checkpoint:
    """The checkpoint, or NotFound."""
    found = Checkpoint.objects.filter(pk=checkpoint_id).select_related("version__strategy").first()
    if found is None:
        raise NotFound(_("Sparpunkten finns inte."))
    return found


@transaction.atomic
def restore_from_checkpoint(*, checkpoint_id: int, uuid: str, version_id: int, by: User) -> Section:
    """Let one section of the draft have the heading and the text that it had at the checkpoint; a removed one comes back."""
    version = lock_draft(version_id, by)
    kept = checkpoint_with_version(checkpoint_id)
    _check_same_strategy(version, kept.version)
    return _restore_one(version, state_at(kept), uuid, str(kept), by)


@transaction.atomic
def restore_from_version(*, source_id: int, uuid: str, version_id: int, by: User) -> Section:
    """The same, with heading and text from an earlier version."""
    version = lock_draft(version_id, by)
    source = Version.objects.filter(pk=source_id).first()
    if source is None:
        raise NotFound(_("Versionen finns inte."))
    _check_same_strategy(version, source)
    return _restore_one(version, state_of(source), uuid, source.label, by)


def _check_same_strategy(version: Version, source: Version) -> None:
    if version.strategy_id != source.strategy_id:
        raise NotFound(_("Texten hör till en annan strategi."))


def _restore_one(version: Version, state: State, uuid: str, source: str, by: User) -> Section:
    row = next((row for row in state if row["uuid"] == str(uuid)), None)
    if row is None:
        raise NotFound(_("Avsnittet fanns inte då."))
    keep_before(version, CheckpointKind.RESTORE, by)
    section = version.sections.filter(uuid=row["uuid"]).first() or _added_again(version, row, by)
    section = restore_section(section_id=section.pk, by=by)
    _write(section, row, by)
    record(by=by, verb="restore_text", obj=section, strategy_id=version.strategy_id, source=source)
    return section


def _added_again(version: Version, row: dict[str, Any], by: User) -> Section:
    """A section that was left out of an earlier draft: the same one again, under what it stood under if that is left."""
    parent = version.sections.filter(uuid=row["parent"], removed_at=None).first() if row["parent"] else None
    section = add_section(
        version_id=version.pk, kind=row["kind"], title=row["title"], by=by, parent_id=parent.pk if parent else None
    )
    section.uuid = row["uuid"]
    section.save(update_fields=["uuid"])
    return section


def _write(section: Section, row: dict[str, Any], by: User) -> None:
    rename_section(section_id=section.pk, title=row["title"], by=by)
    replace_text(section_id=section.pk, by=by, doc=row["doc"], via=StepVia.RESTORE)


@transaction.atomic
def restore_checkpoint(*, checkpoint_id: int, by: User) -> Checkpoint:
    """The whole draft as it was at the checkpoint: texts, headings and order. Sections that came later are taken out (and can be
    brought back); those that had been taken out since come back. Facts of goals are left as they are.

    Leaders only. WrongState while a section is locked for review, or when the checkpoint is of another draft.
    """
    kept = checkpoint_with_version(checkpoint_id)
    version = lock_draft(kept.version_id, by)
    if not rules.can_lead(fresh(by), version.strategy):
        raise Forbidden(_("Bara processledaren kan återställa hela utkastet. Du kan ta tillbaka ett avsnitt i taget."))
    if not kept.outline:
        raise WrongState(_("Utkastet var tomt då."))
    live = list(version.sections.filter(removed_at=None).select_related("locked_by").defer("doc"))
    for section in live:
        check_not_locked(section)
    keep_before(version, CheckpointKind.RESTORE, by)
    state = state_at(kept)
    _place_all(version, state)
    for row in state:
        _write(Section.objects.get(pk=row["pk"]), row, by)
    _take_out_the_rest(version, {row["pk"] for row in state}, by)
    ties = SectionTie.objects.filter(section__version=version, at__gt=kept.at, undone_at=None)
    ties.update(undone_at=clock.now(), undone_by=by)
    record(by=by, verb="restore_checkpoint", obj=kept, strategy_id=version.strategy_id, sections=len(state))
    return kept


def _place_all(version: Version, state: State) -> None:
    """Every section of the checkpoint at its place, parents first."""
    pks = {row["uuid"]: row["pk"] for row in state}
    for row in state:
        section = Section.objects.select_for_update().get(pk=row["pk"], version=version)
        parent = pks.get(row["parent"])
        if (section.parent_id, section.position, section.removed_at) == (parent, row["position"], None):
            continue
        section.parent_id, section.position = parent, row["position"]
        section.removed_at = section.removed_by = None
        save_section(section, "parent", "position", "removed_at", "removed_by")


def _take_out_the_rest(version: Version, kept: set[int], by: User) -> None:
    for pk in version.sections.filter(removed_at=None).exclude(pk__in=kept).values_list("pk", flat=True):
        if lock_section_row(pk, by, removed=True).removed_at is None:
            remove_section(section_id=pk, by=by)
