"""Files that are too large, too deep, broken on purpose, or named to deceive: words for a person, and bounds on time and memory."""

import contextlib
import io
import time
import zipfile

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.domain.intake import jobs, kinds, mail, outside, reading, table
from consultations.domain.intake.pdf import read_pdf
from consultations.domain.intake.places import Places
from rus_platform.kit import tables
from rus_platform.kit.errors import Invalid
from rus_platform.kit.work import Overtaken
from tests.factories import consultations as make
from tests.factories import intake as files
from tests.factories.documents import with_part

pytestmark = pytest.mark.django_db
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>'


def silent(*told: object) -> None:
    """Nobody waits."""


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make.make_open_round()


@pytest.fixture
def places(world) -> Places:
    return Places(world.fresh().version)


def sheet_with(name: str, data: bytes) -> bytes:
    return with_part(files.sheet([["Organisation", "Synpunkt"], ["A", "B"]]), name, data)


# --- tables


def test_ten_thousand_rows_are_read_as_far_as_it_is_said(world, places):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Organisation", "Synpunkt"])
    for n in range(10_000):
        sheet.append([world.municipality.name, f"Synpunkt nummer {n} om tåget."])
    out = io.BytesIO()
    book.save(out)
    told = []
    found = table.read_many(
        out.getvalue(), "a.xlsx", [world.municipality], places, {}, lambda stage, done, total: told.append(done)
    )
    assert (len(found.items), len(told) > 50) == (5000, True)
    assert any("Bara de första 5000 raderna" in words for words in found.notices)


@pytest.mark.parametrize(
    "data",
    [
        sheet_with("xl/evil.xml", BOMB),
        sheet_with("xl/worksheets/sheet1.xml", b"<worksheet><sheetData>" + b"<row>" * 5000),
        files.sheet([["Organisation"]])[:900],
        files.sheet([["Organisation", "Synpunkt"]]).replace(b"xl/workbook.xml", b"xl/workbook.xmk"),
    ],
    ids=["entities", "broken off", "cut", "no workbook"],
)
def test_a_hostile_sheet_is_refused_in_words(world, places, data):
    with pytest.raises(Invalid):
        table.read_many(data, "a.xlsx", [], places, {}, silent)


def test_a_sheet_that_lies_about_its_size_is_counted_while_it_is_unpacked():
    data = sheet_with("xl/media/x.bin", b"\0" * 3_000_000)
    with pytest.raises(tables.Unreadable) as problem:
        tables.check_parts(data, 2_000_000)
    assert problem.value.why == tables.TOO_MUCH


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_table_in_every_encoding_and_with_every_separator(world, places, encoding, mark):
    rows = [["Organisation", "Synpunkt", "Inkom"], [world.municipality.name, "Åk tåg, säger vi; ofta.", "3 mars 2026"]]
    data = "\r\n".join(mark.join(f'"{cell}"' for cell in row) for row in rows).encode(encoding)
    [item] = table.read_many(data, "a.csv", [world.municipality], places, {}, silent).items
    assert (item.text, item.actor, str(item.received_on)) == (
        "Åk tåg, säger vi; ofta.",
        world.municipality,
        "2026-03-03",
    )


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-03-03", "2026-03-03"), ("2026-03-03 14:05", "2026-03-03"), ("260303", "2026-03-03"), ("20260303", "2026-03-03"), ("3/3 2026", "2026-03-03"),
        ("03.03.2026", "2026-03-03"), ("den 3 mars 2026", "2026-03-03"), ("3 sept. 2026", "2026-09-03"), ("46084", "2026-03-03"), ("i tisdags", "None"), ("2026-13-01", "None"),
        ("31 februari 2026", "None"), ("", "None"), ("vecka 12", "None"),
    ],
)  # fmt: skip
def test_a_day_in_the_ways_that_people_write_it(words, day):
    assert str(table.date_of(words)) == day


