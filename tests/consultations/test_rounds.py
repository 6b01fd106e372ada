"""A round's life by its verbs: happy, forbidden, wrong state, invalid, stale, twice."""

from datetime import timedelta

import pytest

from actors.models import AuditEvent, Notification, Role
from actors.queries.roles import fresh
from consultations import rules
from consultations.domain import invitations, questions, rounds
from consultations.models import ConsultationRound, Response
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from strategies.models import AccessGrant
from tests.factories import consultations as make
from tests.factories.actors import make_municipality, make_organisation, make_person, make_region
from tests.factories.strategies import make_strategy, working_version

pytestmark = pytest.mark.django_db


def people_of(world):
    return {
        "leader": world.leader,
        "officer": make_person(world.region, Role.EDITOR),
        "secretary": make_person(world.region, Role.SECRETARY),
        "region_reader": make_person(world.region, Role.READER),
        "own_editor": world.editor,
        "own_signatory": world.signatory,
        "own_admin": make_person(world.municipality, Role.ADMIN),
        "own_reader": make_person(world.municipality, Role.READER),
        "other_region": make_person(make_region("97"), Role.LEADER),
        "outsider": make_person(),
    }


def test_rules_table():
    world, response = make.make_draft()
    persons = people_of(world)
    round_ = world.fresh()
    expected = {
        "prepare": {"leader", "officer"},
        "open": {"leader"},
        "decide": {"leader", "officer"},
        "write_for": {"own_editor", "own_signatory", "own_admin"},
        "submit": {"own_signatory"},
    }
    asked = {
        "prepare": lambda person: rules.can_prepare(person, round_),
        "open": lambda person: rules.can_open(person, round_),
        "decide": lambda person: rules.can_decide(person, round_),
        "write_for": lambda person: (
            rules.can_write_for(person, world.municipality) and rules.can_write(person, response)
        ),
        "submit": lambda person: rules.can_submit(person, response),
    }
    found = {rule: {name for name, person in persons.items() if ask(fresh(person))} for rule, ask in asked.items()}
    assert found == expected


# --- create and describe


def test_create_round_needs_a_frozen_version():
    world = make.make_round()
    draft = working_version(make_strategy(world.region, by=world.leader))
    with pytest.raises(WrongState, match="fryst samrådsversion"):
        rounds.create_round(version_id=draft.pk, title="Remiss", by=world.leader)
    with pytest.raises(Invalid):
        rounds.create_round(version_id=world.version.pk, title="  ", by=world.leader)
    with pytest.raises(Forbidden):
        rounds.create_round(version_id=world.version.pk, title="Remiss", by=world.editor)


def test_describe_round_with_a_stale_form_shows_both():
    world = make.make_round()
    stale = world.round.revision
    make.describe(world.fresh(), by=world.leader, cover_letter="Kollegans brev")
    before = world.fresh().revision
    with pytest.raises(Conflict) as caught:
        make.describe(
            world.round, by=world.leader, revision=stale, cover_letter="Mitt brev", closes_at=world.fresh().closes_at
        )
    assert caught.value.data["mine"] == {"cover_letter": "Mitt brev"}
    assert caught.value.data["theirs"] == {"cover_letter": "Kollegans brev"}
    assert caught.value.data["revision"] == before
    assert world.fresh().cover_letter == "Kollegans brev"


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [(None, -1, "closes_at"), (5, 3, "closes_at"), (5, 5, "closes_at"), (-5, -1, "closes_at")],
)
def test_describe_round_refuses_impossible_times(opens, closes, field):
    world = make.make_round()
    now = clock.now()
    times = {
        "opens_at": now + timedelta(days=opens) if opens is not None else None,
        "closes_at": now + timedelta(days=closes),
    }
    with pytest.raises(Invalid) as caught:
        make.describe(world.fresh(), by=world.leader, **times)
    assert set(caught.value.fields) == {field}


def test_describe_round_after_the_opening():
    world = make.make_open_round()
    with pytest.raises(WrongState):
        make.describe(world.fresh(), by=world.leader, title="Annat namn")


# --- questions


def test_questions_are_added_moved_and_removed_before_the_opening():
    world = make.make_round()
    first, second, third = world.questions
    questions.move_question(question_id=third.pk, up=True, by=world.leader)
    questions.move_question(question_id=first.pk, up=True, by=world.leader)  # already first
    assert [row.pk for row in world.round.questions.all()] == [first.pk, third.pk, second.pk]
    questions.remove_question(question_id=third.pk, by=world.leader)
    assert [row.pk for row in world.round.questions.all()] == [first.pk, second.pk]
    for wrong in ({"text": "", "kind": "free"}, {"text": "x" * 401, "kind": "free"}, {"text": "A", "kind": "magic"}):
        with pytest.raises(Invalid):
            questions.add_question(round_id=world.round.pk, by=world.leader, **wrong)
    with pytest.raises(Invalid) as caught:
        questions.add_question(
            round_id=world.round.pk, by=world.leader, text="A", kind="choice", choices=["bara ett", " "]
        )
    assert set(caught.value.fields) == {"choices"}
    with pytest.raises(Forbidden):
        questions.add_question(round_id=world.round.pk, by=world.editor, text="A", kind="free")
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    with pytest.raises(WrongState):
        questions.add_question(round_id=world.round.pk, by=world.leader, text="A", kind="free")
    with pytest.raises(WrongState):
        questions.remove_question(question_id=first.pk, by=world.leader)


