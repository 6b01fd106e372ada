"""HTML of a whole document as parts: one per heading, each with its text. Pure functions.

The text itself is read by ``html_import``, which knows neither pictures, notes nor more than three levels of heading. So what it would
lose is set in private characters before (U+E000..U+E003), and made into nodes afterwards; such characters in the text are dropped first.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lxml import etree
from lxml import html as lxml_html

from rus_platform.kit.errors import Invalid
from strategies.domain import documents
from strategies.domain.html_import import from_html
from strategies.domain.importing.tracked import Change, marked
from strategies.domain.importing.word_html import tidy_word

Item = dict[str, Any]
PRIVATE = re.compile("[\ue000-\ue00f]")
PICTURE, NOTE, LEVEL, END = "\ue000", "\ue001", "\ue002", "\ue003"
TOKEN = re.compile(f"([{PICTURE}{NOTE}])(\\d+){END}")
HEADING = re.compile(f"{LEVEL}(\\d){END}")
NOTE_LINK = re.compile(r"#(?:_ftn|footnote-|endnote-|ftnt?|_edn)(?!_?ref|-ref)(\w+)\Z")
MAX_TEXT = 3_000_000  # characters of one document
MAX_NOTE = 4000
EMPTY = re.compile(r"\s*\Z")


@dataclass
class Part:
    """``level``: 0 before the first heading, else 1-6 as in the document. ``doc``: the text below the heading."""

    level: int
    title: str
    doc: Item
    title_was: str = ""  # before the changes of the file; the same when they did not touch it

    def as_json(self) -> Item:
        """As it is kept in the job. ``title_was`` only when it was another."""
        words = documents.word_count(self.doc)
        was = {} if self.title_was == self.title else {"title_was": self.title_was}
        return {"level": self.level, "title": self.title, "doc": self.doc, "words": words, **was}


@dataclass
class Parts:
    parts: list[Part]
    notices: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def parts_of(html: str, pictures: list[str] | None = None, changes: list[Change] | None = None) -> Parts:
    """The document's parts. ``pictures``: uuids that ``<img src="#n">`` stands for; other pictures are left out and counted.
    ``changes``: those that ``tracked`` has set in characters of the HTML.

    Invalid when there is nothing in it, or far more than any strategy holds.
    """
    html = html.replace("\x00", "") if changes else PRIVATE.sub("", html.replace("\x00", ""))
    if EMPTY.match(html):
        raise Invalid(
            _("Det finns ingen text att läsa in."), {"file": _("Ingen text"), "html": _("Klistra in texten först.")}
        )
    root = _tree(html)
    tidy_word(root)
    notes = _notes(root)
    lost = _mark_pictures(root, pictures or [])
    _mark_headings(root)
    marked = lxml_html.tostring(root, encoding="unicode")
    read = from_html(marked)
    content = _with_objects(read.doc["content"], pictures or [], notes, changes or [])
    found = _split(content)
    if sum(len(documents.plain_text(part.doc)) for part in found) > MAX_TEXT:
        raise Invalid(
            _("Texten är för lång för en strategi. Dela upp dokumentet och läs in det i delar."),
            {"file": _("För lång text")},
        )
    if not found:
        raise Invalid(
            _("Det finns ingen text att läsa in."), {"file": _("Ingen text"), "html": _("Klistra in texten först.")}
        )
    return Parts(found, [*_picture_notice(lost), *read.notices], changes or [])


def _tree(html: str) -> Any:
    html = re.sub(r"^\s*(?:<\?xml[^>]*>|<!doctype[^>]*>)\s*", "", html, flags=re.IGNORECASE)
    try:
        return lxml_html.document_fromstring(html if "<html" in html[:2000].lower() else f"<div>{html}</div>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Invalid(
            _("Texten gick inte att läsa. Prova att klistra in den i mindre delar."), {"html": _("Gick inte att läsa")}
        ) from error


def _picture_notice(lost: int) -> list[str]:
    if not lost:
        return []
    words = ngettext(
        "%(n)s bild följde inte med. Lägg in den med knappen Bild.",
        "%(n)s bilder följde inte med. Lägg in dem med knappen Bild.",
        lost,
    )
    return [words % {"n": lost}]


# --- Before: what the text reader would lose, in private characters -------------------------------


def _notes(root: Any) -> list[str]:
    """The words of the notes, in the order they are referred to; the references become characters, the list of notes goes."""
    words: list[str] = []
    targets = {
        element.get("id") or element.get("name"): element
        for element in root.iter()
        if isinstance(element.tag, str) and (element.get("id") or element.get("name"))
    }
    gone = []
    for link in list(root.iter("a")):
        if not NOTE_LINK.match(link.get("href") or ""):
            continue
        target = _note_body(targets.get((link.get("href") or "")[1:]))
        if target is None or link in target.iter("a"):
            continue
        gone.append(target)
        words.append(_note_text(target))
        holder = link.getparent() if link.getparent() is not None and link.getparent().tag == "sup" else link
        _replace(holder, f"{NOTE}{len(words) - 1}{END}")
    for target in gone:
        if target.getparent() is not None:
            _drop_with_empty_list(target)
    return words


def _note_body(target: Any) -> Any:
    """The block that holds a note: the list item, or what the anchor in it stands in."""
    while target is not None and target.tag in {"a", "span", "sup"}:
        target = target.getparent()
    if target is None or target.tag in {"body", "html"}:
        return None
    return target


def _note_text(target: Any) -> str:
    text = " ".join(" ".join(target.itertext()).split())
    return PRIVATE.sub("", re.sub(r"^\[?\d{1,3}\]?\s+|\s*↑\s*$", "", text)).strip()[:MAX_NOTE]


def _drop_with_empty_list(target: Any) -> None:
    above = target.getparent()
    target.drop_tree()
    if above is not None and above.tag in {"ol", "ul"} and len(above) == 0 and above.getparent() is not None:
        above.drop_tree()


def _replace(element: Any, text: str) -> None:
    """The element's place taken by ``text``."""
    for child in list(element):
        element.remove(child)
    element.text = text
    element.drop_tag()


