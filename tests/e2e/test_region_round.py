"""The region's side of a round, from the wizard to the reopening, in a real browser."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.e2e.waiting import press, send
from tests.live_stack import LiveStack

WORLD = """
import json
from actors.models import Role
from tests.factories import consultations as make
from tests.factories.actors import make_municipality, make_person
_strategy, version, goal, _subgoal = make.make_version("91", municipalities=4)
from actors.models import Actor
region = Actor.objects.get(kind="region", county_id="91")
leader = make_person(region, Role.LEADER, email="olga@region91.example", password=%r)
mayor = make_person(make_municipality("91", 1), Role.EDITOR, Role.SIGNATORY, email="maja@sago91.example", password=%r)
print(json.dumps({"version": version.pk, "actor": make_municipality("91", 1).pk}))
"""
CALM = {"reduced_motion": "reduce"}
FILE = "Organisation;E-post;Slag\nSago91kommun 1;kommun1@sago91.example;\nSago91kommun 2;inte en adress;\nSago91kommun 3;kommun3@sago91.example;\nNya Föreningen;ny@forening.example;Civilsamhälle\n"


def looks_right(page: Page) -> None:
    """Accessible by axe and no wider than the window, also at 320 pixels."""
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert_no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def row(page: Page, state: str) -> Locator:
    """A group of the board."""
    return page.locator(f"#{state}")


def test_the_region_runs_a_round(live_stack: LiveStack, new_person: Callable[..., Page]) -> None:
    made = json.loads(live_stack.python(WORLD % (PASSWORD, PASSWORD)).splitlines()[-1])
    olga = new_person("olga@region91.example", create=False, **CALM)

    # The wizard: kind, letter, times, reminders
    olga.goto(f"/versioner/{made['version']}/nytt-samrad/")
    olga.get_by_label("Namn på samrådet").fill("Remiss hösten")
    olga.get_by_label(re.compile("^Remiss[.]")).check()
    looks_right(olga)
    send(olga, "Börja förbereda")
    olga.get_by_label("Missiv").fill("Vi vill veta om målen är de rätta.")
    olga.get_by_label("Stänger").fill("2099-03-31T16:00")
    olga.get_by_label("Påminn dem som inte har svarat").fill("21, 7")
    looks_right(olga)
    send(olga, "Spara och gå vidare")
    round_ = re.search(r"/samrad/(\d+)/", olga.url).group(1)  # type: ignore[union-attr]

    # A whole county, saved as a list
    olga.locator("button[name=county]").first.click()
    expect(olga.get_by_role("heading", name="Sändlista: 5 remissinstanser")).to_be_visible()
    olga.locator("summary", has_text="Sparade listor").click()
    olga.get_by_label("Spara sändlistan som").fill("Länet")
    looks_right(olga)
    send(olga, "Spara listan")
    olga.locator("summary", has_text="Sparade listor").click()
    expect(olga.get_by_text("5 aktörer ·")).to_be_visible()

    # Contacts from a file: each row says what will happen
    olga.locator("summary", has_text="Läs in kontakter ur en fil").click()
    file = {"name": "lista.csv", "mimeType": "text/csv", "buffer": FILE.encode("latin-1")}
    olga.get_by_label("Fil med kontakter").set_input_files(file)
    send(olga, "Läs filen")
    expect(olga.get_by_text("E-postadressen är ingen adress. Raden tas inte in.")).to_be_visible()
    expect(olga.get_by_text("3 rader kan tas in.")).to_be_visible()
    looks_right(olga)
    send(olga, "Ta in de valda raderna")
    expect(olga.get_by_role("heading", name="Sändlista: 6 remissinstanser")).to_be_visible()
    expect(olga.get_by_role("cell", name="kommun3@sago91.example")).to_be_visible()

    # A question of each goal, and a test letter
    olga.goto(f"/samrad/{round_}/fragor/")
    olga.get_by_label("Fråga", exact=True).fill("Hur viktigt är det här?")
    olga.get_by_label("Svarstyp").select_option("scale")
    olga.locator("summary", has_text="Ställ frågan om varje mål").click()
    olga.get_by_label("Ett län som reser").check()
    looks_right(olga)
    send(olga, "Lägg till frågan")
    expect(olga.get_by_text("Frågan ställs om varje:")).to_be_visible()
    olga.goto(f"/samrad/{round_}/forhandsgranska/")
    send(olga, "Skicka ett provbrev till mig")
    looks_right(olga)
    assert (
        "Vi vill veta om målen är de rätta."
        in live_stack.wait_for_letter("olga@region91.example", "PROV").get_content()
    )

    # Open; the board shows by itself that somebody has begun
    olga.goto(f"/samrad/{round_}/oppna/")
    send(olga, "Öppna nu och skicka inbjudningarna")
    live_stack.wait_for_letter("kommun1@sago91.example", "Inbjudan")
    olga.goto(f"/samrad/{round_}/svarslage/")
    expect(row(olga, "invited")).to_contain_text("Sago91kommun 1")
    looks_right(olga)
    maja = new_person("maja@sago91.example", create=False, **CALM)
    maja.goto(f"/samrad/{round_}/svara/{made['actor']}/")
    send(maja, "Börja svara")
    expect(row(olga, "drafting")).to_contain_text("Sago91kommun 1", timeout=60_000)
    expect(olga.locator("#status")).to_contain_text("Svarsläget har ändrats")

    # A reminder by hand; asking for more time, and getting it
    press(olga, "Påminn")
    looks_right(olga)
    send(olga, "Påminn alla nu")
    assert (
        "Vi har inte fått något svar"
        in live_stack.wait_for_letter("kommun1@sago91.example", "Påminnelse").get_content()
    )
    maja.get_by_role("link", name="Behöver ni mer tid? Begär anstånd").click()
    maja.get_by_label("Ny sista dag").fill("2099-04-15T12:00")
    maja.get_by_label("Skäl").fill("Kommunstyrelsen möts den 14 april.")
    looks_right(maja)
    send(maja, "Skicka begäran")
    expect(maja.get_by_text("Er begäran väntar på beslut")).to_be_visible()
    olga.goto(f"/samrad/{round_}/anstand/")
    expect(olga.get_by_text("Kommunstyrelsen möts den 14 april.")).to_be_visible()
    looks_right(olga)
    with olga.expect_response(lambda response: response.request.method == "POST"):
        olga.get_by_role("button", name="Bevilja").click()
    assert (
        "15 april 2099 kl. 12.00" in live_stack.wait_for_letter("kommun1@sago91.example", "Ny sista dag").get_content()
    )
    maja.reload()
    expect(maja.get_by_text("Beviljat").first).to_be_visible()

    # One consultee: every letter and its fate
    olga.get_by_role("link", name="Sago91kommun 1").first.click()
    expect(olga.get_by_role("row", name=re.compile("Påminnelse"))).to_contain_text("kommun1@sago91.example")
    looks_right(olga)

    # Closed for all but Maja, and opened again for one more
    olga.goto(f"/samrad/{round_}/stang/")
    send(olga, "Stäng nu")
    olga.goto(f"/samrad/{round_}/svarslage/")
    expect(row(olga, "drafting")).to_contain_text("Sago91kommun 1")
    press(olga, "Öppna igen för några")
    olga.get_by_label("Ny sista dag").fill("2099-05-01T12:00")
    olga.get_by_label("Skäl").fill("Vi behöver ert svar om mål 1.")
    olga.get_by_label("Sago91kommun 3").check()
    looks_right(olga)
    send(olga, "Öppna igen och skicka breven")
    letter = live_stack.wait_for_letter("kommun3@sago91.example", "Öppnat igen").get_content()
    assert "Vi behöver ert svar om mål 1." in letter and "1 maj 2099 kl. 12.00" in letter
    expect(olga.get_by_text("Öppnat igen för förtydligande").first).to_be_visible()
    maja.goto(f"/samrad/{round_}/svara/{made['actor']}/")
    expect(maja.locator(".deadline").first).to_contain_text("15 april 2099 kl. 12.00")
