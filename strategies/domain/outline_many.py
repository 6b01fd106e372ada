"""Several sections of the outline at once: move, remove, bring back. All of it is done, or nothing."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from actors.models import User
from rus_platform.kit.errors import Invalid
from strategies.domain.sections import lock_draft, move_section, remove_section, restore_section
from strategies.models import Section, Version
from strategies.queries.outline import outline


@transaction.atomic
def move_sections(
    *, version_id: int, section_ids: Iterable[int], by: User, parent_id: int | None = None, after_id: int | None = None
) -> list[Section]:
    """Put the sections, in the order in which they stand now, under ``parent_id`` after ``after_id`` (None: first).

    A section that is chosen together with one above it just follows. ``after_id`` may be one of the chosen. Returns those that moved.
    """
    version = lock_draft(version_id, by)
    tops = topmost(version, section_ids)
    moved: list[Section] = []
    after = _standing(version, tops, after_id)
    for section in tops:
        done = move_section(section_id=section.pk, by=by, parent_id=parent_id, after_id=after)
        moved.append(done)
        after = done.pk
    return moved


def _standing(version: Version, tops: list[Section], after_id: int | None) -> int | None:
    """``after_id``, or the nearest before it that is not itself to be moved."""
    chosen = {section.pk for section in tops}
    if after_id not in chosen:
        return after_id
    siblings = [node.section for node in outline(version)]
    here = next(row for row in siblings if row.pk == after_id)
    before = None
    for row in siblings:
        if row.pk == after_id:
            break
        if row.parent_id == here.parent_id and row.pk not in chosen:
            before = row.pk
    return before


@transaction.atomic
def remove_sections(*, version_id: int, section_ids: Iterable[int], by: User) -> list[Section]:
    """Take the sections, and what is below them, out of the draft. Returns the topmost ones."""
    version = lock_draft(version_id, by)
    return [remove_section(section_id=section.pk, by=by) for section in topmost(version, section_ids)]


@transaction.atomic
def restore_sections(*, version_id: int, section_ids: Iterable[int], by: User) -> list[Section]:
    """Undo a removal of several."""
    version = lock_draft(version_id, by)
    rows = Section.objects.filter(pk__in=set(section_ids), version=version).order_by("pk")
    return [restore_section(section_id=row.pk, by=by) for row in rows]


def topmost(version: Version, section_ids: Iterable[int]) -> list[Section]:
    """The chosen sections in reading order, without those that stand below another chosen one. Invalid when none is left."""
    wanted, inside = set(section_ids), set()
    found = []
    for node in outline(version):
        section = node.section
        if section.parent_id in inside:
            inside.add(section.pk)
        elif section.pk in wanted:
            inside.add(section.pk)
            found.append(section)
    if not found:
        raise Invalid(_("Välj minst ett avsnitt först."))
    return found
