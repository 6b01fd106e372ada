"""HTML from outside (Word, web pages) into the document's form. Nothing that can run gets through.

nh3 cleans first; the tree that is left is read node by node into the schema, so a tag we do not know is
only its text. Pictures inside the HTML are left out and counted.
"""

from dataclasses import dataclass, field
from typing import Any

import nh3
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lxml import html as lxml_html

from rus_platform.kit.errors import Invalid
from strategies.domain import documents
from strategies.domain.documents import Doc
from strategies.schema import HREF

Item = dict[str, Any]

MAX_CHARACTERS = 5_000_000
MAX_NESTING = 12
TAGS = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "td",
    "th",
    "caption",
    "hr",
    "br",
    "strong",
    "b",
    "em",
    "i",
    "sup",
    "sub",
    "a",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "span",
    "figure",
    "figcaption",
    "img",
    "pre",
    "dl",
    "dt",
    "dd",
    "address",
    "center",
}
BLOCK_TAGS = TAGS - {"br", "strong", "b", "em", "i", "sup", "sub", "a", "span", "img"}
MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "sup": "superscript", "sub": "subscript"}
ORDER = ("link", "strong", "em", "superscript", "subscript")


@dataclass
class Imported:
    """The document, and sentences about what could not be kept."""

    doc: Doc
    notices: list[str] = field(default_factory=list)


