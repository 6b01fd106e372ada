"""The consultee's side walked in a browser: the officer's preview of it; the next round with last time beside it, the long
reading with its outline, search and voice, and only what is mine."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.live_stack import LiveStack

PREPARED = """
import json
from actors.models import Role
from consultations.domain import openness
from tests.factories import consultations as make
from tests.factories.actors import make_person
world = make.make_round("98")
openness.set_openness(round_id=world.round.pk, by=world.leader, open_to_public=True, public_when="closed")
make_person(world.region, Role.LEADER, name="Rut Region", email="rut@r98.example", password=%r)
print(json.dumps({"round": world.round.pk, "people": [world.editor.pk, world.signatory.pk, world.leader.pk]}))
"""
NEXT_TIME = """
import json
from actors.models import Role
from actors.models import User
from consultations.domain import responses, rounds, sharing
from consultations.models import ConsultationRound
from tests.factories import consultations as make
from tests.factories.actors import make_person
facts = json.loads(%r)
round_ = ConsultationRound.objects.select_related("version__strategy__owner").get(pk=facts["round"])
editor, signatory, leader = (User.objects.get(pk=pk) for pk in facts["people"])
goal, subgoal = (round_.version.sections.get(title=title) for title in ("Ett län som reser", "Fler tar tåget"))
world = make.World(round_.version.strategy.owner, leader, round_.version.strategy, round_.version, goal, subgoal, round_,
                   list(round_.questions.all()), round_.invitations.get().actor, editor, signatory)
rounds.open_round(round_id=round_.pk, by=leader)
response = make.start(world)
make.write(world, response, points=3)
make.submit(world, response)
make.close(world)
make.decide_all(world, "partly", "Bussen kom med, men inte båten.")
make.settle(world)
round_ = make.next_round(world, "Regionen ska tillsammans med kommunerna stärka tåget, bussen och cykeln.\\n\\nAlla ska kunna bo och arbeta i hela länet. Länet ska växa.\\n\\n" + "\\n\\n".join(f"Stycke {n} om resor i hela länet och vad de betyder för alla." for n in range(30)))
people = [make_person(world.municipality, Role.EDITOR, name=name.title() + " Prov", email=name + "@k98.example", password=%r) for name in ("anna", "bo")]
mine = responses.start_response(round_id=round_.pk, actor_id=world.municipality.pk, by=people[0])
sections = {section.title: section.pk for section in round_.version.sections.all()}
for person, title in zip(people, ("Ett län som reser", "Fler tar tåget")):
    sharing.share_out(response_id=mine.pk, by=people[0], person_id=person.pk, section_id=sections[title])
print(json.dumps({"response": mine.pk, "goal": sections["Ett län som reser"]}))
"""
VOICE = """
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const spoken = { getVoices: () => [{ lang: "sv-SE", localService: true }], cancel() {}, addEventListener() {},
    speak(words) { document.documentElement.dataset.said = (document.documentElement.dataset.said ?? "") + words.text; setTimeout(() => words.onend(), 30); } };
  Object.defineProperty(window, "speechSynthesis", { value: spoken, configurable: true });
