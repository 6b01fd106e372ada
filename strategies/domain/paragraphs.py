"""Stable paragraph numbers: "2.3 stycke 4" is the same words on screen, in print and in a form that comes back.

Numbers are made from a frozen version, so they never change. Every paragraph, list item, quotation, table and picture
counts; headings and empty paragraphs do not. A section without a code of its own (a text below a goal) goes on counting
where the section above it left off, so that a code and a number always lead to one place.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from strategies.domain.anchors.text import text_blocks
from strategies.domain.documents import Doc
from strategies.models import Section, Version
from strategies.queries.outline import Outline, OutlineNode, outline

LISTS = frozenset({"bullet_list", "ordered_list"})
UNCOUNTED = frozenset({"heading", "horizontal_rule"})
REFERENCE = re.compile(
    r"^\s*(?P<code>.*?\d[\d.]*)\.?[\s,:]*(?:stycke|st\.?|paragraph|para\.?|:|¶)\s*(?P<number>\d{1,4})\b", re.I
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``code`` is that of the section, or of the one above it. ``block`` carries the number; ``inner`` are the ids of all
    blocks that it holds, its own first (a list item holds paragraphs). ``text``: its words, without footnotes."""

    section: str  # uuid
    section_id: int
    code: str
    number: int
    block: str
    inner: tuple[str, ...]
    kind: str  # the document's name for it: paragraph, list_item, blockquote, table, figure
    text: str

    @property
    def label(self) -> str:
        """As it is said and printed: "Mål 2 stycke 7"."""
        return _("%(code)s stycke %(n)s") % {"code": self.code, "n": self.number}


@dataclass
class Paragraphs:
    """Every paragraph of a version in reading order, and the ways to find one."""

    rows: list[Paragraph] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._by_section: dict[str, list[Paragraph]] = {}
        for row in self.rows:
            self._by_section.setdefault(row.section, []).append(row)

    def __iter__(self) -> Iterator[Paragraph]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def in_section(self, uuid: Any) -> list[Paragraph]:
        """Those of one section (its uuid), in order."""
        return self._by_section.get(str(uuid), [])

    def numbers(self, uuid: Any) -> dict[str, int]:
        """Block id -> number in one section: what ``render_doc(numbers=...)`` shows."""
        return {row.block: row.number for row in self.in_section(uuid) if row.block}

    def of_block(self, uuid: Any, block: str) -> Paragraph | None:
        """The paragraph that a block of a section belongs to; the innermost, for nested lists."""
        found = [row for row in self.in_section(uuid) if block in row.inner]
        return next((row for row in found if row.block == block), found[-1] if found else None)

    def named(self, code: str, number: int) -> Paragraph | None:
        """The paragraph with this code and number; "2.3" also finds "Delmål 2.3" when no other section is "2.3"."""
        wanted = _plain(code)
        rows = [row for row in self.rows if row.number == number]
        exact = [row for row in rows if _plain(row.code) == wanted]
        loose = [row for row in rows if _plain(row.code).rsplit(" ", 1)[-1].lstrip("p") == wanted]
        found = exact or loose
        return found[0] if len(found) == 1 else None

    def referred(self, words: str) -> Paragraph | None:
        """The paragraph that ``words`` name: "2.3 stycke 4", "Mål 2 st. 7", "P4, stycke 1"; None for anything else."""
        match = REFERENCE.match(words)
        return self.named(match["code"], int(match["number"])) if match else None


def _plain(code: str) -> str:
    return " ".join(code.lower().split()).rstrip(".")


def paragraphs_of(version: Version) -> Paragraphs:
    """Every numbered paragraph of a version. A constant number of queries."""
    return paragraphs_in(outline(version, with_text=True))


def paragraphs_in(tree: Outline) -> Paragraphs:
    """The same for an outline that was read with its text. No queries."""
    rows: list[Paragraph] = []
    counted: Counter[str] = Counter()
    for node in tree.roots:
        _count(node, node.code, counted, rows)
    return Paragraphs(rows)


def _count(node: OutlineNode, code: str, counted: Counter[str], rows: list[Paragraph]) -> None:
    for part in paragraphs_of_doc(node.section.doc, section=node.section, code=code, after=counted[code]):
        counted[code] = part.number
        rows.append(part)
    for child in node.children:
        _count(child, child.code or code, counted, rows)


def paragraphs_of_doc(doc: Doc, *, section: Section, code: str = "", after: int = 0) -> list[Paragraph]:
    """The numbered paragraphs of one section's document, counted on from ``after``."""
    words = {block.id: block.text.strip() for block in text_blocks(doc) if block.id and not block.part}
    rows: list[Paragraph] = []
    for item in _counted(doc.get("content") or []):
        inner = tuple(_ids(item))
        rows.append(
            Paragraph(
                section=str(section.uuid), section_id=section.pk, code=code, number=after + len(rows) + 1,
                block=str((item.get("attrs") or {}).get("id") or ""), inner=inner, kind=item["type"],
                text=" ".join(text for block in inner if (text := words.get(block, ""))),
            )
        )  # fmt: skip
    return rows


def _counted(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What is numbered, in reading order: an item of a list comes before the items nested in it."""
    for item in items:
        children = item.get("content") or []
        if item["type"] in LISTS:
            for row in children:
                yield row
                yield from _counted([child for child in row.get("content") or [] if child["type"] in LISTS])
        elif item["type"] not in UNCOUNTED and not _is_empty(item):
            yield item


def _is_empty(item: dict[str, Any]) -> bool:
    """A paragraph in which nothing is written."""
    if item["type"] != "paragraph":
        return False
    content = item.get("content") or []
    return not any(
        part.get("text", "").strip() if part["type"] == "text" else part["type"] != "hard_break" for part in content
    )


def _ids(item: dict[str, Any]) -> Iterator[str]:
    """Ids of a block and of the blocks in it, but not of the nested lists, whose items count for themselves."""
    own = (item.get("attrs") or {}).get("id")
    if own:
        yield str(own)
    for child in item.get("content") or []:
        if child["type"] not in LISTS:
            yield from _ids(child)
