"""Answers that reach the region some other way, written in by an officer."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from actors.models import AuditEvent, Notification, OutgoingMail, Role
from consultations import rules, visibility
from consultations.domain import behalf, notes, responses, rounds
from consultations.models import Invitation, Response
from consultations.queries.coverage import coverage_of
from consultations.queries.responses import content_of, visible_responses
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from strategies.domain.register import add_to_register
from tests.factories import consultations as make
from tests.factories.actors import make_municipality, make_organisation, make_person, make_region
from tests.factories.threads import together

pytestmark = pytest.mark.django_db


def officer_of(world):
    return make_person(world.region, Role.EDITOR)


def enter(world, officer, actor=None, **changes):
    values = {"channel": "phone", "received_at": clock.now(), "note": "Ringde Eva Ek, 070-123."}
    return behalf.start_on_behalf(
        round_id=world.round.pk, actor_id=(actor or world.municipality).pk, by=officer, **{**values, **changes}
    )


def fill(response, officer):
    return responses.save_summary(
        response_id=response.pk, by=officer, revision=response.revision, summary="Vi vill ha fler bussar.",
        kind="answer", own_case_number="",
    )  # fmt: skip


def closed_since(days, **description):
    """A round that opened 40 days ago and closed by itself ``days`` ago."""
    with clock.travel(clock.now() - timedelta(days=40)):
        world = make.make_open_round(closes_at=clock.now() + timedelta(days=40 - days), **description)
    rounds.follow_the_clock()
    assert world.fresh().state == "closed"
    return world


def test_an_entered_answer_says_who_when_and_how_and_is_sent_to_the_organisation():
    world = make.make_open_round()
    officer = officer_of(world)
    response = fill(enter(world, officer), officer)
    submitted = responses.submit_response(response_id=response.pk, by=officer)
    assert (submitted.channel, submitted.entered_by, submitted.submitted_by) == ("phone", officer, officer)
    assert submitted.receipt["channel"] == "phone"
    assert submitted.receipt["received_at"] == submitted.received_at.isoformat()
    letter = OutgoingMail.objects.get(key__startswith="receipt:")
    assert letter.to == world.municipality.email
    assert "Vi vill ha fler bussar." in letter.text
    assert "Telefon" in letter.text
    assert officer.name in letter.text
    assert "070-123" not in letter.text
    assert set(Notification.objects.filter(kind="response_entered").values_list("user", flat=True)) == {
        world.editor.pk,
        world.signatory.pk,
    }


@pytest.mark.parametrize(("days_before", "late"), [(1, False), (-1, True)])
def test_the_day_it_came_in_decides_whether_it_is_late(days_before, late):
    world = closed_since(5)
    officer = officer_of(world)
    came = world.fresh().closes_at - timedelta(days=days_before)
    response = fill(enter(world, officer, channel="letter", received_at=came), officer)
    assert responses.submit_response(response_id=response.pk, by=officer).late is late


def test_in_time_is_taken_though_the_round_takes_no_late_answers():
    world = closed_since(5, accepts_late=False)
    officer = officer_of(world)
    response = fill(enter(world, officer, received_at=world.fresh().closes_at - timedelta(hours=1)), officer)
    assert responses.submit_response(response_id=response.pk, by=officer).late is False
    with pytest.raises(Invalid) as refusal:
        enter(world, officer, make_municipality(number=2), received_at=world.fresh().closes_at + timedelta(hours=1))
    assert set(refusal.value.fields) == {"received_at"}


def test_closing_leaves_what_is_being_entered_alone_and_settling_waits_for_it():
    world = make.make_open_round(accepts_late=False)
    officer = officer_of(world)
    response = fill(enter(world, officer), officer)
    make.close(world)
    response.refresh_from_db()
    assert response.state == "drafting"
    with pytest.raises(WrongState) as refusal:
        rounds.settle_round(round_id=world.round.pk, by=world.leader)
    assert world.municipality.name in str(refusal.value)
    responses.submit_response(response_id=response.pk, by=officer)
    rounds.settle_round(round_id=world.round.pk, by=world.leader)
    with pytest.raises(WrongState):
        enter(world, officer, make_organisation())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": "own"}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"received_at": clock.now() + timedelta(days=400)}, "received_at"),
        ({"received_at": clock.now() - timedelta(days=400)}, "received_at"),
        ({"note": "x" * 20_001}, "note"),
    ],
)
def test_start_on_behalf_says_what_is_wrong(changes, field):
    world = make.make_open_round()
    with pytest.raises(Invalid) as refusal:
        enter(world, officer_of(world), **changes)
    assert set(refusal.value.fields) == {field}
    assert not Response.objects.exists()


def test_start_on_behalf_before_the_opening():
    world = make.make_round()
    with pytest.raises(WrongState):
        enter(world, world.leader)


def test_an_actor_of_the_register_comes_on_the_list_without_a_letter():
    world = make.make_open_round()
    officer = officer_of(world)
    stranger = make_organisation(email="info@okand.example")
    with pytest.raises(NotFound):
        enter(world, officer, stranger)
    actor = add_to_register(
        strategy_id=world.strategy.pk, by=officer, kind="civil_society", name="Byalaget", email="by@laget.example"
    ).actor
    letters = OutgoingMail.objects.count()
    enter(world, officer, actor)
    assert OutgoingMail.objects.count() == letters
    row = Invitation.objects.get(round=world.round, actor=actor)
    assert (row.invited_at, row.link) == (None, None)


def test_one_answer_per_actor():
    world = make.make_open_round()
    officer = officer_of(world)
    draft = make.start(world)
    first = enter(world, officer)  # nobody had written in the draft: it becomes the entered one
    assert first.pk == draft.pk
    with pytest.raises(Conflict):
        enter(world, officer)
    other, _person = make.other_consultee(world)
    theirs = responses.start_response(round_id=world.round.pk, actor_id=other.pk, by=_person)
    responses.add_point(response_id=theirs.pk, by=_person, text="Eget")
    with pytest.raises(Conflict) as refusal:
        enter(world, officer, other)
    assert refusal.value.data["response_id"] is None  # nobody at the region learns where it is


@pytest.mark.parametrize("state", ["own", "entered", "entered_submitted"])
def test_who_may_write_and_see(state):
    """An officer writes in exactly such a response, never in the organisation's own; the organisation sees both."""
    world = make.make_open_round()
    officer = officer_of(world)
    response = make.start(world) if state == "own" else fill(enter(world, officer), officer)
    if state == "entered_submitted":
        response = responses.submit_response(response_id=response.pk, by=officer)
    response = Response.objects.select_related("actor", "round__version__strategy__owner").get(pk=response.pk)
    other = make.other_consultee(world)[1]
    persons = {
        "editor": world.editor, "signatory": world.signatory, "own_reader": make_person(world.municipality, Role.READER),
        "leader": world.leader, "officer": officer, "region_reader": make_person(world.region, Role.READER),
        "other_region": make_person(make_region("97"), Role.LEADER), "consultee": other, "outsider": make_person(),
    }  # fmt: skip
    region, own = {"leader", "officer", "region_reader"}, {"editor", "signatory", "own_reader"}
    table = {
        "own": (own, {"editor", "signatory"}, {"signatory"}, set()),
        "entered": (own | region, {"leader", "officer"}, {"leader", "officer"}, own | region),
        "entered_submitted": (own | region, {"leader", "officer"}, {"leader", "officer"}, own | region),
    }

    def those(question):
        return {name for name, person in persons.items() if question(person)}

    seen, written, submitted, original = table[state]
    assert those(lambda person: visibility.can_see_response(person, response)) == seen
    assert those(lambda person: visible_responses(response.round, person).exists()) == seen
    assert those(lambda person: rules.can_write(person, response)) == written
    assert those(lambda person: rules.can_submit(person, response)) == submitted
    assert those(lambda person: rules.can_note(person, response)) == {"editor", "signatory"}
    shown = set()
    for name, person in persons.items():
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(reverse("consultations:response", args=[response.pk]))
        assert (page.status_code == 200) is (name in seen), name
        if "070-123" in page.content.decode():
            shown.add(name)
        writes = client.get(reverse("consultations:summary", args=[response.pk])).status_code
        drafting = state != "entered_submitted"
        assert (writes == 200) is (drafting and name in written), name
    assert shown == original


