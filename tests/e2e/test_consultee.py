"""A municipality with three people and political sign-off, preliminary in time and adopted later; a small association by link."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.live_stack import LiveStack

WORLD = """
import json
from actors.models import Role
from tests.factories import consultations as make
from tests.factories.actors import make_organisation, make_person
from consultations.domain import invitations
world = make.make_open_round("93")
for role, name in ((Role.EDITOR, "anna"), (Role.EDITOR, "bo"), (Role.SIGNATORY, "cilla")):
    make_person(world.municipality, role, name=name.title() + " Prov", email=name + "@k93.example", password=%r)
make_person(world.region, Role.LEADER, name="Rut Region", email="rut@r93.example", password=%r)
print(json.dumps({"round": world.round.pk, "actor": world.municipality.pk, "name": world.municipality.name, "mail": world.municipality.email,
                  "goal": world.goal.pk}))
"""
CALM = {"reduced_motion": "reduce"}


def looks_right(page: Page) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def press(page: Page, name: str) -> None:
    target = page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True))
    target.first.click()


def test_three_people_and_a_board(live_stack: LiveStack, new_person: Callable[..., Page]) -> None:
    facts = json.loads(live_stack.python(WORLD % (PASSWORD, PASSWORD)).splitlines()[-1])
    anna = new_person("anna@k93.example", create=False, **CALM)
    bo = new_person("bo@k93.example", create=False, width=390, height=844, **CALM)
    cilla = new_person("cilla@k93.example", create=False, **CALM)

    # What is asked, and the work shared out
    anna.goto(f"/samrad/{facts['round']}/svara/{facts['actor']}/")
    press(anna, "Börja svara")
    expect(anna.get_by_role("heading", name="Var ni är")).to_be_visible()
    answer = re.search(r"/svar/(\d+)/", anna.url).group(1)  # type: ignore[union-attr]
    looks_right(anna)
    anna.goto(f"/svar/{answer}/fordela/")
    anna.get_by_label(re.compile("Ett län som reser")).select_option(label="Bo Prov")
    looks_right(anna)
    press(anna, "Spara fördelningen")
    expect(anna.get_by_text("Fördelningen är sparad.").first).to_be_visible()
    bo.goto(f"/svar/{answer}/")
    expect(bo.get_by_role("heading", name="Dina delar")).to_be_visible()
    looks_right(bo)

    # Two people in the same text: saved as they write, put together
    anna.goto(f"/svar/{answer}/sammanfattning/")
    box = anna.locator("textarea[name=summary]")
    box.fill("Tåget är bra. Bussen är dålig.")
    expect(anna.locator("[data-save-state]")).to_contain_text("Sparat", timeout=20_000)
    bo.goto(f"/svar/{answer}/sammanfattning/")
    other = bo.locator("textarea[name=summary]")
    expect(other).to_have_value("Tåget är bra. Bussen är dålig.")
    box.fill("Tåget är mycket bra. Bussen är dålig.")
    other.fill("Tåget är bra. Bussen är sen.")
    expect(bo.locator("[data-save-state]")).to_contain_text("Sparat", timeout=20_000)
    expect(box).to_have_value("Tåget är mycket bra. Bussen är sen.", timeout=30_000)
    expect(other).to_have_value("Tåget är mycket bra. Bussen är sen.", timeout=30_000)
    looks_right(anna)
    looks_right(bo)

    # Long reading with numbers, search and words found by keyboard
    anna.goto(f"/svar/{answer}/las/")
    expect(anna.locator("[data-n='1']").first).to_be_visible()
    anna.get_by_label("Sök i texten").fill("tåget")
    expect(anna.locator("[data-hits]")).to_contain_text("träffar")
    looks_right(anna)
    anna.locator(".block-comment").first.focus()
    anna.keyboard.press("Enter")
    form = anna.locator(".point-form")
    expect(form).to_be_visible()
    form.get_by_label("Er synpunkt").fill("Nämn bussen först.")
    press(anna, "Utgå från orden i texten")
    form.get_by_label("Föreslagen lydelse").fill("Regionen ska tillsammans med kommunerna stärka bussen och tåget.")
    form.get_by_role("button", name="Spara synpunkten").click()
    expect(anna.locator(".margin-card ins.diff-ins").first).to_be_visible()
    looks_right(anna)

    # A thread that the region never sees, and a file
    anna.goto(f"/svar/{answer}/")
    anna.get_by_label("Ny intern anteckning").fill("Hemligt om bussen")
    anna.get_by_label("Cilla Prov").check()
    press(anna, "Spara anteckningen")
    expect(anna.get_by_text("Hemligt om bussen")).to_be_visible()
    looks_right(anna)
    anna.goto(f"/svar/{answer}/bilagor/")
    looks_right(anna)

    # Politically decided; preliminary in time
    anna.goto(f"/svar/{answer}/lamna-in/")
    anna.get_by_label("En nämnd eller styrelse beslutar först").check()
    press(anna, "Spara valet")
    looks_right(anna)
    cilla.goto(f"/svar/{answer}/lamna-in/")
    press(cilla, f"Lämna in för {facts['name']}")
    expect(cilla.get_by_role("link", name=re.compile("Skriv in beslutet först"))).to_be_visible()
    cilla.get_by_label(re.compile("Lämna in som preliminärt")).check()
    press(cilla, f"Lämna in för {facts['name']}")
    expect(cilla.get_by_role("heading", name="Svaret är inlämnat")).to_be_visible()
    looks_right(cilla)
    digest = cilla.locator("code.hash").inner_text()
    letter = live_stack.wait_for_letter("cilla@k93.example", "Kvitto")
    assert digest in letter.get_body().get_content()
    enclosed = next(letter.iter_attachments())
    assert (enclosed.get_content_type(), enclosed.get_content()[:5]) == ("application/pdf", b"%PDF-")
    cilla.get_by_role("button", name="Kvittot som PDF").click()
    fetch = cilla.get_by_role("link", name="Hämta PDF")
    expect(fetch).to_be_visible(timeout=60_000)
    looks_right(cilla)
    with cilla.expect_download() as fetched:
        fetch.click()
    assert fetched.value.suggested_filename.endswith(".pdf")

    # Adopted later: changed, decided, handed in; both see what differs
    anna.goto(f"/svar/{answer}/")
    press(anna, "Påbörja det slutliga svaret")
    second = re.search(r"/svar/(\d+)/", anna.url).group(1)  # type: ignore[union-attr]
    assert second != answer
    looks_right(anna)
    anna.goto(f"/svar/{second}/sammanfattning/")
    anna.locator("textarea[name=summary]").fill("Tåget är mycket bra. Bussen är försenad.")
    expect(anna.locator("[data-save-state]")).to_contain_text("Sparat", timeout=20_000)
    anna.goto(f"/svar/{second}/lamna-in/")
    press(anna, "Svaret är klart")
    looks_right(anna)
    anna.get_by_label("Vem beslutade?").fill("Kommunstyrelsen")
    anna.get_by_label("Beslutsdag").fill("2026-01-15")
    anna.get_by_label("Paragraf").fill("§ 12")
    press(anna, "Skriv in beslutet")
    expect(anna.get_by_text("Beslutet är inskrivet.", exact=False).first).to_be_visible()
    cilla.goto(f"/svar/{second}/lamna-in/")
    looks_right(cilla)
    press(cilla, f"Lämna in för {facts['name']}")
    expect(cilla.get_by_role("heading", name="Svaret är inlämnat")).to_be_visible()
    rut = new_person("rut@r93.example", create=False, **CALM)
    rut.goto(f"/svar/{second}/skillnader/")
    expect(rut.locator("ins.diff-ins", has_text="försenad")).to_be_visible()
    looks_right(rut)
    rut.goto(f"/svar/{second}/")
    expect(rut.get_by_text("Kommunstyrelsen")).to_be_visible()
    assert "Hemligt om bussen" not in rut.content()
    looks_right(rut)


ASSOCIATION = """
from actors.models import Actor
from consultations.models import ConsultationRound
from consultations.domain import invitations
from tests.factories import consultations as make
from tests.factories.actors import make_municipality
world = make.make_open_round("94")
actor = make_municipality("94", 2)
Actor.objects.filter(pk=actor.pk).update(email="byalaget@forening.example")
invitations.invite_actors(round_id=world.round.pk, actor_ids=[actor.pk], by=world.leader)
"""


def test_a_small_association_by_link(live_stack: LiveStack, new_page: Callable[..., Page]) -> None:
    live_stack.python(ASSOCIATION)
    letter = live_stack.wait_for_letter("byalaget@forening.example", "Inbjudan")
    link = re.search(r"/inbjudan/\S+", letter.get_content()).group(0)  # type: ignore[union-attr]
    page = new_page(width=320, height=800, **CALM)
    page.goto(link)
    looks_right(page)
    page.get_by_label("Ditt namn").fill("Berit By")
    press(page, "Fortsätt till svaret")
    press(page, "Börja svara")
    looks_right(page)
    press(page, "Skicka inbjudan vidare")
    looks_right(page)
    page.get_by_label("Kollegans e-post").fill("kassoren@forening.example")
    press(page, "Skicka vidare")
    expect(page.get_by_role("heading", name="Skickat vidare")).to_be_visible()
    looks_right(page)
    passed = live_stack.wait_for_letter("kassoren@forening.example", "Inbjudan")
    other = new_page(**CALM)
    other.goto(re.search(r"/inbjudan/\S+", passed.get_content()).group(0))  # type: ignore[union-attr]
    other.get_by_label("Ditt namn").fill("Kassör Karl")
    press(other, "Fortsätt till svaret")
    expect(other.get_by_role("heading", name="Var ni är")).to_be_visible()
    answer = re.search(r"/svar/(\d+)/", other.url).group(1)  # type: ignore[union-attr]
    other.goto(f"/svar/{answer}/sammanfattning/")
    other.get_by_label("Ingen erinran").check()
    expect(other.locator("[data-save-state]")).to_contain_text("Sparat", timeout=20_000)
    other.goto(f"/svar/{answer}/lamna-in/")
    other.get_by_role("button", name=re.compile("^Lämna in för")).click()
    expect(other.get_by_role("heading", name="Svaret är inlämnat")).to_be_visible()
    looks_right(other)
