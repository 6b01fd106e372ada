"""Steps: reading what a browser sent, applying it, and moving it over what others did meanwhile. Pure functions."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from prosemirror.model import Node, Slice
from prosemirror.transform import Mapping, ReplaceStep, Step

from rus_platform.kit.errors import Invalid
from strategies.domain import documents
from strategies.schema import SCHEMA

StepJSON = dict[str, Any]

MAX_STEPS = 2000
FORMS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "replace": {"from": int, "to": int},
    "replaceAround": {"from": int, "to": int, "gapFrom": int, "gapTo": int, "insert": int},
    "addMark": {"mark": dict, "from": int, "to": int},
    "removeMark": {"mark": dict, "from": int, "to": int},
    "addNodeMark": {"pos": int, "mark": dict},
    "removeNodeMark": {"pos": int, "mark": dict},
    "attr": {"pos": int, "attr": str},
}
# What the library raises on input that it cannot use; none of it is our own fault or a lost connection.
UNUSABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, RecursionError, OverflowError)


def refused(reason: object) -> Invalid:
    """The one sentence for an edit that cannot be made; ``reason`` is for the log and the developer."""
    return Invalid(_("Ändringen går inte att spara: den passar inte i texten."), reason=str(reason)[:200])


def read_steps(items: object) -> list[Step]:
    """The steps that were sent. Invalid when the list, or one of them, has not the right form."""
    if not isinstance(items, list) or not items:
        raise refused("steps is not a list with at least one step")
    if len(items) > MAX_STEPS:
        raise Invalid(_("Ändringen är för stor för att sparas på en gång."), reason=f"more than {MAX_STEPS} steps")
    try:
        return [read_step(item) for item in items]
    except UNUSABLE as error:
        raise refused(error) from error


def read_step(item: Any) -> Step:
    """One step; ValueError (or what the library raises) when it has not the right form."""
    if not isinstance(item, dict):
        raise ValueError("a step is an object")
    form = FORMS.get(item.get("stepType", ""))
    if form is None:
        raise ValueError("unknown kind of step")
    for name, kind in form.items():
        value: Any = item.get(name)
        if not isinstance(value, kind) or isinstance(value, bool) or (kind is int and not 0 <= item[name] <= 10**8):
            raise ValueError(f"{name} is missing or wrong")
    if "to" in form and item["from"] > item["to"]:
        raise ValueError("ends before it begins")
    documents.check_depth(item)
    _check_slice(item.get("slice"))
    return Step.from_json(SCHEMA, item)


def _check_slice(piece: Any) -> None:
    if piece is None:
        return
    if not isinstance(piece, dict):
        raise ValueError("slice is wrong")
    for name in ("openStart", "openEnd"):
        value = piece.get(name, 0)
        if type(value) is not int or not 0 <= value <= documents.MAX_DEPTH:
            raise ValueError(f"{name} is wrong")


def apply_steps(doc: Node, steps: Sequence[Step]) -> Node:
    """The document after the steps, checked. Invalid when one does not fit or leaves what is not allowed."""
    before, known = doc, {id(child) for child in doc.content.content}
    for step in steps:
        doc = apply_step(doc, step)
        _check_depth(doc, known)
    documents.check(doc, known=before)
    return doc


def apply_step(doc: Node, step: Step) -> Node:
    """The document after one step; only the structure around the change is checked."""
    try:
        result = step.apply(doc)
    except UNUSABLE as error:
        raise refused(error) from error
    if result.doc is None:
        raise refused(result.failed)
    return result.doc


def undo_of(step: Step, before: Node, after: Node) -> Step:
    """The step that makes ``before`` of ``after`` again, exactly.

    The library's own inverse of adding a mark takes the mark from words that had it already; then the piece is put back whole.
    """
    candidates = [lambda: step.invert(before)]
    if hasattr(step, "from_") and before.content.size == after.content.size:
        candidates.append(lambda: ReplaceStep(step.from_, step.to, before.slice(step.from_, step.to)))  # type: ignore[attr-defined]
    for candidate in candidates:
        undo = candidate()
        if apply_step(after, undo).eq(before):
            return undo
    return ReplaceStep(0, after.content.size, Slice(before.content, 0, 0))


def _check_depth(doc: Node, known: set[int]) -> None:
    """No document grows deeper than reading it can bear (wrapping in quotes, over and over). ``known``: ids of blocks that
    need no second look."""
    level, depth = [child for child in doc.content.content if child.content.size and id(child) not in known], 0
    while level:
        depth += 1
        if depth > documents.MAX_DEPTH:
            raise refused("nested too deeply")
        level = [child for node in level for child in node.content.content if child.content.size]


def rebase(doc: Node, steps: Sequence[Step], over: Sequence[Step]) -> list[Step] | None:
    """``steps``, made on an earlier state, moved to follow ``over`` (which led from that state to ``doc``).

    The same moves as a browser makes. None when anything would be lost: then the browser does it, and shows its
    person what fell away.
    """
    mapping = Mapping()
    for step in reversed(steps):
        mapping.append_map(step.get_map().invert())
    for step in over:
        mapping.append_map(step.get_map())
    moved: list[Step] = []
    for index, step in enumerate(steps):
        map_from = len(steps) - index
        again = step.map(mapping.slice(map_from))
        if again is None or _lost(step, again):
            return None
        try:
            doc = apply_step(doc, again)
        except Invalid:
            return None
        mapping.append_map(again.get_map(), map_from - 1)
        moved.append(again)
    return moved


def _lost(step: Step, again: Step) -> bool:
    """Whether the move took something away: its range shrank because others removed what it was about."""
    if hasattr(step, "from_") and hasattr(step, "to"):
        return bool((step.to > step.from_) and not (again.to > again.from_))  # type: ignore[attr-defined]
    return False
