"""Answers as files in a real browser, with a real worker: a form in Word, a letter with a PDF, a scanned page, a table."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.factories import intake as files
from tests.live_stack import LiveStack

WORLD = """
import json
from datetime import timedelta
from consultations.domain import behalf
from consultations.models import ConsultationRound
from rus_platform.kit import clock
from tests.factories import consultations as make
from tests.factories.actors import make_municipality

def password(user):
    user.set_password(%r)
    user.save(update_fields=["password"])
    return user.email

world = make.make_open_round("16")
ConsultationRound.objects.filter(pk=world.round.pk).update(opened_at=clock.now() - timedelta(hours=1))
response = make.start(world)
other = make_municipality("16", 2)
entered = behalf.start_on_behalf(round_id=world.round.pk, actor_id=other.pk, by=world.leader, channel="email", received_at=clock.now())
print(json.dumps({
    "editor": password(world.editor), "leader": password(world.leader), "round": world.round.pk, "draft": response.pk, "entered": entered.pk,
    "goal": world.goal.pk, "sub": world.subgoal.pk, "questions": [row.pk for row in world.questions], "name": world.municipality.name,
}))
"""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
READ = 60_000  # ms that a busy worker may take to read a file


@pytest.fixture(scope="module")
def world(live_stack: LiveStack) -> dict[str, object]:
    return json.loads(live_stack.python(WORLD % PASSWORD).splitlines()[-1])


@pytest.fixture
def visitor(world, new_person) -> Callable[..., Page]:
    """``visitor("leader")``: one of the world's people in a browser."""
    return lambda who, **page: new_person(world[who], create=False, reduced_motion="reduce", **page)


