"""A section's document: reading, checking and describing it. Pure functions; no database.

A *doc* is ProseMirror JSON (a dict), a *Node* is the same thing parsed. Positions are ProseMirror's: UTF-16 units.
"""

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from prosemirror.model import Node

from rus_platform.kit.errors import Invalid
from strategies.schema import BLOCKS, SCHEMA, SCHEMA_VERSION, SPEC, TEXT_BLOCKS

Doc = dict[str, Any]

MAX_BYTES = 2_000_000
MAX_DEPTH = 60
EMPTY: Doc = {"type": "doc", "content": []}


def new_id() -> str:
    """A block id: starts with a letter, 54 random bits."""
    return "b" + secrets.token_hex(7)


def parse(doc: Any) -> Node:
    """The document as a checked Node. Invalid, in words, when it is not one."""
    node = read(doc)
    check(node)
    return node


def read(doc: Any) -> Node:
    """The document as a Node whose content is not yet checked (what was stored was checked when it was saved)."""
    try:
        check_depth(doc)
        if not isinstance(doc, dict) or doc.get("type") != "doc":
            raise ValueError("not a document")
        return Node.from_json(SCHEMA, doc)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        raise Invalid(
            _("Texten kunde inte läsas: den har inte den form som ett avsnitt ska ha."), reason=str(error)
        ) from error


