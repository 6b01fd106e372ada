"""The organisation's own chain by its verbs: done, decided, handed in; back with a reason; who may, and when."""

from datetime import date, timedelta

import pytest

from actors.models import AuditEvent, Notification, Role
from consultations.domain import responses, signoff
from consultations.models import OwnDecision
from consultations.queries.coverage import coverage_of
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from tests.factories import consultations as make
from tests.factories.actors import make_person

pytestmark = pytest.mark.django_db


def political(**options):
    """A draft that the executive board shall decide on."""
    world, response = make.make_draft(**options)
    return world, signoff.choose_sign_off(response_id=response.pk, by=world.editor, political=True)


def decide(world, response, **changes):
    values = {"body": "Kommunstyrelsen", "decided_on": clock.now().date(), "paragraph": "§ 12", **changes}
    return signoff.record_decision(response_id=response.pk, by=world.editor, **values)


def test_the_whole_chain():
    world, response = political()
    assert signoff.mark_ready(response_id=response.pk, by=world.editor).state == "ready"
    with pytest.raises(WrongState, match="ligger fast"):
        responses.add_point(response_id=response.pk, by=world.editor, text="I sista stund")
    decided = decide(world, response, reservations="(V) reserverar sig.", own_case_number="KS 7")
    assert (decided.state, decided.own_case_number) == ("decided", "KS 7")
    handed_in = make.submit(world, response)
    assert (handed_in.state, handed_in.preliminary) == ("submitted", False)
    assert handed_in.receipt["decision"] == {
        "body": "Kommunstyrelsen", "decided_on": clock.now().date().isoformat(), "paragraph": "§ 12",
        "reservations": "(V) reserverar sig.",
    }  # fmt: skip


def test_small_ones_skip_the_middle():
    world, response = make.make_draft()
    with pytest.raises(WrongState, match="inte ska beslutas"):
        decide(world, response)
    assert make.submit(world, response).preliminary is False


def test_what_is_to_be_decided_is_not_handed_in_by_mistake():
    world, response = political()
    with pytest.raises(Invalid) as refusal:
        make.submit(world, response)
    assert set(refusal.value.fields) == {"preliminary"}
    handed_in = responses.submit_response(response_id=response.pk, by=world.signatory, preliminary=True)
    assert (handed_in.preliminary, handed_in.receipt["preliminary"], handed_in.receipt["decision"]) == (
        True,
        True,
        None,
    )


def test_preliminary_means_nothing_where_no_body_decides_or_it_has():
    world, response = make.make_draft()
    assert not responses.submit_response(response_id=response.pk, by=world.signatory, preliminary=True).preliminary
    world, response = political(code="97")
    signoff.mark_ready(response_id=response.pk, by=world.editor)
    decide(world, response)
    assert not responses.submit_response(response_id=response.pk, by=world.signatory, preliminary=True).preliminary


def test_back_with_a_reason_and_the_decision_falls():
    world, response = political()
    signoff.mark_ready(response_id=response.pk, by=world.editor)
    decide(world, response)
    with pytest.raises(Invalid, match="Säg varför"):
        signoff.return_to_drafting(response_id=response.pk, by=world.signatory, reason="  ")
    back = signoff.return_to_drafting(response_id=response.pk, by=world.signatory, reason="Nämnden vill ha med bussen.")
    assert (back.state, back.returned_reason, back.returned_by) == (
        "drafting", "Nämnden vill ha med bussen.", world.signatory,
    )  # fmt: skip
    assert not OwnDecision.objects.filter(response=response).exists()
    again = signoff.mark_ready(response_id=response.pk, by=world.editor)
    assert (again.returned_reason, again.returned_by) == ("", None)
    assert "Nämnden vill" in str(AuditEvent.objects.get(verb="return_to_drafting").data)


def test_mark_ready_says_what_is_missing():
    world, response = make.make_draft()
    responses.set_position(
        response_id=response.pk, section_id=world.subgoal.pk, by=world.editor, stance="opposes", reason="", revision=0
    )
    with pytest.raises(Invalid) as refusal:
        signoff.mark_ready(response_id=response.pk, by=world.editor)
    assert set(refusal.value.fields) == {f"position-{world.subgoal.pk}"}


