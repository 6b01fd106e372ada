"""Tracked changes of a Word file on their way to suggestions: set in private characters before the converter takes them as accepted.

``\ue004n\ue003…\ue006`` is text that was inserted by change n, ``\ue005n\ue003…\ue006`` text that was deleted; a paragraph that begins with
``\ue007n\ue003`` or ``\ue008n\ue003`` was inserted or deleted as a whole (ECMA-376 part 1, 17.13.5). Pure functions.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from strategies.domain import documents
from strategies.domain.diff import without_suggestions
from strategies.domain.importing.opening import MAIN, Opened, W, parser
from strategies.domain.suggested import new_mark_id

Item = dict[str, Any]
INSERTED, DELETED, STOP, NUMBER_END = "\ue004", "\ue005", "\ue006", "\ue003"
WHOLE_IN, WHOLE_OUT = "\ue007", "\ue008"
KINDS = {W + "ins": INSERTED, W + "del": DELETED}
MARKS = {INSERTED: "insertion", DELETED: "deletion", WHOLE_IN: "insertion", WHOLE_OUT: "deletion"}
PIECE = re.compile(f"([{INSERTED}{DELETED}{WHOLE_IN}{WHOLE_OUT}])(\\d+){NUMBER_END}|({STOP})")
PRIVATE = re.compile("[\ue000-\ue00f]")
NOTES = ("word/footnotes.xml", "word/endnotes.xml")
MAX_CHANGES = 3000
#: how the changes are taken in
ACCEPTED, BEFORE, SUGGESTED = "accepterade", "fore", "forslag"


@dataclass
class Change:
    """One change as its author made it. ``id``: of the marks it becomes."""

    id: str
    author: str
    at: str
    inserted: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def as_json(self) -> Item:
        """As it is kept in the job."""
        words = {name: " ".join("".join(getattr(self, name)).split())[:300] for name in ("inserted", "deleted")}
        return {"id": self.id, "author": self.author, "at": self.at, **words}


# --- Before: characters in the XML ----------------------------------------------------------------


def with_marks(opened: Opened) -> tuple[bytes, list[Change]]:
    """The archive with its changes in characters, and the changes. Without any, or with far too many, nothing is done."""
    name = next((name for name in opened.parts if MAIN.fullmatch(name)), "")
    data = opened.parts.get(name, b"")
    if b":ins " not in data and b":del " not in data:
        return opened.data, []
    root = etree.fromstring(data, parser())
    for element in root.iter(W + "t", W + "delText"):
        element.text = PRIVATE.sub("", element.text or "")
    changes = _mark(root)
    if not changes or len(changes) > MAX_CHANGES:
        return opened.data, []
    replaced = {name: etree.tostring(root, xml_declaration=True, encoding="UTF-8")}
    replaced |= {part: _plain(opened.parts[part]) for part in NOTES if part in opened.parts}
    return _repacked(opened.data, replaced), changes


def _plain(data: bytes) -> bytes:
    root = etree.fromstring(data, parser())
    for element in root.iter(W + "t"):
        element.text = PRIVATE.sub("", element.text or "")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _repacked(data: bytes, replaced: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in archive.namelist():
            new.writestr(name, replaced.get(name, archive.read(name)))
    return out.getvalue()


def _mark(root: Any) -> list[Change]:
    changes: list[Change] = []
    for paragraph in root.iter(W + "p"):
        last: Any = None
        for element in list(paragraph.iter(*KINDS)):
            if element.getparent().tag in {W + "rPr", W + "trPr"} or element.find(f".//{W}p") is not None:
                continue
            if any(above.tag == W + "ins" and element is not above for above in element.iterancestors()):
                _empty(element)  # added by one and taken away by another: it never was
                continue
            if last is None or not _together(last, element):
                changes.append(Change(new_mark_id(), _who(element), (element.get(W + "date") or "")[:10]))
            _mark_one(element, len(changes) - 1, changes[-1])
            last = element
        _mark_whole(paragraph, len(changes) - 1)
        for element in paragraph.iter(W + "del"):
            if element.getparent().tag not in {W + "rPr", W + "trPr"}:
                element.tag = W + "ins"  # so that the converter keeps its words
    return changes


def _who(element: Any) -> str:
    return (element.get(W + "author") or _("okänd"))[:120]


def _together(last: Any, element: Any) -> bool:
    """One after the other, by one person, at one time: a replacement is one change."""
    same = all(last.get(W + name) == element.get(W + name) for name in ("author", "date"))
    return bool(same and element.getprevious() is last)


def _empty(element: Any) -> None:
    for text in element.iter(W + "t", W + "delText"):
        text.text = ""


def _mark_one(element: Any, n: int, change: Change) -> None:
    sign = KINDS[element.tag]
    for text in element.iter(W + "t", W + "delText"):
        if sign == INSERTED and any(above.tag == W + "del" for above in text.iterancestors()):
            continue
        (change.inserted if sign == INSERTED else change.deleted).append(text.text or "")
        text.tag = W + "t"
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        if text.text:
            text.text = f"{sign}{n}{NUMBER_END}{text.text}{STOP}"


def _mark_whole(paragraph: Any, n: int) -> None:
    """A paragraph whose mark and every word came, or went."""
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    for tag, sign in ((W + "ins", WHOLE_IN), (W + "del", WHOLE_OUT)):
        runs = [run for run in paragraph.iter(W + "r") if any((t.text or "") for t in run.iter(W + "t", W + "delText"))]
        if mark is None or mark.find(tag) is None or not runs or not all(run.getparent().tag == tag for run in runs):
            continue
        run = etree.Element(W + "r")
        etree.SubElement(run, W + "t").text = f"{sign}{n}{NUMBER_END}"
        runs[0].getparent().addprevious(run)
        mark.remove(mark.find(tag))  # else the converter joins a deleted paragraph with the next


# --- After: marks in the text -----------------------------------------------------------------------


def marked(block: Item, changes: list[Change]) -> Item:
    """A text block with marks where the characters are. Text that is of two changes at once cannot be: they follow each other."""
    content = block.get("content") or []
    if not any(PIECE.search(part.get("text", "")) for part in content):
        return block
    current: Item | None = None
    whole: Item | None = None
    found: list[Item] = []
    for part in content:
        if part["type"] != "text":
            found.append(part)
            continue
        rest = 0
        for match in PIECE.finditer(part["text"]):
            found += _with_mark(part, part["text"][rest : match.start()], current)
            rest = match.end()
            if match[3]:
                current = None
            elif int(match[2]) < len(changes):
                mark = {"type": MARKS[match[1]], "attrs": {"id": changes[int(match[2])].id}}
                whole, current = (mark, current) if match[1] in (WHOLE_IN, WHOLE_OUT) else (whole, mark)
        found += _with_mark(part, part["text"][rest:], current)
    block = {**block, "content": found}
    return {**block, "marks": [whole]} if whole else block


def _with_mark(part: Item, text: str, mark: Item | None) -> Iterator[Item]:
    if text:
        marks = [*(part.get("marks") or []), *([mark] if mark else [])]
        yield {**part, "text": text, **({"marks": marks} if marks else {})}


# --- What becomes of them -----------------------------------------------------------------------------


def settled_parts(parts: list[Item], how: str) -> list[Item]:
    """The parts of a job as the changes are to be taken in: accepted, as it was before them, or as suggestions."""
    if how == SUGGESTED:
        return parts
    found: list[Item] = []
    for part in parts:
        doc = without_suggestions(part["doc"], accept=how == ACCEPTED)
        title = part["title"] if how == ACCEPTED else part.get("title_was", part["title"])
        if part["level"] and not title and found:  # the heading came with the changes
            found[-1]["doc"] = {**doc, "content": [*found[-1]["doc"]["content"], *doc["content"]]}
            continue
        found.append({**part, "title": title, "doc": doc, "words": documents.word_count(doc)})
    return [part for part in found if part["level"] or part["doc"]["content"]]
