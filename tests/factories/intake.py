"""Answers as people send them: filled-in forms, comments in the margin, letters, PDFs, tables."""

import base64
import io
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any

import docx
import openpyxl
import pikepdf
import weasyprint
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from PIL import Image, ImageDraw, ImageFont

from consultations.domain.intake import jobs
from consultations.models import IntakeJob, Response
from tests.factories.consultations import World
from tests.factories.documents import saved

DATE = "2027-01-15T10:00:00Z"
#: A white photograph with a black corner, 320 x 448, as a telephone packs it. Nothing here can write one.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAVdtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAA"
    "AAAERAAAEAAQAAAAABewABAAAAAAAAAHMAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA12lwcnAA"
    "AAC4aXBjbwAAAHlodmNDAQNwAAAAkAAAAAAAP/AA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAP7oCQGEAAQAsQgEBA3AAAAMAkA"
    "AAAwAAAwA/oAoIBwWW6kkprm4CGgwIAAADAMgAAAMACEBiAAEAB0QBwXKwYkAAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAABQAAA"
    "AcAAAAAQcGl4aQAAAAADCAgIAAAAF2lwbWEAAAAAAAAAAQABBIECAwQAAAB7bWRhdAAAAG8oAa8LTm5IGGGFgP4CzBOAmRJ7axllFaSZ8FPGDK"
    "ZTUM86/l6HAW5MGueVFp8CwiV+B2KAFl3fPCHuOmMxmOe+g2EuP8DWZuJ3FqL47wGTDAPYAAfchwAAAwACfgAAAwAAPGAAAAMAAeMAAAMABlw="
)


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def filled(data: bytes, values: Mapping[str, str]) -> bytes:
    """The form with words in its fields, by tag, as Word writes them."""
    document = opened(data)
    for control in document.element.body.iter(qn("w:sdt")):
        properties = control.find(qn("w:sdtPr"))
        words = values.get(properties.find(qn("w:tag")).get(qn("w:val")))
        if words is None:
            continue
        control.find(qn("w:sdtContent")).find(f".//{qn('w:t')}").text = words
        for flag in properties.findall(qn("w:showingPlcHdr")):
            properties.remove(flag)
    return saved(document)


def without_fields(data: bytes) -> bytes:
    """The form as a tool leaves it that knows no content controls: only their words are left."""
    document = opened(data)
    for control in list(document.element.body.iter(qn("w:sdt"))):
        at, parent = control.getparent().index(control), control.getparent()
        for child in list(control.find(qn("w:sdtContent"))):
            parent.insert(at, child)
            at += 1
        parent.remove(control)
    return saved(document)


def run_of(document: Document, words: str) -> Any:
    """A run that holds exactly these words, cut out of the paragraph where they stand."""
    everywhere = (Paragraph(row, document) for row in document.element.body.iter(qn("w:p")))
    paragraph = next(row for row in everywhere if words in row.text)
    for run in paragraph.runs:
        if words in run.text:
            before, after = run.text.split(words, 1)
            run.text = before
            middle, last = paragraph.add_run(words), paragraph.add_run(after)
            run._r.addnext(middle._r)
            middle._r.addnext(last._r)
            return middle
    raise LookupError(words)


def commented(data: bytes, words: str, text: str, author: str = "Anna Ek") -> bytes:
    """A comment in the margin at ``words``."""
    document = opened(data)
    document.add_comment([run_of(document, words)], text=text, author=author, initials="A")
    return saved(document)


def replaced(data: bytes, old: str, new: str, author: str = "Bo Alm") -> bytes:
    """``old`` struck out and ``new`` written, with changes tracked. Empty ``new``: only struck out."""
    document = opened(data)
    run = run_of(document, old)
    deleted = _tracked("del", author)
    run._r.addprevious(deleted)
    deleted.append(run._r)
    for text in run._r.findall(qn("w:t")):
        text.tag = qn("w:delText")
    if new:
        deleted.addnext(_inserted(new, author))
    return saved(document)


def inserted_after(data: bytes, words: str, new: str, author: str = "Bo Alm") -> bytes:
    """``new`` put in after ``words``, with changes tracked."""
    document = opened(data)
    run_of(document, words)._r.addnext(_inserted(new, author))
    return saved(document)