def test_a_decision_names_who_and_a_day_that_has_been():
    world, response = political()
    signoff.mark_ready(response_id=response.pk, by=world.editor)
    for changes, field in (({"body": " "}, "body"), ({"decided_on": date(2999, 1, 1)}, "decided_on")):
        with pytest.raises(Invalid) as refusal:
            decide(world, response, **changes)
        assert set(refusal.value.fields) == {field}


VERBS = {
    "choose": lambda response, by: signoff.choose_sign_off(response_id=response.pk, by=by, political=False),
    "ready": lambda response, by: signoff.mark_ready(response_id=response.pk, by=by),
    "decide": lambda response, by: signoff.record_decision(
        response_id=response.pk, by=by, body="KS", decided_on=clock.now().date()
    ),
    "back": lambda response, by: signoff.return_to_drafting(response_id=response.pk, by=by, reason="Fel"),
}
#: verb -> the state in which it is possible
POSSIBLE = {"choose": "drafting", "ready": "drafting", "decide": "ready", "back": "ready"}


@pytest.mark.parametrize("verb", VERBS)
def test_who_may(verb):
    world, response = political()
    if POSSIBLE[verb] == "ready":
        signoff.mark_ready(response_id=response.pk, by=world.editor)
    strangers = {
        "leader": world.leader,
        "reader": make_person(world.municipality, Role.READER),
        "outsider": make_person(),
        "secretary": make_person(world.municipality, Role.SECRETARY),
    }
    may = set()
    for name, person in strangers.items():
        try:
            VERBS[verb](response, person)
            may.add(name)
        except Forbidden:
            pass
    assert may == ({"secretary"} if verb == "decide" else set())


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", ["drafting", "ready", "decided", "submitted", "unsent"])
def test_when_it_can_be(verb, state):
    world, response = political(accepts_late=False)
    if state in ("ready", "decided", "submitted"):
        signoff.mark_ready(response_id=response.pk, by=world.editor)
    if state in ("decided", "submitted"):
        decide(world, response)
    if state == "submitted":
        make.submit(world, response)
    if state == "unsent":
        make.close(world)
    if state == POSSIBLE[verb] or (verb, state) == ("back", "decided"):
        VERBS[verb](response, world.signatory)
    else:
        with pytest.raises(WrongState):
            VERBS[verb](response, world.signatory)


@pytest.mark.parametrize("state", ["ready", "decided"])
def test_closing_keeps_what_waits_for_a_decision(state):
    world, response = political(accepts_late=False)
    signoff.mark_ready(response_id=response.pk, by=world.editor)
    if state == "decided":
        decide(world, response)
    make.close(world)
    response.refresh_from_db()
    assert response.state == "unsent"


def test_colleagues_are_told_and_the_board_says_that_it_waits():
    world, response = political()
    signoff.mark_ready(response_id=response.pk, by=world.editor)
    told = Notification.objects.filter(kind="response_ready")
    assert {notice.user for notice in told} == {world.signatory}
    groups = {group.state: group.count for group in coverage_of(world.fresh())}
    assert groups == {"awaiting": 1}
    decide(world, response)
    assert {group.state for group in coverage_of(world.fresh())} == {"awaiting"}


def test_the_chain_is_the_organisations_own():
    """Nothing of it stands in what the region reads."""
    world, response = political()
    signoff.mark_ready(response_id=response.pk, by=world.editor)
    signoff.return_to_drafting(response_id=response.pk, by=world.editor, reason="hemligt skäl")
    events = AuditEvent.objects.filter(verb__in=["choose_sign_off", "mark_ready", "return_to_drafting"])
    assert [event.private_to for event in events] == [world.municipality] * 3


def test_the_choice_is_remembered_for_the_next_round():
    world, response = political()
    make.other_consultee(world)
    second = make.next_round(world)
    assert responses.start_response(round_id=second.pk, actor_id=world.municipality.pk, by=world.editor).political


def test_closing_second():
    """Counted by arrival: what came at the hour is in time, what came after is late."""
    for offset, late in ((timedelta(0), False), (timedelta(microseconds=1), True)):
        world, response = make.make_draft(code="98" if not late else "97")
        with clock.travel(world.fresh().closes_at + offset):
            assert make.submit(world, response).late is late
