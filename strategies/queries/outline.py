"""The outline of a version: its sections as a tree, with today's codes. Three queries, however long the text."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from strategies.models import Section, Version
from strategies.queries.references import codes_of

TEXT_FIELDS = ("doc",)


@dataclass
class OutlineNode:
    """A section at its place. ``code`` is computed from the order ("1.2", "Mål 2", "Delmål 2.3", "P4"). ``level`` from 1."""

    section: Section
    code: str
    level: int
    children: list["OutlineNode"] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.section.title

    @property
    def uuid(self) -> str:
        return str(self.section.uuid)

    @property
    def kind(self) -> str:
        return self.section.kind


@dataclass
class Outline:
    """``roots`` in reading order; ``labels``: uuid -> (code, title), in reading order."""

    roots: list[OutlineNode]
    labels: dict[str, tuple[str, str]]

    def __iter__(self) -> Iterator[OutlineNode]:
        """Every node in reading order."""
        yield from walk(self.roots)

    def node(self, uuid: str) -> OutlineNode | None:
        """The node of a section, if it is in the outline."""
        return next((node for node in self if node.uuid == str(uuid)), None)


def walk(nodes: list[OutlineNode]) -> Iterator[OutlineNode]:
    """Nodes and everything below them, in reading order."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def outline(version: Version, *, with_text: bool = False) -> Outline:
    """The tree of sections that are left; ``section.doc`` is loaded only ``with_text``, goals' facts always (prefetched)."""
    rows = (
        version.sections.filter(removed_at=None)
        .select_related("locked_by")
        .prefetch_related("responsible", "policy_items")
        .order_by("position", "id")
    )
    if not with_text:
        rows = rows.defer(*TEXT_FIELDS)
    sections = list(rows)
    return arranged(sections, codes_of(sections))


def arranged(sections: list[Section], codes: dict[str, dict[str, str]]) -> Outline:
    """Put sections under their parents; one whose parent was removed is left out with it."""
    children: dict[int | None, list[Section]] = defaultdict(list)
    for section in sections:
        children[section.parent_id].append(section)

    def grow(parent: int | None, level: int) -> list[OutlineNode]:
        return [
            OutlineNode(row, codes.get(str(row.uuid), {}).get("code", ""), level, grow(row.pk, level + 1))
            for row in children[parent]
        ]

    roots = grow(None, 1)
    return Outline(roots, {node.uuid: (node.code, node.title) for node in walk(roots)})
