"""The outline as rows to work in: where each section can be moved, how long it is, who sees to it and how far it has come."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from actors.models import User
from strategies.domain.sections import DEEPEST, PARENTS
from strategies.domain.word_counts import word_counts
from strategies.models import Section, Version
from strategies.queries.outline import Outline, OutlineNode
from strategies.queries.reading import hues
from strategies.states import WorkStatus

MINE, NOT_READY = "mina", "ej-klara"


@dataclass(frozen=True)
class Row:
    """A section of the draft. ``moves``: the directions in which it can go ("up", "down", "in", "out")."""

    node: OutlineNode
    hue: int
    moves: frozenset[str]
    is_empty: bool
    words: int = 0
    owners: tuple[User, ...] = ()
    is_shown: bool = True


def rows_of(version: Version, tree: Outline, *, chosen: str = "", viewer: User | None = None) -> list[Row]:
    """One row per section, in reading order; ``chosen`` "mina" or "ej-klara" hides the others. Two queries, three when a text is new.

    What is shown are the sections of ``viewer``, or those that are not ready; their places in the outline are kept.
    """
    empty = set(version.sections.filter(removed_at=None, doc__content=[]).values_list("pk", flat=True))
    colours = hues(tree)
    nodes = list(tree)
    words = word_counts(node.section for node in nodes)
    owners = owners_of(version)
    found: list[Row] = []

    def walk(siblings: list[OutlineNode], above: list[OutlineNode]) -> None:
        for place, node in enumerate(siblings):
            pk = node.section.pk
            mine = owners.get(pk, ())
            found.append(
                Row(
                    node, colours.get(node.uuid, 0), possible_moves(node, siblings, place, above),
                    pk in empty and not node.children, words.get(pk, 0), mine, _is_chosen(node.section, mine, chosen, viewer),
                )
            )  # fmt: skip
            walk(node.children, [*above, node])

    walk(tree.roots, [])
    return found


def owners_of(version: Version) -> dict[int, tuple[User, ...]]:
    """Section pk -> who sees to it, by name. One query."""
    people: dict[int, list[User]] = {}
    ties = Section.owners.through.objects.filter(section__version=version).select_related("user")
    for tie in ties.order_by("user__name", "pk"):
        people.setdefault(tie.section_id, []).append(tie.user)
    return {pk: tuple(users) for pk, users in people.items()}


def _is_chosen(section: Section, owners: tuple[User, ...], chosen: str, viewer: User | None) -> bool:
    if chosen == MINE:
        return viewer is not None and any(owner.pk == viewer.pk for owner in owners)
    if chosen == NOT_READY:
        return section.work != WorkStatus.READY
    return True


def totals_of(rows: list[Row]) -> dict[str, Any]:
    """What the outline sums up to: ``words``, ``sections``, how many are ``shown``, and how many are in each state of work (``ready``, ``in_progress``)."""
    work = Counter(row.node.section.work for row in rows)
    return {
        "words": sum(row.words for row in rows),
        "sections": len(rows),
        "shown": sum(row.is_shown for row in rows),
        "ready": work[WorkStatus.READY],
        "in_progress": work[WorkStatus.IN_PROGRESS],
    }


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
