"""Two transactions at the same moment."""

import time
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction

from actors.models import AuditEvent, Notification, OutgoingMail
from actors.queries.roles import fresh
from consultations.domain import dispositions, extensions, invitations, responses, rounds
from consultations.models import Disposition, Invitation, Point, Response
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, WrongState
from tests.factories import consultations as make
from tests.factories.actors import make_municipality
from tests.factories.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(results):
    """The names of the errors, in order of name; what went well is left out."""
    return sorted(type(result).__name__ for result in results if isinstance(result, Exception))


def test_open_twice():
    world = make.make_round()
    results = together(*[lambda: rounds.open_round(round_id=world.round.pk, by=fresh(world.leader))] * 2)
    assert kinds(results) == ["WrongState"]
    assert OutgoingMail.objects.filter(key__startswith="invitation:").count() == 1
    assert AuditEvent.objects.filter(verb="open_round").count() == 1


def test_two_rounds_on_one_version_open_together():
    world = make.make_round()
    second = rounds.create_round(version_id=world.version.pk, title="En till", by=world.leader)
    make.describe(second, by=world.leader)
    invitations.invite_actors(round_id=second.pk, actor_ids=[world.municipality.pk], by=world.leader)
    results = together(
        lambda: rounds.open_round(round_id=world.round.pk, by=world.leader),
        lambda: rounds.open_round(round_id=second.pk, by=world.leader),
    )
    assert kinds(results) == ["Conflict"]


def test_submit_twice():
    world, response = make.make_draft()
    results = together(*[lambda: make.submit(world, response)] * 2)
    assert kinds(results) == ["WrongState"]
    assert AuditEvent.objects.filter(verb="submit_response").count() == 1


def test_two_organisations_submit_at_once():
    world, response = make.make_draft()
    other, person = make.other_consultee(world)
    second = responses.start_response(round_id=world.round.pk, actor_id=other.pk, by=person)
    responses.add_point(response_id=second.pk, by=person, text="A")
    results = together(
        lambda: make.submit(world, response), lambda: responses.submit_response(response_id=second.pk, by=person)
    )
    assert kinds(results) == []
    assert sorted(Response.objects.values_list("number", flat=True)) == [1, 2]


def waiting(kind: str = "%") -> int:
    """How many wait for a lock in the database (of one kind: "advisory", "transactionid", "tuple")."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype LIKE %s", [kind])
        return int(cursor.fetchone()[0])


def wait_until(so, seconds: float = 20.0) -> None:
    """Until it is so; the test fails when it never is."""
    until = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < until
        time.sleep(0.02)


@contextmanager
def in_a_thread(call):
    """The call goes on beside the block, and has ended after it; its result, or its error, in a list."""
    results = []

    def run():
        try:
            results.append(call())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    yield results
    thread.join(timeout=30)
    assert results


def two_drafts(**description):
    """Two organisations' answers, ready to be handed in: (world, first, how the second is handed in)."""
    world, response = make.make_draft(**description)
    other, person = make.other_consultee(world)
    second = responses.start_response(round_id=world.round.pk, actor_id=other.pk, by=person)
    responses.add_point(response_id=second.pk, by=person, text="A")
    return world, response, lambda: responses.submit_response(response_id=second.pk, by=person)


def test_those_who_hand_in_wait_for_one_another_with_the_number_only():
    world, response, hand_in_other = two_drafts()
    with ExitStack() as stack, transaction.atomic():
        first = make.submit(world, response)
        results = stack.enter_context(in_a_thread(hand_in_other))
        wait_until(lambda: waiting("advisory") == 1)  # it has its own answer and the round, and waits for the number
        assert waiting() == 1
    assert (first.number, [result.number for result in results]) == (1, [2])


def test_a_number_that_was_not_used_is_the_next_ones():
    world, response, hand_in_other = two_drafts()
    with ExitStack() as stack, suppress(ZeroDivisionError), transaction.atomic():
        make.submit(world, response)
        results = stack.enter_context(in_a_thread(hand_in_other))
        wait_until(lambda: waiting("advisory") == 1)
        raise ZeroDivisionError
    assert [result.number for result in results] == [1]
    assert make.submit(world, response).number == 2


