"""A document as a flat list of units: what a reader would call a paragraph, a heading, a picture, a table.

Lists and quotations are flattened; what a block stands in is kept as its ``context``, so that "became a bullet"
is a change of kind and not a lost paragraph. A table is one unit and is compared inside by ``tables``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from .attributes import set_attrs

Node = dict[str, Any]

TEXT_BLOCKS = frozenset({"paragraph", "heading"})
IMAGES = frozenset({"image", "figure"})

# A word keeps its combining marks and soft hyphens; an emoji keeps its skin tone and its joined family.
_TOKEN = re.compile(
    r"([\U0001f1e6-\U0001f1ff]{2}"
    r"|\w(?:[\w\u0300-\u036f\u00ad\u200b\u2060]|[.,:](?=\d))*"
    r"|[^\w\s](?:[\ufe00-\ufe0f\u0300-\u036f\u20d0-\u20ff\U0001f3fb-\U0001f3ff]|\u200d[^\w\s])*"
    r"|)(\s*)"
)


@dataclass(slots=True)
class Token:
    """One word, sign or inline object, with the white space that follows it (compared apart from the word)."""

    text: str
    space: str = ""
    marks: str = ""
    atom: Node | None = None
    space_marks: str | None = None

    @property
    def marks_of_space(self) -> str:
        return self.marks if self.space_marks is None else self.space_marks


@dataclass(slots=True)
class Unit:
    """One block of a document. ``index`` is its place among the units; ``text`` is NFC plain text."""

    index: int
    id: str | None
    type: str
    node: Node
    context: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    _text: str | None = field(default=None)

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = unit_text(self.node)
        return self._text

    def attrs(self) -> Node:
        """What the block *is*, apart from its words and its id."""
        attrs = set_attrs("nodes", self.node["type"], self.node.get("attrs"))
        attrs.pop("id", None)
        if self.type in IMAGES:
            attrs.pop("caption", None)
        return {"type": self.type, "in": list(self.context), **attrs}


def nfc(text: str) -> str:
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def flatten(doc: Node) -> list[Unit]:
    """Every unit of a ``doc`` (or of any block with block content), in reading order."""
    units: list[Unit] = []
    _collect(doc.get("content") or (), (), (), units)
    return units


def _collect(nodes: Any, context: tuple[str, ...], parents: tuple[str, ...], units: list[Unit]) -> None:
    for node in nodes:
        kind = node["type"]
        attrs = node.get("attrs") or {}
        children = node.get("content")
        if kind in TEXT_BLOCKS or kind == "table" or not children or _has_inline(children):
            if kind in ("bullet_list", "ordered_list", "list_item", "blockquote") and not children:
                continue
            units.append(Unit(len(units), attrs.get("id"), kind, node, context, parents))
        else:
            start = attrs.get("start")
            label = f"{kind}:{start}" if start not in (None, 1) else kind
            _collect(children, (*context, label), (*parents, attrs.get("id") or ""), units)


def _has_inline(children: list[Node]) -> bool:
    return children[0]["type"] in ("text", "hard_break", "ref", "footnote")


def unit_text(node: Node) -> str:
    """The words of a block as one line; inline objects stand as short signs, table cells one per line."""
    if node["type"] == "table":
        return "\n".join(row_text(row) for row in node.get("content") or ())
    content = node.get("content")
    if content and len(content) == 1 and content[0]["type"] == "text":
        return nfc(content[0]["text"])
    return "".join(token.text + token.space for token in tokens(node))


def row_text(row: Node) -> str:
    return "\n".join(cell_text(cell) for cell in row.get("content") or ())


def cell_text(cell: Node) -> str:
    return "\n".join(unit.text for unit in flatten(cell))


def tokens(node: Node) -> list[Token]:
    """The words of a text block, a caption or a footnote."""
    if node["type"] in IMAGES:
        return _words(nfc((node.get("attrs") or {}).get("caption") or ""), "")
    out: list[Token] = []
    for child in _joined(node.get("content") or ()):
        if child["type"] == "text":
            words = _words(child["text"], mark_key(child.get("marks")))
            if words and not words[0].text and out:
                _follow_with_space(out[-1], words.pop(0))
            out.extend(words)
        else:
            out.append(_atom(child))
    return out


def _follow_with_space(word: Token, space: Token) -> None:
    if not word.space:
        word.space_marks = space.marks
    word.space += space.space


def _joined(children: Any) -> list[Node]:
    """Text nodes in NFC with the same marks joined; a combining mark goes with the letter it belongs to."""
    out: list[Node] = []
    for child in children:
        if child["type"] != "text":
            out.append(child)
            continue
        text, marks = child["text"], child.get("marks")
        previous = out[-1] if out and out[-1]["type"] == "text" else None
        if previous is not None and previous.get("marks") == marks:
            out[-1] = {**previous, "text": nfc(previous["text"] + text)}
        else:
            out.append({**child, "text": nfc(text)})
    return out


def _words(text: str, marks: str) -> list[Token]:
    return [Token(word, space, marks) for word, space in _TOKEN.findall(text) if word or space]


def plain_tokens(text: str) -> list[Token]:
    """The words of unformatted text in NFC."""
    return _words(text, "")


def _atom(node: Node) -> Token:
    kind = node["type"]
    marks = mark_key(node.get("marks"))
    if kind == "hard_break":
        return Token("\n", "", marks, node)
    if kind == "ref":
        return Token(f"⟦ref:{(node.get('attrs') or {}).get('section', '')}⟧", "", marks, node)
    if kind == "footnote":
        inner = "".join(t.text + t.space for t in tokens(node))
        return Token(f"⟦not:{inner}⟧", "", marks, node)
    return Token(f"⟦{kind}⟧", "", marks, node)


def mark_key(marks: list[Node] | None) -> str:
    """The formatting of a piece of text as a short stable string: ``em strong link=https://…``."""
    if not marks:
        return ""
    names = []
    for mark in marks:
        href = (mark.get("attrs") or {}).get("href")
        names.append(f"{mark['type']}={href.replace(' ', '%20')}" if href else mark["type"])
    return " ".join(sorted(names))
