"""The book as a file: valid, and good beyond valid. Everything here is looked up in the file, as a reader's program would."""

import random
import re
import shutil
import subprocess
import tomllib
from collections import Counter
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import weasyprint

from strategies.publishing import tags
from strategies.publishing.pdf import Rendered, render_pdf
from strategies.publishing.tree import Part, Tie
from tests import verapdf
from tests.factories.books import (
    book,
    cell,
    doc,
    figure,
    footnote,
    heading,
    items,
    paragraph,
    photo,
    ref,
    sentences,
    table,
    text,
    uuid,
)
from tests.strategies.pdf_reading import bookmarks, counts, destinations, fonts, links, structure

pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014.icc")  # the engine leaves its own colour profile open
ROOT = Path(__file__).resolve().parents[2]
SNAPSHOT = Path(__file__).with_name("book_reading_order.txt")
PICTURE, DECORATION = uuid(501), uuid(502)
FOOTNOTES = 6
OURS = {"Source"}


def everything() -> list[Part]:
    """Whatever is hard to tag: tables over pages, uneven and spanned; notes in cells and lists; nested lists; pictures."""
    rng = random.Random(3)
    link = {
        "type": "text",
        "text": "Regeringen",
        "marks": [{"type": "link", "attrs": {"href": "https://www.regeringen.se/"}}, {"type": "strong"}],
    }
    start = Part(
        uuid(1), "chapter", "1", "Inledning", 1,
        doc(
            paragraph("Strategin bygger på en analys.", footnote("Analysen är gjord 2025."), " Se ", ref(uuid(21)), " och ", link, "."),
            heading("Ett hopp i rubrikerna", 4),
            items("Först", [paragraph("Sedan", footnote("En not i en lista.")), items("Inuti", "Också inuti")], "Sist"),
            items("Ett", "Två", ordered=True),
            {"type": "blockquote", "content": [paragraph("Här går det att bo.")]},
            figure(PICTURE, "Stapeldiagram: fler bor i länet 2025 än 2015", "Figur 1. Befolkning."),
            figure(DECORATION),
        ),
    )  # fmt: skip
    long_table = table(
        ["År", "Vad som hände", "Andel"], *[[str(1950 + n), sentences(rng, 1), f"{n} %"] for n in range(70)]
    )
    uneven = table(["A", "B", "C"], ["ensam"], ["två", cell("celler", footnote("En not i en cell."))])
    spanned = table(
        [cell("Grupp", head=True, rowspan=2), cell("Värden", head=True, colspan=2)],
        [cell("Kvinnor", head=True), cell("Män", head=True)],
        [cell("Unga", head=True), "1", "2"],
        [cell("Äldre", head=True), "3", "4"],
    )
    analysis = Part(
        uuid(2), "chapter", "2", "Nuläge", 1, doc(long_table, paragraph("Därefter."), uneven, spanned),
        parts=[Part(uuid(3), "text", "2.1", "Befolkning", 2, doc(paragraph(sentences(rng, 60), footnote(sentences(rng, 4)))))],
    )  # fmt: skip
    sub = Part(
        uuid(22), "subgoal", "Delmål 1.1", "Bostäder för livets alla skeden", 3, doc(paragraph(sentences(rng, 20))), 2030,
        ["Region Saga"], [Tie("sdg", 11, "Hållbara städer och samhällen")], hue=1,
    )  # fmt: skip
    goal = Part(
        uuid(21), "goal", "Mål 1", "Ett nära liv", 2, doc(paragraph(sentences(rng, 12), footnote("Måttet är nytt."))), 2040,
        ["Region Saga", "länets alla 33 kommuner"],
        [Tie("sdg", 3, "God hälsa"), Tie("national_area", 1, "Likvärdiga möjligheter")], [sub], 1,
    )  # fmt: skip
    priority = Part(
        uuid(31), "priority", "P1", "Samordnad planering", 2, doc(paragraph("Först detta.", footnote("Sist."))), hue=1
    )
    empty = Part(uuid(4), "chapter", "5", "Bilagor", 1, doc(table(), items(), paragraph()))
    goals = Part(uuid(20), "chapter", "3", "Mål", 1, doc(paragraph("Målen.")), parts=[goal])
    return [start, analysis, goals, Part(uuid(30), "chapter", "4", "Prioriteringar", 1, parts=[priority]), empty]


