"""Changing the words of a section. Every way of writing ends in ``append``: five beats, one row per step."""

import uuid as uuids
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from prosemirror.model import Node
from prosemirror.transform import Step as PMStep

from actors.models import User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from strategies import rules
from strategies.domain import documents, doorbell, markup, suggested
from strategies.domain import steps as moves
from strategies.domain.documents import Doc
from strategies.domain.locks import check_not_locked
from strategies.domain.parsed import current, json_of, remember
from strategies.domain.rewriting import steps_between
from strategies.domain.section_work import begun
from strategies.domain.suggesting import suggesting_steps
from strategies.models import Section, Step, StepVia
from strategies.queries.committing import locked_section, put_down

UNDO = "undo"  # the key in a stored step under which the step back stands
MOST_BEHIND = 500  # a batch further behind than this is moved by the browser, not by the server


@dataclass(frozen=True, slots=True)
class Committed:
    """``version``: the section's after the commit. ``since``: every step after the sender's version, the sender's own included."""

    section: Section
    version: int
    since: list[Step]


class StaleVersion(Conflict):
    """The sender must take in ``since`` first. ``data``: version and steps, as the step endpoint shows them."""


def commit_steps(
    *,
    section_id: int,
    by: User,
    version: int,
    batch_id: uuids.UUID,
    steps: list[moves.StepJSON],
    via: str = StepVia.EDITOR,
) -> Committed:
    """Append ``steps``, made on ``version``, to a section. The same ``batch_id`` twice is one commit.

    On a newer section the steps are moved when nothing is lost by it; otherwise StaleVersion. Whoever may only suggest has
    it proved that nothing else was done. Raises Forbidden, WrongState (frozen, removed), Invalid (a step that does not
    fit, a text that is too large, more than a suggestion, words in somebody else's name).
    """
    read = moves.read_steps(steps)
    with transaction.atomic():
        section = lock_for_suggesting(section_id, by)
        _check_version(section, version)
        newer = list(_since(section, version)) if version < section.doc_version else []
        if any(step.batch_id == batch_id for step in newer):
            return Committed(section, section.doc_version, newer)
        doc = current(section)
        if newer:
            read = _moved(section, doc, read, newer, version)
        return Committed(
            section, section.doc_version + len(read), newer + append(section, doc, read, by, batch_id, via)
        )


def save_form_text(*, section_id: int, by: User, version: int, text: str) -> Committed:
    """Save a section's text as written in the form (``markup``), made on ``version``.

    Whoever may only suggest has it saved as one suggestion. Conflict when somebody else changed the same words: ``data``
    carries ``submitted``, ``current`` and ``version``.
    """
    with transaction.atomic():
        section = lock_for_suggesting(section_id, by)
        _check_version(section, version)
        newer = list(_since(section, version))
        doc = current(section)
        base = _rewound(section, version)
        wanted = documents.parse(markup.merge(plain(base), text))
        if rules.can_edit(by, section.version.strategy):
            changes = steps_between(base, wanted)
        else:
            changes = suggesting_steps(base, wanted, suggested.new_mark_id())
        if not changes:
            return Committed(section, section.doc_version, newer)
        if newer:
            moved = moves.rebase(doc, changes, [moves.read_step(step.step) for step in newer])
            if moved is None or not _fits(doc, moved):
                raise _both_texts(section, text)
            changes = moved
        return Committed(
            section,
            section.doc_version + len(changes),
            newer + append(section, doc, changes, by, uuids.uuid4(), StepVia.FORM),
        )


def replace_text(*, section_id: int, by: User, doc: Doc, via: str) -> Committed:
    """Make the section's text be ``doc``, as steps (for import and for restoring an earlier text)."""
    wanted = documents.parse(documents.with_ids(doc))
    with transaction.atomic():
        section = _lock_for_writing(section_id, by)
        now = current(section)
        changes = steps_between(now, wanted)
        made = append(section, now, changes, by, uuids.uuid4(), via) if changes else []
        return Committed(section, section.doc_version, made)


# --- Lock and check -----------------------------------------------------------------------------


def _lock_for_writing(section_id: int, by: User) -> Section:
    section = lock_for_suggesting(section_id, by)
    if not rules.can_edit(by, section.version.strategy):
        raise Forbidden(_("Du får föreslå ändringar i det här utkastet, men inte ändra texten."))
    return section


