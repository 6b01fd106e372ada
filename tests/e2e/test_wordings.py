"""A municipality suggests a wording; the region takes it into the draft with one press, before the eyes of a colleague."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.e2e.waiting import press, send
from tests.live_stack import LiveStack

WORLD = """
import json
from actors.models import Role
from consultations.domain import responses
from strategies.domain import carry, versions
from tests.factories import consultations as make
from tests.factories.actors import make_person
world = make.make_open_round("97")
for name in ("olga", "ove"):
    make_person(world.region, Role.LEADER, name=f"{name.title()} Region", email=f"{name}@region97.example", password=%r)
maja = make_person(world.municipality, Role.EDITOR, Role.SIGNATORY, name="Maja", email="maja@sago97.example", password=%r)
response = make.start(world)
for quote, wording in (("stärka tåget", "stärka tåget och cykeln"), ("Länet ska växa.", "Länet ska växa.\\n\\nAlla ska med."), ("öppet för alla", "öppet för var och en")):
    responses.add_point(response_id=response.pk, by=world.editor, text="Vi vill ändra", kind="change", suggested_wording=wording, section_id=world.goal.pk, selection={"quote": quote})
print(json.dumps({"response": response.pk, "round": world.round.pk, "version": world.version.pk, "section": world.goal.pk, "uuid": str(world.goal.uuid), "strategy": world.strategy.pk}))
"""
DRAFT = """
import json
from actors.models import User
from consultations.domain import responses
from consultations.models import Response
from strategies.domain import carry, versions
from strategies.models import Section
from tests.factories.texts import delete, insert, write
from tests.strategies.test_comments import place_of
maja, olga = (User.objects.get(email=mail) for mail in ("maja@sago97.example", "olga@region97.example"))
response = responses.submit_response(response_id=%s, by=maja)
draft = versions.fork_version(version_id=%s, by=olga)
section = draft.sections.get(uuid=%r)
at = place_of(section, "öppet för alla")
write(section, olga, delete(at, at + 14), insert(at, "gott för alla"))
carry.resolve_anchors(version_id=draft.pk)
print(json.dumps({"points": list(response.points.order_by("number").values_list("pk", flat=True)), "draft": draft.pk, "section": section.pk}))
"""
CALM = {"reduced_motion": "reduce"}


def looks_right(page: Page) -> None:
    """Accessible by axe and no wider than the window, also at 320 pixels."""
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert_no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def stored(stack: LiveStack, section: int) -> str:
    """The section's text with what is only suggested refused."""
    code = (
        "from strategies.domain.diff import without_suggestions\nfrom strategies.domain.documents import plain_text\n"
        f"from strategies.models import Section\nprint(plain_text(without_suggestions(Section.objects.get(pk={section}).doc)))"
    )
    return stack.python(code)