def _mark_pictures(root: Any, pictures: list[str]) -> int:
    """Pictures as characters; how many were left out."""
    lost = 0
    described: dict[int, str] = {}
    for image in list(root.iter("img")):
        number = (image.get("src") or "")[1:]
        if (image.get("src") or "").startswith("#") and number.isdecimal() and int(number) < len(pictures):
            described[int(number)] = " ".join((image.get("alt") or "").split())[:2000]
            alt = described[int(number)]
            image.text = f"{PICTURE}{number}{END}{alt}{END}"
        else:
            lost += bool(pictures or image.get("src"))
            image.text = ""
        image.drop_tag()
    return lost


def _mark_headings(root: Any) -> None:
    for heading in root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        heading.text = f"{LEVEL}{heading.tag[1]}{END}{heading.text or ''}"


# --- After: characters as nodes -------------------------------------------------------------------

PICTURE_HERE = re.compile(f"{PICTURE}(\\d+){END}([^{PICTURE}{END}]*){END}")


def _with_objects(
    blocks: list[Item], pictures: list[str], notes: list[str], changes: list[Change], depth: int = 0
) -> list[Item]:
    found: list[Item] = []
    for block in blocks:
        if block["type"] in documents.TEXT_BLOCKS:
            block = marked(block, changes) if changes else block
            if depth:  # a paragraph of a list or a table is not suggested as a whole: the item would be left empty
                block = {name: value for name, value in block.items() if name != "marks"}
            found += _text_block(block, pictures, notes)
        elif "content" in block:
            found.append({**block, "content": _with_objects(block["content"], pictures, notes, changes, depth + 1)})
        else:
            found.append(block)
    return found


def _text_block(block: Item, pictures: list[str], notes: list[str]) -> list[Item]:
    """The block, and the pictures that stood in it after it (before it, when they stood first)."""
    figures: list[Item] = []
    inline: list[Item] = []
    first = True
    before = 0
    for part in block.get("content") or []:
        if part["type"] != "text":
            inline.append(part)
            continue
        text = part["text"]
        for match in PICTURE_HERE.finditer(text):
            figures.append(_figure(pictures[int(match[1])], match[2]))
            before += first and not text[: match.start()].strip()
        text = PICTURE_HERE.sub("", text)
        inline += _with_notes({**part, "text": text}, notes)
        first = first and not text.strip()
    kept = (
        [{**block, "content": inline}]
        if any(part["type"] != "hard_break" and (part.get("text", "x").strip()) for part in inline)
        else []
    )
    if not block.get("content"):
        kept = [block]
    return [*figures[:before], *kept, *figures[before:]]


def _figure(uuid: str, alt: str) -> Item:
    return {
        "type": "figure",
        "attrs": {"id": None, "image": uuid, "alt": alt.strip(), "caption": "", "decorative": False},
    }


def _with_notes(part: Item, notes: list[str]) -> list[Item]:
    found: list[Item] = []
    rest = 0
    for match in re.finditer(f"{NOTE}(\\d+){END}", part["text"]):
        if text := PRIVATE.sub("", part["text"][rest : match.start()]):
            found.append({**part, "text": text})
        words = notes[int(match[1])] if int(match[1]) < len(notes) else ""
        found.append({"type": "footnote", "content": [{"type": "text", "text": words}] if words else []})
        rest = match.end()
    if text := part["text"][rest:].replace(NOTE, "").replace(PICTURE, ""):
        found.append({**part, "text": text})
    return found


# --- Splitting ------------------------------------------------------------------------------------


def _split(content: list[Item]) -> list[Part]:
    """One part per heading at the top level; headings inside tables and lists stay in their text."""
    parts = [Part(0, "", {"type": "doc", "content": []})]
    for block in content:
        match = HEADING.match(_plain(block)) if block["type"] == "heading" else None
        title, was = (_title(block, skip) if match else "" for skip in ("deletion", "insertion"))
        if match and title:
            doc = {"type": "doc", "content": [_note_of(block)] if _has_note(block) else []}
            parts.append(Part(int(match[1]), title[:240], doc, was[:240]))
        else:
            parts[-1].doc["content"].append(_unmarked(block))
    for part in parts:
        part.doc = documents.with_ids(part.doc)
        documents.parse(part.doc)
    return [part for part in parts if part.level or part.doc["content"]]


def _title(block: Item, skip: str) -> str:
    """The heading's words, without those that are only suggested (or, the other way, without those that are to go)."""
    left = [
        part for part in block.get("content") or [] if skip not in {mark["type"] for mark in part.get("marks") or []}
    ]
    return " ".join(HEADING.sub("", _plain({"content": left})).split())


def _plain(block: Item) -> str:
    return "".join(part.get("text", " ") for part in block.get("content") or [] if part["type"] != "footnote")


def _has_note(block: Item) -> bool:
    return any(part["type"] == "footnote" for part in block.get("content") or [])


def _note_of(block: Item) -> Item:
    """A heading of a section holds no notes: they follow as a paragraph."""
    return {"type": "paragraph", "content": [part for part in block["content"] if part["type"] == "footnote"]}


def _unmarked(item: Item) -> Item:
    if item["type"] == "text":
        return {**item, "text": PRIVATE.sub("", HEADING.sub("", item["text"]))}
    if "content" not in item:
        return item
    content = [_unmarked(child) for child in item["content"]]
    return {**item, "content": [child for child in content if child.get("text", "x")]}
