"""What is read out of the files that people send, and what is refused, in words."""

import contextlib
import io
import shutil
import subprocess
import zipfile

import docx
import pypandoc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations.domain.intake import form, kinds, mail, margin, reading, table
from consultations.domain.intake.pages import pages_of
from consultations.domain.intake.pdf import read_pdf
from consultations.domain.intake.places import Places
from consultations.domain.intake.references import kind_of, place_of, quotes_in, wording_in
from consultations.domain.intake.splitting import split
from consultations.domain.intake.word import read_word
from consultations.publishing.response_form import response_form
from rus_platform.kit import clock
from rus_platform.kit.errors import Invalid
from strategies.domain import markup, publish, text, versions
from strategies.domain.importing import opening
from strategies.domain.importing.opening import open_docx
from strategies.domain.sections import add_section
from strategies.models import StepVia
from strategies.publishing.pdf import render_pdf
from strategies.publishing.tree import book_of
from strategies.publishing.word import version_docx
from strategies.queries.outline import outline
from tests.factories import consultations as make
from tests.factories import intake as files
from tests.factories import outlook
from tests.factories.actors import make_municipality
from tests.factories.documents import make_docx, with_part

pytestmark = pytest.mark.django_db
GOAL = """Regionen ska tillsammans med kommunerna stärka tåget och bussen.

Alla ska kunna bo och arbeta i hela länet. Länet ska växa.

- Fler turer på kvällen
- Billigare biljetter för unga

1. Första steget
2. Andra steget

| Ort | Invånare |
| --- | --- |
| Sagostad | 12 300 |

Länet ska vara öppet för alla."""


def silent(*told: object) -> None:
    """Nobody waits."""


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(make, "GOAL_TEXT", GOAL)
    return make.make_open_round()


@pytest.fixture
def places(world) -> Places:
    return Places(world.fresh().version)


@pytest.fixture
def form_file(world) -> bytes:
    return response_form(form.plan_of(world.fresh()), world.municipality)


@pytest.fixture
def version_file(world) -> bytes:
    return version_docx(world.fresh().version, lead=["Kommentera i marginalen."])


@pytest.fixture
def commented_file(version_file) -> bytes:
    return files.commented(version_file, "stärka tåget", "Bra!")


def values(world) -> dict[str, str]:
    goal, sub = world.goal.pk, world.subgoal.pk
    free, choice, scale = (question.pk for question in world.questions)
    return {
        "s": "Vi är positiva. Men se nedan.", f"p.{goal}": "Tillstyrker med ändringar", f"r.{goal}": "Nämn bussen.", f"p.{sub}": "Avstyrker",
        f"q.{free}": "Cykeln", f"q.{choice}": "Buss", f"q.{scale}": "4",
        "t.1.place": "Mål 1", "t.1.quote": "stärka tåget", "t.1.text": "Nämn bussen först.", "t.1.wording": "stärka bussen",
        "t.2.place": "Mål 1 stycke 2", "t.2.text": "Hela länet är mer än tätorterna.", "t.3.text": "Tack för ett bra förslag.",
    }  # fmt: skip


def read(data: bytes, world, places, name: str = "svar.docx") -> reading.Reading:
    return reading.read_single(data, name, world.fresh(), places, silent)


def told(found: reading.Reading) -> list[tuple[str, str, str, str]]:
    return [(item.what, item.stance, item.text, item.place.quote) for item in found.items]


EXPECTED = [
    ("summary", "", "Vi är positiva. Men se nedan.", ""),
    ("position", "supports_with_changes", "Nämn bussen.", ""),
    ("position", "opposes", "", ""),
    ("answer", "", "Cykeln", ""),
    ("answer", "", "1", ""),
    ("answer", "", "4", ""),
    ("point", "", "Nämn bussen först.", "stärka tåget"),
    ("point", "", "Hela länet är mer än tätorterna.", "Alla ska kunna bo och arbeta i hela länet. Länet ska växa."),
    ("point", "", "Tack för ett bra förslag.", ""),
]


# --- the form


def test_a_filled_form_comes_back_without_retyping(world, places, form_file):
    found = read(files.filled(form_file, values(world)), world, places)
    assert (found.kind, found.notices, told(found)) == ("form", [], EXPECTED)
    assert all(item.certain for item in found.items)