def test_a_wording_from_the_consultee_into_the_draft(
    live_stack: LiveStack, new_person: Callable[..., Page], new_page: Callable[..., Page]
) -> None:
    made = json.loads(live_stack.python(WORLD % (PASSWORD, PASSWORD)).splitlines()[-1])

    # The consultee sees her proposal tracked while she writes it, and begins from the text's own words
    maja = new_person("maja@sago97.example", create=False, **CALM)
    maja.goto(f"/svar/{made['response']}/synpunkter/ny/?avsnitt={made['section']}&quote=bo+och+arbeta")
    press(maja, "Utgå från orden i texten")
    wording = maja.get_by_label("Föreslagen lydelse", exact=False)
    expect(wording).to_have_value("bo och arbeta")
    wording.press("End")
    wording.press_sequentially(" och leva")
    expect(maja.locator(".tracked-preview ins")).to_contain_text("och leva")
    looks_right(maja)

    more = json.loads(live_stack.python(DRAFT % (made["response"], made["version"], made["uuid"])).splitlines()[-1])
    tracked, paragraphs, changed = more["points"]

    # A colleague has the section open; the officer sees what would change and puts it in as a suggestion
    ove = new_person("ove@region97.example", create=False, **CALM)
    ove.goto(f"/strategier/{made['strategy']}/utkast/{made['uuid']}/")
    expect(ove.locator(".ProseMirror")).to_contain_text("stärka tåget")
    olga = new_person("olga@region97.example", create=False, **CALM)
    olga.goto(f"/synpunkter/{tracked}/")
    expect(olga.get_by_text("Orden står kvar i utkastet.")).to_be_visible()
    expect(olga.locator("section:has(#lydelse) .tracked ins")).to_contain_text("och cykeln")
    looks_right(olga)
    send(olga, "Lägg in som förslag i utkastet")
    expect(olga.locator("article").get_by_text("Som förslag i utkastet")).to_be_visible()
    expect(ove.locator(".ProseMirror ins")).to_contain_text("cykeln")
    expect(olga.get_by_label("Tillgodoses", exact=True)).to_be_checked()
    expect(olga.get_by_text("Inget är beslutat förrän du sparar.")).to_be_visible()
    looks_right(olga)
    assert "cykeln" not in stored(live_stack, more["section"])

    # The colleague accepts it; the point's page says so
    ove.goto(f"/strategier/{made['strategy']}/utkast/forslag/")
    expect(ove.get_by_role("link", name=re.compile("På grund av: .*punkt 1"))).to_be_visible()
    looks_right(ove)
    ove.get_by_role("button", name=re.compile("^Godta 1")).click()
    expect(ove.get_by_text("1 förslag är godtaget.").first).to_be_visible()
    olga.reload()
    expect(olga.get_by_text("Förslaget är godtaget i utkastet")).to_be_visible()
    assert "stärka tåget och cykeln" in stored(live_stack, more["section"])

    # Words that have changed are not guessed: the officer says where, and may have the wording at hand
    olga.goto(f"/synpunkter/{changed}/")
    expect(olga.get_by_text("Säg vilka ord lydelsen ska ersätta").first).to_be_visible()
    looks_right(olga)
    send(olga, "Öppna avsnittet med lydelsen till hands")
    expect(olga.get_by_role("heading", name="Lydelse till hands")).to_be_visible()
    expect(olga.locator(".ProseMirror")).to_be_visible()  # the text is faint until the editor has come
    expect(olga.locator(".editor-mount[aria-busy=true]")).to_have_count(0)
    looks_right(olga)
    send(olga, "Lägg undan")
    olga.goto(f"/synpunkter/{changed}/")
    olga.get_by_label("På ett annat ställe:").check()
    olga.get_by_label("Orden som lydelsen ska ersätta", exact=False).fill("gott för alla")
    send(olga, "Orden är där")
    send(olga, "Ändra texten direkt")
    expect(olga.locator("article").get_by_text("I utkastets text")).to_be_visible()
    assert "Länet ska vara öppet för var och en." in stored(live_stack, more["section"])
    send(olga, "Ta tillbaka lydelsen")
    expect(olga.locator("article").get_by_text("Tillbakataget", exact=True)).to_be_visible()
    assert "Länet ska vara gott för alla." in stored(live_stack, more["section"])

    # Without JavaScript, from the queue: several paragraphs at once
    plain = new_person("ove@region97.example", create=False, java_script_enabled=False)
    plain.goto(f"/samrad/{made['round']}/synpunkter/")
    row = plain.locator(f"#punkt-{paragraphs}")
    row.locator("summary").click()
    row.get_by_role("button", name=re.compile("^Ändra texten direkt")).click()
    expect(plain.locator(f"#punkt-{paragraphs}").get_by_text("I utkastets text")).to_be_visible()
    assert "Länet ska växa.\nAlla ska med." in stored(live_stack, more["section"])
    olga.goto(f"/samrad/{made['round']}/synpunkter/")
    looks_right(olga)
    a_guest_answers_the_invitation_to_a_meeting(live_stack, new_page, olga)


MEETING = """
import json
from datetime import timedelta
from actors.models import OutgoingMail, User
from consultations.domain import meetings
from consultations.models import ConsultationRound
from rus_platform.kit import clock
round_ = ConsultationRound.objects.filter(version__strategy__owner__county_id="97").latest("pk")
olga = User.objects.get(email="olga@region97.example")
meeting = meetings.plan_meeting(round_id=round_.pk, by=olga, title="Dialog i Sagostad", host="own", place="Folkets hus", starts_at=clock.now() + timedelta(days=5), ends_at=None)
meetings.invite_to_meeting(meeting_id=meeting.pk, actor_ids=[round_.invitations.first().actor_id], by=olga)
letter = OutgoingMail.objects.filter(key__startswith="meeting:").latest("pk")
print(json.dumps({"meeting": meeting.pk, "link": "/mote/" + letter.text.split("/mote/")[1].split()[0]}))
"""


def a_guest_answers_the_invitation_to_a_meeting(
    live_stack: LiveStack, new_page: Callable[..., Page], olga: Page
) -> None:
    """Without an account and without JavaScript; the officer sees who comes."""
    made = json.loads(live_stack.python(MEETING).splitlines()[-1])
    guest = new_page(java_script_enabled=False)
    guest.goto(made["link"])
    guest.get_by_label("Kommer", exact=True).check()
    guest.get_by_label("Hur många", exact=False).fill("3")
    guest.get_by_label("Vilka kommer", exact=False).fill("Anna, Bo och Cia")
    press(guest, "Skicka svaret")
    expect(guest.get_by_text("Ni har svarat att 3 kommer")).to_be_visible()
    again = new_page(**CALM)
    again.goto(made["link"])
    expect(again.get_by_role("button", name="Ändra svaret")).to_be_visible()
    looks_right(again)
    olga.goto(f"/moten/{made['meeting']}/")
    expect(olga.get_by_text("3 anmälda från 1 organisationer.", exact=False)).to_be_visible()
    expect(olga.get_by_text("Anna, Bo och Cia")).to_be_visible()
    looks_right(olga)
