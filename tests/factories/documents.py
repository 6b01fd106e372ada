"""Word files as people send them, and as nobody should."""

import io
import re
import zipfile
from collections.abc import Callable

import docx
from docx.document import Document
from PIL import Image

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: Document) -> bytes:
    """The file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def picture(size: tuple[int, int] = (12, 8)) -> io.BytesIO:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    out.seek(0)
    return out


def make_docx() -> bytes:
    """Headings on three levels, a list, a table, a picture, a link's words, a comment."""
    document = docx.Document()
    document.add_paragraph("Text före första rubriken.")
    document.add_heading("1 Inledning", 1)
    document.add_paragraph("Hela länet ska ").add_run("leva").bold = True
    document.add_heading("1.1 Bakgrund", 2)
    document.add_paragraph("Första punkten", style="List Bullet")
    document.add_paragraph("Andra punkten", style="List Bullet")
    document.add_heading("Djupare", 3)
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 1).text = "Kommun", "12 300"
    document.add_heading("Mål 1: Ett län som reser", 1)
    document.add_picture(picture())
    words = document.add_paragraph("Tåget går oftare.")
    document.add_comment(words.runs, text="Hur ofta?", author="Anna Ek", initials="AE")
    document.add_heading("Delmål 1.1 Fler tar tåget", 2)
    return saved(document)


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes] | bytes) -> bytes:
    """The file with one part changed, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == name and callable(change):
                content = change(content)
            if info.filename != name or callable(change):
                new.writestr(info.filename, content)
        if not callable(change):
            new.writestr(name, change)
    return out.getvalue()


def with_body(xml: str) -> bytes:
    """A file whose text is this XML."""
    body = re.compile(rb"<w:body>.*(?=<w:sectPr)", re.DOTALL)
    return with_part(
        saved(docx.Document()), "word/document.xml", lambda data: body.sub(b"<w:body>" + xml.encode(), data)
    )


def paragraph(text: str) -> str:
    """A paragraph of text in XML."""
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def with_tracked_changes() -> bytes:
    """An insertion, a deletion, a move and a change of format, by two people."""
    mark = 'w:id="{0}" w:author="{1}" w:date="2026-03-01T10:00:00Z"'
    return with_body(
        "<w:p><w:r><w:t>Länet </w:t></w:r>"
        f"<w:ins {mark.format(1, 'Bo Alm')}><w:r><w:t>ska växa</w:t></w:r></w:ins>"
        f"<w:del {mark.format(2, 'Anna Ek')}><w:r><w:delText>krymper</w:delText></w:r></w:del></w:p>"
        f"<w:p><w:moveFrom {mark.format(3, 'Bo Alm')}><w:r><w:t>flyttad text</w:t></w:r></w:moveFrom></w:p>"
        f"<w:p><w:moveTo {mark.format(4, 'Bo Alm')}><w:r><w:t>flyttad text</w:t></w:r></w:moveTo></w:p>"
        f"<w:p><w:r><w:rPr><w:b/><w:rPrChange {mark.format(5, 'Bo Alm')}><w:rPr/></w:rPrChange></w:rPr><w:t>fet</w:t></w:r></w:p>"
    )


def with_footnote() -> bytes:
    """A text with one footnote."""
    data = with_body(
        '<w:p><w:r><w:t>Länet växer</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>.</w:t></w:r></w:p>'
    )
    data = with_part(
        data,
        "word/footnotes.xml",
        f'<w:footnotes {W}><w:footnote w:id="2"><w:p><w:r><w:t>Enligt SCB.</w:t></w:r></w:p></w:footnote></w:footnotes>'.encode(),
    )
    relation = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>'
    return with_part(data, "word/_rels/document.xml.rels", lambda rels: rels.replace(b"</Relationships>", relation))
