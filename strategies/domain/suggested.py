"""The suggestions that stand in a document, whose they are, and whether somebody did more than suggest."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from prosemirror.model import Node

from actors.models import User
from rus_platform.kit.errors import Invalid
from strategies.domain import documents
from strategies.domain.diff.suggestions import SUGGESTED, settled
from strategies.models import Section, Suggestion
from strategies.states import SuggestionState


@dataclass(slots=True)
class Amount:
    """How much stands under a suggestion's marks: characters in marked text, and marked blocks."""

    length: int = 0
    blocks: int = 0


Amounts = dict[str, Amount]
NOTHING: Amounts = {}
KEPT = "_suggested"  # what stands in a piece of text is remembered on it: it is never changed, only replaced


def new_mark_id() -> str:
    """An id for a suggestion: starts with a letter, 64 random bits."""
    return "s" + secrets.token_hex(8)


def amounts(node: Node) -> Amounts:
    """Id -> how much of what the node contains is marked with it."""
    known: Amounts | None = node.__dict__.get(KEPT)
    if known is None:
        known = _count(node) or NOTHING
        node.__dict__[KEPT] = known
    return known


def _count(node: Node) -> Amounts:
    found: Amounts = {}
    for child in node.content.content:
        for mark in child.marks:
            if mark.type.name in SUGGESTED:
                amount = found.setdefault(str(mark.attrs["id"]), Amount())
                if child.is_inline:
                    amount.length += child.node_size
                else:
                    amount.blocks += 1
        if child.content.size:
            for mark_id, inside in amounts(child).items():
                amount = found.setdefault(mark_id, Amount())
                amount.length, amount.blocks = amount.length + inside.length, amount.blocks + inside.blocks
    return found


# --- Checks -----------------------------------------------------------------------------------------


def check_only_suggested(section: Section, before: Node, after: Node, by: User) -> None:
    """Invalid unless the person did nothing but add, change and withdraw suggestions of their own.

    The proof: with the person's own suggestions refused, the document is the same before and after, other people's
    suggestions included; and so it is with everybody's refused.
    """
    was, now = amounts(before), amounts(after)
    mine = {row.mark_id for row in _rows(section, {*was, *now}) if row.author_id == by.pk}
    new = now.keys() - was.keys()
    mine |= new - _known(section, new, besides=by)
    for verdict in (lambda mark_id: False if mark_id in mine else None, lambda _id: False):
        if documents.canonical(settled(_plain(before), verdict)) != documents.canonical(
            settled(_plain(after), verdict)
        ):
            raise Invalid(
                _("Du får föreslå ändringar i det här utkastet, men inte ändra texten eller andras förslag."),
                only_suggestions=True,
            )


def tells_what_was(before: Node, after: Node) -> bool:
    """Whether refusing each newly suggested attribute gives what stands in ``before``: not so when somebody else has
    changed the same attribute meanwhile."""
    new = amounts(after).keys() - amounts(before).keys()
    if not new:
        return True
    were = {str(node.attrs["id"]): node for node in _blocks(before)}
    return not any(
        mark.attrs.get("type") == "attr"
        and mark.attrs["id"] in new
        and (was := were.get(str(node.attrs["id"]))) is not None
        and was.attrs.get(str(mark.attrs["attrName"])) != mark.attrs["previousValue"]
        for node in _blocks(after)
        for mark in node.marks
        if mark.type.name == "modification"
    )


def _blocks(node: Node) -> Iterator[Node]:
    """Every node below that has an id."""
    for child in node.content.content:
        if not child.is_inline:
            if child.attrs.get("id"):
                yield child
            yield from _blocks(child)


def check_not_forged(section: Section, was: Amounts, now: Amounts, by: User) -> None:
    """Invalid when more than before stands in somebody else's name. What a writer undoes may come back as it was."""
    grown = {
        mark_id
        for mark_id, amount in now.items()
        if mark_id not in was or amount.length > was[mark_id].length or amount.blocks > was[mark_id].blocks
    }
    if not grown:
        return
    here = {row.mark_id: row for row in _rows(section, grown)}
    too_much = any(
        row.author_id != by.pk and (now[row.mark_id].length > row.length or now[row.mark_id].blocks > row.blocks)
        for row in here.values()
    )
    if too_much or _known(section, grown - here.keys() - was.keys(), besides=by):
        raise Invalid(_("Ändringen går inte att spara: den skulle stå som någon annans förslag."), forged=True)


def _rows(section: Section, ids: Iterable[str]) -> list[Suggestion]:
    wanted = set(ids)
    return list(Suggestion.objects.filter(section=section, mark_id__in=wanted)) if wanted else []


def _known(section: Section, ids: set[str], besides: User | None = None) -> set[str]:
    """Those of the ids that have stood somewhere in the strategy, in somebody's name (other than ``besides``)."""
    if not ids:
        return set()
    rows = Suggestion.objects.filter(section__version__strategy_id=section.version.strategy_id, mark_id__in=ids)
    return set((rows.exclude(author=besides) if besides else rows).values_list("mark_id", flat=True))


def _plain(node: Node) -> documents.Doc:
    return {"content": [], **node.to_json()}


# --- Rows ---------------------------------------------------------------------------------------------


def record(section: Section, was: Amounts, now: Amounts, by: User, at: datetime) -> None:
    """Rows for the suggestions that came (a new id belongs to whoever commits it) and for those that went."""
    if not was and not now:
        return
    came, went = now.keys() - was.keys(), was.keys() - now.keys()
    if went:
        rows = Suggestion.objects.filter(section=section, mark_id__in=went, state=SuggestionState.OPEN)
        rows.update(state=SuggestionState.GONE, decided_at=at, decided_by=by)
    if came:
        _arrived(section, {mark_id: now[mark_id] for mark_id in came}, by, at)
    _grew(section, {key: now[key] for key in now.keys() & was.keys() if now[key] != was[key]})


def _arrived(section: Section, came: Amounts, by: User, at: datetime) -> None:
    here = Suggestion.objects.filter(section=section, mark_id__in=came)
    back = set(here.values_list("mark_id", flat=True))
    here.update(state=SuggestionState.OPEN, decided_at=None, decided_by=None, batch_id=None, before="", after="")
    known = Suggestion.objects.filter(
        section__version__strategy_id=section.version.strategy_id, mark_id__in=came.keys() - back
    )
    moved = {row.mark_id: row for row in known}  # what was moved here, or copied with its section, keeps its author
    Suggestion.objects.bulk_create(
        Suggestion(
            section=section,
            mark_id=mark_id,
            author_id=moved[mark_id].author_id if mark_id in moved else by.pk,
            created_at=moved[mark_id].created_at if mark_id in moved else at,
            length=came[mark_id].length,
            blocks=came[mark_id].blocks,
        )
        for mark_id in sorted(came.keys() - back)
    )


def _grew(section: Section, changed: Amounts) -> None:
    rows = _rows(section, set(changed))
    for row in rows:
        row.length = max(row.length, changed[row.mark_id].length)
        row.blocks = max(row.blocks, changed[row.mark_id].blocks)
    Suggestion.objects.bulk_update(rows, ["length", "blocks"])
