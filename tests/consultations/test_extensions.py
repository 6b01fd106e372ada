"""More time: asked for, decided, given unasked, and a closed round opened again for some."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import AuditEvent, Notification, OutgoingMail, Role
from actors.queries.roles import fresh
from consultations import visibility
from consultations.domain import extensions, responses, rounds
from consultations.models import Extension, Response
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from tests.factories import consultations as make
from tests.factories.actors import make_person, make_region
from tests.factories.threads import together

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ask(world, *, days=7, by=None, reason="Kommunstyrelsen möts den 12."):
    return extensions.request_extension(
        round_id=world.round.pk, actor_id=world.municipality.pk, until=world.fresh().closes_at + days * DAY,
        reason=reason, by=by or world.editor,
    )  # fmt: skip


def give(world, *, days=7, by=None, verb=extensions.grant_extension, reason="Ni behöver det.", actors=None):
    return verb(
        round_id=world.round.pk, actor_ids=actors or [world.municipality.pk], until=world.fresh().closes_at + days * DAY,
        reason=reason, by=by or world.leader,
    )  # fmt: skip


def own(world):
    return visibility.own_deadline(world.round.pk, world.municipality.pk)


def persons(world):
    return {
        "leader": world.leader,
        "officer": make_person(world.region, Role.EDITOR),
        "secretary": make_person(world.region, Role.SECRETARY),
        "own_editor": world.editor,
        "own_signatory": world.signatory,
        "own_reader": make_person(world.municipality, Role.READER),
        "other_consultee": make.other_consultee(world)[1],
        "other_region": make_person(make_region("97"), Role.LEADER),
        "outsider": make_person(),
    }


MAY = {
    "ask": {"own_editor", "own_signatory"},
    "withdraw": {"own_editor", "own_signatory"},
    "decide": {"leader", "officer"},
    "give": {"leader", "officer"},
    "reopen": {"leader"},
}


@pytest.mark.parametrize("verb", MAY)
def test_who_may_what(verb):
    world = make.make_open_round()
    people = persons(world)
    if verb == "reopen":
        make.close(world)
    may = set()
    for name, person in people.items():
        Extension.objects.all().delete()
        world.round.invitations.update(closes_at=None)
        request = ask(world) if verb in ("decide", "withdraw") else None
        try:
            if verb == "ask":
                ask(world, by=fresh(person))
            elif verb == "withdraw":
                extensions.withdraw_extension(extension_id=request.pk, by=fresh(person))
            elif verb == "decide":
                extensions.decide_extension(extension_id=request.pk, granted=True, by=fresh(person))
            else:
                give(
                    world,
                    by=fresh(person),
                    verb=extensions.reopen_for if verb == "reopen" else extensions.grant_extension,
                )
            may.add(name)
        except Forbidden:
            pass
    assert may == MAY[verb]


STATES = {
    "preparing": set(),
    "open": {"ask", "give"},
    "closed": {"ask", "give", "reopen"},
    "settled": set(),
}


@pytest.mark.parametrize("state", STATES)
def test_when_what_is_possible(state):
    world = make.make_round() if state == "preparing" else make.make_open_round()
    if state in ("closed", "settled"):
        make.close(world)
    if state == "settled":
        make.settle(world)
    possible = set()
    for name, verb in {
        "ask": lambda: ask(world),
        "give": lambda: give(world),
        "reopen": lambda: give(world, verb=extensions.reopen_for),
    }.items():
        Extension.objects.all().delete()
        world.round.invitations.update(closes_at=None)
        try:
            verb()
            possible.add(name)
        except WrongState:
            pass
    assert possible == STATES[state]


def test_a_request_is_withdrawn_before_it_is_decided_and_never_after(client):
    world = make.make_open_round()
    request = ask(world)
    client.force_login(world.editor)
    page = reverse("consultations:ask_for_time", args=[world.round.pk, world.municipality.pk])
    assert "Ta tillbaka begäran" in client.get(page).content.decode()
    for _press in range(2):
        client.post(reverse("consultations:withdraw_extension", args=[request.pk]))
    request.refresh_from_db()
    assert (request.state, request.decided_by) == ("withdrawn", world.editor)
    assert own(world) is None
    assert Notification.objects.filter(user=world.leader, kind="extension_withdrawn").count() == 1
    assert "Tillbakataget av" in client.get(page).content.decode()
    with pytest.raises(WrongState):
        extensions.decide_extension(extension_id=request.pk, granted=True, by=world.leader)
    again = ask(world)
    extensions.decide_extension(extension_id=again.pk, granted=True, by=world.leader)
    with pytest.raises(WrongState):
        extensions.withdraw_extension(extension_id=again.pk, by=world.editor)
    assert own(world) is not None
    client.force_login(world.leader)
    shown = client.get(reverse("consultations:extensions", args=[world.round.pk])).content.decode()
    assert "Tillbakataget" in shown
    assert client.post(reverse("consultations:withdraw_extension", args=[again.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_withdraw_while_the_region_decides():
    world = make.make_open_round()
    request = ask(world)
    results = together(
        lambda: extensions.withdraw_extension(extension_id=request.pk, by=fresh(world.editor)),
        lambda: extensions.decide_extension(extension_id=request.pk, granted=True, by=fresh(world.leader)),
    )
    assert [type(result).__name__ for result in results if isinstance(result, Exception)] == ["WrongState"]
    request.refresh_from_db()
    assert (request.state == "granted") == (own(world) is not None)


def test_granted_request_gives_a_time_of_their_own_and_tells_both_ways():
    world = make.make_open_round()
    request = ask(world)
    to_region = OutgoingMail.objects.get(key__startswith="extension-request:")
    assert to_region.to == world.leader.email
    assert "Kommunstyrelsen möts den 12." in to_region.text
    assert Notification.objects.filter(user=world.leader, kind="extension_requested").count() == 1
    with pytest.raises(Conflict):
        ask(world)
    extensions.decide_extension(extension_id=request.pk, granted=True, by=world.leader, reason="Visst.")
    request.refresh_from_db()
    assert (request.state, request.decided_by, request.until) == ("granted", world.leader, request.wanted_until)
    assert own(world) == request.wanted_until
    letter = OutgoingMail.objects.get(key__startswith="extension:")
    assert letter.to == world.municipality.email
    assert "Visst." in letter.text and "/inbjudan/" in letter.text
    assert Notification.objects.filter(user=world.editor, kind="extension").count() == 1
    with pytest.raises(WrongState):
        extensions.decide_extension(extension_id=request.pk, granted=False, reason="Nej", by=world.leader)


def test_refused_request_needs_a_reason_and_changes_no_time():
    world = make.make_open_round()
    request = ask(world)
    with pytest.raises(Invalid) as caught:
        extensions.decide_extension(extension_id=request.pk, granted=False, by=world.leader)
    assert set(caught.value.fields) == {"decision_reason"}
    extensions.decide_extension(extension_id=request.pk, granted=False, by=world.leader, reason="Beslutet är bråttom.")
    assert own(world) is None
    told = OutgoingMail.objects.filter(key__startswith="extension-refused:")
    assert {letter.to for letter in told} == {world.municipality.email, world.editor.email}
    assert all("Beslutet är bråttom." in letter.text for letter in told)
    ask(world)  # they may ask again


@pytest.mark.parametrize(
    ("days", "reason", "field"), [(0, "A", "until"), (-3, "A", "until"), (5, " ", "reason"), (5, "x" * 2001, "reason")]
)
def test_request_that_makes_no_sense(days, reason, field):
    world = make.make_open_round()
    with pytest.raises(Invalid) as caught:
        ask(world, days=days, reason=reason)
    assert set(caught.value.fields) == {field}


def test_a_time_that_has_been_is_refused():
    world = make.make_open_round()
    make.close(world)
    with clock.travel(world.round.closes_at + 9 * DAY), pytest.raises(Invalid) as caught:
        give(world, days=7)
    assert set(caught.value.fields) == {"until"}


@pytest.mark.parametrize("worker_is_down", [True, False])
def test_whoever_has_more_time_is_in_time_and_the_others_are_not(worker_is_down):
    world, response = make.make_draft(accepts_late=False)
    actor, person = make.other_consultee(world)
    theirs = responses.start_response(round_id=world.round.pk, actor_id=actor.pk, by=person)
    responses.add_point(response_id=theirs.pk, by=person, text="A")
    give(world, days=7)
    closes = world.fresh().closes_at
    with clock.travel(closes + 3 * DAY):
        if not worker_is_down:
            rounds.follow_the_clock()
        with pytest.raises(WrongState):
            responses.submit_response(response_id=theirs.pk, by=person)
        make.submit(world, response)
        rounds.follow_the_clock()
    response.refresh_from_db()
    assert (response.state, response.late) == ("submitted", False)
    assert Response.objects.get(pk=theirs.pk).state == "unsent"


def test_their_own_time_runs_out_and_the_clock_puts_the_draft_away():
    world, response = make.make_draft(accepts_late=False)
    give(world, days=7)
    closes = world.fresh().closes_at
    with clock.travel(closes + DAY):
        rounds.follow_the_clock()
        assert Response.objects.get(pk=response.pk).state == "drafting"
    with clock.travel(closes + 7 * DAY + timedelta(seconds=1)):
        with pytest.raises(WrongState):
            make.submit(world, response)  # the worker has not been here yet
        rounds.follow_the_clock()
        rounds.follow_the_clock()
    assert Response.objects.get(pk=response.pk).state == "unsent"


def test_late_after_their_own_time_is_late():
    world, response = make.make_draft()
    give(world, days=7)
    with clock.travel(world.fresh().closes_at + 8 * DAY):
        rounds.follow_the_clock()
        make.submit(world, response)
    response.refresh_from_db()
    assert response.late is True


def test_more_time_after_the_closing_takes_up_what_was_put_away():
    world, response = make.make_draft(accepts_late=False)
    with clock.travel(world.fresh().closes_at + timedelta(minutes=1)):
        rounds.follow_the_clock()
        assert Response.objects.get(pk=response.pk).state == "unsent"
        give(world, days=7, verb=extensions.reopen_for, reason="Ert svar blev aldrig inlämnat.")
        response.refresh_from_db()
        assert response.state == "drafting"
        make.submit(world, response)
    response.refresh_from_db()
    assert (response.state, response.late) == ("submitted", False)
    assert "Ert svar blev aldrig inlämnat." in OutgoingMail.objects.get(key__startswith="reopening:").text
    assert AuditEvent.objects.filter(verb="reopen_for", actor=world.municipality).count() == 1


def test_reopening_needs_a_reason_and_names():
    world = make.make_open_round()
    make.close(world)
    with pytest.raises(Invalid) as caught:
        give(world, verb=extensions.reopen_for, reason=" ")
    assert set(caught.value.fields) == {"reason"}
    with pytest.raises(Invalid):
        give(world, actors=[world.region.pk])


def test_unasked_time_answers_a_request_that_waits():
    world = make.make_open_round()
    request = ask(world)
    give(world, days=20)
    request.refresh_from_db()
    assert request.state == "granted"
    assert own(world) == world.fresh().closes_at + 20 * DAY
    assert OutgoingMail.objects.filter(key__startswith="extension:").count() == 1


def test_a_round_is_not_settled_while_somebody_has_time_left():
    world = make.make_open_round()
    make.close(world)
    give(world, days=7)
    with pytest.raises(WrongState, match="har anstånd"):
        make.settle(world)
    with clock.travel(world.fresh().closes_at + 8 * DAY):
        make.settle(world)
    assert world.fresh().state == "settled"


def test_giving_to_many_takes_the_same_queries_but_for_the_trail():
    counted = []
    for code, number in (("98", 1), ("96", 3)):
        world = make.make_open_round(code, municipalities=number + 1)
        actors = [make.other_consultee(world, n)[0] for n in range(2, number + 2)]
        world.round.invitations.update(email="a@sago.example")
        with CaptureQueriesContext(connection) as seen:
            give(world, actors=[world.municipality.pk, *[actor.pk for actor in actors]])
        records = sum("actors_auditevent" in query["sql"] for query in seen)
        counted.append(len(seen) - records)
    assert counted[0] == counted[1]


@pytest.mark.django_db(transaction=True)
def test_decide_twice_at_once():
    world = make.make_open_round()
    request = ask(world)
    results = together(
        lambda: extensions.decide_extension(extension_id=request.pk, granted=True, by=fresh(world.leader)),
        lambda: extensions.decide_extension(extension_id=request.pk, granted=True, by=fresh(world.leader)),
    )
    assert [type(result).__name__ for result in results if isinstance(result, Exception)] == ["WrongState"]
    assert OutgoingMail.objects.filter(key__startswith="extension:").count() == 1


@pytest.mark.django_db(transaction=True)
def test_extend_while_the_round_closes():
    world, response = make.make_draft(accepts_late=False)
    closes = world.fresh().closes_at
    results = together(
        lambda: give(world, days=7), lambda: rounds.close_round(round_id=world.round.pk, by=fresh(world.leader))
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    assert world.fresh().state == "closed"
    with clock.travel(closes + DAY):
        make.submit(world, response)  # whichever came first, they have their time
    response.refresh_from_db()
    assert (response.state, response.late) == ("submitted", False)


@pytest.mark.django_db(transaction=True)
def test_two_ask_at_once():
    world = make.make_open_round()
    results = together(lambda: ask(world), lambda: ask(world, by=world.signatory))
    assert [type(result).__name__ for result in results if isinstance(result, Exception)] == ["Conflict"]
    assert Extension.objects.count() == 1