# --- the list


def test_invite_actors_takes_only_those_in_the_register():
    world = make.make_round()
    stranger = make_organisation()
    with pytest.raises(Invalid):
        invitations.invite_actors(round_id=world.round.pk, actor_ids=[stranger.pk], by=world.leader)
    with pytest.raises(Forbidden):
        invitations.invite_actors(round_id=world.round.pk, actor_ids=[], by=world.editor)
    assert invitations.invite_actors(round_id=world.round.pk, actor_ids=[world.municipality.pk], by=world.leader) == []


def test_invite_actors_while_open_invites_at_once():
    world = make.make_open_round()
    second = make_municipality("98", 2)
    second.email = "kommun2@sago98.example"
    second.save(update_fields=["email"])
    (row,) = invitations.invite_actors(round_id=world.round.pk, actor_ids=[second.pk], by=world.leader)
    row.refresh_from_db()
    assert row.mail.to == "kommun2@sago98.example"
    assert AccessGrant.objects.filter(version=world.version, actor=second).exists()


def test_invite_actors_after_the_hour_is_refused_even_if_no_worker_has_closed():
    world = make.make_open_round()
    second = make_municipality("98", 2)
    with clock.travel(world.round.closes_at + timedelta(seconds=1)), pytest.raises(WrongState):
        invitations.invite_actors(round_id=world.round.pk, actor_ids=[second.pk], by=world.leader)


def test_remove_invitation_only_before_the_opening():
    world = make.make_round()
    second = make_municipality("98", 2)
    (row,) = invitations.invite_actors(round_id=world.round.pk, actor_ids=[second.pk], by=world.leader)
    with pytest.raises(Forbidden):
        invitations.remove_invitation(invitation_id=row.pk, by=world.editor)
    invitations.remove_invitation(invitation_id=row.pk, by=world.leader)
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    with pytest.raises(WrongState):
        invitations.remove_invitation(invitation_id=world.round.invitations.get().pk, by=world.leader)


# --- open, close, settle


@pytest.mark.parametrize("missing", ["cover_letter", "closes_at", "invitations"])
def test_open_round_says_what_is_missing(missing):
    world = make.make_round()
    if missing == "invitations":
        invitations.remove_invitation(invitation_id=world.round.invitations.get().pk, by=world.leader)
    else:
        make.describe(world.fresh(), by=world.leader, **{missing: "" if missing == "cover_letter" else None})
    with pytest.raises(Invalid) as caught:
        rounds.open_round(round_id=world.round.pk, by=world.leader)
    assert set(caught.value.fields) == {missing}


def test_open_round_gives_access_and_records_once():
    world = make.make_round()
    with pytest.raises(Forbidden):
        rounds.open_round(round_id=world.round.pk, by=make_person(world.region, Role.EDITOR))
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    with pytest.raises(WrongState):
        rounds.open_round(round_id=world.round.pk, by=world.leader)
    assert AuditEvent.objects.filter(verb="open_round").count() == 1
    assert AccessGrant.objects.filter(version=world.version, actor=world.municipality).count() == 1
    assert Notification.objects.filter(user=world.editor, kind="invited").count() == 1


def test_one_open_round_per_version():
    world = make.make_open_round()
    second = rounds.create_round(version_id=world.version.pk, title="En till", by=world.leader)
    make.describe(second, by=world.leader)
    invitations.invite_actors(round_id=second.pk, actor_ids=[world.municipality.pk], by=world.leader)
    with pytest.raises(Conflict):
        rounds.open_round(round_id=second.pk, by=world.leader)


def test_close_round_early_by_the_leader():
    world = make.make_open_round()
    with pytest.raises(Forbidden):
        rounds.close_round(round_id=world.round.pk, by=make_person(world.region, Role.EDITOR))
    closed = make.close(world)
    assert closed.closed_at == closed.closes_at
    with pytest.raises(WrongState):
        rounds.close_round(round_id=world.round.pk, by=world.leader)