def _inserted(text: str, author: str) -> Any:
    made, run, words = _tracked("ins", author), OxmlElement("w:r"), OxmlElement("w:t")
    words.text = text
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    made.append(run)
    return made


def _tracked(kind: str, author: str) -> Any:
    made = OxmlElement(f"w:{kind}")
    for name, value in (("id", str(abs(hash((kind, author))) % 9999)), ("author", author), ("date", DATE)):
        made.set(qn(f"w:{name}"), value)
    return made


def statement(paragraphs: Sequence[str]) -> bytes:
    """A Word file of one's own: "# " makes a heading, "- " an item, "> " a quotation."""
    document = docx.Document()
    for words in paragraphs:
        if words.startswith("# "):
            document.add_heading(words[2:], 1)
        elif words.startswith("- "):
            document.add_paragraph(words[2:], style="List Bullet")
        elif words.startswith("> "):
            document.add_paragraph(words[2:], style="Quote")
        else:
            document.add_paragraph(words)
    return saved(document)


def pdf(paragraphs: Sequence[str]) -> bytes:
    """A PDF with words in it."""
    body = "".join(f"<h1>{row[2:]}</h1>" if row.startswith("# ") else f"<p>{row}</p>" for row in paragraphs)
    made: bytes = weasyprint.HTML(string=f"<style>@page {{ size: A4 }} p {{ width: 9cm }}</style>{body}").write_pdf()
    return made


def many_pages(data: bytes, count: int) -> bytes:
    """The same page again and again."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as source, pikepdf.new() as made:
        for _n in range(count):
            made.pages.append(source.pages[0])
        made.save(out)
    return out.getvalue()


def scanned() -> bytes:
    """A PDF that is only a picture."""
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "PDF")
    return out.getvalue()


def scanned_words(rows: Sequence[str]) -> bytes:
    """A PDF that is only a picture, of words."""
    page = Image.new("RGB", (1240, 1754), "#fdfcf6")
    pen = ImageDraw.Draw(page)
    for n, row in enumerate(rows):
        pen.text((120, 160 + 70 * n), row, fill="#222", font=ImageFont.load_default(34))
    out = io.BytesIO()
    page.save(out, "PDF", resolution=150)
    return out.getvalue()


def locked(data: bytes) -> bytes:
    """A PDF with a password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as source:
        source.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def letter(text: str = "", *, html: str = "", files: Sequence[tuple[str, bytes]] = (), nested: bytes = b"") -> bytes:
    """An e-mail as a file."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "Karin <karin@kommun.example>",
        "rus@region.example",
        "Vårt svar på remissen",
    )
    message["Date"] = "Fri, 15 Jan 2027 10:00:00 +0100"
    message.set_content(text or " ")
    if html:
        message.add_alternative(html, subtype="html")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if nested:
        import email  # only where a letter in a letter is made

        message.add_attachment(email.message_from_bytes(nested, policy=email.policy.default))
    return message.as_bytes()


def sheet(rows: Sequence[Sequence[Any]]) -> bytes:
    """An Excel file."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- jobs


def sent(
    world: World, response: Response, data: bytes, name: str = "svar.docx", by: Any = None, **more: Any
) -> IntakeJob:
    """Sent in by the organisation's editor, or by somebody else."""
    return jobs.send_in(
        response_id=response.pk, by=by or world.editor, file=io.BytesIO(data), name=name, size=len(data), **more
    )


def read(world: World, response: Response, data: bytes, name: str = "svar.docx", **more: Any) -> IntakeJob:
    """Sent in and read."""
    job = jobs.read_intake(job_id=sent(world, response, data, name, **more).pk)
    assert job is not None
    return job


def read_table(world: World, data: bytes, name: str = "svar.csv", **more: Any) -> IntakeJob:
    """A table sent in by the region and read."""
    made = jobs.send_in_many(
        round_id=world.round.pk, by=world.leader, file=io.BytesIO(data), name=name, size=len(data), **more
    )
    job = jobs.read_intake(job_id=made.pk)
    assert job is not None
    return job
