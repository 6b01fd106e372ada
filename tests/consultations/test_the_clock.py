"""The hour holds though no task runs; when the worker is back everything that was due is done, once."""

import io
from datetime import timedelta

import pytest

from actors.models import Actor, AuditEvent, Notification, OutgoingMail
from consultations.domain import attachments, extensions, reminders, responses, rounds, signoff
from consultations.models import Response
from consultations.tasks import follow_the_clock, remind
from rus_platform.kit import clock
from rus_platform.kit.errors import WrongState
from tests.consultations.test_own_pages import pdf, signed_in, url
from tests.factories import consultations as make
from tests.factories.actors import make_municipality
from tests.factories.threads import together

pytestmark = pytest.mark.django_db
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def due_letters():
    return sorted(OutgoingMail.objects.filter(key__startswith="reminder:").values_list("to", flat=True))


def writing(world, response):
    """Every way to change or hand in a draft, by name."""
    point, pk, by = response.points.first(), response.pk, world.editor
    revision = Response.objects.get(pk=pk).revision
    return {
        "summary": lambda: responses.save_summary(
            response_id=pk, by=by, revision=revision, summary="Sent", kind="answer", own_case_number=""
        ),
        "position": lambda: responses.set_position(
            response_id=pk, section_id=world.subgoal.pk, by=by, stance="supports", reason="", revision=0
        ),
        "answer": lambda: responses.save_answer(
            response_id=pk, question_id=world.questions[0].pk, by=by, value="Sent", revision=1
        ),
        "add": lambda: responses.add_point(response_id=pk, by=by, text="Sent"),
        "edit": lambda: responses.edit_point(
            point_id=point.pk, by=by, revision=point.revision, text="Sent", kind="remark", suggested_wording=""
        ),
        "remove": lambda: responses.remove_point(point_id=point.pk, by=by),
        "attach": lambda: attachments.add_attachment(
            response_id=pk, by=by, file=io.BytesIO(pdf()), name="a.pdf", size=10
        ),
        "ready": lambda: signoff.mark_ready(response_id=pk, by=by),
        "submit": lambda: responses.submit_response(response_id=pk, by=world.signatory),
    }


@pytest.mark.parametrize("way", ["summary", "position", "answer", "add", "edit", "remove", "attach", "ready", "submit"])
@pytest.mark.parametrize("worker_is_down", [True, False])
def test_nothing_is_accepted_after_the_hour(way, worker_is_down):
    world, response = make.make_draft(accepts_late=False)
    deed = writing(world, response)[way]
    with clock.travel(world.round.closes_at + SECOND):
        if not worker_is_down:
            follow_the_clock()
        with pytest.raises(WrongState):
            deed()
    assert Response.objects.get(pk=response.pk).submitted_at is None
    assert not response.points.filter(text="Sent").exists() and response.points.count() == 1


@pytest.mark.parametrize("way", ["summary", "position", "answer", "add", "edit", "attach", "ready", "submit"])
def test_everything_is_accepted_at_the_very_hour(way):
    """The same deeds go well: the refusals above are about the hour."""
    world, response = make.make_draft(accepts_late=False)
    deed = writing(world, response)[way]
    with clock.travel(world.round.closes_at):
        deed()


def test_no_new_answer_is_begun_after_the_hour_though_the_worker_is_down():
    world = make.make_open_round(accepts_late=False)
    with clock.travel(world.round.closes_at + SECOND), pytest.raises(WrongState):
        make.start(world)


def test_whoever_types_over_the_hour_keeps_the_words_and_is_offered_more_time():
    world, response = make.make_draft(accepts_late=False)
    client = signed_in(world.editor)
    sent = {"piece": f"answer-{world.questions[0].pk}", "revision": 1, "base": "{}", "value": "I sista stund"}
    with clock.travel(world.round.closes_at + SECOND):
        saved = client.post(url("save_piece", response.pk), sent)
        page = client.post(url("answers", response.pk), {f"q{world.questions[0].pk}": "I sista stund"})
    assert (saved.status_code, "stängt" in saved.json()["message"]) == (409, True)
    assert page.status_code == 409
    assert "I sista stund" in page.content.decode() and "anstand" in page.content.decode()