def test_a_form_that_lost_its_fields_is_read_by_its_labels(world, places, form_file):
    found = read(files.without_fields(files.filled(form_file, values(world))), world, places)
    assert (found.kind, told(found)) == ("form", EXPECTED)


def test_an_empty_form_says_so(world, places, form_file):
    found = read(form_file, world, places)
    assert (found.items, found.notices) == ([], ["Inget fält i formuläret är ifyllt."])


def test_rows_that_somebody_added_are_read_too(world, places, form_file):
    document = files.opened(files.filled(form_file, values(world)))
    row = document.tables[-1].add_row()
    row.cells[3].text = "En till."
    found = read(files.saved(document), world, places)
    assert found.items[-1].text == "En till."


def test_a_form_of_another_round_is_refused_and_an_older_one_is_doubted(world, places, form_file):
    other = make.make_open_round("97")
    foreign = response_form(form.plan_of(other.fresh()))
    with pytest.raises(Invalid, match="ett annat samråd"):
        read(foreign, world, places)
    key = form.plan_of(world.fresh()).key
    older = files.opened(files.filled(form_file, values(world)))
    line = next(row for row in older.paragraphs if key in row.text)
    line.text = line.text.replace(key, key[:-12] + "0" * 12)
    found = read(files.saved(older), world, places)
    assert "innan texten eller frågorna ändrades" in found.notices[0]
    assert not any(item.certain for item in found.items)


