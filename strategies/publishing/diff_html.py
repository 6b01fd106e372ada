"""Changes as HTML that is read as well by ear as by eye: ``ins`` and ``del`` with words of their own, moved said as moved.

Classes begin with ``diff-`` (``prose.css``, ``diff.css``); no inline style. Every changed block has ``class="diff-change"``, ``tabindex="-1"``, the key of
its first change as ``id`` and all its keys in ``data-keys``: enough for "next change" and for links from decisions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from strategies.domain.diff import without_suggestions
from strategies.domain.diff.units import Unit, flatten, tokens
from strategies.publishing.diff_words import kind_notes, part_note, summary_items, table_notes

Refs = Mapping[str, Mapping[str, str]]
Block = dict[str, Any]

_ATOM = re.compile(r"⟦ref:([^⟧]*)⟧|⟦not:([^⟧]*)⟧|⟦\w+⟧|\n")
_TAGS = {"strong": "strong", "em": "em", "superscript": "sup", "subscript": "sub"}
_SAFE_LINK = re.compile(r"(?i)^(https?://|mailto:|tel:|/|#)")
_LISTS = ("bullet_list", "ordered_list")


class DiffPage:
    """Draws one section's changes; holds what every piece needs to know."""

    def __init__(self, changes: Mapping[str, Any], old_doc: Any, new_doc: Any, refs: Refs | None, heading_shift: int,
                 image_url: Callable[[str], str] | None) -> None:  # fmt: skip
        self.blocks: Sequence[Block] = changes["blocks"]
        self.old = flatten(without_suggestions(old_doc or {}))
        self.new = flatten(without_suggestions(new_doc or {}))
        self.refs, self.shift, self.image_url = refs or {}, heading_shift, image_url

    def inline(self, around: int | None) -> SafeString:
        rows = self._in_line()
        return mark_safe("".join(self._folded(rows, around)))

    def side_by_side(self, around: int | None) -> SafeString:
        body = mark_safe("".join(self._pair(row) for row in self._rows() if around is None or row["op"] != "same"))
        head = format_html(
            '<thead><tr><th scope="col">{}</th><th scope="col">{}</th></tr></thead>', _("Före"), _("Efter")
        )
        return format_html('<table class="diff-side">{}<tbody>{}</tbody></table>', head, body)

    def _in_line(self) -> list[Block]:
        """The rows, paragraphs that were joined as the one that they are now."""
        out: list[Block] = []
        for row in self._rows():
            if row.get("part", {}).get("of") == "joined" and row["part"]["n"]:
                changes = [*out[-1].get("changes", ()), *row.get("changes", ())]
                out[-1] = {**out[-1], "spans": [*out[-1]["spans"], *row["spans"]], "changes": changes}
            else:
                out.append(row)
        return out

    def _whole_of(self, row: Block) -> Sequence[Any]:
        """The spans of all parts that belong together with ``row``."""
        one = "old" if row["part"]["of"] == "split" else "new"
        return [
            s
            for b in self._rows()
            if b.get("part") and b["part"]["of"] == row["part"]["of"] and b[one] == row[one]
            for s in b["spans"]
        ]

    def _rows(self) -> list[Block]:
        """The blocks with runs of unchanged ones opened up."""
        out: list[Block] = []
        for block in self.blocks:
            if block["op"] == "same":
                out += [
                    {"op": "same", "old": i, "new": j}
                    for i, j in zip(range(*block["old"]), range(*block["new"]), strict=True)
                ]
            elif block.get("part"):
                out.append({**block, "spans": [_quiet(span) for span in block["spans"]]})
            else:
                out.append(block)
        return out

    def _folded(self, rows: list[Block], around: int | None) -> list[str]:
        """Unchanged blocks far from any change go into a closed ``details``."""
        changed = [n for n, row in enumerate(rows) if row["op"] != "same"]
        near = (
            {n + d for n in changed for d in range(-around, around + 1)}
            if around is not None
            else set(range(len(rows)))
        )
        out = []
        for is_near, numbers in groupby(range(len(rows)), key=near.__contains__):
            part = [rows[n] for n in numbers]
            said = self._listed(part)
            if is_near:
                out.append(said)
            else:
                count = ngettext("%(n)d oförändrat stycke", "%(n)d oförändrade stycken", len(part)) % {"n": len(part)}
                out.append(
                    format_html('<details class="diff-unchanged"><summary>{}</summary>{}</details>', count, said)
                )
        return out

    def _listed(self, rows: list[Block]) -> SafeString:
        """Neighbouring list items are a list, also when some of them went or came."""
        out = []
        for kind, group in groupby(rows, key=self._list_kind):
            if kind is None:
                out += [self._block(row) for row in group]
                continue
            tag = "ol" if kind == "ordered_list" else "ul"
            items = [format_html("<li>{}</li>", self._block(row)) for row in group]
            out.append(format_html('<{0} class="diff-list">{1}</{0}>', mark_safe(tag), mark_safe("".join(items))))
        return mark_safe("".join(out))

    def _unit(self, row: Block) -> Unit:
        return self.new[row["new"]] if row["new"] is not None and row["op"] != "left" else self.old[row["old"]]

    def _list_kind(self, row: Block) -> str | None:
        kinds = [c.split(":")[0] for c in self._unit(row).context]
        return next((kind for kind in reversed(kinds) if kind in _LISTS), None)

    # One block.

    def _block(self, row: Block) -> SafeString:
        if row["op"] == "left":
            return self._left(row)
        if row["op"] == "same":
            return self._shaped(self._unit(row), self._whole(self._unit(row)), "diff-same")
        body = self._table(row) if row["type"] == "table" else self._said(row["spans"])
        return self._framed(row, self._shaped(self._unit(row), body, f"diff-is-{row['op']}"), self._notes(row))

    def _framed(self, row: Block, body: SafeString, notes: list[str]) -> SafeString:
        keys = [change["key"] for change in row.get("changes", ())]
        note = format_html('<p class="diff-note">{}</p>', " ".join(notes)) if notes else ""
        first = format_html(' id="{}"', keys[0]) if keys else ""
        kind = "moved" if row["moved"] else row["op"]
        start = format_html(
            '<div class="diff-change diff-block diff-block--{}" tabindex="-1"{} data-keys="{}">',
            kind,
            first,
            " ".join(keys),
        )
        return format_html("{}{}{}</div>", start, note, body)

    def _left(self, row: Block) -> SafeString:
        words = _short(self.old[row["old"]].text)
        goal = next(
            (b for b in self.blocks if b["op"] == "changed" and b["old"] == row["old"] and b.get("changes")), None
        )
        said = _("Härifrån flyttades ”%(words)s”.") % {"words": words}
        link = (
            format_html(' <a href="#{}">{}</a>', goal["changes"][0]["key"], _("Visa var det står nu")) if goal else ""
        )
        return format_html('<p class="diff-note diff-left">{}{}</p>', said, link)

    def _shaped(self, unit: Unit, body: SafeString, classes: str) -> SafeString:
        if unit.type == "table":
            return format_html(
                '<div class="diff-table {}" role="group" tabindex="0" aria-label="{}">{}</div>',
                classes,
                _("Tabell"),
                body,
            )
        if unit.type in ("figure", "image"):
            return self._figure(unit, body, classes)
        if unit.type == "horizontal_rule":
            return format_html('<hr class="{}">', classes)
        if unit.type == "heading":
            level = min(6, int((unit.node.get("attrs") or {}).get("level") or 2) + self.shift)
            return format_html('<{0} class="{1}">{2}</{0}>', mark_safe(f"h{level}"), classes, body)
        inside = "blockquote" in [c.split(":")[0] for c in unit.context]
        said = format_html('<p class="{}">{}</p>', classes, body)
        return format_html("<blockquote>{}</blockquote>", said) if inside else said

    def _figure(self, unit: Unit, body: SafeString, classes: str) -> SafeString:
        attrs = unit.node.get("attrs") or {}
        alt = attrs.get("alt") or ""
        picture: str = format_html(
            '<p class="diff-image">{}</p>', _("Bild: %(alt)s") % {"alt": alt or _("utan beskrivning")}
        )
        if self.image_url and attrs.get("image"):
            picture = format_html('<img src="{}" alt="{}" loading="lazy">', self.image_url(attrs["image"]), alt)
        return format_html('<figure class="{}">{}<figcaption>{}</figcaption></figure>', classes, picture, body)

    def _notes(self, row: Block) -> list[str]:
        """What cannot be seen in the words themselves."""
        notes = [part_note(row["part"])] if row.get("part") and not row["part"]["n"] else []
        if row["op"] == "added" and not row.get("from_section"):
            notes.append(self._one_sided_note(row, _("Ny punkt."), _("Nytt stycke.")))
        if row["op"] == "removed":
            gone = self._one_sided_note(row, _("Borttagen punkt."), _("Borttaget stycke."))
            notes.append(_("Flyttat till ett annat avsnitt.") if row.get("to_section") else gone)
        if row.get("from_section"):
            notes.append(_("Flyttat hit från ett annat avsnitt."))
        elif row["moved"] and row["op"] == "changed":
            notes.append(_("Flyttat hit."))
        if row["op"] == "changed" and "attrs" in row:
            notes += kind_notes(row["attrs"]["old"], row["attrs"]["new"])
        if any(change["kind"] == "format" for change in row.get("changes", ())):
            notes.append(_("Formateringen är ändrad."))
        return notes

    def _one_sided_note(self, row: Block, of_item: str, of_block: str) -> str:
        return of_item if self._list_kind(row) else of_block

    # The words.

    def _whole(self, unit: Unit) -> SafeString:
        if unit.type == "table":
            return self._plain_table(unit)
        return self._said(
            [span for t in tokens(unit.node) for span in (["=", t.text, t.marks], ["=", t.space, t.marks_of_space])]
        )

    def _said(self, spans: Sequence[Sequence[Any]], side: str = "both") -> SafeString:
        return mark_safe("".join(self._span(span, side) for span in spans))

    def _span(self, span: Sequence[Any], side: str) -> str:
        op = span[0]
        if op == "~":
            return format_html('<span class="diff-footnote">[{} {}]</span>', _("Fotnot:"), self._said(span[2], side))
        if (op == "-" and side == "new") or (op == "+" and side == "old"):
            return ""
        if op == "f":
            words = self._words(span[1], span[2] if side == "old" else span[3])
            hidden = _hidden(_("Ändrad formatering: "))
            return format_html('<span class="diff-format">{}{}</span>', hidden, words)
        words = self._words(span[1], span[2] if len(span) > 2 else "")
        if op == "=":
            return words
        if op == "-":
            return format_html('<del class="diff-del">{}{}{}</del>', _hidden(_("[Borttaget: ")), words, _hidden("] "))
        return format_html('<ins class="diff-ins">{}{}{}</ins>', _hidden(_("[Tillagt: ")), words, _hidden("] "))

    def _words(self, text: str, marks: str) -> SafeString:
        said = mark_safe(_ATOM.sub(self._atom, str(escape(text))))
        for mark in marks.split():
            name, _equals, href = mark.partition("=")
            if name in _TAGS:
                said = format_html("<{0}>{1}</{0}>", mark_safe(_TAGS[name]), said)
            elif name == "link" and _SAFE_LINK.match(href):
                said = format_html('<a href="{}">{}</a>', href, said)
        return said

    def _atom(self, match: re.Match[str]) -> str:
        if match.group() == "\n":
            return "<br>"
        if match.group(1) is not None:
            ref = self.refs.get(match.group(1), {})
            label = " ".join(filter(None, (ref.get("code"), ref.get("title")))) or _("hänvisning")
            return format_html('<span class="diff-ref">{}</span>', label)
        if match.group(2) is not None:  # already escaped with the text around it
            return format_html('<span class="diff-footnote">[{} {}]</span>', _("Fotnot:"), mark_safe(match.group(2)))
        return ""

    # Tables.

    def _plain_table(self, unit: Unit, row_class: str = "") -> SafeString:
        rows = []
        for row in unit.node.get("content") or ():
            cells = [self._plain_cell(cell) for cell in row.get("content") or ()]
            rows.append(format_html("<tr>{}</tr>", mark_safe("".join(cells))))
        return format_html('<table class="{}"><tbody>{}</tbody></table>', row_class, mark_safe("".join(rows)))

    def _plain_cell(self, cell: Mapping[str, Any]) -> SafeString:
        tag = mark_safe("th" if cell["type"] == "table_header" else "td")
        body = format_html_join("", "<p>{}</p>", ((self._whole(u),) for u in flatten(dict(cell))))
        return format_html("<{0}>{1}</{0}>", tag, body)

    def _table(self, block: Block, side: str = "both") -> SafeString:
        if "table" not in block:
            said = self._plain_table(self._unit(block))
            tag = {"added": "ins", "removed": "del"}.get(block["op"])
            return format_html("<{0}>{1}</{0}>", mark_safe(tag), said) if tag else said
        columns = block["table"]["columns"]
        rows = [
            self._row(row, side, columns) for row in block["table"]["rows"] if side == "both" or row[side] is not None
        ]
        notes = " ".join(table_notes(block["table"])) if side != "old" else ""
        caption = format_html("<caption>{}</caption>", notes) if notes else ""
        return format_html("<table>{}<tbody>{}</tbody></table>", caption, mark_safe("".join(rows)))

    def _row(self, row: Block, side: str, columns: Sequence[Block]) -> SafeString:
        shown = [cell for cell in row["cells"] if side == "both" or cell[side] is not None]
        if side == "both" and row["op"] in ("added", "removed"):
            shown = _in_columns(shown, columns, "new" if row["op"] == "added" else "old")
        said = {"added": _("Ny rad: "), "removed": _("Borttagen rad: ")}.get(
            row["op"], _("Flyttad rad: ") if row["moved"] else ""
        )
        cells = [self._cell(cell, side, said if n == 0 else "") for n, cell in enumerate(shown)]
        classes = f"diff-row diff-row--{'moved' if row['moved'] else row['op']}"
        return format_html('<tr class="{}">{}</tr>', classes, mark_safe("".join(cells)))

    def _cell(self, cell: Block, side: str, first: str) -> SafeString:
        said = [_hidden(first)] if first else []
        for block in cell.get("blocks", ()):
            if block["op"] == "same":
                said += [format_html("<p>{}</p>", self._words(text, "")) for text in block["texts"]]
            elif block["op"] != "left":
                said.append(format_html("<p>{}</p>", self._said(block.get("spans", ()), side)))
        if "blocks" not in cell:
            said += [format_html("<p>{}</p>", self._words(line, "")) for line in cell["text"].split("\n")]
        tag = mark_safe('th scope="col"' if cell["header"] else "td")
        end = mark_safe("th" if cell["header"] else "td")
        return format_html("<{}>{}</{}>", tag, mark_safe("".join(said)), end)

    # Side by side.

    def _pair(self, row: Block) -> SafeString:
        if row["op"] == "left":
            here = next((b for b in self.blocks if b["op"] == "changed" and b["old"] == row["old"]), None)
            return format_html(
                "<tr><td>{}{}</td><td></td></tr>", self._left(row), self._side(here, "old") if here else ""
            )
        before = self._side(row, "old") if row["old"] is not None and not row.get("moved") else ""
        after = self._side(row, "new") if row["new"] is not None else ""
        if row.get("part"):
            return self._pair_of_part(row)
        if row["op"] == "same":
            return format_html('<tr class="diff-same"><td>{}</td><td>{}</td></tr>', before, after)
        after = self._framed(row, mark_safe(after), self._notes(row)) if row["op"] != "removed" else ""
        if row["op"] == "removed":
            before = self._framed(row, self._side(row, "old"), self._notes(row))
        return format_html("<tr><td>{}</td><td>{}</td></tr>", before, after)

    def _pair_of_part(self, row: Block) -> SafeString:
        """What was one stands once, on its side, beside the first of those it became (or came of)."""
        shown = {"old": self._side(row, "old"), "new": self._side(row, "new")}
        one = "old" if row["part"]["of"] == "split" else "new"
        shown[one] = mark_safe("") if row["part"]["n"] else self._side({**row, "spans": self._whole_of(row)}, one)
        after = self._framed(row, shown["new"], self._notes(row)) if shown["new"] or row.get("changes") else ""
        return format_html("<tr><td>{}</td><td>{}</td></tr>", shown["old"], after)

    def _side(self, row: Block, side: str) -> SafeString:
        unit = self.old[row["old"]] if side == "old" else self.new[row["new"]]
        if row["op"] == "same":
            return self._shaped(unit, self._whole(unit), "diff-same")
        body = self._table(row, side) if unit.type == "table" else self._said(row["spans"], side)
        return self._shaped(unit, body, f"diff-is-{row['op']}")


