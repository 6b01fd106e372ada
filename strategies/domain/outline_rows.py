"""The outline as rows to work in: where each section can be moved, and which are still empty."""

from dataclasses import dataclass

from strategies.domain.sections import DEEPEST, PARENTS
from strategies.models import Section, Version
from strategies.queries.outline import Outline, OutlineNode
from strategies.queries.reading import hues


@dataclass(frozen=True)
class Row:
    """A section of the draft. ``moves``: the directions in which it can go ("up", "down", "in", "out")."""

    node: OutlineNode
    hue: int
    moves: frozenset[str]
    is_empty: bool


def rows_of(version: Version, tree: Outline) -> list[Row]:
    """One row per section, in reading order. One query."""
    empty = set(version.sections.filter(removed_at=None, doc__content=[]).values_list("pk", flat=True))
    colours = hues(tree)
    found: list[Row] = []

    def walk(siblings: list[OutlineNode], above: list[OutlineNode]) -> None:
        for place, node in enumerate(siblings):
            moves = possible_moves(node, siblings, place, above)
            is_empty = node.section.pk in empty and not node.children
            found.append(Row(node, colours.get(node.uuid, 0), moves, is_empty))
            walk(node.children, [*above, node])

    walk(tree.roots, [])
    return found


def possible_moves(
    node: OutlineNode, siblings: list[OutlineNode], place: int, above: list[OutlineNode]
) -> frozenset[str]:
    """What ``nudge_section`` would not refuse."""
    moves = set()
    if place > 0:
        moves.add("up")
        if siblings[place - 1].kind in PARENTS[node.kind] and len(above) + 1 + levels(node) <= DEEPEST:
            moves.add("in")
    if place < len(siblings) - 1:
        moves.add("down")
    if above and (above[-2].kind if len(above) > 1 else None) in PARENTS[node.kind]:
        moves.add("out")
    return frozenset(moves)


def levels(node: OutlineNode) -> int:
    """How many levels the section and what is below it take."""
    return 1 + max((levels(child) for child in node.children), default=0)


def nearest_place(kind: str, row: Section | None, *, inside: bool) -> tuple[int | None, int | None]:
    """(parent, after) for a new section of ``kind`` that was asked for under ``row``, or after it: the nearest that takes it.

    A sub-goal asked for after a goal goes under that goal; a chapter asked for inside a goal goes after its chapter.
    """
    takes = PARENTS.get(kind, ())
    if row is not None and inside and row.kind in takes:
        return row.pk, None
    while row is not None:
        if (row.parent.kind if row.parent else None) in takes:
            return row.parent_id, row.pk
        if row.kind in takes:
            return row.pk, None
        row = row.parent
    return None, None