@pytest.mark.parametrize(
    ("words", "stance"),
    [
        ("Tillstyrker", "supports"), ("tillstyrker med ändringar.", "supports_with_changes"), ("Vi tillstyrker med vissa ändringar", "supports_with_changes"),
        ("AVSTYRKER", "opposes"), ("Ingen uppfattning", "no_opinion"), ("supports", "supports"), ("kanske", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_stance_by_its_words(words, stance):
    assert form.stance_of(words) == stance


def test_a_stance_that_is_none_is_doubted(world, places, form_file):
    found = read(files.filled(form_file, {f"p.{world.goal.pk}": "Kanske"}), world, places)
    assert [(item.stance, item.certain, item.doubt) for item in found.items] == [
        ("", False, "Ställningstagandet ”Kanske” är inget av alternativen.")
    ]


# --- the version with a margin


def test_a_version_that_nobody_wrote_in_has_nothing_to_take_in(world, places, version_file):
    found = read(version_file, world, places)
    assert (found.kind, found.items) == ("margin", [])
    assert found.notices == ["Dokumentet har inga kommentarer i marginalen och inga spårade ändringar."]


@pytest.mark.parametrize("words", ["stärka tåget", "Billigare biljetter", "Andra steget", "12 300", "Länet ska växa."])
def test_a_comment_in_the_margin_holds_on_to_its_words(world, places, version_file, words):
    found = read(files.commented(version_file, words, "Bra!"), world, places)
    [item] = found.items
    assert (item.text, item.author, item.place.quote, item.place.section, item.certain) == (
        "Bra!",
        "Anna Ek",
        words,
        world.goal,
        True,
    )


def test_a_comment_on_a_heading_is_about_the_section(world, places, version_file):
    found = read(files.commented(version_file, "Fler tar tåget", "Varför?"), world, places)
    assert [(item.place.section, item.place.start, item.certain) for item in found.items] == [
        (world.subgoal, None, True)
    ]


def test_replies_are_kept_with_the_comment_they_answer(world, places, version_file):
    document = files.opened(version_file)
    run = files.run_of(document, "stärka tåget")
    for author in ("Anna", "Bo"):
        document.add_comment([run], text=f"Säger {author}", author=author)
    found = read(files.saved(document), world, places)
    assert [item.text for item in found.items] == ["Anna: Säger Anna\n\nBo: Säger Bo"]


@pytest.mark.parametrize(
    ("change", "quote", "wording", "text"),
    [
        (lambda data: files.replaced(data, "tåget", "cykeln"), "tåget", "cykeln", "Ändra ”tåget” till ”cykeln”."),
        (lambda data: files.replaced(data, "växa", "krympa"), "växa", "krympa", "Ändra ”växa” till ”krympa”."),
        (lambda data: files.replaced(data, " i hela länet", ""), "arbeta i hela länet", "arbeta", "Ändra ”arbeta i hela länet” till ”arbeta”."),
        (lambda data: files.inserted_after(data, "tåget", " och cykeln"), "tåget", "tåget och cykeln", "Ändra ”tåget” till ”tåget och cykeln”."),
        (lambda data: files.replaced(data, "Länet ska vara öppet för alla.", ""), "Länet ska vara öppet för alla.", "", "Stryk ”Länet ska vara öppet för alla.”."),
    ],
)  # fmt: skip
def test_a_tracked_change_is_a_proposal(world, places, version_file, change, quote, wording, text):
    found = read(change(version_file), world, places)
    [item] = found.items
    assert (item.kind, item.place.quote, item.suggested_wording, item.text) == ("change", quote, wording, text)
    assert (item.author, item.certain) == ("Bo Alm", True)


def test_changes_of_two_people_are_two_proposals(world, places, version_file):
    data = files.replaced(version_file, "tåget", "cykeln")
    found = read(files.replaced(data, "bussen", "båten", "Cia"), world, places)
    assert [(item.author, item.suggested_wording) for item in found.items] == [("Bo Alm", "cykeln"), ("Cia", "båten")]


def test_a_new_paragraph_is_a_proposal_at_its_neighbour(world, places, version_file):
    document = files.opened(version_file)
    after = next(row for row in document.paragraphs if "Länet ska vara öppet" in row.text)
    new = after.insert_paragraph_before()
    mark = new._p.get_or_add_pPr()
    properties = files.OxmlElement("w:rPr")
    properties.append(files._tracked("ins", "Bo Alm"))
    mark.append(properties)
    new._p.append(files._inserted("Ett nytt stycke.", "Bo Alm"))
    [item] = read(files.saved(document), world, places).items
    assert (item.place.section, item.suggested_wording.split()[:3]) == (world.goal, ["Ett", "nytt", "stycke."])


def test_words_changed_without_tracking_are_shown_and_doubted(world, places, version_file):
    document = files.opened(version_file)
    files.run_of(document, "öppet för alla").text = "stängt"
    found = read(files.saved(document), world, places)
    [item] = found.items
    assert (item.suggested_wording, item.certain, item.doubt) == (
        "Länet ska vara stängt.",
        False,
        "Ändrat utan spårning.",
    )
    assert "utan att ändringen har spårats" in found.notices[0]


def test_a_version_without_bookmarks_is_found_by_its_words(world, places, version_file):
    data = with_part(
        files.commented(version_file, "stärka tåget", "Bra!"),
        "word/document.xml",
        lambda xml: xml.replace(b'w:name="rus_', b'w:name="x_'),
    )
    [item] = read(data, world, places).items
    assert (item.place.quote, item.place.section, item.certain) == ("stärka tåget", world.goal, True)


def test_another_version_of_the_text_is_said_and_searched_by_words(world, places):
    draft = versions.fork_version(version_id=world.version.pk, by=world.leader)
    add_section(version_id=draft.pk, kind="text", title="Nytt", by=world.leader)
    later = versions.freeze_version(version_id=draft.pk, by=world.leader, label="Samrådsversion 2")
    found = read(files.commented(version_docx(later), "stärka tåget", "Bra!"), world, places)
    assert "en annan version" in found.notices[0]
    assert [(item.place.quote, item.place.section) for item in found.items] == [("stärka tåget", world.goal)]


# --- real tools between


def soffice(data: bytes, tmp_path, to: str = "docx") -> bytes:
    """The file as LibreOffice Writer writes it."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-writer-nogui)")
    source = tmp_path / "in.docx"
    source.write_bytes(data)
    subprocess.run(
        [program, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", to, "--outdir", str(tmp_path / "out"), str(source)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return (tmp_path / "out" / f"in.{to.split(':')[0]}").read_bytes()


def test_the_form_survives_libreoffice(world, places, form_file, tmp_path):
    found = read(soffice(files.filled(form_file, values(world)), tmp_path), world, places)
    assert (found.kind, told(found)) == ("form", EXPECTED)


def test_the_margin_survives_libreoffice(world, places, version_file, tmp_path):
    data = files.commented(version_file, "Billigare biljetter", "Bra!")
    data = files.replaced(files.inserted_after(data, "tåget", " och cykeln"), "växa", "krympa")
    found = read(soffice(data, tmp_path), world, places)
    assert [
        (item.text, item.place.quote, item.suggested_wording, item.author, item.certain) for item in found.items
    ] == [
        ("Ändra ”tåget” till ”tåget och cykeln”.", "tåget", "tåget och cykeln", "Bo Alm", True),
        ("Ändra ”växa” till ”krympa”.", "växa", "krympa", "Bo Alm", True),
        ("Bra!", "Billigare biljetter", "", "Anna Ek", True),
    ]


def test_libreoffice_opens_what_we_write(version_file, form_file, tmp_path):
    for n, data in enumerate((version_file, form_file)):
        folder = tmp_path / str(n)
        folder.mkdir()
        assert soffice(data, folder, "pdf").startswith(b"%PDF")


def by_pandoc(data: bytes, source: str, target: str, tmp_path, *more: str) -> bytes:
    (tmp_path / "in").write_bytes(data)
    pypandoc.convert_file(
        str(tmp_path / "in"), target, format=source, outputfile=str(tmp_path / "out"), extra_args=list(more)
    )
    return (tmp_path / "out").read_bytes()


def test_the_form_survives_pandoc(world, places, form_file, tmp_path):
    found = read(by_pandoc(files.filled(form_file, values(world)), "docx", "docx", tmp_path), world, places)
    assert (found.kind, told(found)) == ("form", EXPECTED)


def test_the_margin_survives_pandoc(world, places, version_file, tmp_path):
    data = files.replaced(files.commented(version_file, "öppet för alla", "Bra!"), "växa", "krympa")
    found = read(by_pandoc(data, "docx", "docx", tmp_path, "--track-changes=all"), world, places)
    assert [(item.text, item.place.quote, item.suggested_wording) for item in found.items] == [
        ("Ändra ”växa” till ”krympa”.", "växa", "krympa"),
        ("Bra!", "öppet för alla", ""),
    ]


def test_a_form_saved_as_odt_comes_back(world, places, form_file, tmp_path):
    data = by_pandoc(files.filled(form_file, values(world)), "docx", "odt", tmp_path)
    found = read(data, world, places, "svar.odt")
    assert (found.kind, told(found)) == ("form", EXPECTED)


# --- any document


STATEMENT = [
    "Hej!", "# Mål 1 Ett län som reser", "Vi välkomnar målet i stort. Det är ett viktigt steg för hela länet och för våra invånare.",
    "Meningen ”stärka tåget och bussen” bör ändras till ”stärka bussen, tåget och cykeln”. Cykeln är viktig för den som bor nära sin arbetsplats.",
    "# Övrigt", "I delmål 1.1 saknas godstrafiken helt, vilket vi menar är en brist som behöver rättas till.",
    "- Strategin behöver en tydligare koppling till den fysiska planeringen i kommunerna, annars blir den svår att genomföra.",
    "- Vi avstyrker de formuleringar som lägger kostnader på kommunerna utan att finansieringen har klarats ut i förväg.",
    "Vänliga hälsningar", "Karin Ek, kommundirektör",
]  # fmt: skip


def test_a_statement_is_split_into_points_with_their_places(world, places):
    found = read(files.statement(STATEMENT), world, places)
    kept = [
        (item.kind, item.place.section and item.place.section.title, item.place.quote, item.text.split()[0])
        for item in found.items
        if not item.left_out
    ]
    assert kept == [
        ("support", "Ett län som reser", "", "Vi"),
        ("change", "Ett län som reser", "stärka tåget och bussen", "Meningen"),
        ("change", "Fler tar tåget", "", "I"),
        ("change", None, "", "Strategin"),
        ("objection", None, "", "Vi"),
    ]
    assert found.items[2].suggested_wording == "stärka bussen, tåget och cykeln"
    assert [item.text for item in found.items if item.left_out][0] == "Hej!"


def test_nothing_of_a_statement_is_lost(world, places):
    found = read(files.statement(STATEMENT), world, places)
    said = " ".join(item.text for item in found.items)
    assert all(words.lstrip("# -") in said or words.startswith("# ") for words in STATEMENT)


@pytest.mark.parametrize(
    ("text", "title", "quote"),
    [
        ("Vi vill ändra i mål 1.", "Ett län som reser", ""),
        ("Delmål 1.1 är för vagt.", "Fler tar tåget", ""),
        ("Se mål 1.1 i texten.", "Fler tar tåget", ""),
        ("I avsnitt 3.1 saknas siffror.", "Befolkning och geografi", ""),
        ("Kapitel 3 är bra.", "Nulägesanalys", ""),
        ("Mål 1 stycke 1 är otydligt.", "Ett län som reser", "Regionen ska tillsammans med kommunerna stärka tåget och bussen."),
        ("Orden »stärka tåget« räcker inte.", "Ett län som reser", "stärka tåget"),
        ("Ni skriver “Alla ska kunna bo och arbeta […] växa” men det är oklart.", "Ett län som reser", "Alla ska kunna bo och arbeta"),
        ("De globala målen, mål 11, nämns inte.", None, ""),
        ("Vi tycker att mål 9 är bra.", None, ""),
        ("Allt är bra.", None, ""),
    ],
)  # fmt: skip
def test_references_and_quotations_propose_a_place(places, text, title, quote):
    found = place_of(text, places)
    assert (found.section and found.section.title, found.quote) == (title, quote)


def test_a_quotation_that_is_nowhere_is_doubted(places):
    assert (
        place_of("Ni skriver ”det här står inte någonstans i texten”.", places).doubt
        == "De citerade orden finns inte i texten."
    )


def test_a_page_is_looked_up_in_the_published_pdf(world, places):
    assert "ingen publicerad PDF" in place_of("På s. 14 står fel.", places).doubt
    places.pages = {14: [world.goal.pk], 15: [world.goal.pk, world.subgoal.pk]}
    assert place_of("På s. 14 står fel.", places).section == world.goal
    assert "flera avsnitt" in place_of("Se sid 15-16.", places).doubt
    assert "Sidan 99 finns inte" in place_of("Se sidan 99.", places).doubt


def test_words_that_stand_in_two_places_are_for_a_person_to_choose(world, monkeypatch):
    monkeypatch.setattr(make, "GOAL_TEXT", "Länet ska växa snabbt.\n\nNågot annat här.\n\nLänet ska växa snabbt.")
    other = make.make_open_round("97")
    found = place_of("Stryk ”Länet ska växa snabbt”.", Places(other.fresh().version))
    assert (len(found.alternatives), found.is_sure) == (2, False)


def test_a_proposed_wording_is_no_quotation():
    text = "Meningen ”det gamla är bäst” bör ändras till ”det nya är bättre”."
    assert (quotes_in(text), wording_in(text)[1]) == (["det gamla är bäst"], "det nya är bättre")
    assert wording_in("Vi vill ha mer. Föreslagen lydelse: Länet ska växa.") == ("Vi vill ha mer.", "Länet ska växa.")
    assert [kind_of(words) for words in ("Varför?", "Siffran är felaktig.", "Vi föreslår mer.", "Bra.")] == [
        "question",
        "error",
        "change",
        "remark",
    ]


# --- PDF


def test_a_pdf_is_read_with_its_pages(world, places):
    found = read(files.pdf(STATEMENT), world, places, "svar.pdf")
    assert (found.kind, found.pages) == ("pdf", 1)
    [item] = [item for item in found.items if item.suggested_wording]
    assert (item.place.quote, item.suggested_wording, item.page) == (
        "stärka tåget och bussen",
        "stärka bussen, tåget och cykeln",
        1,
    )


def test_two_hundred_pages_are_read(world, places):
    stages = []
    found = read_pdf(files.many_pages(files.pdf(STATEMENT), 200), lambda stage, done, total: stages.append(done))
    assert (found.pages, max(stages), len(found.original) > 200) == (200, 200, True)


def test_a_scanned_pdf_says_so_and_has_nothing_to_take_in(world, places):
    found = read(files.scanned(), world, places, "svar.pdf")
    assert (found.items, found.notices[0].startswith("PDF-filen är inskannad")) == ([], True)


def test_a_pdf_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr("consultations.domain.intake.pdf.PATIENCE", 0.01)
    with pytest.raises(Invalid, match="för lång tid"):
        read_pdf(files.pdf(STATEMENT), silent)


@pytest.mark.filterwarnings("ignore:.*sRGB2014.icc")  # the engine leaves its own colour profile open
def test_a_page_of_the_published_pdf_leads_to_its_section(world):
    version = world.fresh().version
    publication = publish.request_pdf(version_id=version.pk, by=world.leader)
    publish.render_publication(
        publication_id=publication.pk, render=lambda version, progress: render_pdf(book_of(version), progress=progress)
    )
    pages = pages_of(version)
    on = [page for page, sections in pages.items() if world.goal.pk in sections]
    places = Places(version, pages)
    assert (len(on), place_of(f"På s. {on[0]} står fel.", places).section is not None) == (1, True)
    assert "finns inte i den publicerade" in place_of("Se sidan 400.", places).doubt


# --- letters


def test_a_letter_brings_its_attachment_and_introduces_it(world, places):
    data = files.letter(
        "Hej!\n\nHär kommer vårt svar på remissen.\n\nMvh Karin",
        files=[("svar.pdf", files.pdf(STATEMENT)), ("logga.png", b"\x89PNG\r\n")],
    )
    found = read(data, world, places, "svar.eml")
    assert found.kind == "mail"
    assert [item.left_out for item in found.items if "Här kommer" in item.text] == [True]
    assert any(item.place.quote == "stärka tåget och bussen" for item in found.items)
    assert any(words.startswith("logga.png: ") for words in found.notices)


def test_a_letter_by_itself_is_the_answer_and_what_it_quotes_is_not(world, places):
    text = "Vi avstyrker mål 1 så länge kommunernas kostnader inte är utredda i ett sammanhang.\n\nDen 3 januari 2027 skrev Region:\n> Vad tycker ni?"
    found = read(files.letter(text), world, places, "svar.eml")
    assert [(item.kind, item.place.section) for item in found.items] == [("objection", world.goal)]


def test_a_letter_in_html_is_words_only(world, places):
    html = "<style>p{}</style><p onclick='x()'>Vi saknar cykeln i mål 1, den behövs.</p><script>alert(1)</script><blockquote>Gammalt</blockquote><ul><li>En punkt om något som är viktigt för oss i kommunen och som måste sägas.</li></ul>"
    letter = mail.read_letter(files.letter(html=html))
    assert [(row["text"], row["kind"]) for row in letter.lines] == [
        ("Vi saknar cykeln i mål 1, den behövs.", ""), ("Gammalt", "note"), ("En punkt om något som är viktigt för oss i kommunen och som måste sägas.", "item"),
    ]  # fmt: skip


def test_a_letter_in_a_letter_is_read(world, places):
    inner = files.letter("I mål 1 saknas cykeln helt och hållet, vilket är en brist.")
    found = read(files.letter("Se nedan.", nested=inner), world, places, "svar.eml")
    assert [item.place.section for item in found.items if "cykeln" in item.text] == [world.goal]


@pytest.mark.parametrize("charset", ["latin-1", "utf-8", "cp1252", "us-ascii", "x-unknown", "utf-16"])
def test_a_letter_that_is_wrong_about_its_letters_is_read(charset):
    head = f"From: a@b.example\nSubject: Svar\nContent-Type: text/plain; charset={charset}\n\n".encode()
    letter = mail.read_letter(head + "Vi bör stärka åkerns värde här.".encode("latin-1"))
    assert "rka" in letter.lines[0]["text"] or charset == "utf-16"


# --- tables


def rows(world) -> list[list[str]]:
    return [
        ["Organisation", "Avsnitt", "Citat", "Synpunkt", "Föreslagen lydelse", "Ställningstagande", "Datum"],
        [world.municipality.name, "Mål 1", "stärka tåget", "Nämn bussen", "stärka bussen", "", str(clock.today())],
        [world.municipality.name, "Delmål 1.1", "", "För dyrt", "", "Avstyrker", ""],
        [world.municipality.name.upper(), "Mål 1", "stärka tåget", "nämn  bussen", "stärka bussen", "", ""],
        ["Okänt AB", "Mål 77", "", "=HYPERLINK(1)", "", "Kanske", "2027-31-12"],
        ["", "", "", "", "", "", ""],
    ]


def as_csv(rows, mark: str = ";", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(mark.join(f'"{cell}"' for cell in row) for row in rows).encode(encoding)


@pytest.mark.parametrize(
    "make_file",
    [
        lambda rows: as_csv(rows), lambda rows: as_csv(rows, ","), lambda rows: as_csv(rows, "\t", "latin-1"), lambda rows: as_csv(rows, ";", "utf-8-sig"),
        lambda rows: as_csv(rows, ";", "utf-16"), files.sheet,
    ],
)  # fmt: skip
def test_a_table_with_many_answers(world, places, make_file):
    actors = [world.municipality, make_municipality("98", 2)]
    found = table.read_many(make_file(rows(world)), "svar.csv", actors, places, {}, silent)
    assert [(item.what, item.actor, item.text, item.stance, item.left_out, item.certain) for item in found.items] == [
        ("point", world.municipality, "Nämn bussen", "", False, True),
        ("position", world.municipality, "För dyrt", "opposes", False, True),
        ("point", world.municipality, "nämn  bussen", "", True, False),
        ("point", None, "'=HYPERLINK(1)", "", False, False),
    ]
    assert found.items[0].place.quote == "stärka tåget"
    assert [words in found.items[3].doubt for words in ("Okänd organisation", "Kanske", "2027-31-12", "Mål 77")] == [
        True
    ] * 4
    assert "1 cell med en formel lästes som text." in found.notices
    assert "Okända organisationer: Okänt AB." in " ".join(found.notices)


def test_what_is_in_the_answer_already_is_not_proposed_again(world, places):
    known = {world.municipality.pk: {"nämn bussen"}}
    found = table.read_many(as_csv(rows(world)[:2]), "svar.csv", [world.municipality], places, known, silent)
    assert [(item.left_out, item.doubt) for item in found.items] == [(True, "Synpunkten finns redan i svaret.")]


@pytest.mark.parametrize("data", [b"a;b\n1;2\n", b"", b"Organisation\nKommunen\n"])
def test_a_table_without_the_columns_it_needs_is_refused(world, places, data):
    with pytest.raises(Invalid):
        table.read_many(data, "svar.csv", [], places, {}, silent)


# --- refused, in words


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}
HOSTILE = {
    "nothing": (lambda: b"", "x.docx", "tom"),
    "old powerpoint": (lambda: opening.OLE + b"\0" * 600, "x.ppt", "äldre Office-format"),
    "old word with macros": (lambda: opening.OLE + "WordDocument _VBA_PROJECT".encode("utf-16-le"), "x.doc", "makron"),
    "old excel": (lambda: opening.OLE + b"\0" * 600, "x.xls", "äldre Office-format"),
    "outlook": (lambda: opening.OLE + b"\0" * 600, "x.msg", ".eml"),
    "outlook cut off": (lambda: outlook.msg("Hej")[:2000], "x.msg", "skadat"),
    "word with a password": (lambda: opening.OLE + "EncryptedPackage".encode("utf-16-le"), "x.docx", "lösenord"),
    "macros by name": (make_docx, "x.docm", "makron"),
    "macros inside": (lambda: with_part(make_docx(), "word/vbaProject.bin", b"x"), "x.docx", "makron"),
    "a bomb": (lambda: with_part(make_docx(), "word/media/big.png", b"\0" * (opening.MAX_PART + 1)), "x.docx", "orimligt stor"),
    "a bomb as odt": (lambda: zipped(**ODT, big=b"\0" * (opening.MAX_PART + 1)), "x.odt", "orimligt stor"),
    "odt with a password": (lambda: zipped(**ODT, **{"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), "x.odt", "lösenord"),
    "odt with macros": (lambda: zipped(**ODT, **{"Basic/x.xml": b"x"}), "x.odt", "makron"),
    "odt that is none": (lambda: zipped(**ODT), "x.odt", "skadad"),
    "cut off": (lambda: make_docx()[:3000], "x.docx", "skadad"),
    "pdf cut off": (lambda: b"%PDF-1.7 \n1 0 obj", "x.pdf", "skadad"),
    "pdf with a password": (lambda: files.locked(files.pdf(["Hej"])), "x.pdf", "lösenord"),
    "zip": (lambda: zipped(a=b"x"), "x.docx", "arkiv"),
    "picture cut off": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "x.docx", "Bilden är skadad"),
    "program": (lambda: b"MZ\x90\0" + b"\0" * 99, "x.docx", "program"),
    "noise": (lambda: bytes(range(256)) * 9, "x.docx", "inte kan läsas"),
    "a table": (lambda: files.sheet([["Organisation", "Synpunkt"]]), "x.xlsx", "kalkylark"),
    "too large": (lambda: b"PK" + b"\0" * opening.MAX_FILE, "x.docx", "20 MB"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_words(world, places, what):
    made, name, words = HOSTILE[what]
    with pytest.raises(Invalid) as refusal:
        read(made(), world, places, name)
    assert words in str(refusal.value)


def test_a_file_is_what_its_bytes_say(world, places):
    found = read(files.pdf(STATEMENT), world, places, "svar.docx")
    assert (found.kind, "den är PDF" in found.notices[0]) == ("pdf", True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_are_read_or_refused_and_nothing_else(world, places, commented_file, data):
    whole = bytearray(commented_file)
    for _change in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Invalid):
        read(bytes(whole), world, places)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet="abåÅ .:;?!\n-–”“»«\"'()123456789s.målavsnitt", max_size=120), max_size=8))
def test_any_text_is_split_without_losing_words(places, paragraphs):
    lines = [{"text": words, "kind": ""} for words in paragraphs]
    said = "".join("".join(item.text + item.suggested_wording for item in split(lines, places)).split())
    wanted = "".join("".join(paragraphs).split())
    assert sum(letter.isalpha() for letter in said) >= sum(letter.isalpha() for letter in wanted) * 0.5


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_as_a_letter_are_read_or_refused(data):
    with contextlib.suppress(Invalid):
        mail.read_letter(b"From: a@b.example\nSubject: x\n" + data)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.docx", "a.eml", "a.pdf", "a.csv", "a"]))
def test_any_bytes_are_a_known_kind_or_refused(data, name):
    with contextlib.suppress(Invalid):
        assert kinds.kind_of(data, name) in kinds.SINGLE


def test_a_comment_of_a_document_of_ones_own_is_read(world, places):
    document = docx.Document()
    document.add_comment(
        document.add_paragraph("Vi tycker att strategin är bra i det stora hela.").runs,
        text="Gäller mål 1",
        author="Anna",
    )
    found = read(files.saved(document), world, places)
    assert [(item.author, item.place.section) for item in found.items if item.author] == [("Anna", world.goal)]


def test_numbers_in_the_file_are_the_numbers_of_the_text(world, version_file):
    word = read_word(open_docx(version_file))
    written = [row.text for row in files.opened(version_file).paragraphs if row.text.startswith("[")]
    assert written[0].startswith("[1] Regionen ska")
    assert not any(row.text.startswith("[") for row in word.paragraphs)


def test_a_long_text_with_everything_in_it_makes_a_word_file():
    draft_world = make.make_round("96")
    version = versions.fork_version(version_id=draft_world.version.pk, by=draft_world.leader)
    section = next(node.section for node in outline(version) if node.title == "Ett län som reser")
    words = "## Mellanrubrik\n\n> Ett citat.\n\n- Ett\n  - Inre\n- Två\n\nFet **text** och *lutad* och [länk](https://a.example).\n\n| A | B |\n|---|---|\n| 1 | 2 |"
    text.replace_text(section_id=section.pk, by=draft_world.leader, doc=markup.to_doc(words), via=StepVia.IMPORT)
    word = read_word(open_docx(version_docx(version)))
    known = {row.place for row in word.paragraphs if row.place and row.place[0] == section.pk}
    assert len(known) == 11  # the heading of the section and ten blocks
    assert margin.version_key_in(word) is not None