def judge(page: Page) -> None:
    """Accessible and not wider than the screen, on a desk and on a small phone."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
        assert_no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def send(page: Page, name: str, data: bytes, button: str = "Läs filen") -> None:
    """Choose the file and press the button; the page then follows the worker by itself."""
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    page.get_by_role("button", name=button).click()
    expect(
        page.get_by_role("heading", name="Läst ur originalet").or_(page.get_by_text("Det här behöver du veta")).first
    ).to_be_visible(timeout=READ)


def test_a_form_is_downloaded_filled_in_and_comes_back(visitor, world, tmp_path: Path):
    page = visitor("editor")
    page.goto(f"/svar/{world['draft']}/")
    page.get_by_role("link", name="Svara i Word, eller läs in en fil").click()
    judge(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Hämta formuläret").click()
    assert waiting.value.suggested_filename.endswith(".docx")
    free, choice, scale = world["questions"]
    data = files.filled(
        Path(waiting.value.path()).read_bytes(),
        {
            "s": "Vi är positiva.", f"p.{world['goal']}": "Avstyrker", f"r.{world['goal']}": "För dyrt.", f"q.{free}": "Cykeln", f"q.{choice}": "Buss",
            f"q.{scale}": "4", "t.1.place": "Mål 1", "t.1.quote": "stärka tåget", "t.1.text": "Nämn bussen.", "t.2.text": "Nej", "t.2.quote": "något som inte står där",
        },
    )  # fmt: skip
    send(page, "svar.docx", data)
    judge(page)
    page.get_by_role("button", name="Bekräfta alla 6 säkra").click()
    doubtful = page.locator(".intake-card", has_text="De citerade orden finns inte i texten.")
    expect(doubtful).to_have_count(1)
    doubtful.get_by_label("Orden den gäller").fill("Länet ska växa")
    doubtful.get_by_role("button", name="Bekräfta").click()
    expect(page.locator("#intake-counts")).to_contain_text("7 bekräftade, 0 inte granskade")
    page.get_by_role("button", name="Ta in det bekräftade", exact=True).click()
    expect(page.get_by_text("7 saker är intagna i svaret.").first).to_be_visible()
    page.goto(f"/svar/{world['draft']}/synpunkter/")
    expect(page.locator("blockquote", has_text="stärka tåget")).to_be_visible()
    expect(page.locator("blockquote", has_text="Länet ska växa")).to_be_visible()
    page.goto(f"/svar/{world['draft']}/stallningstaganden/")
    expect(page.locator(f"#s{world['goal']}").get_by_label("Avstyrker")).to_be_checked()
    page.goto(f"/svar/{world['draft']}/las-in/")
    page.locator("input[type=file]").set_input_files({"name": "igen.docx", "mimeType": WORD, "buffer": data})
    page.get_by_role("button", name="Läs filen").click()
    expect(page.get_by_role("link", name="Visa den tidigare")).to_be_visible()
    judge(page)


def test_a_letter_with_a_pdf_is_confirmed_beside_the_original(visitor, world):
    statement = [
        "Yttrande", "Meningen ”stärka tåget och bussen” bör ändras till ”stärka bussen”. Det är viktigt för kommunen och för alla som bor här.",
        "Vi saknar godstrafiken i delmål 1.1, vilket är en brist som behöver rättas till innan strategin antas av fullmäktige.",
    ]  # fmt: skip
    data = files.letter("Hej!\n\nHär kommer vårt svar.\n\nMvh Karin", files=[("svar.pdf", files.pdf(statement))])
    page = visitor("leader")
    page.goto(f"/svar/{world['entered']}/")
    page.get_by_role("link", name="Läs in brevet, dokumentet eller PDF-filen").click()
    send(page, "Vårt svar.eml", data)
    judge(page)
    card = page.locator(
        ".intake-card",
        has=page.get_by_label("Orden den gäller").and_(page.locator("textarea:text('stärka tåget och bussen')")),
    ).first
    expect(card.get_by_role("group", name="I originalet")).to_contain_text("bör ändras till")
    expect(card.get_by_label("Föreslagen lydelse")).to_have_value("stärka bussen")
    card.get_by_role("combobox", name="Slag").select_option("objection")
    card.get_by_role("button", name=re.compile("^Bekräfta")).press("Enter")
    expect(page.locator("#intake-counts")).to_contain_text("1 bekräftade")
    expect(page.locator(".intake-card--accepted").get_by_role("button", name=re.compile("^Ångra"))).to_be_focused()
    page.locator(".intake-card", has_text="godstrafiken").get_by_role("button", name=re.compile("^Bekräfta")).click()
    expect(page.locator("#intake-counts")).to_contain_text("2 bekräftade, 0 inte granskade")
    page.get_by_role("button", name="Ta in det bekräftade", exact=True).click()
    expect(page.get_by_text("2 saker är intagna i svaret.").first).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Vårt svar.eml").click()
    assert Path(waiting.value.path()).read_bytes() == data


def test_a_scanned_page_says_so_and_is_kept(visitor, world):
    page = visitor("leader")
    page.goto(f"/svar/{world['entered']}/las-in/")
    send(page, "skannat.pdf", files.scanned())
    expect(page.get_by_text("PDF-filen är inskannad")).to_be_visible()
    judge(page)
    page.get_by_role("button", name="Spara originalet med svaret").click()
    expect(page.get_by_role("link", name="skannat.pdf")).to_be_visible()


def test_a_table_is_sorted_out_and_taken_in(visitor, world):
    page = visitor("leader")
    page.goto(f"/samrad/{world['round']}/svarslage/")
    page.get_by_role("link", name="Läs in från fil").click()
    judge(page)
    other = str(world["name"]).replace(" 1", " 3")
    rows = f"Organisation;Avsnitt;Synpunkt\n{other};Mål 1;Åk mer tåg, tycker vi.\nOkänt AB;;Bra.\n"
    send(page, "svar.csv", rows.encode("latin-1"), "Läs tabellen")
    expect(page.get_by_text("Okända organisationer: Okänt AB.")).to_be_visible()
    judge(page)
    page.get_by_role("button", name="Bekräfta den säkra").click()
    page.locator(".intake-card", has_text="Okänd organisation").get_by_role(
        "button", name=re.compile("^Ta inte in")
    ).click()
    expect(page.locator("#intake-counts")).to_contain_text("1 bekräftade, 0 inte granskade, 1 tas inte in")
    page.get_by_role("button", name="Ta in det bekräftade", exact=True).click()
    page.get_by_role("button", name="Registrera alla").click()
    page.get_by_role("dialog").get_by_role("button", name="Registrera").click()
    expect(page.get_by_text("1 svar är registrerat.").first).to_be_visible()


def test_all_of_it_without_a_script(visitor, world):
    page = visitor("editor", java_script_enabled=False)
    page.goto(f"/svar/{world['draft']}/las-in/")
    text = "Vi vill att hela länet ska ha cykelvägar mellan alla orter.\n\nMål 1 bör också nämna båten, som många reser med varje dag."
    page.locator("input[type=file]").set_input_files(
        {"name": "svar.txt", "mimeType": "text/plain", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Läs filen").click()
    for _n in range(120):
        if page.get_by_role("heading", name="Läst ur originalet").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.get_by_role("button", name=re.compile("^Slå ihop med nästa")).first.click()
    expect(page.locator(".intake-card")).to_have_count(1)
    page.get_by_role("button", name=re.compile("^Dela vid tomma rader")).click()
    expect(page.locator(".intake-card")).to_have_count(2)
    page.get_by_role("button", name=re.compile("^Ta inte in")).first.click()
    page.get_by_role("button", name=re.compile("^Bekräfta")).last.click()
    page.get_by_role("button", name="Ta in det bekräftade", exact=True).click()
    expect(page.get_by_text("1 sak är intagen i svaret.").first).to_be_visible()