def test_settle_round_is_refused_while_a_point_is_blank():
    world, response = make.make_submitted(points=3)
    make.close(world)
    with pytest.raises(WrongState, match="3 synpunkter") as caught:
        rounds.settle_round(round_id=world.round.pk, by=world.leader)
    assert (caught.value.data["undecided"], caught.value.data["offer"]["label"]) == (3, "Visa dem")
    make.decide_all(world)
    with pytest.raises(Forbidden):
        rounds.settle_round(round_id=world.round.pk, by=world.editor)
    settled = make.settle(world)
    assert (settled.state, settled.settled_by) == ("settled", world.leader)
    with pytest.raises(WrongState):
        rounds.settle_round(round_id=world.round.pk, by=world.leader)


def test_settle_round_keeps_what_was_never_handed_in():
    world, response = make.make_draft()
    make.close(world)
    assert Response.objects.get(pk=response.pk).state == "drafting"  # late answers are taken
    make.settle(world)
    assert Response.objects.get(pk=response.pk).state == "unsent"


# --- the clock


def test_round_opens_by_itself_at_its_hour():
    world = make.make_round(opens_at=clock.now() + timedelta(days=2))
    rounds.schedule_opening(round_id=world.round.pk, by=world.leader)
    assert rounds.follow_the_clock() == {"opened": 0, "closed": 0}
    with clock.travel(clock.now() + timedelta(days=2, minutes=7)):  # the worker was down for seven minutes
        assert rounds.follow_the_clock() == {"opened": 1, "closed": 0}
        assert rounds.follow_the_clock() == {"opened": 0, "closed": 0}
    assert world.fresh().state == "open"
    assert world.fresh().opened_by == world.leader


def test_schedule_opening_and_take_it_back():
    world = make.make_round(opens_at=clock.now() + timedelta(days=2))
    rounds.schedule_opening(round_id=world.round.pk, by=world.leader)
    with pytest.raises(Forbidden):
        rounds.cancel_schedule(round_id=world.round.pk, by=make_person(world.region, Role.EDITOR))
    rounds.cancel_schedule(round_id=world.round.pk, by=world.leader)
    rounds.cancel_schedule(round_id=world.round.pk, by=world.leader)
    assert AuditEvent.objects.filter(verb="cancel_schedule").count() == 1
    with clock.travel(clock.now() + timedelta(days=3)):
        assert rounds.follow_the_clock() == {"opened": 0, "closed": 0}
    make.describe(world.fresh(), by=world.leader)
    with pytest.raises(Invalid) as caught:
        rounds.schedule_opening(round_id=world.round.pk, by=world.leader)
    assert set(caught.value.fields) == {"opens_at"}


def test_a_round_that_can_not_open_tells_the_one_who_scheduled_it():
    world = make.make_round(opens_at=clock.now() + timedelta(days=2))
    rounds.schedule_opening(round_id=world.round.pk, by=world.leader)
    invitations.remove_invitation(invitation_id=world.round.invitations.get().pk, by=world.leader)
    with clock.travel(clock.now() + timedelta(days=3)):
        assert rounds.follow_the_clock() == {"opened": 0, "closed": 0}
    assert world.fresh().state == "preparing"
    assert world.fresh().scheduled_at is None
    notice = Notification.objects.get(user=world.leader, kind="round_not_opened")
    assert "öppnade inte som planerat" in notice.text


def test_round_closes_at_its_hour_though_the_worker_was_down():
    world, response = make.make_draft(accepts_late=False)
    closes = world.fresh().closes_at
    with clock.travel(closes + timedelta(minutes=3)):
        with pytest.raises(WrongState):
            make.submit(world, response)  # nobody has closed, but the hour has passed
        assert rounds.follow_the_clock() == {"opened": 0, "closed": 1}
        assert rounds.follow_the_clock() == {"opened": 0, "closed": 0}
    closed = world.fresh()
    assert (closed.state, closed.closed_at) == ("closed", closes)
    assert Response.objects.get(pk=response.pk).state == "unsent"


@pytest.mark.parametrize("worker_came_first", [False, True])
def test_late_answers_are_taken_and_stamped(worker_came_first):
    world, response = make.make_draft()
    with clock.travel(world.fresh().closes_at + timedelta(seconds=1)):
        if worker_came_first:
            rounds.follow_the_clock()
        make.submit(world, response)
        rounds.follow_the_clock()
    response.refresh_from_db()
    assert (response.state, response.late) == ("submitted", True)
    assert world.fresh().closed_at == world.round.closes_at


def test_an_answer_at_the_very_hour_is_in_time():
    world, response = make.make_draft(accepts_late=False)
    with clock.travel(world.fresh().closes_at):
        make.submit(world, response)
    response.refresh_from_db()
    assert response.late is False


def test_closing_tells_the_region():
    world, _response = make.make_submitted()
    with clock.travel(world.fresh().closes_at):
        rounds.follow_the_clock()
    notice = Notification.objects.get(user=world.leader, kind="round_closed")
    assert "1 svar har kommit in" in notice.text
    assert ConsultationRound.objects.get(pk=world.round.pk).state == "closed"