def check_depth(value: Any, depth: int = 0) -> None:
    """ValueError when JSON is nested deeper than any real text is (two levels of JSON per level of text).

    The library also reads content that is JSON inside a string; nobody sends that in good faith.
    """
    if depth > 3 * MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        if not isinstance(value.get("content") or [], list):
            raise ValueError("content is not a list")
        for item in value.values():
            check_depth(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            check_depth(item, depth + 1)


def check(node: Node, known: Node | None = None) -> None:
    """Everything the schema asks, plus unique block ids. ``known``: an earlier, checked state of the same document.

    Nodes are never changed, only replaced, so a node that is part of ``known`` needs no second look.
    """
    try:
        _check_new(node, known)
        check_ids(node)
    except ValueError as error:
        raise Invalid(
            _("Ändringen går inte att spara: texten skulle få en form som inte är tillåten."), reason=str(error)
        ) from error


def _check_new(node: Node, known: Node | None) -> None:
    if node is known:
        return
    _check_one(node)
    before = known.content.content if known is not None else []
    seen = {id(child) for child in before}
    kept = {id(child) for child in node.content.content} & seen
    replaced = iter([child for child in before if id(child) not in kept])
    for child in node.content.content:
        if id(child) not in seen:
            _check_new(child, next(replaced, None))


def _check_one(node: Node) -> None:
    """What ``Node.check`` asks of one node, without its children."""
    if node.is_text:
        text = node.text or ""
        if "\x00" in text:
            raise ValueError("a text with a null character")
        text.encode()  # half a surrogate pair is a ValueError
    else:
        node.type.check_content(node.content)
        node.type.check_attrs(node.attrs)
    if node.marks:
        _check_marks(node)


def _check_marks(node: Node) -> None:
    collected: list[Any] = []
    for mark in node.marks:
        mark.type.check_attrs(mark.attrs)
        collected = mark.add_to_set(collected)
    if len(collected) != len(node.marks) or any(not a.eq(b) for a, b in zip(collected, node.marks, strict=True)):
        raise ValueError(f"marks that exclude each other on {node.type.name}")


def check_ids(node: Node) -> None:
    """ValueError unless every block has an id of its own."""
    seen: set[str] = set()
    for block in walk_blocks(node):
        block_id: Any = block.attrs["id"]
        if block_id is None or block_id in seen:
            raise ValueError(f"block id {block_id} is missing or used twice")
        seen.add(block_id)


def walk_blocks(node: Node) -> Iterator[Node]:
    """Every block below ``node``, in reading order."""
    for child in node.content.content:
        if child.type.name in BLOCKS:
            yield child
            if child.type.name not in TEXT_BLOCKS:
                yield from walk_blocks(child)


# --- Canonical form ---------------------------------------------------------------------------


def canonical(doc: Doc | Node) -> str:
    """The text that is hashed: sorted keys, NFC, defaults and empties omitted, no white space between tokens."""
    plain: Any = doc.to_json() if isinstance(doc, Node) else doc
    return json.dumps(_lean(plain), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(doc: Doc | Node) -> str:
    """SHA-256 of the canonical form, as hexadecimal."""
    return hashlib.sha256(canonical(doc).encode()).hexdigest()


def _defaults(kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: {attr: spec["default"] for attr, spec in type_spec.get("attrs", {}).items() if "default" in spec}
        for name, type_spec in SPEC[kind].items()
    }


_DEFAULTS = _defaults("nodes") | _defaults("marks")


def _lean(item: dict[str, Any]) -> dict[str, Any]:
    lean: dict[str, Any] = {"type": item["type"]}
    defaults = _DEFAULTS.get(item["type"], {})
    attrs = {
        key: unicodedata.normalize("NFC", value) if isinstance(value, str) else value
        for key, value in (item.get("attrs") or {}).items()
        if key not in defaults or value != defaults[key]
    }
    if attrs:
        lean["attrs"] = attrs
    if item.get("marks"):
        lean["marks"] = [_lean(mark) for mark in item["marks"]]
    if "text" in item:
        lean["text"] = unicodedata.normalize("NFC", item["text"])
    if item.get("content"):
        lean["content"] = _joined([_lean(child) for child in item["content"]])
    return lean


def _joined(children: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbouring texts with the same marks are one text (and may compose over the seam)."""
    joined: list[dict[str, Any]] = []
    for child in children:
        last = joined[-1] if joined else None
        if last and child["type"] == last["type"] == "text" and child.get("marks") == last.get("marks"):
            last["text"] = unicodedata.normalize("NFC", last["text"] + child["text"])
        else:
            joined.append(child)
    return joined


# --- Ids --------------------------------------------------------------------------------------


def with_ids(doc: Doc) -> Doc:
    """A copy in which every block has an id of its own; ids that are already unique are kept."""
    return _with_ids(doc, set())


def _with_ids(item: dict[str, Any], seen: set[str]) -> dict[str, Any]:
    copy = dict(item)
    if item.get("type") in BLOCKS:
        attrs = dict(item.get("attrs") or {})
        if not attrs.get("id") or attrs["id"] in seen:
            attrs["id"] = new_id()
        seen.add(attrs["id"])
        copy["attrs"] = attrs
    if "content" in item:
        copy["content"] = [_with_ids(child, seen) for child in item["content"]]
    return copy


# --- Reading ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """A block of text as a reader meets it. ``pos`` is the ProseMirror position of its first character."""

    id: str
    type: str
    level: int  # of a heading, else 0
    text: str
    pos: int
    within: tuple[str, ...]  # types of the blocks around it, outermost first


OBJECT = "\ufffc"  # stands for what is one character wide and has no letters (a reference, a line break is "\n")


def blocks(doc: Doc) -> list[Block]:
    """Text blocks and figures in reading order. A footnote's words are left out (see ``plain_text``)."""
    found: list[Block] = []
    _collect(doc.get("content") or [], 0, (), found)
    return found


def _collect(children: list[dict[str, Any]], pos: int, within: tuple[str, ...], found: list[Block]) -> int:
    for child in children:
        kind, attrs = child["type"], child.get("attrs") or {}
        if kind in TEXT_BLOCKS:
            text = "".join(_inline_text(part) for part in child.get("content") or [])
            level = attrs.get("level", 2) if kind == "heading" else 0
            found.append(Block(attrs.get("id") or "", kind, level, text, pos + 1, within))
            pos += size(child)
        elif kind == "figure":
            text = " ".join(filter(None, [attrs.get("alt"), attrs.get("caption")]))
            found.append(Block(attrs.get("id") or "", kind, 0, text, pos, within))
            pos += 1
        elif kind == "horizontal_rule":
            pos += 1
        else:
            pos = _collect(child.get("content") or [], pos + 1, (*within, kind), found) + 1
    return pos


def _inline_text(part: dict[str, Any]) -> str:
    if part["type"] == "text":
        return str(part["text"])
    if part["type"] == "footnote":
        return OBJECT * size(part)
    return "\n" if part["type"] == "hard_break" else OBJECT


def size(item: dict[str, Any]) -> int:
    """ProseMirror's node size: UTF-16 units for text, 1 for a leaf, content + 2 for the rest."""
    if item["type"] == "text":
        return len(item["text"].encode("utf-16-le", "surrogatepass")) // 2
    if item["type"] in {"figure", "horizontal_rule", "hard_break", "ref"}:
        return 1
    return 2 + sum(size(child) for child in item.get("content") or [])


def plain_text(doc: Doc) -> str:
    """All words, one block per line, footnotes in brackets where they stand. For search, counting and comparison."""
    lines: list[str] = []
    _lines(doc.get("content") or [], lines)
    return "\n".join(lines)


def _lines(children: list[dict[str, Any]], lines: list[str]) -> None:
    for child in children:
        attrs = child.get("attrs") or {}
        if child["type"] in TEXT_BLOCKS:
            lines.append("".join(_words(part) for part in child.get("content") or []))
        elif child["type"] == "figure":
            lines.extend(text for text in (attrs.get("alt"), attrs.get("caption")) if text)
        else:
            _lines(child.get("content") or [], lines)


def _words(part: dict[str, Any]) -> str:
    if part["type"] == "text":
        return str(part["text"])
    if part["type"] == "footnote":
        return " [" + "".join(str(text["text"]) for text in part.get("content") or []) + "]"
    return "\n" if part["type"] == "hard_break" else ""


def word_count(doc: Doc) -> int:
    """Words a reader reads."""
    return len(plain_text(doc).split())


def walk(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The item and everything in it, in reading order."""
    yield item
    for child in item.get("content") or []:
        yield from walk(child)


def refs_in(doc: Doc) -> set[str]:
    """UUIDs of the sections that the text refers to."""
    return {item["attrs"]["section"] for item in walk(doc) if item["type"] == "ref"}


def images_in(doc: Doc) -> set[str]:
    """UUIDs of the pictures in the text."""
    return {item["attrs"]["image"] for item in walk(doc) if item["type"] == "figure"}


# --- Upgrades ---------------------------------------------------------------------------------

UPGRADES: dict[int, Any] = {}  # from version n to n + 1: a function doc -> doc, each with a test


def upgrade(doc: Doc, from_version: int) -> Doc:
    """The document in today's schema version."""
    for version in range(from_version, SCHEMA_VERSION):
        doc = UPGRADES[version](doc)
    return doc