PICTURES = {PICTURE: photo(), DECORATION: photo("#f0a63c")}


@pytest.fixture(scope="module")
def made() -> Rendered:
    return render_pdf(book(everything(), pictures=PICTURES))


@pytest.fixture(scope="module")
def draft() -> Rendered:
    return render_pdf(book(everything(), adopted=False, pictures=PICTURES))


NUMBERS = {"a1": 1, "a2": 2, "a3": 3, "a4": 4, "a5": 5, "a6": 6, "a7": 7}


def with_ids(kind, n, *content):
    return {"type": kind, "attrs": {"id": f"a{n}"}, "content": list(content)}


@pytest.fixture(scope="module")
def numbered() -> Rendered:
    """A consultation version whose paragraphs, items, quotation and table have their numbers in the margin."""
    said = [paragraph(f"Ord nummer {n}.") for n in range(8)]
    inner = {"type": "bullet_list", "content": [with_ids("list_item", 4, said[4])]}
    listed = {"type": "bullet_list", "content": [with_ids("list_item", 3, said[3], inner)]}
    quoted = with_ids("blockquote", 5, said[5])
    framed = table(["A", "B"], ["1", "2"])
    framed["attrs"] = {**framed.get("attrs", {}), "id": "a6"}
    long = with_ids("paragraph", 7, {"type": "text", "text": "Ett långt stycke. " * 400})
    parts = [
        Part(
            uuid(1), "chapter", "1", "Inledning", 1,
            doc(
                with_ids("paragraph", 1, {"type": "text", "text": "Ord nummer 1."}),
                with_ids("paragraph", 2, {"type": "text", "text": "Ord nummer 2. " * 20}), listed, quoted, framed, long,
            ),
        )
    ]  # fmt: skip
    return render_pdf(book(parts, adopted=False, numbers={uuid(1): NUMBERS}))


@pytest.fixture(scope="module")
def pages(made: Rendered, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return words_of(made.data, tmp_path_factory.mktemp("pages"))


def words_of(data: bytes, folder: Path) -> list[str]:
    """The words of each page."""
    (folder / "book.pdf").write_bytes(data)
    command = ["pdftotext", "-layout", "book.pdf", "-"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.split("\f")[:-1]


# --- valid


@verapdf.needed
@pytest.mark.parametrize("which", ["made", "draft", "numbered"])
def test_verapdf_finds_nothing_to_say(which, request, tmp_path):
    file = tmp_path / "book.pdf"
    file.write_bytes(request.getfixturevalue(which).data)
    assert verapdf.findings(file) == ["2a true", "ua1 true"]


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_finds_nothing_to_say(made, tmp_path):
    (tmp_path / "book.pdf").write_bytes(made.data)
    checked = subprocess.run(["qpdf", "--check", "book.pdf"], cwd=tmp_path, capture_output=True, text=True)
    assert (checked.returncode, "WARNING" in checked.stdout + checked.stderr) == (0, False)


def test_the_engine_has_no_complaints(made):
    assert (made.complaints, made.refused) == ([], [])


def test_the_same_text_gives_the_same_bytes(made):
    assert render_pdf(book(everything(), pictures=PICTURES)).sha256 == made.sha256


# --- one tag per thing, however many pages it runs over


def test_there_are_as_many_tags_as_things(made):
    found = counts(made.data)
    assert {tag: found[tag] for tag in ("Table", "Note", "Reference", "L", "BlockQuote", "Figure", "TOC")} == {
        "Table": 3, "Note": FOOTNOTES, "Reference": FOOTNOTES, "L": 6, "BlockQuote": 1, "Figure": 1, "TOC": 1,
    }  # fmt: skip


def test_a_table_over_pages_is_one_table_with_one_head(made, pages):
    long = structure(made.data).all("Table")[0]
    assert sum("Vad som hände" in page for page in pages) > 1  # the head is repeated for the eye
    assert len(long.all("TR")) == 71
    assert Counter(row.tag for row in long.all("THead")[0].walk()) == {"THead": 1, "TR": 1, "TH": 3, "P": 3}


def test_header_cells_say_what_they_head(made):
    heads = [cell.attributes.get("Scope") for found in structure(made.data).all("Table") for cell in found.all("TH")]
    assert Counter(heads) == {"/Column": 3 + 3 + 4, "/Row": 2}


def test_rows_of_a_table_are_equally_long(made):
    uneven = structure(made.data).all("Table")[1]
    assert [len(row.kids) for row in uneven.all("TR")] == [3, 3, 3]


def test_pictures_have_words_and_decoration_has_none(made):
    assert [figure.alt for figure in structure(made.data).all("Figure")] == [
        "Stapeldiagram: fler bor i länet 2025 än 2015"
    ]


def test_headings_go_down_one_level_at_a_time(made):
    levels = [int(one.tag[1]) for one in structure(made.data).walk() if one.tag[0] == "H" and one.tag[1:].isdigit()]
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))