def test_the_public_sees_how_it_came_but_not_the_note_about_the_original(client):
    world = make.make_open_round()
    officer = officer_of(world)
    response = fill(enter(world, officer), officer)
    responses.submit_response(response_id=response.pk, by=officer)
    make.close(world)
    page = client.get(reverse("consultations:response", args=[response.pk])).content.decode()
    assert "Telefon" in page
    assert "070-123" not in page


def test_officers_write_no_internal_notes_and_see_none():
    world = make.make_open_round()
    officer = officer_of(world)
    response = enter(world, officer)
    with pytest.raises(Forbidden):
        notes.add_note(response_id=response.pk, by=officer, text="Hej")
    notes.add_note(response_id=response.pk, by=world.editor, text=make.NOTE)
    assert content_of(response, officer).notes == []
    assert [note.text for note in content_of(response, world.editor).notes] == [make.NOTE]


def test_the_organisation_may_go_on_by_itself():
    world = make.make_open_round()
    officer = officer_of(world)
    response = fill(enter(world, officer), officer)
    with pytest.raises(Forbidden):
        behalf.take_over(response_id=response.pk, by=officer)
    behalf.take_over(response_id=response.pk, by=world.editor)
    response = Response.objects.select_related("actor", "round__version__strategy").get(pk=response.pk)
    assert (response.entered_by, response.received_at, response.summary) == (None, None, "Vi vill ha fler bussar.")
    assert visibility.can_see_response(officer, response) is False
    with pytest.raises(Forbidden):
        responses.add_point(response_id=response.pk, by=officer, text="Mer")
    assert responses.submit_response(response_id=response.pk, by=world.signatory).entered_by is None


