"""A section's document as safe HTML, for reading pages, print and pages without script.

Everything is escaped here, and only here. Every block carries ``data-block`` (its id) and an ``id`` made of ``prefix``
and the block id. What is wide but has no letters of its own (references, footnotes) carries ``data-w``: the number of
positions it takes in ``documents.blocks``, where a reader's selection must count it instead of its letters.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal, NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from strategies.domain import documents
from strategies.domain.documents import Doc
from strategies.schema import HREF

Item = dict[str, Any]
Refs = Mapping[str, tuple[str, str]]


class Picture(NamedTuple):
    """Where a picture is, and its size in pixels (0 when unknown)."""

    url: str
    width: int = 0
    height: int = 0


@dataclass
class Notes:
    """Footnotes met so far, in order; share one between sections to number through a whole strategy."""

    items: list[tuple[str, str]] = field(default_factory=list)  # (anchor, html)


def render_doc(
    doc: Doc,
    *,
    refs: Refs | None = None,
    picture: Callable[[str], Picture | None] | None = None,
    ref_href: Callable[[str], str] = "#avsnitt-{}".format,
    prefix: str = "",
    heading_shift: int = 0,
    notes: Notes | None = None,
    footnotes: Literal["end", "shared", "print"] = "end",
    numbers: Mapping[str, int] | None = None,
) -> SafeString:
    """``refs``: section uuid -> (code, title). ``prefix``: set it when several sections share a page.
    ``numbers``: block id -> its paragraph number, given as ``data-n`` for the style sheet to show.

    ``footnotes``: "end" lists them after the text, "shared" only collects them in ``notes`` (then call
    ``render_notes``), "print" leaves them in place as ``span.footnote`` for the print style sheet.
    """
    notes = Notes() if notes is None else notes
    renderer = _Renderer(
        refs or {}, picture or (lambda image: None), ref_href, prefix, heading_shift, notes, footnotes, numbers or {}
    )
    renderer.blocks(doc.get("content") or [])
    if footnotes == "end" and notes.items:
        renderer.out.append(render_notes(notes))
    return mark_safe("".join(renderer.out))


def render_notes(notes: Notes) -> SafeString:
    """The numbered list of footnotes, each with its way back."""
    if not notes.items:
        return mark_safe("")
    back = escape(_("Tillbaka till texten"))
    rows = "".join(
        f'<li id="{anchor}" role="doc-footnote"><span>{html}</span> '
        f'<a href="#{anchor}-ref" role="doc-backlink" aria-label="{back} ({number})">↩</a></li>'
        for number, (anchor, html) in enumerate(notes.items, start=1)
    )
    return mark_safe(
        f'<section class="footnotes" role="doc-endnotes" aria-label="{escape(_("Fotnoter"))}"><ol>{rows}</ol></section>'
    )


@dataclass
class _Renderer:
    refs: Refs
    picture: Callable[[str], Picture | None]
    ref_href: Callable[[str], str]
    prefix: str
    heading_shift: int
    notes: Notes
    footnotes: str
    numbers: Mapping[str, int] = field(default_factory=dict)
    out: list[str] = field(default_factory=list)

    def blocks(self, items: list[Item]) -> None:
        for item in items:
            getattr(self, item["type"])(item)

    def _attrs(self, item: Item, *, classes: str = "") -> str:
        block_id = escape(str((item.get("attrs") or {}).get("id") or ""))
        text = f' id="{escape(self.prefix)}{block_id}" data-block="{block_id}"' if block_id else ""
        text += self._number(item) if item["type"] != "table" else ""  # a table's stands at its frame
        for mark in item.get("marks") or []:
            classes = f"{classes} suggested suggested--{mark['type']}".strip()
            text += f' data-suggestion="{escape(str(mark["attrs"]["id"]))}"'
        return text + (f' class="{classes}"' if classes else "")

    def _number(self, item: Item) -> str:
        number = self.numbers.get(str((item.get("attrs") or {}).get("id") or ""))
        return f' data-n="{int(number)}"' if number else ""

    def _wrapped(self, tag: str, item: Item, extra: str = "") -> None:
        self.out.append(f"<{tag}{self._attrs(item)}{extra}>")
        self.blocks(item.get("content") or [])
        self.out.append(f"</{tag}>")

    # --- blocks

    def paragraph(self, item: Item) -> None:
        self.out.append(f"<p{self._attrs(item)}>{self.inline(item.get('content') or [])}</p>")

    def heading(self, item: Item) -> None:
        level = min(6, (item.get("attrs") or {}).get("level", 2) + self.heading_shift)
        self.out.append(f"<h{level}{self._attrs(item)}>{self.inline(item.get('content') or [])}</h{level}>")

    def blockquote(self, item: Item) -> None:
        self._wrapped("blockquote", item)

    def bullet_list(self, item: Item) -> None:
        self._wrapped("ul", item)

    def ordered_list(self, item: Item) -> None:
        start = (item.get("attrs") or {}).get("start", 1)
        self._wrapped("ol", item, f' start="{int(start)}"' if start != 1 else "")

    def list_item(self, item: Item) -> None:
        self._wrapped("li", item)

    def horizontal_rule(self, item: Item) -> None:
        self.out.append(f"<hr{self._attrs(item)}>")

    def figure(self, item: Item) -> None:
        attrs = item["attrs"]
        picture = self.picture(attrs["image"])
        alt = "" if attrs.get("decorative") else escape(attrs.get("alt") or "")
        self.out.append(f"<figure{self._attrs(item, classes='figure')}>")
        if picture is None:
            self.out.append(f'<p class="figure-missing">{escape(_("Bilden saknas"))}{": " if alt else ""}{alt}</p>')
        else:
            size = f' width="{picture.width}" height="{picture.height}"' if picture.width else ""
            self.out.append(f'<img src="{escape(picture.url)}" alt="{alt}"{size} loading="lazy" decoding="async">')
        if attrs.get("caption"):
            self.out.append(f"<figcaption>{escape(attrs['caption'])}</figcaption>")
        self.out.append("</figure>")

    # --- tables

    def table(self, item: Item) -> None:
        rows = item.get("content") or []
        label = escape(_("Tabell, kan rullas i sidled"))
        self.out.append(
            f'<div class="table-scroll" role="group" tabindex="0" aria-label="{label}"{self._number(item)}>'
            f"<table{self._attrs(item)}>"
        )
        self.out.append(_columns(rows))
        head = 0
        while head < len(rows) and head < 3 and _all_headers(rows[head]):
            head += 1
        self._rows("thead", rows[:head], "col")
        self._rows("tbody", rows[head:], "row")
        self.out.append("</table></div>")

    def _rows(self, tag: str, rows: list[Item], scope: str) -> None:
        if not rows:
            return
        self.out.append(f"<{tag}>")
        for row in rows:
            self.out.append(f"<tr{self._attrs(row)}>")
            for cell in row.get("content") or []:
                self._cell(cell, scope)
            self.out.append("</tr>")
        self.out.append(f"</{tag}>")

    def _cell(self, cell: Item, scope: str) -> None:
        attrs = cell.get("attrs") or {}
        tag = "th" if cell["type"] == "table_header" else "td"
        extra = f' scope="{scope}"' if tag == "th" else ""
        for name in ("colspan", "rowspan"):
            if attrs.get(name, 1) != 1:
                extra += f' {name}="{int(attrs[name])}"'
        self._wrapped(tag, cell, extra)

    # --- inline

    def inline(self, items: list[Item]) -> str:
        out: list[str] = []
        open_marks: list[Item] = []
        for item in items:
            marks = item.get("marks") or []
            if marks != open_marks:
                _switch(out, open_marks, marks)
                open_marks = marks
            out.append(self._part(item))
        _switch(out, open_marks, [])
        return "".join(out)

    def _part(self, item: Item) -> str:
        kind = item["type"]
        if kind == "text":
            return escape(item["text"], quote=False)
        if kind == "hard_break":
            return "<br>"
        return self._ref(item["attrs"]["section"]) if kind == "ref" else self._footnote(item)

    def _ref(self, section: str) -> str:
        found = self.refs.get(section)
        if found is None:
            return f'<span class="ref ref--gone" data-w="1">{escape(_("(avsnitt som inte finns kvar)"))}</span>'
        name = " ".join(part for part in (str(found[0]), str(found[1])) if part)
        return f'<a class="ref" href="{escape(self.ref_href(section))}" data-ref="{escape(section)}" data-w="1">{escape(name)}</a>'

    def _footnote(self, item: Item) -> str:
        text = self.inline(item.get("content") or [])
        width = documents.size(item)
        if self.footnotes == "print":
            return f'<span class="footnote" data-w="{width}">{text}</span>'
        number = len(self.notes.items) + 1
        anchor = f"{escape(self.prefix)}fn{number}"
        self.notes.items.append((anchor, text))
        label = escape(_("Fotnot %(number)s") % {"number": number})
        return (
            f'<a class="footnote-call" href="#{anchor}" id="{anchor}-ref" role="doc-noteref" data-w="{width}" '
            f'aria-label="{label}">{number}</a>'
        )


def _all_headers(row: Item) -> bool:
    cells = row.get("content") or []
    return bool(cells) and all(cell["type"] == "table_header" for cell in cells)


def _columns(rows: list[Item]) -> str:
    """Column widths that somebody has drawn, as shares of the whole."""
    widths: list[int] = []
    for cell in (rows[0].get("content") or []) if rows else []:
        attrs = cell.get("attrs") or {}
        widths += attrs.get("colwidth") or [0] * attrs.get("colspan", 1)
    if not widths or not all(widths):
        return ""
    return "<colgroup>" + "".join(f'<col width="{100 * width / sum(widths):.1f}%">' for width in widths) + "</colgroup>"


TAGS = {"strong": "strong", "em": "em", "superscript": "sup", "subscript": "sub", "insertion": "ins", "deletion": "del"}


def _switch(out: list[str], before: list[Item], after: list[Item]) -> None:
    """Close and open tags between two pieces of text; marks come in schema order, links outermost."""
    keep = 0
    while keep < min(len(before), len(after)) and before[keep] == after[keep]:
        keep += 1
    for mark in reversed(before[keep:]):
        out.append(_end(mark))
    for mark in after[keep:]:
        out.append(_start(mark))


def _start(mark: Item) -> str:
    kind, attrs = mark["type"], mark.get("attrs") or {}
    if kind == "link":
        href = attrs.get("href", "")
        return f'<a href="{escape(href)}" rel="noopener">' if HREF.match(href) else "<a>"
    if kind in TAGS and "id" in attrs:
        return f'<{TAGS[kind]} data-suggestion="{escape(str(attrs["id"]))}">'
    if kind in TAGS:
        return f"<{TAGS[kind]}>"
    return f'<span class="suggested suggested--modification" data-suggestion="{escape(str(attrs["id"]))}">'


def _end(mark: Item) -> str:
    return "</a>" if mark["type"] == "link" else f"</{TAGS.get(mark['type'], 'span')}>"
