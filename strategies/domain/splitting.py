"""Split a section in two, and make one of two. Nothing is copied over anything: both trails stay, and both can be undone.

The words keep their block ids, so what points at them finds them again; the first part keeps the section's uuid.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from strategies.domain import documents
from strategies.domain.locks import check_not_locked
from strategies.domain.sections import (
    add_section,
    check_place,
    levels_of,
    lock_section_row,
    place_section,
    remove_section,
    restore_section,
    siblings_of,
)
from strategies.domain.text import replace_text
from strategies.models import Section, SectionTie, StepVia, TieKind
from strategies.queries.outline import outline

Block = dict[str, Any]
SUGGESTED = {"insertion", "deletion", "modification"}


# --- split


@transaction.atomic
def split_section(*, section_id: int, block_id: str, by: User, title: str = "") -> Section:
    """Let the text from the block ``block_id`` on be a section of its own, right after. Returns the new one.

    Without ``title`` a heading that stands first becomes the title. What stands below the section in the outline follows the
    second part, since it comes after its words. Conflict when the block is gone, Invalid when one part would be empty.
    """
    section = lock_section_row(section_id, by)
    check_not_locked(section)
    blocks = _blocks(section)
    at = next((n for n, block in enumerate(blocks) if _id(block) == block_id), None)
    if at is None:
        raise Conflict(_("Stycket där avsnittet skulle delas finns inte längre. Någon har ändrat texten; välj igen."))
    if at == 0:
        raise Invalid(_("Välj ett stycke längre ned."), {"block": _("Något måste vara kvar i den första delen.")})
    tail, heading = blocks[at:], None
    if not title.strip():
        title, heading = _title_of(tail[0])
        tail = tail[1:]
    new = add_section(
        version_id=section.version_id, kind=section.kind, title=title, by=by, parent_id=section.parent_id,
        after_id=section.pk,
    )  # fmt: skip
    tie = SectionTie(
        kind=TieKind.SPLIT, section=new, source=section, source_version=section.doc_version, at=clock.now(), by=by
    )
    tie.data = {"blocks": _ids(tail), "heading": heading, "children": _hand_over(section, new, [])}
    tie.save()
    new.owners.set(section.owners.all())
    _write(section, blocks[:at], by, StepVia.SPLIT)
    _write(new, tail, by, StepVia.SPLIT)
    record(by=by, verb="split_section", obj=section, strategy_id=section.version.strategy_id, other=new.title)
    record(by=by, verb="split_off", obj=new, strategy_id=section.version.strategy_id, other=section.title)
    return new


def _title_of(block: Block) -> tuple[str, Block]:
    """A heading's words as the title of a section; Invalid when the block is no plain heading."""
    parts = block.get("content") or []
    plain = all(part["type"] == "text" for part in parts)
    suggested = any(mark["type"] in SUGGESTED for part in [block, *parts] for mark in part.get("marks") or [])
    words = "".join(part.get("text", "") for part in parts).strip()
    if block["type"] != "heading" or not plain or suggested or not words:
        raise Invalid(
            _("Den andra delen behöver en rubrik."), {"title": _("Skriv en rubrik för det som blir ett eget avsnitt.")}
        )
    return words, block


# --- merge


@transaction.atomic
def merge_sections(*, first_id: int, second_id: int, by: User, keep_heading: bool = True) -> SectionTie:
    """Put the words of the second section after those of the first, and take the second out of the draft.

    The second must come right after the first when the text is read. Its title stays as a heading in the text when
    ``keep_heading``. Sections below the second follow. WrongState when they do not stand together, Invalid when what is below
    cannot stand under the first.
    """
    first, second = _lock_two(first_id, second_id, by)
    if not follows(first, second):
        raise WrongState(
            _("”%(second)s” kommer inte direkt efter ”%(first)s”. Flytta dem intill varandra först.")
            % {"first": first, "second": second}
        )
    heading = _heading_of(second) if keep_heading else None
    tie = _merge(first, second, [heading] if heading else [], by)
    tie.data["heading"] = heading
    tie.save()
    record(by=by, verb="merge_sections", obj=first, strategy_id=first.version.strategy_id, other=second.title)
    record(by=by, verb="merged_into", obj=second, strategy_id=first.version.strategy_id, other=first.title)
    return tie


def _merge(first: Section, second: Section, between: list[Block], by: User) -> SectionTie:
    mine, theirs = _blocks(first), _blocks(second)
    theirs = _with_ids_of_their_own(theirs, {_id(block) for block in documents.walk({"content": mine, "type": "doc"})})
    children = [row for row in siblings_of(first.version, first) if row.pk != second.pk]
    tie = SectionTie(
        kind=TieKind.MERGE, section=first, source=second, source_version=second.doc_version, at=clock.now(), by=by
    )
    tie.data = {"blocks": _ids(theirs), "heading": None, "children": _hand_over(second, first, children)}
    _write(first, [*mine, *between, *theirs], by, StepVia.MERGE)
    remove_section(section_id=second.pk, by=by)
    return tie


def follows(first: Section, second: Section) -> bool:
    """Whether the second comes right after the first when the text is read."""
    order = [node.section.pk for node in outline(first.version)]
    return second.pk in order and order.index(second.pk) == order.index(first.pk) + 1


