"""What an organisation has in work is its own: every address of the consultations, asked by everybody else.

The addresses are read from the address table, so a page that is added is asked too.
"""

import io

import pytest
from django.test import Client

from actors.domain.membership import end_role
from actors.models import Membership, Role
from consultations.domain import attachments, corrections, notes, responses, sharing, signoff
from consultations.models import Assignment, InternalNote, Response, StandIn
from consultations.urls import urlpatterns
from rus_platform.kit import clock
from tests.consultations.test_own_pages import body_of, pdf, signed_in
from tests.factories import consultations as make
from tests.factories.actors import make_person, make_region

pytestmark = pytest.mark.django_db
SECRET = "HEMLIGT"
STATES = ("returned", "decided", "correcting", "unsent")
FILE = f"{SECRET}.pdf"


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def filled(world, response):
    """A secret in every kind of content that a response can have."""
    by, pk = world.editor, response.pk
    response.refresh_from_db()
    responses.save_summary(
        response_id=pk, by=by, revision=response.revision, summary=SECRET, kind="answer", own_case_number=SECRET
    )
    position = response.positions.get(section=world.goal)
    responses.set_position(
        response_id=pk, section_id=world.goal.pk, by=by, stance="opposes", reason=SECRET, revision=position.revision
    )
    answer = response.answers.get(question=world.questions[0])
    responses.save_answer(
        response_id=pk, question_id=world.questions[0].pk, by=by, value=SECRET, revision=answer.revision
    )
    responses.add_point(
        response_id=pk, by=by, text=SECRET, section_id=world.goal.pk, selection={"quote": "öppet för alla"},
        suggested_wording=SECRET,
    )  # fmt: skip
    first = notes.add_note(response_id=pk, by=by, text=SECRET, mention=[world.signatory.pk])
    notes.add_note(response_id=pk, by=world.signatory, text=SECRET, reply_to=first.pk)
    attachments.add_attachment(response_id=pk, by=by, file=io.BytesIO(pdf()), name=FILE, size=9)
    sharing.share_out(response_id=pk, by=by, person_id=by.pk, section_id=world.goal.pk)
    sharing.name_stand_in(
        actor_id=world.municipality.pk, by=by, person_id=by.pk, stand_in_id=world.signatory.pk
    )  # fmt: skip


def world_in(state):
    world, response = make.make_draft(points=2, accepts_late=state != "unsent")
    if state == "correcting":
        response = corrections.start_correction(response_id=make.submit(world, response).pk, by=world.editor)
    filled(world, response)
    signoff.choose_sign_off(response_id=response.pk, by=world.editor, political=True)
    if state in ("ready", "decided", "returned"):
        signoff.mark_ready(response_id=response.pk, by=world.editor)
    if state == "decided":
        signoff.record_decision(
            response_id=response.pk, by=world.editor, body=SECRET, decided_on=clock.now().date(), reservations=SECRET
        )
    if state == "returned":
        signoff.return_to_drafting(response_id=response.pk, by=world.editor, reason=SECRET)
    if state == "unsent":
        make.close(world)
    return world, Response.objects.get(pk=response.pk)


def others(world):
    """Everybody who is not of the organisation, the region first."""
    _other, consultee = make.other_consultee(world) if world.fresh().state == "open" else (None, make_person())
    left = make_person(world.municipality, Role.EDITOR)
    end_role(membership_id=Membership.objects.get(user=left).pk, by=make_person(world.municipality, Role.ADMIN))
    return {
        "leader": world.leader,
        "officer": make_person(world.region, Role.EDITOR),
        "secretary": make_person(world.region, Role.SECRETARY),
        "region_reader": make_person(world.region, Role.READER),
        "region_admin": make_person(world.region, Role.ADMIN),
        "consultee": consultee,
        "left": left,
        "other_region": make_person(make_region("97"), Role.LEADER),
        "outsider": make_person(),
        "anonymous": None,
    }


def addresses(world, response):
    """Every address of the app, with the ids of this very response."""
    ids = {
        "round_id": world.round.pk,
        "response_id": response.pk,
        "actor_id": world.municipality.pk,
        "strategy_id": world.strategy.pk,
        "version_id": world.version.pk,
        "section_id": world.goal.pk,
        "question_id": world.questions[0].pk,
        "point_id": response.points.latest("pk").pk,
        "note_id": InternalNote.objects.earliest("pk").pk,
        "attachment_id": response.attachments.get().pk,
        "assignment_id": Assignment.objects.get(response=response).pk,
        "stand_in_id": StandIn.objects.get().pk,
        "invitation_id": world.round.invitations.first().pk,
    }
    for pattern in urlpatterns:
        route = pattern.pattern._route
        for name, converter in pattern.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            known = ids.get(name, "1" if kind == "int" else "a")
            route = route.replace(f"<{name}>", str(known)).replace(f"<{kind}:{name}>", str(known))
        yield f"/{route}"


@pytest.mark.parametrize("state", STATES)
def test_nobody_else_reads_a_word(state):
    world, response = world_in(state)
    people = others(world)
    pages = ["/", "/notiser/", *addresses(world, response), f"/samrad/{world.round.pk}/synpunkter/?text={SECRET[:4]}"]
    assert len(pages) >= 60
    seen = []
    for name, person in people.items():
        client = signed_in(person) if person else Client()
        for address in pages:
            answer = client.get(address)
            body = body_of(answer)
            if SECRET.encode() in body or b"%PDF" in body or SECRET in str(answer.headers):
                seen.append((name, address))
    assert seen == []


@pytest.mark.parametrize("state", STATES)
def test_nobody_else_changes_a_word(state):
    """Every address, posted to: nothing of the response is different afterwards."""
    world, response = world_in(state)
    before = picture_of(response)
    posted = {
        "text": "ANNAT", "summary": "ANNAT", "kind": "declines", "revision": "0", "reason": "ANNAT", "political": "no",
        "body": "ANNAT", "decided_on": "2026-01-01", "person": world.editor.pk, "stand_in": world.signatory.pk,
        "preliminary": "1", f"s{world.goal.pk}-stance": "supports", "again": "1",
    }  # fmt: skip
    own = [address for address in addresses(world, response) if address.startswith("/svar/")]
    for person in others(world).values():
        client = signed_in(person) if person else Client()
        for address in own:
            body_of(client.post(address, posted))
    assert picture_of(Response.objects.get(pk=response.pk)) == before


def picture_of(response):
    """Everything in it, to compare."""
    rows = [
        response.points, response.positions, response.answers, response.notes, response.attachments, response.assignments,
    ]  # fmt: skip
    facts = {name: value for name, value in vars(response).items() if not name.startswith("_")}
    return facts, [list(row.order_by("pk").values()) for row in rows], list(StandIn.objects.values())


def test_its_own_people_read_all_of_it():
    """The test above would be worth nothing if the words stood nowhere."""
    world, response = world_in("returned")
    found = {
        address
        for address in addresses(world, response)
        if SECRET.encode() in body_of(signed_in(world.editor).get(address))
    }
    names = (
        "las/",
        "sammanfattning/",
        "stallningstaganden/",
        "fragor/",
        "synpunkter/",
        "hela/",
        "bilagor/",
        "lamna-in/",
    )
    assert {f"/svar/{response.pk}/{name}" for name in ("", *names)} <= found