def from_html(source: str) -> Imported:
    """Read HTML. Invalid when it is larger than any section can be."""
    if len(source) > MAX_CHARACTERS:
        raise Invalid(_("Det du klistrade in är för stort. Dela upp det i flera delar."), too_large=True)
    clean = nh3.clean(
        source.replace("\x00", ""),
        tags=TAGS,
        attributes={
            "a": {"href"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan"},
            "ol": {"start"},
            "img": {"alt"},
        },
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        clean_content_tags={
            "script",
            "style",
            "template",
            "noscript",
            "iframe",
            "object",
            "svg",
            "math",
            "title",
            "head",
        },
    )
    reader = _Reader()
    root = lxml_html.fragment_fromstring(clean, create_parent="div") if clean.strip() else None
    content = reader.blocks(root, 0) if root is not None else []
    doc = documents.with_ids({"type": "doc", "content": content})
    documents.parse(doc)
    return Imported(doc, reader.notices())


class _Reader:
    def __init__(self) -> None:
        self.pictures = 0
        self.merged = 0

    def notices(self) -> list[str]:
        notices = []
        if self.pictures:
            notices.append(
                ngettext(
                    "En bild kunde inte följa med. Lägg in den med knappen Bild.",
                    "%(count)s bilder kunde inte följa med. Lägg in dem med knappen Bild.",
                    self.pictures,
                )
                % {"count": self.pictures}
            )
        if self.merged:
            notices.append(_("Text som var nästlad mycket djupt har lyfts upp."))
        return notices

    # --- blocks

    def blocks(self, element: Any, depth: int) -> list[Item]:
        """The element's content as blocks; loose text becomes paragraphs."""
        found: list[Item] = []
        loose: list[Item] = []

        def flush() -> None:
            parts = _tidy(loose)
            if parts:
                found.append({"type": "paragraph", "content": parts})
            loose.clear()

        loose += _text(element.text, ())
        for child in element:
            if child.tag in BLOCK_TAGS or _has_block(child):
                flush()
                found += self.block(child, depth)
            else:
                loose += self.inline(child, ())
            loose += _text(child.tail, ())
        flush()
        return found

    def block(self, element: Any, depth: int) -> list[Item]:
        tag = element.tag
        if depth >= MAX_NESTING and tag in {"blockquote", "ul", "ol", "table", "div", "section", "article"}:
            self.merged += 1
            text = " ".join(" ".join(element.itertext()).split())
            return [{"type": "paragraph", "content": [{"type": "text", "text": text}]}] if text else []
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            return self._heading(element, int(tag[1]))
        if tag == "blockquote":
            return [{"type": "blockquote", "content": self.blocks(element, depth + 1)}]
        if tag in {"ul", "ol"}:
            return self._list(element, depth)
        if tag == "table":
            return self._table(element, depth)
        if tag == "hr":
            return [{"type": "horizontal_rule"}]
        return self.blocks(element, depth + 1)

    def _heading(self, element: Any, level: int) -> list[Item]:
        parts = _tidy(self.inline(element, (), whole=True))
        return [{"type": "heading", "attrs": {"level": min(4, max(2, level))}, "content": parts}] if parts else []

    def _list(self, element: Any, depth: int) -> list[Item]:
        items: list[Item] = []
        for child in element:
            if child.tag == "li":
                items.append({"type": "list_item", "content": self.blocks(child, depth + 1) or [{"type": "paragraph"}]})
            elif items and child.tag in {"ul", "ol"}:  # Word and old HTML put the inner list beside its item
                items[-1]["content"] += self.block(child, depth + 1)
            else:
                items.append({"type": "list_item", "content": self.block(child, depth + 1) or [{"type": "paragraph"}]})
        if not items:
            return []
        if element.tag == "ul":
            return [{"type": "bullet_list", "content": items}]
        return [
            {"type": "ordered_list", "attrs": {"start": _number(element.get("start"), 1, 1_000_000)}, "content": items}
        ]

    def _table(self, element: Any, depth: int) -> list[Item]:
        rows = [self._row(row, depth) for row in element.iter("tr") if _owner(row) is element]
        rows = [row for row in rows if row["content"]]
        caption = element.find("caption")
        before = self.blocks(caption, depth + 1) if caption is not None else []
        return [*before, {"type": "table", "content": rows}] if rows else before

    def _row(self, row: Any, depth: int) -> Item:
        cells = []
        for cell in row:
            if cell.tag not in {"td", "th"}:
                continue
            attrs = {"colspan": _number(cell.get("colspan"), 1, 100), "rowspan": _number(cell.get("rowspan"), 1, 1000)}
            kind = "table_header" if cell.tag == "th" else "table_cell"
            cells.append(
                {"type": kind, "attrs": attrs, "content": self.blocks(cell, depth + 1) or [{"type": "paragraph"}]}
            )
        return {"type": "table_row", "content": cells}

    # --- inline

    def inline(self, element: Any, marks: tuple[Item, ...], whole: bool = False) -> list[Item]:
        tag = element.tag
        if tag == "br":
            return [{"type": "hard_break"}]
        if tag == "img":
            self.pictures += 1
            return []
        if not whole:
            marks = _with_mark(marks, element)
        parts = _text(element.text, marks)
        for child in element:
            parts += self.inline(child, marks)
            parts += _text(child.tail, marks)
        return parts


def _with_mark(marks: tuple[Item, ...], element: Any) -> tuple[Item, ...]:
    mark: Item | None = {"type": MARKS[element.tag]} if element.tag in MARKS else None
    if element.tag == "a" and HREF.match(element.get("href") or ""):
        mark = {"type": "link", "attrs": {"href": element.get("href")}}
    if mark is None:
        return marks
    kinds = {mark["type"], *({"superscript", "subscript"} if mark["type"].endswith("script") else ())}
    return tuple(
        sorted(
            [*(other for other in marks if other["type"] not in kinds), mark],
            key=lambda item: ORDER.index(item["type"]),
        )
    )


def _text(text: str | None, marks: tuple[Item, ...]) -> list[Item]:
    if not text:
        return []
    folded = "".join(
        " " if letter in " \t\r\n\f" else letter for letter in text if letter >= " " or letter in "\t\r\n\f"
    )
    return [{"type": "text", "text": folded, **({"marks": list(marks)} if marks else {})}] if folded else []


def _tidy(parts: list[Item]) -> list[Item]:
    """Joined texts, single spaces, nothing blank at the ends."""
    tidy: list[Item] = []
    for part in parts:
        if part["type"] == "text":
            text = part["text"]
            while "  " in text:
                text = text.replace("  ", " ")
            if not tidy or tidy[-1]["type"] == "hard_break" or tidy[-1].get("text", "").endswith(" "):
                text = text.lstrip(" ")
            if not text:
                continue
            if tidy and tidy[-1]["type"] == "text" and tidy[-1].get("marks") == part.get("marks"):
                tidy[-1]["text"] += text
                continue
            part = {**part, "text": text}
        elif not tidy:
            continue
        tidy.append(part)
    while tidy and (tidy[-1]["type"] == "hard_break" or not tidy[-1]["text"].rstrip(" ")):
        tidy.pop()
    if tidy and tidy[-1]["type"] == "text":
        tidy[-1]["text"] = tidy[-1]["text"].rstrip(" ")
    return tidy


def _has_block(element: Any) -> bool:
    return any(child.tag in BLOCK_TAGS for child in element.iterdescendants())


def _owner(row: Any) -> Any:
    return next((parent for parent in row.iterancestors("table")), None)


def _number(text: str | None, lowest: int, highest: int) -> int:
    digits = (text or "").strip()
    return min(highest, max(lowest, int(digits))) if digits.isdecimal() and len(digits) < 8 else lowest
