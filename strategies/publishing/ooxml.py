"""What python-docx has no words for: fields to fill in, bookmarks, footnotes, lists that begin anew (ECMA-376 part 1, 17)."""

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

NUMBER_STYLE = "RusNumber"  # a paragraph's stable number; no part of its words
REF_STYLE = "RusReference"  # the name of a section that the text refers to; one sign in the text itself
NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
INK, ACCENT, QUIET = RGBColor(0x1D, 0x2A, 0x26), RGBColor(0x1F, 0x5C, 0x4C), RGBColor(0x5A, 0x66, 0x61)


def new_document(*, title: str, subject: str, made_at: datetime) -> Document:
    """An empty A4 document in Swedish with the platform's styles. ``made_at``: the file's date, so that same gives same."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin = section.bottom_margin = Cm(2.2)
    facts = document.core_properties
    facts.title, facts.subject, facts.author, facts.language = title[:250], subject[:250], "", "sv-SE"
    facts.created = facts.modified = made_at.replace(tzinfo=None)
    facts.comments = facts.last_modified_by = ""
    _dress(document)
    return document


def _dress(document: Document) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = "Calibri", Pt(11), INK
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.15
    normal.element.get_or_add_rPr().append(element("lang", val="sv-SE"))
    for level, size in ((1, 20), (2, 16), (3, 13), (4, 12), (5, 11), (6, 11)):
        style = document.styles[f"Heading {level}"]
        style.font.size, style.font.color.rgb, style.font.italic = Pt(size), ACCENT, False
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(size), Pt(4)
    document.styles["Title"].font.color.rgb = ACCENT
    for name, size in ((NUMBER_STYLE, 8), (REF_STYLE, None)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.font.color.rgb = QUIET if size else ACCENT
        style.font.size = Pt(size) if size else None


def saved(document: Document) -> bytes:
    """The file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def element(tag: str, /, **attributes: Any) -> Any:
    """``<w:tag w:attribute="...">``."""
    made = OxmlElement(f"w:{tag}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def run(text: str, *, style: str = "") -> Any:
    """A run of text, in a character style."""
    made = element("r")
    if style:
        properties = element("rPr")
        properties.append(element("rStyle", val=style))
        made.append(properties)
    words = element("t")
    words.text = legal(text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.append(words)
    return made


def legal(text: str) -> str:
    """Without the signs that XML cannot hold."""
    return "".join(letter for letter in text if letter in "\t\n" or letter >= " " and letter not in "\ufffe\uffff")


class Bookmarks:
    """Numbers the bookmarks of a document. A name is at most 40 signs and stands once."""

    def __init__(self) -> None:
        self.count = 0

    def around(self, paragraph: Any, name: str) -> None:
        """Put all that is in the paragraph inside the bookmark."""
        self.count += 1
        properties = paragraph._p.pPr
        at = 0 if properties is None else paragraph._p.index(properties) + 1
        paragraph._p.insert(at, element("bookmarkStart", id=self.count, name=name))
        paragraph._p.append(element("bookmarkEnd", id=self.count))


# --- fields to fill in


def text_field(tag: str, name: str, prompt: str, value: str = "") -> Any:
    """A field (content control) for text of several lines, to put in a paragraph. ``tag`` says which when it comes back."""
    field, content = _field(tag, name, is_empty=not value)
    field.find(qn("w:sdtPr")).append(element("text", multiLine="1"))
    content.append(run(value or prompt, style="" if value else "PlaceholderText"))
    return field


def choice_field(tag: str, name: str, prompt: str, choices: Mapping[str, str] | Iterable[tuple[str, str]]) -> Any:
    """A field with a list to choose from: value -> what is shown."""
    field, content = _field(tag, name, is_empty=True)
    listed = element("dropDownList")
    listed.append(element("listItem", displayText=prompt, value=prompt))
    for value, shown in dict(choices).items():
        listed.append(element("listItem", displayText=shown, value=value))
    field.find(qn("w:sdtPr")).append(listed)
    content.append(run(prompt, style="PlaceholderText"))
    return field


def _field(tag: str, name: str, *, is_empty: bool) -> tuple[Any, Any]:
    field, properties, content = element("sdt"), element("sdtPr"), element("sdtContent")
    properties.append(element("alias", val=name[:64]))
    properties.append(element("tag", val=tag))
    if is_empty:
        properties.append(element("showingPlcHdr"))
    field.append(properties)
    field.append(content)
    return field, content


def add_placeholder_style(document: Document) -> None:
    """The grey of a field that nobody has filled in."""
    style = document.styles.add_style("PlaceholderText", WD_STYLE_TYPE.CHARACTER)
    style.font.color.rgb = QUIET


# --- lists and notes


def restart_list(document: Document, paragraph: Any, style: str, start: int, known: dict[str, Any]) -> Any:
    """Let a numbered list begin anew at ``start``; later items share the returned numbering instance."""
    numbering = document.part.numbering_part.element
    if style not in known:
        style_id = document.styles[style].element.pPr.numPr.numId.val
        known[style] = next(row.abstractNumId.val for row in numbering.num_lst if row.numId == style_id)
    made = numbering.add_num(known[style])
    made.add_lvlOverride(ilvl=0).add_startOverride(start)
    return made.numId


def follow_list(paragraph: Any, number: Any) -> None:
    """Make the paragraph an item of a list that ``restart_list`` began."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = number
    properties.get_or_add_ilvl().val = 0


class Footnotes:
    """The notes of a document; written into the package by ``attach`` when there are any."""

    def __init__(self) -> None:
        self.root = etree.Element(f"{{{NAMESPACE}}}footnotes", nsmap={"w": NAMESPACE})
        for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
            note = etree.SubElement(self.root, f"{{{NAMESPACE}}}footnote")
            note.set(f"{{{NAMESPACE}}}type", kind)
            note.set(f"{{{NAMESPACE}}}id", str(number))
            inner = etree.SubElement(etree.SubElement(note, f"{{{NAMESPACE}}}p"), f"{{{NAMESPACE}}}r")
            etree.SubElement(inner, f"{{{NAMESPACE}}}{kind}")
        self.count = 0

    def add(self, runs: Iterable[Any]) -> Any:
        """A note; returns the run with its number, to put in the text."""
        self.count += 1
        note = etree.SubElement(self.root, f"{{{NAMESPACE}}}footnote")
        note.set(f"{{{NAMESPACE}}}id", str(self.count))
        paragraph = element("p")
        paragraph.append(_raised(element("footnoteRef")))
        paragraph.append(run(" "))
        for part in runs:
            paragraph.append(part)
        note.append(paragraph)
        return _raised(element("footnoteReference", id=self.count))

    def attach(self, document: Document) -> None:
        """Put the notes into the file."""
        if self.count:
            data = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)
            part = Part(PackURI("/word/footnotes.xml"), NOTES_TYPE, data, document.part.package)
            document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _raised(inner: Any) -> Any:
    made, properties = element("r"), element("rPr")
    properties.append(element("vertAlign", val="superscript"))
    made.append(properties)
    made.append(inner)
    return made
