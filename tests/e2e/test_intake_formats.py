"""Answers as people really send them, in a real browser with a real worker: a scan to type off, an Outlook letter with positions, a table."""

import json
import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.factories import intake as files
from tests.factories import outlook
from tests.live_stack import LiveStack

WORLD = """
import json
from datetime import timedelta
from consultations.models import ConsultationRound
from rus_platform.kit import clock
from tests.factories import consultations as make
from tests.factories.actors import make_municipality

def password(user):
    user.set_password(%r)
    user.save(update_fields=["password"])
    return user.email

world = make.make_open_round("99")
ConsultationRound.objects.filter(pk=world.round.pk).update(opened_at=clock.now() - timedelta(days=3))
response = make.start(world)
others = [make_municipality("99", n).name for n in (2, 3)]
print(json.dumps({
    "editor": password(world.editor), "leader": password(world.leader), "round": world.round.pk, "draft": response.pk, "goal": world.goal.pk, "sub": world.subgoal.pk,
    "others": others, "day": (clock.today() - timedelta(days=1)).isoformat(),
}))
"""
READ = 90_000  # ms that a busy worker may take


@pytest.fixture(scope="module")
def world(live_stack: LiveStack) -> dict[str, object]:
    return json.loads(live_stack.python(WORLD % PASSWORD).splitlines()[-1])


@pytest.fixture
def visitor(world, new_person) -> Callable[..., Page]:
    return lambda who, **page: new_person(world[who], create=False, reduced_motion="reduce", **page)


def judge(page: Page, name: str = "") -> None:
    """Accessible and not wider than the screen: desk, tablet and small phone, light and dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.reload()  # no colour is on its way from the one to the other
        for width in (1280, 768, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert_accessible(page)
            assert_no_sideways_scroll(page)
            if os.environ.get("SHOTS"):
                page.screenshot(path=f"{os.environ['SHOTS']}/{name}-{scheme}-{width}.png", full_page=True)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 900})


def send(page: Page, address: str, name: str, data: bytes, button: str = "Läs filen") -> None:
    page.goto(address)
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    page.get_by_role("button", name=button).click()
    heard = page.get_by_role("heading", name="Läst ur originalet").or_(page.get_by_text("Det här behöver du veta"))
    expect(heard.first).to_be_visible(timeout=READ)


def test_a_scan_is_typed_off_by_keyboard_beside_its_picture(visitor, world):
    page = visitor("editor")
    scan = files.many_pages(files.scanned_words(["Yttrande från kommunen", "Bussen ska nämnas först i mål 1."]), 3)
    send(page, f"/svar/{world['draft']}/las-in/", "skannat.pdf", scan)
    expect(page.get_by_text("bild 1 av 3")).to_be_visible()
    picture = page.get_by_alt_text(re.compile("^Bild 1 av originalet"))
    assert picture.evaluate("image => image.complete && image.naturalWidth > 500")
    judge(page, "scan")
    page.get_by_role("link", name="Nästa bild").press("Enter")
    expect(page.get_by_text("bild 2 av 3")).to_be_visible()
    page.get_by_label("Synpunkt, avskriven från bilden").press_sequentially("Bussen ska nämnas först.")
    page.get_by_role("combobox", name="Gäller").select_option(str(world["goal"]))
    page.get_by_label("Orden den gäller").fill("stärka tåget")
    page.get_by_role("button", name="Lägg till synpunkten").press("Enter")
    expect(page.get_by_text("Synpunkten är tillagd som nr 1.").first).to_be_visible()
    expect(page.get_by_text("bild 2 av 3")).to_be_visible()
    expect(page.locator(".intake-card--accepted")).to_contain_text("Bussen ska nämnas först.")
    page.get_by_role("button", name="Ta in det bekräftade", exact=True).press("Enter")
    expect(page.get_by_text("1 sak är intagen i svaret.").first).to_be_visible()


def test_a_letter_from_outlook_proposes_positions_that_a_person_confirms(visitor, world):
    statement = [
        "Dnr KS 2026/77", "Kommunstyrelsen beslutade den 3 mars 2026, § 41, att lämna följande yttrande.",
        "Kommunen tillstyrker mål 1 med följande ändringar. Bussen behöver nämnas, och det ska framgå vem som betalar.",
        "Vi avstyrker delmål 1.1. Det finns inga pengar avsatta för det som står där.",
        "Vi skulle kunna tillstyrka resten om staten betalar en större del av kostnaden än i dag.",
    ]  # fmt: skip
    data = outlook.msg("Hej!\r\nHär kommer svaret.", files=[("yttrande.docx", files.statement(statement))])
    page = visitor("editor")
    send(page, f"/svar/{world['draft']}/las-in/", "Vårt svar.msg", data)
    stands = page.locator(".intake-card", has_text="Ställningstagande:")
    expect(stands).to_have_count(2)
    expect(stands.first).to_contain_text("Läst ur orden ”Kommunen tillstyrker mål 1 med följande ändringar.”")
    decision = page.locator(".intake-card", has=page.get_by_role("heading", name="Organisationens beslut"))
    expect(decision.get_by_label("Vem beslutade?")).to_have_value("Kommunstyrelsen")
    expect(decision.get_by_label("Ert diarienummer")).to_have_value("KS 2026/77")
    judge(page, "positions")
    for card in (decision, stands.nth(0), stands.nth(1)):
        number = card.locator("h3 .tabular").inner_text()
        page.get_by_role("button", name=re.compile(rf"^Bekräfta {number}$")).click()
        expect(page.get_by_role("button", name=re.compile(rf"^Ångra {number}$"))).to_be_visible()
    page.get_by_role("button", name="Ta in det bekräftade och lämna resten").click()
    expect(page.get_by_text("3 saker är intagna i svaret.").first).to_be_visible()
    page.goto(f"/svar/{world['draft']}/stallningstaganden/")
    expect(page.locator(f"#s{world['sub']}").get_by_label("Avstyrker")).to_be_checked()


def test_a_table_is_taken_in_with_progress_and_names(visitor, world):
    page = visitor("leader")
    rows = [
        "Organisation;Avsnitt;Synpunkt;Inkom",
        *(f"{name};Mål 1;Åk mer tåg, skriver {name}.;{world['day']}" for name in world["others"]),
    ]
    send(page, f"/samrad/{world['round']}/las-in/", "svar.csv", "\n".join(rows).encode("utf-16-le"), "Läs tabellen")
    page.get_by_role("button", name="Bekräfta alla 2 säkra").click()
    page.get_by_role("button", name="Ta in det bekräftade", exact=True).click()
    result = page.get_by_role("heading", name="2 svar ur tabellen")
    expect(result).to_be_visible(timeout=READ)
    section = page.locator("section", has=result)
    expect(section.get_by_role("listitem")).to_have_count(2)
    expect(section).to_contain_text(world["others"][0])
    judge(page, "table")