def test_a_worker_away_over_reminders_extension_and_closing_does_each_thing_once():
    world, response = make.make_draft(accepts_late=False)
    Actor.objects.filter(pk=make_municipality("98", 2).pk).update(email="kommun2@sago98.example")
    other, person = make.other_consultee(world)
    theirs = responses.start_response(round_id=world.round.pk, actor_id=other.pk, by=person)
    closes = world.round.closes_at
    until = closes + 20 * DAY
    extensions.grant_extension(round_id=world.round.pk, actor_ids=[world.municipality.pk], until=until, by=world.leader)
    with clock.travel(until - 2 * DAY):  # away since before the first reminder
        for _tick in range(3):
            follow_the_clock()
            remind()
        assert (world.fresh().state, world.fresh().closed_at) == ("closed", closes)
        assert due_letters() == [world.municipality.email]  # who still has time, once; not who is too late
        assert Response.objects.get(pk=theirs.pk).state == "unsent"
        assert Response.objects.get(pk=response.pk).state == "drafting"
    with clock.travel(until + SECOND):
        for _tick in range(3):
            follow_the_clock()
            remind()
    assert Response.objects.get(pk=response.pk).state == "unsent"
    assert due_letters() == [world.municipality.email]
    assert AuditEvent.objects.filter(verb="close_round").count() == 1
    assert Notification.objects.filter(kind="round_closed", user=world.leader).count() == 1


def test_a_round_whose_whole_time_was_missed_is_not_opened_and_that_is_said_once():
    world = make.make_round(opens_at=clock.now() + DAY, closes_at=clock.now() + 9 * DAY)
    rounds.schedule_opening(round_id=world.round.pk, by=world.leader)
    with clock.travel(clock.now() + 10 * DAY):
        for _tick in range(3):
            assert follow_the_clock() == {"opened": 0, "closed": 0}
    assert world.fresh().state == "preparing"
    assert Notification.objects.filter(kind="round_not_opened", user=world.leader).count() == 1
    assert not OutgoingMail.objects.filter(key__startswith="invitation:").exists()


def test_missed_ticks_over_the_opening_invite_once_and_remind_of_what_is_left():
    world = make.make_round(opens_at=clock.now() + DAY)
    rounds.schedule_opening(round_id=world.round.pk, by=world.leader)
    closes = world.fresh().closes_at
    with clock.travel(closes - 2 * DAY):  # opened four weeks late, after the days of both reminders
        for _tick in range(3):
            follow_the_clock()
            remind()
    assert world.fresh().state == "open"
    assert OutgoingMail.objects.filter(key__startswith="invitation:").count() == 1
    assert due_letters() == []  # the invitation has just said it


@pytest.mark.django_db(transaction=True)
def test_two_workers_come_back_at_once():
    world, response = make.make_draft(accepts_late=False)
    soon, after = world.round.closes_at - 2 * DAY, world.round.closes_at + SECOND
    reminded = together(*[lambda: in_time(soon, reminders.send_due_reminders)] * 2)
    closed = together(*[lambda: in_time(after, rounds.follow_the_clock)] * 2)
    assert not [result for result in reminded + closed if isinstance(result, Exception)]
    assert due_letters() == [world.municipality.email]
    assert AuditEvent.objects.filter(verb="close_round").count() == 1
    assert Response.objects.get(pk=response.pk).state == "unsent"


def in_time(now, call):
    """The call, at that time: each thread has a clock of its own."""
    with clock.travel(now):
        return call()


@pytest.mark.django_db(transaction=True)
def test_handed_in_as_the_hour_strikes_and_two_workers_close():
    world, response = make.make_draft(accepts_late=False)
    hour = world.round.closes_at
    results = together(
        lambda: in_time(hour, lambda: make.submit(world, response)),
        *[lambda: in_time(hour, rounds.follow_the_clock)] * 2,
    )
    assert not [result for result in results if isinstance(result, Exception)]
    response.refresh_from_db()
    assert (response.state, response.late, world.fresh().state) == ("submitted", False, "closed")
    assert AuditEvent.objects.filter(verb="close_round").count() == 1