def changes_html(
    changes: Mapping[str, Any],
    old_doc: Any,
    new_doc: Any,
    *,
    side_by_side: bool = False,
    around: int | None = None,
    refs: Refs | None = None,
    heading_shift: int = 1,
    image_url: Callable[[str], str] | None = None,
) -> SafeString:
    """One section's changes. ``around``: unchanged blocks shown beside each change (None: all of the text)."""
    page = DiffPage(changes, old_doc, new_doc, refs, heading_shift, image_url)
    body = page.side_by_side(around) if side_by_side else page.inline(around)
    return format_html('<div class="diff {}">{}</div>', "diff-two" if side_by_side else "diff-one", body)


def spans_html(spans: Sequence[Sequence[Any]]) -> SafeString:
    """A title or another single line with what changed in it."""
    return DiffPage({"blocks": []}, None, None, None, 0, None)._said(spans)


def summary_html(summary: Mapping[str, int]) -> SafeString:
    items = summary_items(summary)
    if not items:
        return format_html('<p class="diff-summary">{}</p>', _("Inga ändringar."))
    return format_html(
        '<ul class="diff-summary">{}</ul>', format_html_join("", "<li>{}</li>", ((item,) for item in items))
    )


def _in_columns(cells: list[Block], columns: Sequence[Block], side: str) -> list[Block]:
    """The cells of a row that only one side has, with an empty one under each column that only the other side has."""
    empty = {"op": "same", "header": False, "text": ""}
    waiting = iter(cells)
    return [*(empty if column[side] is None else next(waiting, empty) for column in columns), *waiting]


def _quiet(span: Sequence[Any]) -> Sequence[Any]:
    """The blank that gave way to a new paragraph (or the other way) is not marked: the paragraph says it."""
    return ["=", span[1]] if span[0] in ("+", "-") and not span[1].strip() else span


def _hidden(words: str) -> SafeString:
    return format_html('<span class="visually-hidden">{}</span>', words)


def _short(text: str) -> str:
    words = text.split()
    return " ".join(words[:8]) + ("…" if len(words) > 8 else "")