def test_notes_stand_beside_the_block_that_calls_them(made):
    for element in structure(made.data).walk():
        calls = [len(kid.all("Reference")) for kid in element.kids if kid.tag == "P"]
        if sum(calls):
            assert sum(kid.tag == "Note" for kid in element.kids) == sum(calls)
    names = [note.identifier for note in structure(made.data).all("Note")]
    assert len(set(names)) == FOOTNOTES and all(names)


def test_a_link_is_one_stop_with_words_that_say_where_it_leads(made):
    external = [(address, words) for _page, address, words in links(made.data) if address.startswith("http")]
    assert external == [("https://www.regeringen.se/", "Regeringen")]
    inner = [words for _page, address, words in links(made.data) if address == f"avsnitt-{uuid(21)}"]
    assert inner == ["Mål 1 Ett nära liv"] * 2  # in the contents and in the text


def test_items_of_lists_have_label_and_body(made):
    item = structure(made.data).all("LI")[-1]
    assert [kid.tag for kid in item.kids] in (["Lbl", "LBody"], ["LBody"])
    assert {one.attributes.get("ListNumbering") for one in structure(made.data).all("L")} == {
        "/Disc",
        "/Decimal",
        "/None",
    }


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="poppler-utils are not installed")
def test_the_reading_order_is_what_it_was(made, tmp_path):
    """Read aloud, the book is what it was when somebody last looked. A meant change: delete the file and run again."""
    (tmp_path / "book.pdf").write_bytes(made.data)
    command = ["pdfinfo", "-struct-text", "book.pdf"]
    read = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    lines = [
        re.sub(r" \((block|inline)\)|:$", "", line.rstrip()) for line in read[read.index("Document") :].splitlines()
    ]
    read = "\n".join(line for line in lines if "Object " not in line and not line.lstrip().startswith("/")) + "\n"
    read = re.sub(
        r'(?<=[^-])"\n +"(?=\S)', " ", re.sub(r'-"\n +"', "", read)
    )  # lines of a paragraph in one, hyphens away
    if not SNAPSHOT.exists():
        SNAPSHOT.write_text(read)
    assert read == SNAPSHOT.read_text()


# --- a book


def test_bookmarks_follow_the_outline(made):
    assert bookmarks(made.data) == [
        (1, "Innehåll"), (1, "1 Inledning"), (1, "2 Nuläge"), (2, "2.1 Befolkning"), (1, "3 Mål"), (2, "Mål 1 Ett nära liv"),
        (3, "Delmål 1.1 Bostäder för livets alla skeden"), (1, "4 Prioriteringar"), (2, "P1 Samordnad planering"), (1, "5 Bilagor"),
    ]  # fmt: skip


