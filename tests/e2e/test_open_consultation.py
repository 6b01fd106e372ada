"""Those who answer without being on the list, by those who do it: a private person, an officer with a telephone, a meeting."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from consultations.forms.open import QUICKEST
from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.e2e.waiting import press, send
from tests.live_stack import LiveStack

WORLD = """
import json
from datetime import timedelta
from consultations.models import ConsultationRound
from tests.factories import consultations as make
world = make.make_open_round("92")
make.open_to_public(world)
ConsultationRound.objects.filter(pk=world.round.pk).update(opened_at=world.round.opened_at - timedelta(days=9))
world.leader.set_password(%r)
world.leader.save(update_fields=["password"])
print(json.dumps({
    "round": world.round.pk, "title": world.round.title, "leader": world.leader.email, "municipality": world.municipality.name,
    "actor": world.municipality.pk, "strategy": world.strategy.pk, "goal": world.goal.pk,
}))
"""
CALM = {"reduced_motion": "reduce"}
NAME, MAIL = "Eva Hemlig", "eva.hemlig@hemma.example"


@pytest.fixture(scope="module")
def world(live_stack: LiveStack) -> dict[str, Any]:
    return dict(json.loads(live_stack.python(WORLD % PASSWORD).splitlines()[-1]))


def looks_right(page: Page) -> None:
    """Accessible by axe, and no wider than the window at 320 pixels either."""
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": 320, "height": 800})
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.set_viewport_size(size)


def test_a_private_person_from_the_public_page_to_the_receipt(
    live_stack: LiveStack, world: dict[str, Any], new_page: Callable[..., Page], new_person: Callable[..., Page]
) -> None:
    eva = new_page(**CALM)
    eva.goto(f"/samrad/{world['round']}/")
    looks_right(eva)
    eva.get_by_role("link", name="Svara på samrådet").click()
    looks_right(eva)
    eva.get_by_label("Privatperson").check()
    eva.get_by_label("Ditt namn").fill(NAME)
    eva.get_by_label("Kommun").select_option(label="Sago92kommun 2")
    eva.get_by_label("E-post").fill(MAIL)

    eva.wait_for_timeout((QUICKEST + 1) * 1000)  # as long as a person takes; a quicker one is asked to press again
    press(eva, "Skicka länken")
    eva.wait_for_url("**/skickat/")
    looks_right(eva)
    letter = live_stack.wait_for_letter(MAIL, "Bekräfta")
    link = re.search(r"/delta/\S+/", letter.get_content())
    assert link is not None
    eva.goto(link[0])
    expect(eva.get_by_text("Privatperson, Sago92kommun 2")).to_be_visible()
    looks_right(eva)
    press(eva, "Bekräfta och börja svara")
    eva.wait_for_url("**/svar/*/")
    looks_right(eva)
    answer = eva.url
    eva.locator("#main").get_by_role("link", name="Skriv fritt").click()
    eva.get_by_label("Det viktigaste du vill säga").fill("Fler bänkar vid hållplatserna.")
    send(eva, "Spara")
    eva.goto(answer)
    eva.get_by_role("link", name="Se igenom och lämna in").first.click()
    looks_right(eva)
    press(eva, "Lämna in mitt svar")  # without having agreed
    expect(eva.get_by_role("alert")).to_contain_text("vad som blir offentligt")
    eva.get_by_label("Jag har läst").check()
    press(eva, "Lämna in mitt svar")
    eva.wait_for_url("**/kvitto/")
    looks_right(eva)
    receipt = live_stack.wait_for_letter(MAIL, "Kvitto")
    assert "allmänheten" in receipt.get_body().get_content()  # type: ignore[union-attr]

    # the region reads it, sees who it is from, and publishes it
    leader = new_person(world["leader"], create=False, **CALM)
    leader.goto(f"/samrad/{world['round']}/allmanheten/")
    expect(leader.get_by_text(MAIL)).to_be_visible()
    looks_right(leader)
    leader.get_by_role("link", name="Privatperson, Sago92kommun 2").click()
    expect(leader.get_by_text("Fler bänkar vid hållplatserna.")).to_be_visible()
    looks_right(leader)
    send(leader, "Publicera")
    expect(leader.locator(".toast-text")).to_be_visible()
    live_stack.wait_for_letter(MAIL, "granskat")
    stranger = new_page(**CALM)
    stranger.goto(f"/samrad/{world['round']}/")
    assert NAME not in stranger.content()


def test_an_officer_enters_a_phoned_in_answer(world: dict[str, Any], new_person: Callable[..., Page]) -> None:
    officer = new_person(world["leader"], create=False, **CALM)
    officer.goto(f"/samrad/{world['round']}/for-in/")
    looks_right(officer)
    officer.get_by_label("Vems svar är det?").select_option(label=world["municipality"])
    officer.get_by_label("Telefon").check()
    officer.get_by_label("Originalet", exact=False).fill("Ringde kommunchefen.")
    press(officer, "Börja föra in svaret")
    officer.wait_for_url("**/svar/*/")
    looks_right(officer)
    overview = officer.url
    send(officer, "Registrera svaret")  # nothing is written yet
    expect(officer.get_by_role("alert")).to_contain_text("Svaret är tomt")
    officer.goto(f"{overview}sammanfattning/")
    officer.get_by_label("Svaret i korthet", exact=False).fill("De tillstyrker, men vill ha fler bussar.")
    send(officer, "Spara")
    officer.goto(overview)
    send(officer, "Registrera svaret")
    expect(officer.get_by_text("Telefon").first).to_be_visible()
    looks_right(officer)
    officer.goto(f"/samrad/{world['round']}/svarslage/")
    expect(officer.get_by_text("infört av regionen").first).to_be_visible()


def test_a_meetings_notes_become_points_that_get_a_decision(
    world: dict[str, Any], new_person: Callable[..., Page]
) -> None:
    leader = new_person(world["leader"], create=False, **CALM)
    leader.goto(f"/samrad/{world['round']}/moten/nytt/")
    looks_right(leader)
    leader.get_by_label("Vad heter mötet?", exact=False).fill("Dialogmöte i Björkvik")
    leader.get_by_label("Börjar").fill("2026-01-15T18:00")
    leader.get_by_label("Plats").fill("Folkets hus")
    press(leader, "Spara mötet")
    leader.wait_for_url("**/moten/*/")
    looks_right(leader)
    send(leader, "Visa för alla")
    send(leader, "Mötet är hållet")
    leader.get_by_role("textbox", name="Minnesanteckningar").fill("Trettio kom. Mest talades det om bussar.")
    send(leader, "Spara anteckningarna")
    leader.get_by_role("textbox", name="Vad som sades").fill("Bussen går för sällan på kvällen.")
    leader.get_by_role("combobox", name="Vem som sade det").select_option(label=world["municipality"])
    leader.locator("form:has(#id_text)").get_by_role("button", name="Lägg till").click()
    expect(leader.get_by_text("Bussen går för sällan på kvällen.")).to_be_visible()
    looks_right(leader)
    send(leader, "Lämna till bemötandet")
    leader.get_by_role("link", name="Till synpunkten").click()
    leader.get_by_label("Noteras").check()
    send(leader, "Spara beslutet")
    expect(leader.locator(".toast-text").first).to_be_visible()
    leader.goto(f"/samrad/{world['round']}/for-alla/")
    expect(leader.get_by_text("Dialogmöte i Björkvik").first).to_be_visible()
    looks_right(leader)
    for address in ("oppenhet/", "moten/"):
        leader.goto(f"/samrad/{world['round']}/{address}")
        looks_right(leader)