"""


def looks_right(page: Page) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def test_the_preview_and_the_next_round(live_stack: LiveStack, new_person: Callable[..., Page]) -> None:
    facts = live_stack.python(PREPARED % PASSWORD).splitlines()[-1]
    an_officer_walks_what_consultees_will_meet(json.loads(facts), new_person)
    facts = live_stack.python(NEXT_TIME % (facts, PASSWORD)).splitlines()[-1]
    last_time_and_long_reading(live_stack, json.loads(facts), new_person)


def an_officer_walks_what_consultees_will_meet(facts: dict[str, int], new_person: Callable[..., Page]) -> None:
    rut = new_person("rut@r98.example", create=False)
    start = f"/samrad/{facts['round']}/forhandsgranska/"
    band = rut.get_by_role("region", name="Förhandsvisning")

    rut.goto(start)
    looks_right(rut)
    rut.get_by_role("link", name="Förhandsvisa En kommun").click()
    expect(band).to_contain_text("inget sparas")
    expect(rut.get_by_text("Region Sago98 vill veta vad Exempelkommunen tycker.")).to_be_visible()
    looks_right(rut)
    rut.get_by_label("Ditt namn").fill("Kim")
    rut.get_by_role("button", name="Fortsätt till svaret").click()
    rut.get_by_role("button", name="Börja svara").click()
    expect(rut.get_by_role("heading", name="Så långt har ni kommit")).to_be_visible()
    rut.get_by_role("link", name="Svaret i korthet").first.click()
    rut.get_by_label("Svaret i korthet").fill("Detta sparas aldrig.")
    rut.get_by_role("button", name="Spara").click()
    expect(rut.locator("#main")).not_to_contain_text("Detta sparas aldrig.")

    # Where a script sends, it is said in words and nothing that is written goes away
    rut.goto(f"{start}kommun/svar/1/las/")
    rut.locator("[data-comment-section]").first.click()
    form = rut.locator(".point-form")
    form.locator("[name=text]").fill("Min synpunkt")
    form.get_by_role("button", name="Spara synpunkten").click()
    expect(form).to_contain_text("Förhandsvisning: inget sparas.")
    expect(form.locator("[name=text]")).to_have_value("Min synpunkt")

    # Along the chain to the receipt, as each of those who act
    for station, words in (
        ("Väntar på beslut", "Skriv in beslutet"), ("Beslutat", "Lämna in för Exempelkommunen"), ("Inlämnat", "Svaret är inlämnat"),
    ):  # fmt: skip
        rut.on("dialog", lambda dialog: dialog.accept())
        band.get_by_role("link", name=station).click()
        expect(rut.locator("#main")).to_contain_text(words)
        looks_right(rut)

    # The association's link and the public form, on a phone
    rut.set_viewport_size({"width": 320, "height": 700})
    for name, words in (("En förening", "Exempelbygdens byalag"), ("En privatperson", "Skicka länken")):
        rut.goto(start)
        rut.get_by_role("link", name=f"Förhandsvisa {name}").click()
        expect(rut.locator("#main")).to_contain_text(words)
        looks_right(rut)
    band.get_by_role("link", name="Lämna förhandsvisningen").click()
    expect(rut).to_have_url(re.compile(f"{start}$"))
    expect(band).to_have_count(0)


def last_time_and_long_reading(live_stack: LiveStack, facts: dict[str, int], new_person: Callable[..., Page]) -> None:
    own = f"/svar/{facts['response']}/"
    anna = new_person("anna@k98.example", create=False)

    # Last time: what we said, what it came to, the words then and now, the way there
    anna.goto(own)
    anna.get_by_role("link", name="Vad blev det av det ni tyckte förra gången?").click()
    card = anna.locator(".last-time").first
    expect(card).to_contain_text("Synpunkt 1")
    expect(card).to_contain_text("Bussen kom med, men inte båten.")
    expect(card.locator("ins").last).to_contain_text("cykeln")
    looks_right(anna)
    card.get_by_role("link", name="Läs det ändrade stycket i texten").first.click()
    expect(anna.locator(":target")).to_contain_text("tåget, bussen och cykeln")

    # Long reading: where one is, hits forth and back, the voice
    outline = anna.locator("[data-contents]")
    expect(outline.locator("[aria-current]")).to_contain_text("Ett län som reser")
    anna.evaluate("document.querySelector('.reading-row:last-of-type').scrollIntoView()")
    expect(outline.locator("[aria-current]")).not_to_contain_text("Ett län som reser")
    field = anna.get_by_label("Sök i texten")
    field.fill("cykeln")
    expect(anna.locator("[data-hits]")).to_have_text("1 träff")
    field.fill("hela länet")
    expect(anna.locator("[data-hits]")).to_have_text("31 träffar")
    anna.get_by_role("button", name="Nästa träff").click()
    expect(anna.locator("[data-hits]")).to_have_text("1 av 31 träffar")
    anna.get_by_role("button", name="Föregående träff").click()
    expect(anna.locator("[data-hits]")).to_have_text("31 av 31 träffar")
    looks_right(anna)
    assert not anna.get_by_role("button", name="Läs upp").is_visible()  # no voice here
    anna.add_init_script(VOICE)
    anna.reload()
    goal = anna.locator(f'[data-section="{facts["goal"]}"]')
    goal.scroll_into_view_if_needed()
    anna.get_by_role("button", name="Läs upp").click()
    expect(anna.locator(".is-read")).to_have_count(1)
    expect(anna.locator("html")).to_have_attribute("data-said", re.compile("bussen och cykeln"))
    anna.keyboard.press("Escape")
    expect(anna.get_by_role("button", name="Läs upp")).to_have_attribute("aria-pressed", "false")
    expect(anna.locator(".is-read")).to_have_count(0)

    # Only mine, and who has the rest
    anna.goto(own)
    anna.locator("section", has=anna.get_by_role("heading", name="Dina delar")).get_by_role(
        "link", name="Ställningstaganden"
    ).click()
    expect(anna.locator(".position")).to_have_count(1)
    expect(anna.locator(".mine-filter")).to_contain_text("Bo Prov 1")
    looks_right(anna)
    anna.locator(".mine-filter").get_by_role("link", name="Alla").click()
    expect(anna.locator(".position")).to_have_count(2)
    expect(anna.locator(".holder").last).to_contain_text("Bo Prov har den här delen")

    # The same on a phone, dark and in English
    anna.set_viewport_size({"width": 320, "height": 700})
    anna.emulate_media(color_scheme="dark")
    anna.context.add_cookies([{"name": "django_language", "value": "en", "url": live_stack.url}])
    for page in ("", "forra-gangen/?alla=1", "las/", "stallningstaganden/?mina=1", "fragor/", "synpunkter/"):
        anna.goto(own + page)
        looks_right(anna)