def test_the_contents_name_the_page_that_the_part_begins_on(made, pages):
    for number in (1, 2, 20, 21, 30, 4):
        page = destinations(made.data)[f"avsnitt-{uuid(number)}"]
        title = next(part.title for whole in everything() for part in whole.walk() if part.uuid == uuid(number))
        line = next(line for line in pages[2].splitlines() if line.rstrip().endswith(f" {page}") and title in line)
        assert line
        assert pages[page - 1].rstrip().splitlines()[-2].rstrip().endswith(str(page))  # printed at its foot


def test_the_fingerprint_stands_in_full_and_at_every_foot(made, pages):
    sha256 = book([]).sha256
    assert sha256 in "".join(pages[1].split())
    assert all(sha256[:12] in page for page in pages[3:])


def test_the_colophon_says_who_decided_and_when(pages):
    said = " ".join(pages[1].split())
    for words in (
        "Regionfullmäktige antog strategin 14 oktober 2026, § 97",
        "Reservation: Anna Ek (S)",
        "RUN 2026/17",
        "strategi@sago.example",
    ):
        assert words in said


def test_every_page_of_a_text_that_is_not_adopted_says_so(draft, made, pages, tmp_path):
    printed = words_of(draft.data, tmp_path)
    assert [number for number, page in enumerate(printed) if number not in (1, 2) and "inte antagen" not in page] == []
    assert not any("inte antagen" in page for page in pages)


def test_paragraphs_have_their_numbers_in_the_margin_and_not_in_what_is_read(numbered, tmp_path):
    printed = "\n".join(words_of(numbered.data, tmp_path))
    assert re.findall(r"^ *(\d) +\W*(?:Ord|Ett|A )", printed, re.MULTILINE) == ["1", "2", "3", "4", "5", "6", "7"]
    command = ["pdfinfo", "-struct-text", "book.pdf"]
    read = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert '"Ord nummer 1.' in read
    assert not re.search(r'"[3567] *"', read)  # 1, 2 and 4 also stand in a cell, before a heading and in the contents
    assert numbered.complaints == []


def test_the_file_says_what_it_is(made):
    with pikepdf.open(BytesIO(made.data)) as pdf, pdf.open_metadata() as meta:
        assert meta["dc:title"] == "Regional utvecklingsstrategi för Sagans län"
        assert list(meta["dc:creator"]) == ["Region Saga"]
        assert str(pdf.docinfo["/Subject"]) == "Regional utvecklingsstrategi för Sagans län. Sagans strategi 2026"
        assert str(pdf.Root.Lang) == "sv"
        assert (meta.pdfa_status, str(pdf.Root.PageMode)) == ("2A", "/UseOutlines")


@pytest.mark.skipif(not (ROOT / "static/build/fonts").exists(), reason="the front end is not built")
def test_only_our_own_fonts_are_used(made):
    assert {name.split("-")[0] for name in fonts(made.data)} == OURS


# --- the patch


def test_the_tags_are_made_for_the_version_that_is_pinned():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert f"weasyprint=={tags.MADE_FOR}" in wanted
    assert weasyprint.__version__ == tags.MADE_FOR


def test_another_version_of_the_engine_is_refused_rather_than_trusted(monkeypatch):
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    with pytest.raises(tags.TagsDoNotFit):
        render_pdf(book([Part(uuid(1), "chapter", "1", "Inledning", 1, doc(paragraph("Text.")))]))


def test_the_engine_is_itself_again_afterwards(made):
    from weasyprint.pdf import stream  # here, since it is the engine's own names that are looked at

    assert weasyprint.pdf.Stream is stream.Stream
    assert weasyprint.pdf.add_tags is weasyprint.pdf.tags.add_tags


def test_progress_names_every_page_and_never_goes_back():
    said = []
    render_pdf(
        book([Part(uuid(1), "chapter", "1", "Inledning", 1, doc(paragraph(text("Ord. " * 2000))))]),
        progress=lambda *step: said.append(step),
    )
    shares = [done / total for _words, done, total in said]
    assert shares == sorted(shares)
    assert {"Samlar ihop texten", "Skriver innehållsförteckningen", "Gör filen klar för arkivet", "Sparar filen"} <= {
        words for words, *_rest in said
    }
    assert sum(words.startswith("Sätter sida") for words, *_rest in said) >= 3
