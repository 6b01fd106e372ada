"""What Word remembers about a text beside its words: tracked changes, comments, and things a section cannot hold.

Read straight from the XML (ECMA-376 part 1: 17.13.4 comments, 17.13.5 revisions, 20.5 shapes), since the converter takes tracked
changes as accepted without a word. Pure functions.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lxml import etree

from strategies.domain.importing.opening import Opened, W, parser

MAX_COMMENTS = 500
LONGEST = 2000
BODIES = re.compile(r"word/(?:document\d*|footnotes|endnotes)\.xml")
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
TEXT_BOX = W + "txbxContent"
INSERTED, DELETED = W + "ins", W + "del"
REFORMATTED = {
    W + "rPrChange",
    W + "pPrChange",
    W + "tblPrChange",
    W + "trPrChange",
    W + "tcPrChange",
    W + "sectPrChange",
}


@dataclass
class Traces:
    """``changes``: how many insertions, deletions and changes of format, by whom. ``comments``: {author, words, at, on}."""

    changes: Counter[str] = field(default_factory=Counter)
    changed_by: Counter[str] = field(default_factory=Counter)
    comments: list[dict[str, str]] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)


def traces_of(opened: Opened) -> Traces:
    """Everything of the kind in the file's text, notes included."""
    found = Traces()
    marked: dict[str, str] = {}
    for name, data in opened.parts.items():
        if BODIES.fullmatch(name):
            _look_through(etree.fromstring(data, parser()), found, marked)
    if "word/comments.xml" in opened.parts:
        root = etree.fromstring(opened.parts["word/comments.xml"], parser())
        found.comments = [_comment(item, marked) for item in root.iter(W + "comment")][:MAX_COMMENTS]
    if any(name.startswith("word/embeddings/") for name in opened.left_out):
        found.lost["embedded"] += sum(name.startswith("word/embeddings/") for name in opened.left_out)
    return found


def _look_through(root: Any, found: Traces, marked: dict[str, str]) -> None:
    open_comments: set[str] = set()
    for element in root.iter():
        tag = element.tag
        kind = (
            "inserted"
            if tag == INSERTED
            else "deleted"
            if tag == DELETED
            else "reformatted"
            if tag in REFORMATTED
            else ""
        )
        if kind:
            found.changes[kind] += 1
            found.changed_by[element.get(W + "author") or _("okänd")] += 1
        elif tag == W + "commentRangeStart":
            open_comments.add(element.get(W + "id") or "")
        elif tag == W + "commentRangeEnd":
            open_comments.discard(element.get(W + "id") or "")
        elif tag == W + "t":
            for comment in open_comments:
                marked[comment] = (marked.get(comment, "") + (element.text or ""))[:300]
        else:
            _count_lost(element, tag, found)


def _count_lost(element: Any, tag: Any, found: Traces) -> None:
    names = {TEXT_BOX: "text_box", MATH: "formula", CHART: "chart", DIAGRAM: "diagram"}
    in_fallback = tag in names and any(above.tag == MC + "Fallback" for above in element.iterancestors())
    if tag in names and not in_fallback:
        found.lost[names[tag]] += 1


def _comment(item: Any, marked: dict[str, str]) -> dict[str, str]:
    paragraphs = ["".join(text.text or "" for text in paragraph.iter(W + "t")) for paragraph in item.iter(W + "p")]
    return {
        "author": (item.get(W + "author") or _("okänd"))[:120],
        "words": "\n".join(filter(None, paragraphs))[:LONGEST],
        "at": (item.get(W + "date") or "")[:10],
        "on": marked.get(item.get(W + "id") or "", "").strip(),
    }


def notices_of(found: Traces, *, kept: bool = False) -> list[str]:
    """What could not be kept, one honest sentence each. ``kept``: insertions and deletions stand in the text."""
    said = []
    if not kept and (total := found.changes["inserted"] + found.changes["deleted"]):
        said.append(
            ngettext(
                "%(n)s spårad ändring togs in som accepterad text (%(who)s).",
                "%(n)s spårade ändringar togs in som accepterad text (%(who)s).",
                total,
            )
            % {"n": total, "who": names(found.changed_by)}
        )
    if count := found.changes["reformatted"]:
        said.append(
            ngettext(
                "%(n)s spårad formatändring togs in som accepterad.",
                "%(n)s spårade formatändringar togs in som accepterade.",
                count,
            )
            % {"n": count}
        )
    if count := len(found.comments):
        said.append(
            ngettext(
                "%(n)s kommentar står inte i texten. Den visas nedan.",
                "%(n)s kommentarer står inte i texten. De visas nedan.",
                count,
            )
            % {"n": count}
        )
    said += [sentence % {"n": found.lost[kind]} for kind, sentence in lost_words(found.lost).items()]
    return said


def lost_words(lost: Counter[str]) -> dict[str, str]:
    """A sentence for each kind of thing that was found and that a section cannot hold."""
    sentences = {
        "text_box": ngettext(
            "Texten i %(n)s textruta togs in som vanlig text; kontrollera var den hamnade.",
            "Texten i %(n)s textrutor togs in som vanlig text; kontrollera var den hamnade.",
            lost["text_box"],
        ),
        "formula": ngettext(
            "%(n)s formel kunde inte följa med.", "%(n)s formler kunde inte följa med.", lost["formula"]
        ),
        "chart": ngettext(
            "%(n)s diagram kunde inte följa med. Spara det som bild i Word och lägg in bilden.",
            "%(n)s diagram kunde inte följa med. Spara dem som bilder i Word och lägg in bilderna.",
            lost["chart"],
        ),
        "diagram": ngettext(
            "%(n)s SmartArt-figur kunde inte följa med. Spara den som bild i Word.",
            "%(n)s SmartArt-figurer kunde inte följa med. Spara dem som bilder i Word.",
            lost["diagram"],
        ),
        "embedded": ngettext(
            "%(n)s inbäddad fil (till exempel ett Excel-ark) följer inte med.",
            "%(n)s inbäddade filer (till exempel Excel-ark) följer inte med.",
            lost["embedded"],
        ),
    }
    return {kind: sentence for kind, sentence in sentences.items() if lost[kind]}


def names(people: Counter[str]) -> str:
    """The three who did most, and how many more."""
    most = [name for name, _count in people.most_common(3)]
    more = len(people) - len(most)
    return ", ".join(most) + (_(" och %(n)s till") % {"n": more} if more > 0 else "")