def lock_for_suggesting(section_id: int, by: User) -> Section:
    """The section, locked, for somebody who may at least suggest. Raises Forbidden, WrongState (frozen, removed, locked)."""
    section = locked_section(section_id)
    if section is None:
        raise NotFound(_("Det du söker finns inte, eller så har du inte tillgång till det."))
    if not rules.can_suggest(fresh(by), section.version.strategy):
        raise Forbidden(_("Du har inte längre rätt att skriva i det här utkastet."))
    if section.version.is_frozen:
        raise WrongState(_("Versionen är låst. Texten kan inte ändras längre."), frozen=True)
    if section.removed_at is not None:
        raise WrongState(_("Avsnittet har tagits bort ur utkastet."), removed=True)
    check_not_locked(section)
    return section


def _since(section: Section, version: int) -> QuerySet[Step]:
    return section.steps.filter(n__gt=version).select_related("by").order_by("n")


def _check_version(section: Section, version: int) -> None:
    if not 0 <= version <= section.doc_version:
        raise Invalid(_("Din text bygger på en version som inte finns. Ladda om sidan."), unknown_version=True)


def _moved(section: Section, doc: Node, read: list[PMStep], newer: list[Step], version: int) -> list[PMStep]:
    moved = None
    if len(newer) <= MOST_BEHIND:
        moved = moves.rebase(doc, read, [moves.read_step(step.step) for step in newer])
    if moved is None or not _fits(doc, moved):
        raise StaleVersion(
            _("Någon annan hann före. Din text förs ihop med den nya."),
            version=section.doc_version,
            steps=[shown(step) for step in newer],
        )
    return moved


def _fits(doc: Node, changes: Sequence[PMStep]) -> bool:
    try:
        return suggested.tells_what_was(doc, moves.apply_steps(doc, changes))
    except Invalid:
        return False


def _both_texts(section: Section, text: str) -> Conflict:
    return Conflict(
        _("Någon annan har ändrat samma ställe sedan du öppnade texten. Ingenting är borta: här är båda."),
        submitted=text,
        current=markup.to_markup(section.doc),
        version=section.doc_version,
    )


# --- Change and record ----------------------------------------------------------------------------


def append(
    section: Section, doc: Node, changes: Sequence[PMStep], by: User, batch_id: uuids.UUID, via: str
) -> list[Step]:
    """Apply, check, and store: the steps are the trail, so no audit event is made."""
    after = moves.apply_steps(doc, changes)
    was, is_now = suggested.amounts(doc), suggested.amounts(after)
    if not rules.can_edit(by, section.version.strategy):
        suggested.check_only_suggested(section, doc, after, by)
    elif via == StepVia.EDITOR:
        suggested.check_not_forged(section, was, is_now, by)
    stored = _with_undo(doc, changes)
    doc_now = json_of(after)
    if len(doc_now) * 4 > documents.MAX_BYTES and len(doc_now.encode()) > documents.MAX_BYTES:
        raise Invalid(_("Avsnittet är för långt för att sparas. Dela upp det i flera avsnitt."), too_large=True)
    at = clock.now()
    rows = [
        Step(section=section, n=n, step=step, by=by, at=at, via=via, batch_id=batch_id)
        for n, step in enumerate(stored, start=section.doc_version + 1)
    ]
    section.work = begun(section)
    put_down(section, doc_now, rows)
    suggested.record(section, was, is_now, by, at)
    section.doc_version, section.updated_at = section.doc_version + len(rows), at
    section.__dict__.pop("doc", None)  # fetched anew by whoever asks for it
    remember(section, after)
    doorbell.ring_steps(section, [shown(row) for row in rows])
    return rows


def plain(node: Node) -> Doc:
    """The document as JSON, with ``content`` also when it is empty."""
    return {"content": [], **node.to_json()}


def _with_undo(doc: Node, changes: Sequence[PMStep]) -> list[moves.StepJSON]:
    """Each step with the step that takes it back, so that one row tells what was written and what it replaced."""
    stored: list[moves.StepJSON] = []
    for step in changes:
        after = moves.apply_step(doc, step)
        stored.append({**step.to_json(), UNDO: moves.undo_of(step, doc, after).to_json()})
        doc = after
    return stored


def shown(step: Step) -> dict[str, Any]:
    """A step as the endpoint shows it."""
    return {
        "n": step.n,
        "step": {key: value for key, value in step.step.items() if key != UNDO},
        "by": step.by_id,
        "by_name": step.by.name if step.by else "",
        "at": step.at.isoformat(),
        "batch": str(step.batch_id),
    }


# --- The document as it was --------------------------------------------------------------------------


def doc_at(section: Section, version: int) -> Doc:
    """The section's document as it was after ``version`` steps."""
    return plain(_rewound(section, version))


def _rewound(section: Section, version: int) -> Node:
    node = current(section)
    for row in section.steps.filter(n__gt=version).order_by("-n"):
        node = moves.apply_step(node, moves.read_step(row.step[UNDO]))
    return node
