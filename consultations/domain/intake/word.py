"""The text of a Word file as people see it: paragraphs with who wrote which words, what is struck out, and what comments hold on to.

Reads the clean parts that ``opening.open_docx`` hands over (ECMA-376 part 1: 17.13.4 comments, 17.13.5 revisions, 17.5.2 fields).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from strategies.domain.importing.opening import MAIN, Opened, W, parser

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
NUMBER_STYLE, REF_STYLE = "RusNumber", "RusReference"
NUMBER = re.compile(r"^\s*\[\d{1,4}\]\s")
BOOKMARK = re.compile(r"rus_(\d{1,18})(?:_(\d{1,6}))?")
HEADING = re.compile(r"(?:heading|rubrik)\s*([1-9])", re.IGNORECASE)
SKIPPED = frozenset({W + "txbxContent", W + "instrText", W + "sdtPr", W + "pPr", W + "rPr", W + "sectPr"})
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
SIGNS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}


@dataclass(slots=True)
class Piece:
    """Words of one kind. ``kind``: "" as it was, "ins" new, "del" struck out; ``by``: who changed; ``on``: comments here."""

    text: str
    kind: str = ""
    by: str = ""
    on: frozenset[str] = frozenset()


@dataclass
class Paragraph:
    """``level`` of a heading or 0; ``place``: the bookmark (section id, n-th block or None). ``row``: (table, row, column)."""

    pieces: list[Piece] = field(default_factory=list)
    level: int = 0
    is_item: bool = False
    is_quote: bool = False
    place: tuple[int, int | None] | None = None
    row: tuple[int, int, int] | None = None
    joined: bool = False  # somebody pressed Enter: the next paragraph is the rest of this one

    @property
    def text(self) -> str:
        """As it stands now, changes accepted."""
        return _clean("".join(piece.text for piece in self.pieces if piece.kind != "del"))

    @property
    def was(self) -> str:
        """As it was before anybody changed it."""
        return "".join(piece.text for piece in self.pieces if piece.kind != "ins")


@dataclass
class Comment:
    """``resolved``: marked as done in Word. ``answers``: the id of the comment that this one is a reply to, or ""."""

    author: str
    text: str
    at: str = ""
    resolved: bool = False
    answers: str = ""


@dataclass
class Word:
    """A read file."""

    paragraphs: list[Paragraph]
    comments: dict[str, Comment]
    fields: dict[str, str]  # tag of a field -> its words, "" when nobody has filled it in
    changed: bool  # somebody has tracked changes in it


def read_word(opened: Opened) -> Word:
    """Everything in the main text, tables included, in reading order."""
    name = next(name for name in opened.parts if MAIN.fullmatch(name))
    root = etree.fromstring(opened.parts[name], parser())
    reader = _Reader(_styles(opened))
    reader.visit(root)
    comments = _comments(opened)
    changed = any(piece.kind for paragraph in reader.found for piece in paragraph.pieces)
    return Word(reader.found, comments, dict(_fields(root)), changed)


class _Reader:
    def __init__(self, styles: dict[str, tuple[str, int]]) -> None:
        self.styles = styles
        self.found: list[Paragraph] = []
        self.open: set[str] = set()  # comments that have begun
        self.change: list[tuple[str, str]] = []
        self.now: Paragraph | None = None
        self.place: tuple[int, int | None] | None = None
        self.tables = 0
        self.cell: tuple[int, int, int] | None = None

    def visit(self, element: Any) -> None:
        tag = element.tag
        if tag in SKIPPED or tag == FALLBACK:
            return
        if tag == W + "p":
            self.paragraph(element)
        elif tag == W + "tbl":
            self.table(element)
        elif tag in (W + "ins", W + "del"):
            self.change.append((tag.removeprefix(W), (element.get(W + "author") or _("okänd"))[:120]))
            self.children(element)
            self.change.pop()
        elif tag == W + "r":
            self.run(element)
        else:
            self.marks(element, tag)
            self.children(element)

    def children(self, element: Any) -> None:
        for child in element:
            self.visit(child)

    def marks(self, element: Any, tag: str) -> None:
        if tag == W + "commentRangeStart":
            self.open.add(element.get(W + "id") or "")
        elif tag == W + "commentRangeEnd":
            self.open.discard(element.get(W + "id") or "")
        elif tag == W + "bookmarkStart":
            match = BOOKMARK.fullmatch(element.get(W + "name") or "")
            if match:
                self.place = (int(match[1]), int(match[2]) if match[2] else None)

    def paragraph(self, element: Any) -> None:
        outside, self.now, self.place = self.now, Paragraph(row=self.cell), None
        properties = element.find(W + "pPr")
        if properties is not None:
            self._form(properties, self.now)
        self.children(element)
        self.now.place = self.place
        if self.place is not None:
            without_number(self.now)
        self.found.append(self.now)
        self.now = outside

    def _form(self, properties: Any, made: Paragraph) -> None:
        style = properties.find(W + "pStyle")
        name, level = self.styles.get(style.get(W + "val") if style is not None else "", ("", 0))
        outline = properties.find(W + "outlineLvl")
        if outline is not None and (outline.get(W + "val") or "").isdecimal() and int(outline.get(W + "val")) < 9:
            level = int(outline.get(W + "val")) + 1
        made.level = level
        lowered = name.casefold()
        made.is_item = not level and (properties.find(W + "numPr") is not None or lowered.startswith(("list", "punkt")))
        made.is_quote = "quote" in lowered or "citat" in lowered
        made.joined = properties.find(f"{W}rPr/{W}ins") is not None

    def table(self, element: Any) -> None:
        outside = self.cell
        self.tables += 1
        number = self.tables
        for y, row in enumerate(element.iterchildren(W + "tr", W + "sdt")):
            for x, cell in enumerate(row.iter(W + "tc")):
                if cell.getparent().getparent() is element or cell.iterancestors(W + "tbl").__next__() is element:
                    self.cell = (number, y, x)
                    self.children(cell)
        self.cell = outside

    def run(self, element: Any) -> None:
        if self.now is None:
            return
        style = element.find(f"{W}rPr/{W}rStyle")
        if style is not None and style.get(W + "val") in (NUMBER_STYLE, REF_STYLE):
            if self.open:  # a comment on the number is about the paragraph
                self.now.pieces.append(Piece("", on=frozenset(self.open)))
            return
        kind, by = self.change[-1] if self.change else ("", "")
        words = []
        for child in element:
            if child.tag in (W + "t", W + "delText"):
                words.append(child.text or "")
            elif child.tag in SIGNS:
                words.append(SIGNS[child.tag])
            elif child.tag not in SKIPPED:
                self.children(child)  # a picture may hold a text box; its words are not of this line
        if words:
            self.now.pieces.append(Piece("".join(words), kind, by, frozenset(self.open)))


def without_number(paragraph: Paragraph) -> None:
    """Some tools drop the style that says that a number is a number; its form says so too."""
    match = NUMBER.match(paragraph.was)
    left = match.end() if match else 0
    for piece in paragraph.pieces:
        if piece.kind != "ins":
            cut = min(left, len(piece.text))
            piece.text, left = piece.text[cut:], left - cut


def _styles(opened: Opened) -> dict[str, tuple[str, int]]:
    """Style id -> (name, heading level or 0)."""
    found: dict[str, tuple[str, int]] = {}
    data = opened.parts.get("word/styles.xml")
    for style in etree.fromstring(data, parser()).iter(W + "style") if data else ():
        name = style.find(W + "name")
        words = (name.get(W + "val") if name is not None else "") or ""
        level = HEADING.match(words)
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        if level is None and outline is not None and (outline.get(W + "val") or "9").isdecimal():
            deep = int(outline.get(W + "val") or 9) + 1
            found[style.get(W + "styleId") or ""] = (words, deep if deep < 10 else 0)
        else:
            found[style.get(W + "styleId") or ""] = (words, int(level[1]) if level else 0)
    return found


def _comments(opened: Opened) -> dict[str, Comment]:
    found: dict[str, Comment] = {}
    data = opened.parts.get("word/comments.xml")
    by_paragraph: dict[str, str] = {}
    for item in etree.fromstring(data, parser()).iter(W + "comment") if data else ():
        lines = ["".join(text.text or "" for text in row.iter(W + "t")) for row in item.iter(W + "p")]
        words = "\n".join(line for line in lines if line.strip()).strip()
        key = item.get(W + "id") or ""
        found[key] = Comment(
            (item.get(W + "author") or "").strip()[:120] or _("okänd"), words, (item.get(W + "date") or "")[:10]
        )
        by_paragraph |= {row.get(W14 + "paraId") or "": key for row in item.iter(W + "p")}
    _extend(found, by_paragraph, opened.parts.get("word/commentsExtended.xml"))
    return found


def _extend(found: dict[str, Comment], by_paragraph: dict[str, str], data: bytes | None) -> None:
    """Which are done with, and which answer which ([MS-DOCX] 2.5.1)."""
    for row in etree.fromstring(data, parser()).iter(W15 + "commentEx") if data else ():
        comment = found.get(by_paragraph.get(row.get(W15 + "paraId") or " ", ""))
        if comment is not None:
            comment.resolved = row.get(W15 + "done") in ("1", "true", "on")
            comment.answers = by_paragraph.get(row.get(W15 + "paraIdParent") or " ", "")


def _fields(root: Any) -> Iterator[tuple[str, str]]:
    for control in root.iter(W + "sdt"):
        tag = control.find(f"{W}sdtPr/{W}tag")
        content = control.find(W + "sdtContent")
        if tag is None or content is None:
            continue
        empty = control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
        yield (tag.get(W + "val") or "", "" if empty else words_in(content))


def words_in(element: Any) -> str:
    """The words of a stretch of XML, a line for each paragraph; words struck out are left out."""
    lines: list[str] = [""]
    for part in element.iter(W + "p", W + "t", *SIGNS):
        if part.tag == W + "p":
            lines.append("")
        elif not any(above.tag in (W + "txbxContent", FALLBACK) for above in part.iterancestors()):
            lines[-1] += SIGNS.get(part.tag, part.text or "")
    return "\n".join(line.strip() for line in "\n".join(lines).strip().split("\n"))


def _clean(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))
