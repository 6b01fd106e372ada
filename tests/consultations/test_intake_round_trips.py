"""What people do in Word besides a single comment: replies, resolved comments, several paragraphs, whole paragraphs taken out or put in,
fields with more than a line, a form with a hundred answers. Through python-docx and pandoc always, through LibreOffice where it is."""

import io
import shutil
import subprocess
from collections.abc import Callable

import docx
import pypandoc
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from consultations.domain import questions
from consultations.domain.intake import form, reading
from consultations.domain.intake.places import Places
from consultations.publishing.response_form import response_form
from strategies.publishing.word import version_docx
from tests.factories import consultations as make
from tests.factories import intake as files
from tests.factories.documents import saved, with_part

pytestmark = pytest.mark.django_db
GOAL = """Regionen ska stärka tåget och bussen i hela länet.

Alla ska kunna bo och arbeta i hela länet, också utanför tätorterna.

Länet ska vara öppet för alla som vill flytta hit."""
Tool = Callable[[bytes], bytes]


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(make, "GOAL_TEXT", GOAL)
    return make.make_open_round()


@pytest.fixture
def version_file(world) -> bytes:
    return version_docx(world.fresh().version, lead=["Kommentera i marginalen."])


@pytest.fixture(params=["as it is", "python-docx", "pandoc", "LibreOffice"])
def tool(request, tmp_path) -> Tool:
    """What the file passes through on its way back."""

    def by_hand(data: bytes) -> bytes:
        return saved(docx.Document(io.BytesIO(data)))

    def pandoc(data: bytes) -> bytes:
        (tmp_path / "in.docx").write_bytes(data)
        pypandoc.convert_file(
            str(tmp_path / "in.docx"), "docx", outputfile=str(tmp_path / "out.docx"), extra_args=["--track-changes=all"]
        )
        return (tmp_path / "out.docx").read_bytes()

    def libreoffice(data: bytes) -> bytes:
        if shutil.which("soffice") is None:
            pytest.skip("LibreOffice is not installed (Debian: libreoffice-writer-nogui)")
        (tmp_path / "in.docx").write_bytes(data)
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "docx", "--outdir", str(tmp_path / "out"), str(tmp_path / "in.docx")],
            check=True, capture_output=True, timeout=240,
        )  # fmt: skip
        return (tmp_path / "out" / "in.docx").read_bytes()

    return {"as it is": lambda data: data, "python-docx": by_hand, "pandoc": pandoc, "LibreOffice": libreoffice}[request.param]  # fmt: skip


def read(data: bytes, world) -> reading.Reading:
    return reading.read_single(data, "svar.docx", world.fresh(), Places(world.fresh().version), lambda *told: None)


def paragraph_of(document, words: str) -> Paragraph:
    return next(
        Paragraph(row, document)
        for row in document.element.body.iter(qn("w:p"))
        if words in Paragraph(row, document).text
    )


# --- comments


def test_a_comment_over_several_paragraphs(world, version_file, tool):
    document = files.opened(version_file)
    first, last = (
        files.run_of(document, "stärka tåget och bussen i hela länet."),
        files.run_of(document, "Alla ska kunna bo"),
    )
    document.add_comment([first, last], text="Det här hänger ihop.", author="Anna Ek")
    [item] = read(tool(saved(document)), world).items
    assert (item.text, item.place.section) == ("Det här hänger ihop.", world.goal)
    assert item.place.quote.startswith("stärka tåget") and item.place.quote.endswith("Alla ska kunna bo")


def extended(data: bytes, done: str = "0") -> bytes:
    """The file with a reply to its first comment, as Word tells that, and perhaps resolved."""
    word = b"http://schemas.microsoft.com/office/word/2012/wordml"

    def numbered(xml: bytes) -> bytes:
        for n in (1, 2):
            xml = xml.replace(
                b"<w:p>",
                b'<w:p xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" w14:paraId="0000000%d">' % n,
                1,
            )
        return xml

    rows = b'<w15:commentEx w15:paraId="00000001" w15:done="%s"/><w15:commentEx w15:paraId="00000002" w15:paraIdParent="00000001" w15:done="%s"/>' % (done.encode(), done.encode())  # fmt: skip
    data = with_part(data, "word/comments.xml", numbered)
    return with_part(
        data, "word/commentsExtended.xml", b'<w15:commentsEx xmlns:w15="%s">%s</w15:commentsEx>' % (word, rows)
    )