def test_drop_entry_takes_the_answer_away_and_keeps_the_trail():
    world = make.make_open_round()
    officer = officer_of(world)
    response = fill(enter(world, officer), officer)
    with pytest.raises(Forbidden):
        behalf.drop_entry(response_id=response.pk, by=world.editor)
    behalf.drop_entry(response_id=response.pk, by=officer)
    assert not Response.objects.exists()
    assert AuditEvent.objects.filter(verb="drop_entry", strategy_id=world.strategy.pk).count() == 1
    own = make.start(world)
    with pytest.raises(WrongState):
        behalf.drop_entry(response_id=own.pk, by=world.leader)


def test_the_board_counts_an_entered_answer():
    world = make.make_open_round()
    officer = officer_of(world)
    response = fill(enter(world, officer), officer)
    responses.submit_response(response_id=response.pk, by=officer)
    group = next(group for group in coverage_of(world.round) if group.state == "submitted")
    assert [row.actor for row in group.invitations] == [world.municipality]
    assert group.invitations[0].response_entered == officer.pk


@pytest.mark.django_db(transaction=True)
def test_two_officers_enter_the_same_answer_at_once():
    world = make.make_open_round()
    first, second = officer_of(world), officer_of(world)
    results = together(lambda: enter(world, first), lambda: enter(world, second))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Response"]
    assert Response.objects.count() == 1


def test_the_form_walks_to_the_registered_answer():
    world = make.make_open_round()
    officer = officer_of(world)
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("consultations:enter", args=[world.round.pk])
    assert client.get(address).status_code == 200
    bad = client.post(address, {"actor_id": "", "channel": "x", "received_at": "i går", "note": "\x00<script>"})
    assert bad.status_code == 422
    came = clock.now().strftime("%Y-%m-%dT%H:%M")
    world.round.__class__.objects.filter(pk=world.round.pk).update(opened_at=clock.now() - timedelta(days=3))
    sent = {"actor_id": world.municipality.pk, "channel": "letter", "received_at": came, "note": "Dnr 7"}
    page = client.post(address, sent, follow=True)
    response = Response.objects.get()
    assert page.redirect_chain == [(reverse("consultations:response", args=[response.pk]), 302)]
    empty = client.post(reverse("consultations:register_entered", args=[response.pk]))
    assert empty.status_code == 422
    fill(response, officer)
    client.post(reverse("consultations:register_entered", args=[response.pk]))
    response.refresh_from_db()
    assert response.state == "submitted"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_form_asks_a_constant_number_of_questions(rows, django_assert_num_queries):
    world = make.make_open_round()
    for n in range(rows - 1):
        make.other_consultee(world, n + 2)
    client = Client()
    client.force_login(officer_of(world), backend="django.contrib.auth.backends.ModelBackend")
    with django_assert_num_queries(7):
        client.get(reverse("consultations:enter", args=[world.round.pk]))
