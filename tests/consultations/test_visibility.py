"""Who sees which content of a response, and when: person x state x content, asked of the rules and of the pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from actors.domain.membership import end_role
from actors.models import Membership, Role
from actors.queries.roles import fresh
from consultations import visibility
from consultations.domain import rounds
from consultations.models import Response
from consultations.queries.responses import content_of
from rus_platform.kit import clock
from tests.factories import consultations as make
from tests.factories.actors import make_person, make_region

pytestmark = pytest.mark.django_db

PEOPLE = (
    "own_editor",
    "own_signatory",
    "own_reader",
    "left",
    "consultee",
    "leader",
    "officer",
    "secretary",
    "region_reader",
    "other_region",
    "outsider",
    "anonymous",
)
OWN = {"own_editor", "own_signatory", "own_reader"}
REGION = {"leader", "officer", "secretary", "region_reader"}
WORKING = {"leader", "officer"}
ALL = set(PEOPLE)

STATES = {
    "drafting": (OWN, OWN),
    "submitted": (OWN | REGION, OWN),
    "closed_never": (OWN | REGION, OWN),
    "closed_public": (ALL, OWN),
    "closed_public_when_settled": (OWN | REGION, OWN),
    "settled_public": (ALL, OWN),
    "settled_never": (OWN | REGION, OWN),
    "unsent": (OWN, OWN),
}
PUBLIC_WHEN = {
    "closed_never": "never",
    "settled_never": "never",
    "closed_public_when_settled": "settled",
    "settled_public": "settled",
}


def world_in(state):
    """A world whose response is in ``state``, and the people who look at it (a signed-in client each)."""
    world, response = make.make_draft(
        points=3, public_when=PUBLIC_WHEN.get(state, "closed"), accepts_late=state != "unsent"
    )
    region, municipality = world.region, world.municipality
    other, consultee = make.other_consultee(world)
    left = make_person(municipality, Role.EDITOR)
    end_role(membership_id=Membership.objects.get(user=left).pk, by=make_person(municipality, Role.ADMIN))
    persons = {
        "own_editor": world.editor,
        "own_signatory": world.signatory,
        "own_reader": make_person(municipality, Role.READER),
        "left": left,
        "consultee": consultee,
        "leader": world.leader,
        "officer": make_person(region, Role.EDITOR),
        "secretary": make_person(region, Role.SECRETARY),
        "region_reader": make_person(region, Role.READER),
        "other_region": make_person(make_region("97"), Role.LEADER),
        "outsider": make_person(),
    }
    if state not in ("drafting", "unsent"):
        make.submit(world, response)
    if state.startswith(("closed", "settled")) or state == "unsent":
        make.close(world)
    if state.startswith("settled"):
        make.settle(world)
    return (
        world,
        Response.objects.select_related("actor", "round__version__strategy__owner").get(pk=response.pk),
        persons,
    )


def client_of(person):
    client = Client()
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def everyone(persons):
    return {**persons, "anonymous": None}


def looked(persons, question):
    """The kinds of people for whom ``question(person)`` is true (anonymous people are asked by the pages only)."""
    return {name for name, person in persons.items() if question(fresh(person))}


@pytest.mark.parametrize("state", STATES)
def test_rules_of_seeing(state):
    _world, response, persons = world_in(state)
    may_see, may_see_notes = (group - {"anonymous"} for group in STATES[state])
    assert looked(persons, lambda person: visibility.can_see_response(person, response)) == may_see
    assert looked(persons, lambda person: visibility.can_see_notes(person, response)) == may_see_notes
    in_list = lambda person: Response.objects.filter(visibility.visible_responses(person), pk=response.pk).exists()  # noqa: E731
    assert looked(persons, in_list) == may_see
    decisions = ALL if state.startswith("settled") else REGION
    assert looked(persons, lambda person: visibility.can_see_dispositions(person, response.round)) == decisions - {
        "anonymous"
    }
    given_notes = looked(persons, lambda person: bool(content_of(response, person).notes))
    assert given_notes == may_see_notes


@pytest.mark.parametrize("state", STATES)
def test_pages_of_a_response(state):
    world, response, persons = world_in(state)
    may_see, may_see_notes = STATES[state]
    reached, noted, stands, receipts, read = set(), set(), set(), set(), set()
    for name, person in everyone(persons).items():
        client = client_of(person)
        page = client.get(reverse("consultations:response", args=[response.pk]))
        if page.status_code == 200:
            reached.add(name)
            text = page.content.decode()
            if make.NOTE in text:
                noted.add(name)
            if "Nämn bussen." in text:
                stands.add(name)
        if client.get(reverse("consultations:receipt", args=[response.pk])).status_code == 200:
            receipts.add(name)
        page = client.get(reverse("consultations:read", args=[response.pk]))
        if page.status_code == 200:
            read.add(name)
            assert "Synpunkt 1" in page.content.decode()
    assert reached == may_see
    assert noted == may_see_notes
    assert stands == (may_see if state != "drafting" else set())
    submitted = state not in ("drafting", "unsent")
    assert receipts == ((may_see - {"anonymous"}) if submitted else set())
    assert read == may_see - {"anonymous"}


@pytest.mark.parametrize("state", ["drafting", "submitted", "settled_public"])
def test_internal_words_are_nowhere_else(state):
    """Every page that has anything to do with the round, read by everyone who is not of the organisation."""
    world, response, persons = world_in(state)
    point = response.points.first()
    addresses = [
        "/",
        reverse("consultations:list"),
        reverse("consultations:rounds", args=[world.strategy.pk]),
        reverse("strategies:strategy", args=[world.strategy.pk]),
        f"/strategier/{world.strategy.pk}/historik/",
        reverse("actors:actor", args=[world.municipality.pk]),
        *(
            reverse(f"consultations:{name}", args=[world.round.pk])
            for name in ("round", "coverage", "points", "changes")
        ),
        *(
            reverse(f"consultations:{name}", args=[response.pk])
            for name in ("response", "receipt", "read", "own_points")
        ),
        reverse("consultations:point", args=[point.pk]),
        reverse("consultations:edit_point", args=[point.pk]),
        reverse("consultations:points", args=[world.round.pk]) + "?text=HEMLIG",
    ]
    for name, person in everyone(persons).items():
        if name in OWN:
            continue
        client = client_of(person)
        for address in addresses:
            words = client.get(address, follow=True).content.decode()
            assert make.NOTE not in words, (name, address)
            if state == "drafting":
                assert "Synpunkt 1" not in words, (name, address)
                assert "Vi är positiva" not in words, (name, address)


@pytest.mark.parametrize("state", ["drafting", "submitted"])
def test_pages_for_writing_are_the_writers_own(state):
    world, response, persons = world_in(state)
    point = response.points.first()
    pages = [
        reverse(f"consultations:{name}", args=[response.pk])
        for name in ("summary", "positions", "answers", "own_points")
    ]
    pages += [
        reverse("consultations:new_point", args=[response.pk]),
        reverse("consultations:edit_point", args=[point.pk]),
    ]
    for name, person in everyone(persons).items():
        answers = {client_of(person).get(page).status_code for page in pages}
        if name in ("own_editor", "own_signatory"):
            expected = {200} if state == "drafting" else {302}
        elif name == "anonymous":
            expected = {302}  # to sign in
        elif name == "own_reader":
            expected = {403}
        else:
            expected = {404} if state == "drafting" or name not in REGION else {403}
        assert answers == expected, name


def test_pages_of_the_region():
    world, response, persons = world_in("submitted")
    point = response.points.first()
    pages = [reverse(f"consultations:{name}", args=[world.round.pk]) for name in ("coverage", "points", "changes")]
    for name, person in everyone(persons).items():
        answers = {client_of(person).get(page).status_code for page in pages}
        point_answer = client_of(person).get(reverse("consultations:point", args=[point.pk])).status_code
        if name in WORKING:
            assert (answers, point_answer) == ({200}, 200), name
        elif name == "anonymous":
            assert (answers, point_answer) == ({302}, 302)
        else:
            assert (answers, point_answer) == ({403}, 404), name


@pytest.mark.parametrize(("opened", "expected"), [(False, REGION), (True, ALL)])
def test_a_round_is_the_regions_own_before_the_opening(opened, expected):
    world = make.make_round()
    _other, consultee = make.other_consultee(world)
    persons = {
        "own_editor": world.editor,
        "own_signatory": world.signatory,
        "own_reader": make_person(world.municipality, Role.READER),
        "left": make_person(),
        "consultee": consultee,
        "leader": world.leader,
        "officer": make_person(world.region, Role.EDITOR),
        "secretary": make_person(world.region, Role.SECRETARY),
        "region_reader": make_person(world.region, Role.READER),
        "other_region": make_person(make_region("97"), Role.LEADER),
        "outsider": make_person(),
    }
    if opened:
        rounds.open_round(round_id=world.round.pk, by=world.leader)
    reached = {
        name
        for name, person in everyone(persons).items()
        if client_of(person).get(reverse("consultations:round", args=[world.round.pk])).status_code == 200
    }
    assert reached == expected
    version = {
        name
        for name, person in everyone(persons).items()
        if client_of(person).get(reverse("strategies:version", args=[world.version.pk])).status_code == 200
    }
    assert version == expected
    listed = {
        name
        for name, person in everyone(persons).items()
        if world.round.title in client_of(person).get(reverse("consultations:list")).content.decode()
    }
    assert listed == expected


def test_decisions_are_shown_once_the_round_is_settled():
    world, response, persons = world_in("closed_public")
    make.decide_all(world, "not", "Det ryms inte.")
    address = reverse("consultations:response", args=[response.pk])
    shown = lambda: {  # noqa: E731
        name
        for name, person in everyone(persons).items()
        if "Det ryms inte." in client_of(person).get(address).content.decode()
    }
    assert shown() == REGION
    make.settle(world)
    assert shown() == ALL


def test_names_of_those_who_wrote_each_point_stay_inside():
    world, response, persons = world_in("closed_public")
    address = reverse("consultations:read", args=[response.pk])
    assert world.editor.name in client_of(world.signatory).get(address).content.decode()
    assert world.editor.name not in client_of(persons["consultee"]).get(address).content.decode()


def test_is_open_asks_the_clock():
    world = make.make_open_round()
    closes = world.fresh().closes_at
    for moment, expected in [
        (closes, True),
        (closes + timedelta(microseconds=1), False),
        (closes - timedelta(days=1), True),
    ]:
        with clock.travel(moment):
            assert visibility.is_open(world.fresh()) is expected
            assert visibility.takes_answers(world.fresh()) is True  # late ones are taken