@pytest.mark.parametrize("done", ["0", "1"])
def test_a_reply_stands_with_its_comment_and_a_resolved_one_is_doubted(world, version_file, done):
    document = files.opened(version_file)
    document.add_comment([files.run_of(document, "stärka tåget")], text="Varför?", author="Anna")
    document.add_comment([files.run_of(document, "öppet för alla")], text="Ja, varför?", author="Bo")
    [item] = read(extended(saved(document), done), world).items
    assert (item.text, item.place.quote) == ("Anna: Varför?\n\nBo: Ja, varför?", "stärka tåget")
    assert (item.certain, item.doubt) == (
        (False, "Kommentaren är markerad som löst i Word.") if done == "1" else (True, "")
    )


# --- whole paragraphs


def test_a_whole_paragraph_taken_out(world, version_file, tool):
    document = files.opened(version_file)
    paragraph = paragraph_of(document, "Länet ska vara öppet")
    mark = OxmlElement("w:rPr")
    mark.append(files._tracked("del", "Bo Alm"))
    paragraph._p.get_or_add_pPr().append(mark)
    data = files.replaced(saved(document), "Länet ska vara öppet för alla som vill flytta hit.", "")
    items = read(tool(data), world).items
    assert [(item.place.section, item.suggested_wording, item.kind) for item in items] == [(world.goal, "", "change")]
    assert "öppet för alla" in items[0].place.quote


def test_a_whole_paragraph_put_in(world, version_file, tool):
    document = files.opened(version_file)
    new = paragraph_of(document, "Länet ska vara öppet").insert_paragraph_before()
    mark = OxmlElement("w:rPr")
    mark.append(files._tracked("ins", "Bo Alm"))
    new._p.get_or_add_pPr().append(mark)
    new._p.append(files._inserted("Godset ska gå på järnväg.", "Bo Alm"))
    items = read(tool(saved(document)), world).items
    assert len(items) == 1
    assert (items[0].place.section, "Godset ska gå på järnväg." in items[0].suggested_wording) == (world.goal, True)


# --- the form


def test_a_field_with_several_paragraphs_keeps_them(world, tool):
    plan = form.plan_of(world.fresh())
    goal = plan.positions[0][0].section
    data = files.filled(
        response_form(plan, world.municipality), {f"p.{goal.pk}": "Avstyrker", f"r.{goal.pk}": "Första skälet."}
    )
    document = files.opened(data)
    cell = next(
        cell for table in document.tables for row in table.rows for cell in row.cells if "Första skälet." in _all(cell)
    )
    cell.add_paragraph("Andra skälet.")
    [item] = [item for item in read(tool(saved(document)), world).items if item.what == "position"]
    assert (item.stance, item.text.split("\n")) == ("opposes", ["Första skälet.", "Andra skälet."])


def _all(cell) -> str:
    return "".join(text.text or "" for text in cell._tc.iter(qn("w:t")))


def test_a_form_with_a_hundred_answers(monkeypatch, tool):
    world = make.make_round("96")
    for n in range(100):
        questions.add_question(round_id=world.round.pk, by=world.leader, text=f"Fråga nummer {n}?", kind="free")
    plan = form.plan_of(world.fresh())
    said = {one.tag: f"Svar {n}, åäö." for n, one in enumerate(plan.answers)}
    found = read(tool(files.filled(response_form(plan, world.municipality), said)), world)
    answers = [item for item in found.items if item.what == "answer"]
    free = [(item.question.pk, item.text) for item in answers if item.question.kind == "free"]
    assert free == [(one.question.pk, said[one.tag]) for one in plan.answers if one.question.kind == "free"]
    assert len(free) >= 100