def _heading_of(section: Section) -> Block:
    return {
        "type": "heading",
        "attrs": {"id": documents.new_id(), "level": 2},
        "content": [{"type": "text", "text": section.title}],
    }


def _with_ids_of_their_own(blocks: list[Block], taken: set[str | None]) -> list[Block]:
    """The blocks; an id that the other text uses too (words copied from one to the other) gives way to a new one."""

    def renewed(block: Block) -> Block:
        if _id(block) is not None and _id(block) in taken:
            block = {**block, "attrs": {**block["attrs"], "id": documents.new_id()}}
        if block["type"] in documents.TEXT_BLOCKS or "content" not in block:
            return block
        return {**block, "content": [renewed(child) for child in block["content"]]}

    return [renewed(block) for block in blocks]


# --- and back


@transaction.atomic
def undo_tie(*, tie_id: int, by: User) -> Section:
    """Undo a split (the second part's words go back to the first) or a merge (they go back to the section that was taken out).

    Words are taken as they are now: what was written since is kept. Returns the section that is shown afterwards.
    """
    tie = SectionTie.objects.filter(pk=tie_id).select_related("section", "source").first()
    if tie is None:
        raise NotFound(_("Det finns ingen sådan delning eller sammanslagning."))
    lock_section_row(tie.section_id, by, removed=True)
    tie = lock(SectionTie.objects.filter(pk=tie_id).select_related("section__version", "source__version"))
    if tie.undone_at is not None:
        return tie.source if tie.kind == TieKind.SPLIT else tie.section
    tie.undone_at, tie.undone_by = clock.now(), by
    tie.save(update_fields=["undone_at", "undone_by"])
    shown = _undo_split(tie, by) if tie.kind == TieKind.SPLIT else _undo_merge(tie, by)
    record(
        by=by, verb=f"undo_{tie.kind}", obj=shown, strategy_id=shown.version.strategy_id, other=_other(tie, shown).title
    )
    return shown


def _other(tie: SectionTie, shown: Section) -> Section:
    return tie.section if shown.pk == tie.source_id else tie.source


def _undo_split(tie: SectionTie, by: User) -> Section:
    first, second = _lock_two(tie.source_id, tie.section_id, by)
    if not follows(first, second):
        raise WrongState(
            _("”%(second)s” kommer inte längre direkt efter ”%(first)s”. Flytta tillbaka det först.")
            % {"first": first, "second": second}
        )
    heading = tie.data.get("heading")
    _merge(first, second, _with_ids_of_their_own([heading], _all_ids(first)) if heading else [], by)
    return first


def _undo_merge(tie: SectionTie, by: User) -> Section:
    first = lock_section_row(tie.section_id, by)
    check_not_locked(first)
    second = restore_section(section_id=tie.source_id, by=by)
    blocks = _blocks(first)
    gone_over = set(tie.data["blocks"])
    places = [n for n, block in enumerate(blocks) if _id(block) in gone_over]
    heading = _id(tie.data["heading"]) if tie.data.get("heading") else None
    if places:
        start, stop = places[0], places[-1] + 1
        back = blocks[start:stop]
        left = [block for block in [*blocks[:start], *blocks[stop:]] if _id(block) != heading]
        _write(first, left, by, StepVia.MERGE)
        _write(second, back, by, StepVia.MERGE)
    children = Section.objects.filter(pk__in=tie.data["children"], parent=first, removed_at=None)
    for child in children.order_by("position", "pk"):
        _put_last(child, second)
    return second


# --- small things


def _lock_two(first_id: int, second_id: int, by: User) -> tuple[Section, Section]:
    """Both, locked in the order of their numbers; neither may be locked for review."""
    found = {pk: lock_section_row(pk, by) for pk in sorted({first_id, second_id})}
    first, second = found[first_id], found[second_id]
    if first_id == second_id or first.version_id != second.version_id:
        raise Invalid(_("Välj två avsnitt i samma utkast."))
    check_not_locked(first)
    check_not_locked(second)
    return first, second


def _hand_over(giver: Section, taker: Section, after: list[Section]) -> list[int]:
    """Let the sections below ``giver`` stand first below ``taker``, before ``after``. Their numbers."""
    children = siblings_of(giver.version, giver)
    for child in children:
        check_place(child.kind, taker, levels=levels_of(child))
    for child in [*children, *after]:
        _put_last(child, taker)
    return [child.pk for child in children]


def _put_last(child: Section, parent: Section) -> None:
    child.parent = parent
    siblings = [row for row in siblings_of(parent.version, parent) if row.pk != child.pk]
    place_section(siblings, child, len(siblings))


def _blocks(section: Section) -> list[Block]:
    return list(documents.upgrade(section.doc, section.schema_version).get("content") or [])


def _write(section: Section, blocks: list[Block], by: User, via: str) -> None:
    replace_text(section_id=section.pk, by=by, doc={"type": "doc", "content": blocks}, via=via)


def _id(block: Block) -> str | None:
    return (block.get("attrs") or {}).get("id")


def _ids(blocks: list[Block]) -> list[str]:
    return [block_id for block in blocks if (block_id := _id(block))]


def _all_ids(section: Section) -> set[str | None]:
    return {_id(block) for block in documents.walk(section.doc)}
