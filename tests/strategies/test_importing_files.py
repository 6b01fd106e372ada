"""Word files: what is read out of them, and what is refused."""

import contextlib
import io
import struct
import zipfile

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rus_platform.kit.errors import Invalid
from strategies.domain import documents
from strategies.domain.importing import opening
from strategies.domain.importing.opening import open_docx
from strategies.domain.importing.parts import parts_of
from strategies.domain.importing.proposal import Standing, plain_title, propose
from strategies.domain.importing.reading import read_docx
from strategies.domain.importing.tracked import settled_parts
from tests.factories.documents import (
    make_docx,
    paragraph,
    saved,
    with_body,
    with_footnote,
    with_part,
    with_tracked_changes,
)

UUID = "11111111-1111-4111-8111-111111111111"


def read(data: bytes, keep=lambda data, alt: UUID):
    return read_docx(open_docx(data), keep, lambda *told: None)


def types(doc) -> list[str]:
    return [block["type"] for block in doc["content"]]


# --- what is read


def test_headings_become_parts_with_their_level():
    parts, _notices, _comments = read(make_docx())
    assert [(part.level, part.title) for part in parts.parts] == [
        (0, ""),
        (1, "1 Inledning"),
        (2, "1.1 Bakgrund"),
        (3, "Djupare"),
        (1, "Mål 1: Ett län som reser"),
        (2, "Delmål 1.1 Fler tar tåget"),
    ]


def test_lists_tables_pictures_and_bold_follow():
    parts = read(make_docx())[0].parts
    assert [types(part.doc) for part in parts] == [
        ["paragraph"],
        ["paragraph"],
        ["bullet_list"],
        ["table"],
        ["figure", "paragraph"],
        [],
    ]
    assert parts[1].doc["content"][0]["content"][1]["marks"] == [{"type": "strong"}]
    assert documents.images_in(parts[4].doc) == {UUID}


def test_comments_are_listed_with_their_words_and_what_they_are_about():
    _parts, notices, comments = read(make_docx())
    assert [(row["author"], row["words"], row["on"]) for row in comments] == [
        ("Anna Ek", "Hur ofta?", "Tåget går oftare.")
    ]
    assert notices == ["1 kommentar står inte i texten. Den visas nedan."]


def test_tracked_changes_are_taken_as_accepted_and_said():
    parts, notices, _comments = read(with_tracked_changes())
    assert documents.plain_text(parts.parts[0].doc).split("\n") == ["Länet ska växa", "flyttad text", "fet"]
    assert notices == [
        "4 spårade ändringar togs in som accepterad text (Bo Alm, Anna Ek).",
        "1 spårad formatändring togs in som accepterad.",
    ]


def test_a_footnote_is_a_footnote():
    doc = read(with_footnote())[0].parts[0].doc
    assert types(doc) == ["paragraph"]
    assert [part["type"] for part in doc["content"][0]["content"]] == ["text", "footnote", "text"]
    assert doc["content"][0]["content"][1]["content"][0]["text"] == "Enligt SCB."


def test_a_style_of_ones_own_with_an_outline_level_is_a_heading():
    document = docx.Document()
    style = document.styles.add_style("Regionrubrik", 1)
    style.base_style = document.styles["Heading 2"]
    document.add_paragraph("Nuläge", style="Regionrubrik")
    assert [(part.level, part.title) for part in read(saved(document))[0].parts] == [(2, "Nuläge")]


def test_a_picture_that_is_none_is_counted():
    parts, notices, _comments = read(make_docx(), keep=lambda data, alt: "")
    assert types(parts.parts[4].doc) == ["paragraph"]
    assert notices[1] == "1 bild kunde inte följa med (png)."


def test_what_lies_on_other_servers_is_never_fetched():
    relation = b'<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="http://127.0.0.1:9/x.png" TargetMode="External"/></Relationships>'
    data = with_part(
        make_docx(), "word/_rels/document.xml.rels", lambda rels: rels.replace(b"</Relationships>", relation)
    )
    opened = open_docx(data)
    assert opened.external == 1
    assert b"127.0.0.1" not in zipfile.ZipFile(io.BytesIO(opened.data)).read("word/_rels/document.xml.rels")
    assert "1 bild ligger på en annan server och hämtas inte." in read(data)[1]


# --- what is refused


def as_zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_X", ".x"), data)
    return out.getvalue()


def bomb() -> bytes:
    return with_part(make_docx(), "word/media/big.png", b"\0" * (opening.MAX_PART + 1))


