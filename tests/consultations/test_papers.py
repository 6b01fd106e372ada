"""The response and its receipt as files: the same words, the place by paragraph number, never a note."""

import io

import docx
import pikepdf
import pypdfium2
import pytest

from consultations.domain import signoff
from consultations.publishing.answer import answer_pdf, receipt_pdf, sheet_of
from consultations.publishing.answer_docx import answer_docx
from consultations.queries.numbering import Numbering
from rus_platform.kit import clock
from tests.consultations.test_own_pages import signed_in, url
from tests.factories import consultations as make
from tests.factories.papers import make_all_papers

pytestmark = pytest.mark.django_db


def words_of(data):
    """The text of a PDF."""
    pdf = pypdfium2.PdfDocument(data)
    text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    return " ".join(text.split())


def decided():
    world, response = make.make_draft(points=3)
    signoff.choose_sign_off(response_id=response.pk, by=world.editor, political=True)
    signoff.mark_ready(response_id=response.pk, by=world.editor)
    response = signoff.record_decision(
        response_id=response.pk, by=world.editor, body="Kommunstyrelsen", decided_on=clock.today(), paragraph="§ 7"
    )
    return world, response


def test_both_files_say_the_same_and_no_note():
    world, response = decided()
    word = docx.Document(io.BytesIO(answer_docx(sheet_of(response))))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    in_word = " ".join([paragraph.text for paragraph in word.paragraphs] + cells)
    in_pdf = words_of(answer_pdf(response))
    for words in ("Vi är positiva.", "Nämn bussen.", "Synpunkt 3", "Kommunstyrelsen", "§ 7", "stärka tåget", "Cykeln",
                  "Mål 1 stycke 1", "Utkast"):  # fmt: skip
        assert words in in_word, words
        assert words in in_pdf, words
    assert make.NOTE not in in_word + in_pdf
    headings = [paragraph.style.name for paragraph in word.paragraphs if paragraph.style.name.startswith("Heading")]
    assert headings[0] == "Heading 1"


def test_the_pdf_is_tagged():
    _world, response = decided()
    with pikepdf.open(io.BytesIO(answer_pdf(response))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang


def test_the_receipt():
    world, response = decided()
    response = make.submit(world, response)
    words = words_of(receipt_pdf(response)).replace(" ", "")
    assert response.sha256 in words
    assert "RUN2027-1" in words


def test_odd_signs_do_not_break_the_file():
    world, response = make.make_draft()
    sheet = sheet_of(response)
    sheet.summary = "A\x00\x0b<w:t>\ufffe"
    assert b"PK" in answer_docx(sheet)[:4]


def test_who_may_fetch():
    world, response = make.make_draft()
    _other, stranger = make.other_consultee(world)
    for name, status in (("answer_docx", 200), ("answer_paper", 200), ("answer_pdf", 302)):
        for person, seen in ((world.editor, status), (world.leader, 404), (stranger, 404)):
            assert signed_in(person).get(url(name, response.pk)).status_code == seen
    for name in ("receipt_pdf", "receipt_paper", "receipt_paper_state"):
        assert signed_in(world.editor).get(url(name, response.pk)).status_code == 404
    make.submit(world, response)
    make_all_papers()
    answer = signed_in(world.leader).get(url("receipt_pdf", response.pk))
    assert (answer.status_code, answer["Content-Disposition"][:10]) == (200, "attachment")
    assert signed_in(stranger).get(url("receipt_pdf", response.pk)).status_code == 404


def test_numbering_of_words_over_two_paragraphs(django_assert_max_num_queries):
    world, response = make.make_draft()
    with django_assert_max_num_queries(6):
        numbering = Numbering(world.version)
    assert numbering.label(response.points.select_related("section", "anchor").get()) == "Mål 1 stycke 1"
