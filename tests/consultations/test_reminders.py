"""Reminders: by the schedule and by hand, to those missing only, each once, also when the worker was away."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import AuditEvent, Notification, OutgoingMail, Role
from actors.queries.roles import fresh
from consultations.domain import bounced, extensions, invitations, reminders, responses, rounds
from consultations.models import Invitation
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from tests.factories import consultations as make
from tests.factories.actors import make_municipality, make_person
from tests.factories.threads import together

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def sent():
    return OutgoingMail.objects.filter(key__startswith="reminder:")


def before_closing(world, days, **more):
    return clock.travel(world.fresh().closes_at - days * DAY + timedelta(**more))


def test_schedule_reminds_twice_and_once_each():
    world = make.make_open_round()
    for days, hours, expected in [(15, 0, 0), (14, 1, 1), (13, 0, 1), (3, -1, 1), (3, 0, 2), (2, 0, 2), (0, 1, 2)]:
        with before_closing(world, days, hours=hours):
            reminders.send_due_reminders()
            reminders.send_due_reminders()
            assert sent().count() == expected, (days, hours)
    letter = sent().first()
    assert letter.to == world.municipality.email
    assert "/inbjudan/" in letter.text and "begära anstånd" in letter.text
    assert Notification.objects.filter(user=world.editor, kind="reminder").count() == 2


def test_after_an_absence_each_gets_one_letter():
    world = make.make_open_round()
    with before_closing(world, 2):  # the worker was away for both
        assert reminders.send_due_reminders() == 1
        assert reminders.send_due_reminders() == 0
    assert sent().count() == 1


def test_a_worker_that_was_away_past_the_closing_reminds_nobody():
    world = make.make_open_round(accepts_late=False)
    with before_closing(world, -1):
        assert reminders.send_due_reminders() == 0
    assert not Invitation.objects.filter(next_reminder_at__isnull=False).exists()


def test_only_those_missing_are_reminded():
    world, response = make.make_draft()
    _actor, _person = make.other_consultee(world)
    make.submit(world, response)
    with before_closing(world, 14):
        assert reminders.send_due_reminders() == 1
    assert set(Invitation.objects.filter(reminded_at__isnull=False)) == {
        world.round.invitations.exclude(actor=world.municipality).get()
    }


@pytest.mark.parametrize("kind", ["no_objection", "declines"])
def test_no_objection_and_declines_are_answers(kind):
    world = make.make_open_round()
    response = make.start(world)
    responses.save_summary(
        response_id=response.pk, by=world.editor, revision=0, summary="", kind=kind, own_case_number=""
    )
    make.submit(world, response)
    with before_closing(world, 14):
        assert reminders.send_due_reminders() == 0


def test_a_time_of_their_own_moves_their_reminders():
    world = make.make_open_round()
    closes = world.fresh().closes_at
    extensions.grant_extension(
        round_id=world.round.pk, actor_ids=[world.municipality.pk], until=closes + 20 * DAY, by=world.leader
    )
    with clock.travel(closes - 3 * DAY):
        assert reminders.send_due_reminders() == 0
    with clock.travel(closes + 6 * DAY + HOUR):
        rounds.follow_the_clock()
        assert reminders.send_due_reminders() == 1
    with clock.travel(closes + 17 * DAY + HOUR):
        assert reminders.send_due_reminders() == 1


def test_a_short_round_skips_what_has_been():
    world = make.make_open_round(closes_at=clock.now() + 10 * DAY)
    with clock.travel(clock.now() + HOUR):
        assert reminders.send_due_reminders() == 0
    with before_closing(world, 3):
        assert reminders.send_due_reminders() == 1


def test_the_schedule_may_be_changed_while_the_round_is_open():
    world = make.make_open_round()
    with pytest.raises(Forbidden):
        reminders.schedule_reminders(round_id=world.round.pk, days=[1], by=world.editor)
    for wrong in ([0], [181], [1, 2, 3, 4, 5, 6]):
        with pytest.raises(Invalid) as caught:
            reminders.schedule_reminders(round_id=world.round.pk, days=wrong, by=world.leader)
        assert set(caught.value.fields) == {"remind_days"}
    reminders.schedule_reminders(round_id=world.round.pk, days=[1, 1], by=world.leader)
    assert world.fresh().remind_days == [1]
    with before_closing(world, 3):
        assert reminders.send_due_reminders() == 0
    with before_closing(world, 1):
        assert reminders.send_due_reminders() == 1
    make.close(world)
    with pytest.raises(WrongState):
        reminders.schedule_reminders(round_id=world.round.pk, days=[1], by=world.leader)


def test_by_hand_once_an_hour():
    world = make.make_open_round()
    with pytest.raises(Forbidden):
        reminders.remind_missing(round_id=world.round.pk, by=world.editor)
    assert len(reminders.remind_missing(round_id=world.round.pk, by=make_person(world.region, Role.EDITOR))) == 1
    with pytest.raises(Invalid, match="senaste timmen"):
        reminders.remind_missing(round_id=world.round.pk, by=world.leader)
    with clock.travel(clock.now() + 2 * HOUR):
        assert len(reminders.remind_missing(round_id=world.round.pk, by=world.leader)) == 1
    with before_closing(world, -1), pytest.raises(WrongState):
        reminders.remind_missing(round_id=world.round.pk, by=world.leader)


def test_an_address_that_bounced_gets_no_reminder_until_it_is_corrected(client):
    world = make.make_open_round()
    other, _person = make.other_consultee(world)
    world.round.invitations.filter(actor=other).update(email="nabbad@sago.example")
    row = world.round.invitations.get(actor=world.municipality)
    bounced.mark_bounced(invitation_id=row.pk, why="Okänd låda", by=world.leader)
    client.force_login(world.leader)
    page = reverse("consultations:remind", args=[world.round.pk])
    shown = client.get(page).content.decode()
    assert shown.count("Skickas inte: adressen studsade") == 1
    assert reverse("consultations:address", args=[row.pk]) in shown
    answer = client.post(page, follow=True).content.decode()
    assert "1 påminnelse skickades inte: adressen studsade." in answer
    assert [letter.to for letter in sent()] == ["nabbad@sago.example"]
    event = AuditEvent.objects.get(verb="skip_bounced")
    assert event.data["count"] == 1
    with before_closing(world, 14):
        assert reminders.send_due_reminders() == 1
    assert AuditEvent.objects.filter(verb="skip_bounced").count() == 2
    with before_closing(world, 12), pytest.raises(Invalid, match="studsade"):
        reminders.remind_missing(round_id=world.round.pk, by=world.leader, invitation_ids=[row.pk])
    invitations.set_address(invitation_id=row.pk, email="ratt@kommun.example", by=world.leader)
    with clock.travel(clock.now() + 2 * HOUR):
        assert len(reminders.remind_missing(round_id=world.round.pk, by=world.leader, invitation_ids=[row.pk])) == 1


def test_the_link_of_the_invitation_goes_on_working_beside_that_of_the_reminder():
    world = make.make_open_round()
    first = make.token_of(world)
    reminders.remind_missing(round_id=world.round.pk, by=world.leader)
    second = sent().get().text.split("/inbjudan/")[1].split("/")[0]
    assert first != second
    for token in (first, second):
        _user, invitation = invitations.accept_invitation(token=token, name="Karin")
        assert invitation.actor == world.municipality
    invitations.send_again(invitation_id=invitation.pk, by=world.leader)
    for token in (first, second):
        with pytest.raises(WrongState):
            invitations.accept_invitation(token=token, name="Karin")


def test_reminding_3_and_30_takes_the_same_queries():
    counted = []
    for code, number in (("98", 3), ("96", 30)):
        world = make.make_open_round(code, municipalities=number)
        actors = [make_municipality(code, n).pk for n in range(1, number + 1)]
        invitations.invite_actors(round_id=world.round.pk, actor_ids=actors, by=world.leader)
        world.round.invitations.update(email="a@sago.example")
        with CaptureQueriesContext(connection) as seen:
            assert len(reminders.remind_missing(round_id=world.round.pk, by=fresh(world.leader))) == number
        counted.append(len(seen))
    assert counted[0] == counted[1]


@pytest.mark.django_db(transaction=True)
def test_remind_twice_at_once():
    world = make.make_open_round()
    results = together(*[lambda: reminders.remind_missing(round_id=world.round.pk, by=fresh(world.leader))] * 2)
    assert [type(result).__name__ for result in results if isinstance(result, Exception)] == ["Invalid"]
    assert sent().count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_hand_at_once():
    world = make.make_open_round()
    world.round.invitations.update(next_reminder_at=clock.now())
    together(
        reminders.send_due_reminders,
        reminders.send_due_reminders,
        lambda: reminders.remind_missing(round_id=world.round.pk, by=fresh(world.leader)),
    )
    assert sent().count() == 1