def lying_bomb() -> bytes:
    """Declares ten bytes and unpacks to more than any part may."""
    data = bytearray(bomb())
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/media/big.png"))
    struct.pack_into("<I", data, at + 24, 10)
    return bytes(data)


def encrypted_flag() -> bytes:
    data = bytearray(make_docx())
    for start in (i for i in range(len(data) - 4) if data[i : i + 4] == b"PK\x01\x02"):
        data[start + 8] |= 1
    return bytes(data)


XXE = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


def with_doctype(doctype: bytes) -> bytes:
    return with_part(make_docx(), "word/document.xml", lambda xml: doctype + xml.split(b"?>", 1)[1])


HOSTILE = {
    "nothing": (lambda: b"", "tom"),
    "old word": (lambda: opening.OLE + b"\0" * 600, "äldre format"),
    "password": (lambda: opening.OLE + b"\0" * 64 + "EncryptedPackage".encode("utf-16-le"), "lösenord"),
    "password on the archive": (encrypted_flag, "lösenord"),
    "pdf": (lambda: b"%PDF-1.7 ...", "PDF"),
    "rtf": (lambda: b"{\\rtf1 hej}", "RTF"),
    "text": (lambda: b"hej", "inget Word-dokument"),
    "too large": (lambda: b"PK" + b"\0" * opening.MAX_FILE, "20 MB"),
    "broken": (lambda: make_docx()[:2000], "skadad"),
    "empty archive": (lambda: as_zip(), "inget Word-dokument"),
    "excel": (lambda: as_zip(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>"}), "Excel"),
    "odt": (lambda: as_zip(**{"mimetype": b"x", "content.xml": b"<a/>"}), "OpenDocument"),
    "macros": (lambda: with_part(make_docx(), "word/vbaProject.bin", b"x"), "makron"),
    "macros by type": (
        lambda: with_part(
            make_docx(),
            "[Content_Types].xml",
            lambda xml: xml.replace(
                b"officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
            ),
        ),
        "makron",
    ),
    "bomb": (bomb, "orimligt stor"),
    "a bomb that lies": (lying_bomb, ""),
    "external entity": (lambda: with_doctype(XXE), "aldrig skriver"),
    "a billion laughs": (lambda: with_doctype(LAUGHS), "aldrig skriver"),
    "broken xml": (lambda: with_part(make_docx(), "word/document.xml", lambda xml: xml[:-30]), "skadad"),
    "deep": (
        lambda: with_body("<w:sdt><w:sdtContent>" * 80 + paragraph("x") + "</w:sdtContent></w:sdt>" * 80),
        "djupare",
    ),
    "deeper than the parser goes": (
        lambda: with_body("<w:sdt><w:sdtContent>" * 800 + "</w:sdtContent></w:sdt>" * 800),
        "",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_words(kind):
    make, words = HOSTILE[kind]
    with pytest.raises(Invalid) as refusal:
        open_docx(make())
    assert words in str(refusal.value)
    assert refusal.value.fields == {"file": str(refusal.value)}


def test_a_table_of_very_many_cells_is_refused(monkeypatch):
    monkeypatch.setattr(opening, "MAX_CELLS", 10)
    cells = "<w:tc>" + paragraph("1") + "</w:tc>"
    with pytest.raises(Invalid, match="tabeller"):
        open_docx(with_body(f"<w:tbl><w:tr>{cells * 11}</w:tr></w:tbl>"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data):
    file = bytearray(make_docx_once())
    for _change in range(data.draw(st.integers(1, 8))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Invalid):
        read(bytes(file))


MADE: list[bytes] = []


def make_docx_once() -> bytes:
    if not MADE:
        MADE.append(make_docx())
    return MADE[0]


# --- pasted HTML


def test_word_puts_lists_on_the_clipboard_as_paragraphs():
    html = (
        '<html><body><h1>Mål</h1><p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·&nbsp;</span>Ett</p>'
        '<p class=MsoListParagraph style="mso-list:l0 level2 lfo1"><span style="mso-list:Ignore">1.</span>Inre</p>'
        '<p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·</span>Två</p><p>Efter</p></body></html>'
    )
    part = parts_of(html).parts[0]
    assert (part.level, part.title, types(part.doc)) == (1, "Mål", ["bullet_list", "paragraph"])
    items = part.doc["content"][0]["content"]
    assert [documents.plain_text({"type": "doc", "content": [item]}) for item in items] == ["Ett\nInre", "Två"]
    assert items[0]["content"][1]["type"] == "ordered_list"


def test_google_docs_wraps_in_a_bold_that_is_none():
    html = '<b style="font-weight:normal" id="docs-internal-guid-1"><h2><span style="font-weight:400">Nuläge</span></h2><p><span style="font-weight:700">fet</span><span style="font-style:italic"> lutad</span></p></b>'
    part = parts_of(html).parts[0]
    assert (part.level, part.title) == (2, "Nuläge")
    assert [text.get("marks") for text in part.doc["content"][0]["content"]] == [[{"type": "strong"}], [{"type": "em"}]]


def test_notes_of_word_follow_as_footnotes():
    html = '<p>Länet<a href="#_ftn1" name="_ftnref1">[1]</a> växer.</p><div><div id="ftn1"><p><a href="#_ftnref1" name="_ftn1">[1]</a> Enligt SCB.</p></div></div>'
    doc = parts_of(html).parts[0].doc
    assert [part["type"] for part in doc["content"][0]["content"]] == ["text", "footnote", "text"]
    assert len(doc["content"]) == 1


def test_pictures_in_a_paste_are_counted_and_nothing_runs():
    parts = parts_of('<p onclick="x()">Hej<img src="http://x.example/a.png" onerror="y()"><script>z()</script></p>')
    assert parts.notices == ["1 bild följde inte med. Lägg in den med knappen Bild."]
    assert documents.plain_text(parts.parts[0].doc) == "Hej"


PIECES = [
    *"ab \ue000\ue001\ue002\ue0030123<>/=\"'&;#", "<p>", "<h1>", "</h1>", "<ul><li>", "<table><tr><td>", "<img src='#0'>", "<a href='#_ftn1'>",
    "<a name='_ftn1'>", "<b>", "</b>", "<p style='mso-list:l0 level3 l'>", "<span style='font-weight:700;font-style:italic'>",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=50).map("".join))
def test_any_html_gives_valid_parts_or_is_refused(html):
    try:
        found = parts_of(html, [UUID])
    except Invalid:
        return
    for part in found.parts:
        documents.parse(part.doc)
        assert not any("\ue000" <= letter <= "\ue00f" for letter in part.title + documents.plain_text(part.doc))


# --- the proposal


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("1.2 Bakgrund", "Bakgrund"),
        ("Mål 2: Fler reser", "Fler reser"),
        ("Delmål 2.3 – Tåget", "Tåget"),
        ("IV. Genomförande", "Genomförande"),
        ("I hela länet", "I hela länet"),
        ("5 prioriteringar", "5 prioriteringar"),
        ("2030 i sikte", "2030 i sikte"),
        ("Mål och medel", "Mål och medel"),
        ("7", "7"),
    ],
)
def test_a_headings_own_number_goes(written, title):
    assert plain_title(written) == title


def proposed(depth=None, standing=(), under=None):
    return propose([part.as_json() for part in read(make_docx())[0].parts], standing, depth, under)


def test_two_levels_are_proposed_with_kinds_by_the_words():
    assert [(item.level, item.kind, item.title) for item in proposed().sections] == [
        (1, "chapter", ""),
        (1, "chapter", "Inledning"),
        (2, "text", "Bakgrund"),
        (1, "goal", "Ett län som reser"),
        (2, "subgoal", "Fler tar tåget"),
    ]


def test_deeper_headings_are_folded_into_the_text():
    doc = proposed(depth=1).sections[1].doc
    headings = [
        (block["attrs"]["level"], block["content"][0]["text"]) for block in doc["content"] if block["type"] == "heading"
    ]
    assert headings == [(2, "1.1 Bakgrund"), (3, "Djupare")]


def test_an_empty_section_of_the_same_name_is_filled():
    items = proposed(standing=[Standing(7, "Inledning", True), Standing(8, "Bakgrund", False)]).sections
    assert [(item.place, item.section_id) for item in items[1:3]] == [("append", 7), ("new", None)]


def test_under_a_chapter_there_are_no_chapters():
    assert {item.kind for item in proposed(under="chapter").sections} == {"text", "goal", "subgoal"}


def test_a_document_of_very_many_headings_is_split_more_coarsely():
    rows = [
        {"level": 1, "title": "A", "doc": {"type": "doc", "content": []}},
        *({"level": 2, "title": str(n), "doc": {"type": "doc", "content": []}} for n in range(400)),
    ]
    found = propose(rows)
    assert (found.depth, found.possible, len(found.sections)) == (1, [1], 1)


# --- tracked changes


def tracked(body: str):
    mark = 'w:id="1" w:author="{}" w:date="2026-03-01T10:00:00Z"'
    return read_docx(
        open_docx(with_body(body.replace("ANNA", mark.format("Anna Ek")).replace("BO", mark.format("Bo Alm")))),
        lambda data, alt: UUID, lambda *told: None, keep_changes=True,
    )[0]  # fmt: skip


def ways(parts, how):
    return [
        (part["title"], documents.plain_text(part["doc"]))
        for part in settled_parts([part.as_json() for part in parts.parts], how)
    ]


REPLACED = (
    "<w:p><w:r><w:t xml:space='preserve'>Länet </w:t></w:r><w:del BO><w:r><w:delText>krymper</w:delText></w:r></w:del>"
    "<w:ins BO><w:r><w:rPr><w:b/></w:rPr><w:t>växer</w:t></w:r></w:ins><w:r><w:t xml:space='preserve'> snart.</w:t></w:r></w:p>"
)


def test_a_replacement_is_one_change_and_can_be_taken_in_three_ways():
    parts = tracked(REPLACED)
    assert [change.as_json() for change in parts.changes] == [
        {"id": parts.changes[0].id, "author": "Bo Alm", "at": "2026-03-01", "inserted": "växer", "deleted": "krymper"}
    ]
    assert ways(parts, "accepterade") == [("", "Länet växer snart.")]
    assert ways(parts, "fore") == [("", "Länet krymper snart.")]
    [block] = parts.parts[0].doc["content"]
    assert [(part["text"], [mark["type"] for mark in part.get("marks", [])]) for part in block["content"]] == [
        ("Länet ", []), ("krymper", ["deletion"]), ("växer", ["strong", "insertion"]), (" snart.", []),
    ]  # fmt: skip


def test_whole_paragraphs_headings_and_lists_come_and_go():
    new = "<w:p><w:pPr><w:rPr><w:ins BO/></w:rPr></w:pPr><w:ins BO><w:r><w:t>Nytt stycke.</w:t></w:r></w:ins></w:p>"
    old = "<w:p><w:pPr><w:rPr><w:del ANNA/></w:rPr></w:pPr><w:del ANNA><w:r><w:delText>Gammalt stycke.</w:delText></w:r></w:del></w:p>"
    heading = "<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r><w:t>Mål</w:t></w:r><w:ins BO><w:r><w:t xml:space='preserve'> och medel</w:t></w:r></w:ins></w:p>"
    came = "<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:ins BO><w:r><w:t>Ny rubrik</w:t></w:r></w:ins></w:p>"
    kept = "<w:p><w:r><w:t>Kvar.</w:t></w:r></w:p>"
    parts = tracked(heading + kept + new + old + came + kept)
    assert ways(parts, "accepterade") == [("Mål och medel", "Kvar.\nNytt stycke."), ("Ny rubrik", "Kvar.")]
    assert ways(parts, "fore") == [("Mål", "Kvar.\nGammalt stycke.\nKvar.")]
    assert [block.get("marks", [{}])[0].get("type") for block in parts.parts[0].doc["content"]] == [
        None, "insertion", "deletion",
    ]  # fmt: skip
    assert [change.author for change in parts.changes] == ["Bo Alm", "Bo Alm", "Anna Ek", "Bo Alm"]


def test_what_one_added_and_another_took_away_never_was():
    parts = tracked(
        "<w:p><w:r><w:t>Ett.</w:t></w:r><w:ins BO><w:r><w:t xml:space='preserve'> Två.</w:t></w:r><w:del ANNA><w:r><w:delText> Tre.</w:delText></w:r></w:del></w:ins></w:p>"
    )
    assert ways(parts, "accepterade") == [("", "Ett. Två.")] and ways(parts, "fore") == [("", "Ett.")]


def test_private_characters_of_the_file_itself_are_no_changes():
    parts = tracked(REPLACED + "<w:p><w:r><w:t>\ue0040\ue003falskt\ue006</w:t></w:r></w:p>")
    assert ways(parts, "fore") == [("", "Länet krymper snart.\n0falskt")]


def test_the_file_that_pandoc_reads_with_all_changes_gives_the_same_words():
    import pypandoc

    data = with_tracked_changes()
    parts = read_docx(open_docx(data), lambda data, alt: UUID, lambda *told: None, keep_changes=True)[0]
    for how, option in (("accepterade", "accept"), ("fore", "reject")):
        said = pypandoc.convert_text(
            data, "plain", format="docx", extra_args=[f"--track-changes={option}", "--wrap=none"]
        )
        ours = "\n".join(text for _title, text in ways(parts, how))
        assert " ".join(ours.split()) == " ".join(said.split())
