"""A response as a Word document, for the agenda of those who decide on it."""

import io
import re

import docx
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from consultations.publishing.answer import Sheet, View

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # not allowed in XML 1.0


def answer_docx(sheet: Sheet) -> bytes:
    """The file: headings in order, one table for the positions with a header row, every view with its number and place."""
    document = docx.Document()
    _set_up(document, sheet)
    document.add_heading(_clean(f"{sheet.actor}: {sheet.title}"), 0)
    document.add_paragraph(_clean(sheet.standing))
    for label, value in sheet.facts:
        row = document.add_paragraph()
        row.add_run(f"{_clean(label)}: ").bold = True
        row.add_run(_clean(value))
    if sheet.summary:
        document.add_heading(_("Svaret i korthet"), 1)
        _paragraphs(document, sheet.summary)
    _positions(document, sheet)
    if sheet.answers:
        document.add_heading(_("Svar på frågorna"), 1)
        for question, words in sheet.answers:
            document.add_heading(_clean(question), 2)
            _paragraphs(document, words)
    if sheet.views:
        document.add_heading(_("Synpunkter"), 1)
        for view in sheet.views:
            _add_view(document, view)
    if sheet.files:
        document.add_heading(_("Bilagor"), 1)
        for name in sheet.files:
            document.add_paragraph(_clean(name), style="List Bullet")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: Document, sheet: Sheet) -> None:
    facts = document.core_properties
    facts.title, facts.author, facts.language = (
        _clean(sheet.title)[:250],
        _clean(sheet.actor)[:250],
        get_language() or "sv",
    )
    facts.comments = ""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    language = normal.element.get_or_add_rPr().makeelement(qn("w:lang"), {qn("w:val"): "sv-SE"})
    normal.element.get_or_add_rPr().append(language)


def _positions(document: Document, sheet: Sheet) -> None:
    if not sheet.positions:
        return
    document.add_heading(_("Ställningstaganden"), 1)
    table = document.add_table(1, 3, style="Table Grid")
    for cell, words in zip(table.rows[0].cells, (_("Mål"), _("Ställningstagande"), _("Skäl")), strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    head = table.rows[0]._tr.get_or_add_trPr()
    head.append(head.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    for row in sheet.positions:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(words)


def _add_view(document: Document, view: View) -> None:
    document.add_heading(_clean(f"{view.number}. {view.place} – {view.kind}"), 2)
    if view.quote:
        document.add_paragraph(_clean(view.quote), style="Intense Quote")
    _paragraphs(document, view.text)
    if view.wording:
        document.add_paragraph().add_run(_("Föreslagen lydelse")).bold = True
        _paragraphs(document, view.wording)


def _paragraphs(document: Document, text: str) -> None:
    for part in text.split("\n\n"):
        if part.strip():
            document.add_paragraph(_clean(part.strip()))


def _clean(text: str) -> str:
    return UNPRINTABLE.sub("", str(text))
