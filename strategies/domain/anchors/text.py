"""The text blocks of a document, made comparable, with the way back to ProseMirror positions.

ProseMirror counts UTF-16 code units (an emoji is two); every position here is such a position in the section's
document unless it is called an offset, which counts characters of the comparable text. Comparable text is NFC, with
white space as single spaces and without soft hyphens and other invisible signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]

_LEAVES = frozenset({"figure", "image", "horizontal_rule", "hard_break", "ref"})
_TEXT_BLOCKS = frozenset({"paragraph", "heading"})
_INVISIBLE = "\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff\ufffc\ufe0e\ufe0f"
_UNEVEN = re.compile(rf"[^\S ]|  |[{_INVISIBLE}]|[\U00010000-\U0010ffff]")


@dataclass(slots=True)
class TextBlock:
    """One paragraph, heading, caption or footnote. ``part`` numbers the footnotes of a block (0: the block itself)."""

    section: str | None
    id: str | None
    kind: str
    text: str
    start: int
    end: int
    part: int = 0
    starts: list[int] | None = None
    ends: list[int] | None = None
    index: int = 0

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Positions of the characters ``first``..``last`` (offsets, ``last`` exclusive)."""
        if self.kind == "figure":
            return self.start, self.end
        if self.starts is None or self.ends is None:
            return self.start + first, self.start + last
        if last <= first:
            here = self.starts[first] if first < len(self.starts) else self.end
            return here, here
        return self.starts[first], self.ends[last - 1]

    def offsets(self, start: int, end: int) -> tuple[int, int]:
        """Offsets of the characters that lie between two positions, cut to this block."""
        if self.kind == "figure":
            return 0, len(self.text)
        if self.starts is None or self.ends is None:
            length = len(self.text)
            return min(max(start - self.start, 0), length), min(max(end - self.start, 0), length)
        inside = [n for n, (a, b) in enumerate(zip(self.starts, self.ends, strict=True)) if a < end and b > start]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)


def comparable(text: str) -> str:
    """A quote as it is compared: NFC, single spaces, nothing invisible. Line breaks between blocks stay."""
    return "\n".join(_with_map(part, None)[0].strip() for part in text.replace("\r\n", "\n").split("\n"))


def context(text: str) -> str:
    """A prefix or suffix as it is compared: as ``comparable`` but its outer spaces are kept."""
    return "\n".join(_with_map(part, None)[0] for part in text.replace("\r\n", "\n").split("\n"))


def text_blocks(doc: Node, section: str | None = None) -> list[TextBlock]:
    """Every text block of a section's document in reading order, footnotes right after the block they stand in."""
    blocks: list[TextBlock] = []
    _walk(doc.get("content") or (), 0, section, blocks)
    for index, block in enumerate(blocks):
        block.index = index
    return blocks


def _walk(nodes: Iterable[Node], pos: int, section: str | None, blocks: list[TextBlock]) -> int:
    for node in nodes:
        kind = node["type"]
        if kind in _TEXT_BLOCKS:
            pos = _text_block(node, pos, section, blocks)
        elif kind in _LEAVES:
            attrs = node.get("attrs") or {}
            if kind in ("figure", "image"):
                words = comparable(attrs.get("caption") or attrs.get("alt") or "").replace("\n", " ")
                blocks.append(TextBlock(section, attrs.get("id"), "figure", words, pos, pos + 1))
            pos += 1
        else:
            pos = _walk(node.get("content") or (), pos + 1, section, blocks) + 1
    return pos


def _text_block(node: Node, pos: int, section: str | None, blocks: list[TextBlock]) -> int:
    children = node.get("content") or ()
    block_id = (node.get("attrs") or {}).get("id")
    block, end, notes = _measure(children, pos + 1, section, block_id, node["type"])
    blocks.append(block)
    for n, (at, note) in enumerate(notes, 1):
        part, _, _ = _measure(note.get("content") or (), at + 1, section, block_id, "footnote")
        part.part = n
        blocks.append(part)
    return end + 1


def _measure(
    children: Sequence[Node], pos: int, section: str | None, block_id: str | None, kind: str
) -> tuple[TextBlock, int, list[tuple[int, Node]]]:
    start = pos
    if all(child["type"] == "text" for child in children):
        raw = "".join(child["text"] for child in children)
        if not _UNEVEN.search(raw) and (raw.isascii() or unicodedata.is_normalized("NFC", raw)):
            return TextBlock(section, block_id, kind, raw, start, start + len(raw)), start + len(raw), []
    chars: list[str] = []
    places: list[int] = []
    notes: list[tuple[int, Node]] = []
    for child in children:
        if child["type"] == "text":
            for char in child["text"]:
                chars.append(char)
                places.append(pos)
                pos += 2 if char > "\uffff" else 1
        elif child["type"] == "footnote":
            notes.append((pos, child))
            pos += node_size(child)
        else:
            if child["type"] == "hard_break":
                chars.append(" ")
                places.append(pos)
            pos += 1
    text, starts, ends = _with_map("".join(chars), places)
    return TextBlock(section, block_id, kind, text, start, pos, 0, starts, ends), pos, notes


def node_size(node: Node) -> int:
    """ProseMirror's ``nodeSize``."""
    if node["type"] == "text":
        return sum(2 if char > "\uffff" else 1 for char in node["text"])
    if node["type"] in _LEAVES:
        return 1
    return 2 + sum(node_size(child) for child in node.get("content") or ())


def _with_map(raw: str, places: list[int] | None) -> tuple[str, list[int], list[int]]:
    """Comparable text, and where each of its characters starts and ends in ``raw`` (or in ``places``)."""
    if places is None and not _UNEVEN.search(raw):
        return (raw if raw.isascii() else unicodedata.normalize("NFC", raw)), [], []
    at = places if places is not None else list(range(len(raw)))
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    n = 0
    while n < len(raw):
        first = n
        n += 1
        while n < len(raw) and (unicodedata.combining(raw[n]) or raw[n] in _INVISIBLE):
            n += 1
        cluster = "".join(char for char in raw[first:n] if char not in _INVISIBLE)
        end = at[n - 1] + (2 if raw[n - 1] > "\uffff" else 1)
        for char in unicodedata.normalize("NFC", cluster):
            if char.isspace():
                if out and out[-1] == " ":
                    ends[-1] = end
                    continue
                char = " "
            out.append(char)
            starts.append(at[first])
            ends.append(end)
    return "".join(out), starts, ends