def test_many_submit_at_once_and_are_numbered_without_gaps():
    world, response = make.make_draft(municipalities=6)
    calls = [lambda: make.submit(world, response)]
    for number in range(2, 7):
        other, person = make.other_consultee(world, number)
        draft = responses.start_response(round_id=world.round.pk, actor_id=other.pk, by=person)
        responses.add_point(response_id=draft.pk, by=person, text="A")
        calls.append(lambda pk=draft.pk, by=person: responses.submit_response(response_id=pk, by=by))
    assert kinds(together(*calls)) == []
    assert sorted(Response.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert all(row.receipt["number"] == row.number for row in Response.objects.all())
    assert OutgoingMail.objects.filter(key__startswith="receipt:").values("key").distinct().count() >= 6


def test_closing_waits_for_those_who_are_handing_in_and_counts_them():
    world, response = make.make_draft(accepts_late=False)
    with ExitStack() as stack, transaction.atomic():
        make.submit(world, response)
        closing = stack.enter_context(
            in_a_thread(lambda: rounds.close_round(round_id=world.round.pk, by=fresh(world.leader)))
        )
        wait_until(lambda: waiting() == 1)
        assert closing == []
    assert AuditEvent.objects.get(verb="close_round").data["submitted"] == 1
    response.refresh_from_db()
    assert response.state == "submitted"


def test_submit_while_the_round_closes():
    world, response = make.make_draft(accepts_late=False)
    results = together(
        lambda: make.submit(world, response), lambda: rounds.close_round(round_id=world.round.pk, by=world.leader)
    )
    response.refresh_from_db()
    closed_at = world.fresh().closed_at
    assert (response.state, kinds(results)) in [("submitted", []), ("unsent", ["WrongState"])]
    assert response.state == "unsent" or response.submitted_at <= closed_at  # counted by arrival


def test_what_came_before_the_hour_is_taken_though_the_closing_was_quicker():
    world, response, hand_in_other = two_drafts(accepts_late=False)
    hour = world.round.closes_at
    with clock.travel(hour):
        rounds.follow_the_clock()
    with clock.travel(hour - timedelta(milliseconds=1)):  # arrived, and waited for its turn on a busy server
        taken = make.submit(world, response)
    assert (taken.state, taken.late, taken.submitted_at < hour) == ("submitted", False, True)
    with clock.travel(hour + timedelta(milliseconds=1)), pytest.raises(WrongState):
        hand_in_other()


def test_submit_while_more_time_is_given():
    world, response = make.make_draft()
    until = world.round.closes_at + timedelta(days=9)
    results = together(
        lambda: make.submit(world, response),
        lambda: extensions.grant_extension(
            round_id=world.round.pk, actor_ids=[world.municipality.pk], until=until, by=fresh(world.leader)
        ),
    )
    response.refresh_from_db()
    assert (kinds(results), response.state, response.number) == ([], "submitted", 1)


def test_submit_while_it_is_opened_again():
    world, response = make.make_draft(accepts_late=False)
    make.close(world)
    give = lambda: extensions.reopen_for(  # noqa: E731
        round_id=world.round.pk, actor_ids=[world.municipality.pk], until=clock.now() + timedelta(days=9),
        reason="Förtydliga mål 2.", by=fresh(world.leader),
    )  # fmt: skip
    results = together(lambda: make.submit(world, response), give)
    response.refresh_from_db()
    assert (response.state, kinds(results)) in [("submitted", []), ("drafting", ["WrongState"])]
    assert not isinstance(results[1], Exception)


def test_add_point_while_it_is_handed_in():
    world, response = make.make_draft()
    results = together(
        lambda: responses.add_point(response_id=response.pk, by=world.editor, text="I sista stund"),
        lambda: make.submit(world, response),
    )
    response.refresh_from_db()
    assert response.state == "submitted"
    number = response.points.count()
    assert (number, kinds(results)) in [(2, []), (1, ["WrongState"])]
    assert len(response.receipt["points"]) == number  # the receipt says exactly what is there


def test_two_points_at_once_get_two_numbers():
    world, response = make.make_draft()
    results = together(
        *[lambda: responses.add_point(response_id=response.pk, by=fresh(world.editor), text="A") for _ in range(2)]
    )
    assert kinds(results) == []
    assert list(response.points.values_list("number", flat=True)) == [1, 2, 3]


def test_decide_twice():
    world, response = make.make_submitted()
    point = response.points.get()
    decide = lambda decision: dispositions.decide_point(  # noqa: E731
        point_id=point.pk, by=world.leader, decision=decision, reason="Därför."
    )
    results = together(lambda: decide("not"), lambda: decide("partly"))
    assert kinds(results) == ["Conflict"]
    assert Disposition.objects.filter(point=point, current=True).count() == 1
    (conflict,) = [result for result in results if isinstance(result, Conflict)]
    assert conflict.data["mine"]["decision"] != Disposition.objects.get(point=point).decision


def test_decide_one_and_many_at_once():
    world, response = make.make_submitted(points=3)
    ids = [point.pk for point in response.points.all()]
    results = together(
        lambda: dispositions.decide_point(point_id=ids[0], by=world.leader, decision="noted", reason=""),
        lambda: dispositions.decide_points(
            round_id=world.round.pk, point_ids=ids, by=world.leader, decision="accommodated", reason=""
        ),
    )
    assert kinds(results) in ([], ["Conflict"])
    assert Disposition.objects.filter(current=True).count() == 3


def test_change_a_decision_while_the_round_is_settled():
    world, response = make.make_submitted()
    make.close(world)
    make.decide_all(world)
    point = response.points.get()
    results = together(
        lambda: dispositions.decide_point(point_id=point.pk, by=world.leader, decision="not", reason="Nej.", number=1),
        lambda: rounds.settle_round(round_id=world.round.pk, by=world.leader),
    )
    settled_at = world.fresh().settled_at
    assert kinds(results) in ([], ["WrongState"])
    assert all(row.decided_at <= settled_at for row in Disposition.objects.filter(point=point))


def test_invite_twice():
    world = make.make_round()
    second = make_municipality("98", 2)
    invite = lambda: invitations.invite_actors(  # noqa: E731
        round_id=world.round.pk, actor_ids=[second.pk], by=fresh(world.leader)
    )
    assert kinds(together(invite, invite)) == []
    assert Invitation.objects.filter(round=world.round, actor=second).count() == 1


def test_remove_an_invitation_while_the_round_opens():
    world = make.make_round()
    make.other_consultee(world)
    row = Invitation.objects.exclude(actor=world.municipality).get()
    results = together(
        lambda: invitations.remove_invitation(invitation_id=row.pk, by=world.leader),
        lambda: rounds.open_round(round_id=world.round.pk, by=world.leader),
    )
    assert kinds(results) in ([], ["WrongState"])
    assert Invitation.objects.count() == (2 if kinds(results) else 1)


def test_follow_the_clock_in_two_workers():
    world = make.make_round(opens_at=clock.now() + timedelta(minutes=5))
    rounds.schedule_opening(round_id=world.round.pk, by=world.leader)
    type(world.round).objects.filter(pk=world.round.pk).update(opens_at=clock.now() - timedelta(seconds=1))
    results = together(rounds.follow_the_clock, rounds.follow_the_clock)
    assert sorted(result["opened"] for result in results) == [0, 1]
    assert not Notification.objects.filter(kind="round_not_opened").exists()
    assert OutgoingMail.objects.filter(key__startswith="invitation:").count() == 1
    type(world.round).objects.filter(pk=world.round.pk).update(closes_at=clock.now())
    together(rounds.follow_the_clock, rounds.follow_the_clock)
    assert AuditEvent.objects.filter(verb="close_round").count() == 1
    assert Notification.objects.filter(kind="round_closed").count() == 1


def test_remove_and_edit_a_point_at_once():
    world, response = make.make_draft()
    point = response.points.get()
    results = together(
        lambda: responses.remove_point(point_id=point.pk, by=world.editor),
        lambda: responses.edit_point(
            point_id=point.pk, by=world.signatory, revision=0, text="Ny", kind="remark", suggested_wording=""
        ),
    )
    assert kinds(results) in ([], ["NotFound"])
    assert not Point.objects.filter(pk=point.pk).exists()


def test_arrival_counts_though_one_waits_in_the_queue():
    """Handed in before the hour, processed after it: in time."""
    world, response = make.make_draft(accepts_late=False)
    type(world.round).objects.filter(pk=world.round.pk).update(closes_at=clock.now() + timedelta(seconds=1.5))

    def somebody_else_holds_the_round():
        with transaction.atomic():
            list(type(world.round).objects.select_for_update().filter(pk=world.round.pk))
            while clock.now() <= world.fresh().closes_at:
                pass

    def hand_in():
        while clock.now() < world.fresh().closes_at - timedelta(seconds=0.5):
            pass
        return make.submit(world, response)

    results = together(somebody_else_holds_the_round, hand_in)
    assert kinds(results) == []
    response.refresh_from_db()
    assert (response.state, response.late) == ("submitted", False)