@pytest.mark.parametrize(
    ("cell", "harmless"),
    [("=1+1", False), ("@SUM(A1)", False), ("-2+3+cmd|' /C calc'!A0", False), ("+HYPERLINK(1)", False), (" =A1", False), ("- Vi vill (gärna) ha mer", True), ("-12 procent", True), ("a=b", True)],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_calculate(cell, harmless):
    assert (tables.harmless(cell) == cell) is harmless
    assert not tables.is_formula(tables.harmless(cell))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_as_a_table_are_rows_or_unreadable(data):
    with contextlib.suppress(tables.Unreadable):
        for line, cells in tables.csv_rows(tables.decoded(data).replace("\0", ""), 10):
            assert line > 0 and len(cells) <= 10


# --- letters and documents


@pytest.mark.parametrize("tag", ["div", "blockquote", "ul><li", "table><tr><td"])
def test_deep_html_is_read_or_refused(tag):
    with contextlib.suppress(Invalid):
        mail.read_letter(files.letter(html=f"<{tag}>" * 20_000 + "Hej på er alla"))


def test_a_letter_with_a_thousand_parts_and_a_letter_in_a_letter_in_a_letter(world, places):
    inner = b"From: a@b.example\nSubject: x\n\nInnerst."
    for _n in range(30):
        inner = files.letter("Utanpå", files=[("brev.eml", inner)])
    with contextlib.suppress(Invalid):
        found = reading.read_single(inner, "a.eml", world.fresh(), places, silent)
        assert found.original
    many = files.letter("Hej", files=[(f"{n}.txt", b"x") for n in range(1000)])
    assert any(
        "Bara de första 12" in words
        for words in reading.read_single(many, "a.eml", world.fresh(), places, silent).notices
    )


@pytest.mark.parametrize("part", ["word/document.xml", "word/comments.xml"])
def test_entities_in_a_word_file_are_refused(world, places, part):
    data = with_part(files.commented(files.statement(["Hej på er."]), "Hej", "x"), part, BOMB)
    with pytest.raises(Invalid):
        reading.read_single(data, "a.docx", world.fresh(), places, silent)


def test_entities_in_an_opendocument_text_are_not_unfolded(world, places):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", BOMB)
    with pytest.raises(Invalid):
        reading.read_single(out.getvalue(), "a.odt", world.fresh(), places, silent)


# --- names


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("..\\..\\svar.docx", "svar.docx"), ("svar\u202excod.exe", "svarxcod.exe"), ("sv\u200bar\ufeff.docx", "svar.docx"),
        ("a\nb\0.pdf", "ab.pdf"), ("å" * 400 + ".docx", ("å" * 400 + ".docx")[-200:]), ("..", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_name_is_only_a_name(name, kept):
    assert kinds.clean_name(name) == kept


@given(st.text(max_size=60))
def test_any_name_is_clean(name):
    kept = kinds.clean_name(name)
    assert kept.isprintable() and "/" not in kept and "\\" not in kept


def test_names_of_files_and_attachments_cannot_deceive(world):
    data = files.letter("Vi saknar cykeln i mål 1, det är en brist.", files=[("sv\u202eexe.txt", b"Kort text.")])
    job = files.read(world, make.start(world), data, "../\u202eligt.eml")
    assert job.name == "ligt.eml"
    assert "Bilaga: svexe.txt" in {row["text"] for row in job.original}


# --- long ones


def test_reading_two_hundred_pages_is_left_when_somebody_cancels():
    data = files.many_pages(files.pdf(["Vi vill ha mer tåg i hela länet."] * 20), 200)
    told = []

    def cancelled(stage: str, done: int, total: int) -> None:
        told.append(done)
        if done >= 20:
            raise Overtaken

    started = time.monotonic()
    with pytest.raises(Overtaken):
        read_pdf(data, cancelled)
    assert max(told) == 20
    assert time.monotonic() - started < 60


def test_a_reader_that_takes_too_much_memory_is_stopped_alone():
    said = list(outside.facts_of("picture_reader", files.scanned(), "/nowhere", "1"))
    assert said[-1]["error"] in ("damaged", "memory")  # it could not write there; we are still here


def test_a_reader_gets_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "very secret")
    started = outside._started("rtf_reader", b"{\\rtf1 x}", ())
    with open(f"/proc/{started.pid}/environ", "rb") as environment:
        told = environment.read()
    started.wait(60)
    assert started.stdout is not None
    started.stdout.close()
    assert b"very secret" not in told


def test_a_page_of_three_hundred_points_takes_as_many_queries_as_one_of_three(world):
    client = Client()
    client.force_login(world.editor, backend="django.contrib.auth.backends.ModelBackend")
    draft, counts = make.start(world), []
    for n in (3, 300):
        rows = [
            f"Nummer {k}: det här är en synpunkt om något som är viktigt i mål 1, och den är lång nog för sig själv."
            for k in range(n)
        ]
        job = files.read(world, draft, "\n\n".join(rows).encode(), f"{n}.txt")
        assert job.items.count() == n
        with CaptureQueriesContext(connection) as seen:
            page = client.get(reverse("consultations:intake", args=[job.pk]))
        counts.append(len(seen))
        assert page.content.decode().count('class="card intake-card') == min(n, 20)
    assert counts[0] == counts[1]
    assert jobs.MOST_OPEN == 20
