"""Dialogue meetings: planned, invited to, held, and what was said there decided like everything else."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from actors.domain.mail import send_waiting
from actors.models import AuditEvent, OutgoingMail, Role
from consultations.domain import dispositions, meeting_input, meetings, rounds, settling
from consultations.domain.calendar import calendar_of
from consultations.models import Disposition, MeetingGuest, Point, Response
from consultations.queries import points as point_queries
from consultations.queries.public_round import events_of
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from strategies.domain.register import add_to_register
from tests.factories import consultations as make
from tests.factories.actors import make_organisation, make_person
from tests.factories.threads import together

pytestmark = pytest.mark.django_db


def facts(**changes):
    start = clock.now() + timedelta(days=2)
    return {
        "title": "Dialogmöte i Björkvik", "host": "own", "host_name": "", "place": "Folkets hus", "link": "",
        "starts_at": start, "ends_at": start + timedelta(hours=2), "about": "Resor; buss, tåg", **changes,
    }  # fmt: skip


def plan(world, **changes):
    return meetings.plan_meeting(round_id=world.round.pk, by=world.leader, **facts(**changes))


def held(world, **changes):
    start = clock.now() - timedelta(hours=3)
    meeting = plan(world, starts_at=start, ends_at=start + timedelta(hours=2), **changes)
    return meetings.hold_meeting(meeting_id=meeting.pk, by=world.leader)


def say(world, meeting, text="Bussen går för sällan", **more):
    return meeting_input.add_input(meeting_id=meeting.pk, by=world.leader, text=text, **more)


@pytest.fixture
def world():
    return make.make_open_round()


# --- planning -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": " \x00"}, {"title"}),
        ({"title": "x" * 121, "place": "x" * 201, "about": "x" * 50_001}, {"title", "place", "about"}),
        ({"host": "king"}, {"host"}),
        ({"host": "other"}, {"host_name"}),
        ({"link": "javascript:alert(1)"}, {"link"}),
        ({"link": "https://"}, {"link"}),
        ({"starts_at": None}, {"starts_at"}),
        ({"ends_at": clock.now() - timedelta(days=1)}, {"ends_at"}),
    ],
)
def test_plan_meeting_says_what_is_wrong(world, changes, fields):
    with pytest.raises(Invalid) as refusal:
        plan(world, **changes)
    assert set(refusal.value.fields) == fields


@pytest.mark.parametrize("who", ["consultee", "reader", "outsider"])
def test_meetings_are_the_officers_work(world, who):
    person = {
        "consultee": world.editor, "reader": make_person(world.region, Role.READER), "outsider": make_person(),
    }[who]  # fmt: skip
    meeting = held(world)
    attempts = [
        lambda: meetings.plan_meeting(round_id=world.round.pk, by=person, **facts()),
        lambda: meetings.publish_meeting(meeting_id=meeting.pk, by=person, public=True),
        lambda: meetings.save_minutes(meeting_id=meeting.pk, by=person, revision=0, minutes="x"),
        lambda: meetings.note_attendance(meeting_id=meeting.pk, by=person, people=3, name="Byalaget"),
        lambda: meeting_input.add_input(meeting_id=meeting.pk, by=person, text="x"),
        lambda: meeting_input.hand_over_input(meeting_id=meeting.pk, by=person),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("consultations:meeting", args=[meeting.pk])).status_code == 404
    assert client.get(reverse("consultations:meetings", args=[world.round.pk])).status_code == 403


def test_invited_by_letter_with_a_calendar_file_once(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    meeting = plan(world)
    guests = meetings.invite_to_meeting(meeting_id=meeting.pk, actor_ids=[world.municipality.pk], by=world.leader)
    assert [guest.actor for guest in guests] == [world.municipality]
    assert meetings.invite_to_meeting(meeting_id=meeting.pk, actor_ids=[world.municipality.pk], by=world.leader) == []
    send_waiting()
    letter = next(sent for sent in outbox.outbox if "Björkvik" in sent.subject)
    name, content, mime = letter.attachments[0]
    assert (name, mime) == ("mote.ics", "text/calendar; method=PUBLISH")
    assert f"UID:{meeting.uid}@rus" in content
    with pytest.raises(Invalid):
        meetings.invite_to_meeting(meeting_id=meeting.pk, actor_ids=[make_organisation().pk], by=world.leader)
    with pytest.raises(Invalid):
        meetings.invite_to_meeting(meeting_id=meeting.pk, actor_ids=[], by=world.leader)


def test_another_time_or_place_is_written_to_those_invited_and_nothing_else_is(world):
    meeting = plan(world)
    meetings.invite_to_meeting(meeting_id=meeting.pk, actor_ids=[world.municipality.pk], by=world.leader)
    same = {name: getattr(meeting, name) for name in facts()}
    meeting = meetings.change_meeting(
        meeting_id=meeting.pk, by=world.leader, revision=0, **{**same, "about": "Bara resor"}
    )
    assert OutgoingMail.objects.filter(key__startswith="meeting:").count() == 1
    meeting = meetings.change_meeting(
        meeting_id=meeting.pk, by=world.leader, revision=1, **{**same, "place": "Biblioteket"}
    )
    assert (meeting.sequence, OutgoingMail.objects.filter(key__startswith="meeting:").count()) == (1, 2)
    with pytest.raises(Conflict):
        meetings.change_meeting(meeting_id=meeting.pk, by=world.leader, revision=0, **{**same, "place": "Kyrkan"})
    meetings.cancel_meeting(meeting_id=meeting.pk, by=world.leader)
    letter = OutgoingMail.objects.filter(key__startswith="meeting:").latest("pk")
    assert "ställt in" in letter.text
    assert "METHOD:CANCEL" in letter.attachments[0]["text"]
    with pytest.raises(WrongState):
        meetings.hold_meeting(meeting_id=meeting.pk, by=world.leader)


def test_the_calendar_file_is_as_rfc_5545_wants_it(world):
    meeting = plan(world, title="Möte; om, allt\\annat " + "å" * 90, about="Rad 1\r\nRad 2\x07" + "ö" * 200)
    text = calendar_of(meeting)
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:Möte\\; om\\, allt\\\\annat " in unfolded
    assert "DESCRIPTION:Rad 1\\nRad 2ö" in unfolded
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 1
    assert f"DTSTART:{meeting.starts_at:%Y%m%dT%H%M}" in unfolded


def test_nothing_is_held_before_it_begins(world):
    meeting = plan(world)
    with pytest.raises(WrongState):
        meetings.hold_meeting(meeting_id=meeting.pk, by=world.leader)
    with pytest.raises(WrongState):
        say(world, meeting)
    with pytest.raises(WrongState):
        meetings.note_attendance(meeting_id=meeting.pk, by=world.leader, people=3, name="Byalaget")


# --- what was said ----------------------------------------------------------------------------------
def test_what_is_said_becomes_points_that_get_a_decision(world):
    meeting = held(world)
    first = say(world, meeting, section_id=world.goal.pk, said_by_id=world.municipality.pk)
    second = say(world, meeting, "Mer cykel", kind="change")
    assert (first.said_by, second.said_by) == (world.municipality, None)
    assert point_queries.counts(world.round)["total"] == 0
    meetings_after = meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    assert meetings_after.state == "handed_over"
    response = Response.objects.get(stream="meeting")
    assert (response.state, response.number, response.late, response.channel) == ("submitted", 1, False, "meeting")
    assert response.actor.name.startswith("Dialogmöte: Dialogmöte i Björkvik")
    assert point_queries.counts(world.round)["total"] == 2
    assert settling.undecided_points(world.round).count() == 2
    dispositions.decide_point(point_id=first.pk, by=world.leader, decision="accommodated", reason="")
    assert Disposition.objects.get().point == first
    with pytest.raises(WrongState):
        say(world, meeting, "Mer")
    # and the municipality's own answer is still to come
    draft = make.start(world)
    make.write(world, draft)
    assert make.submit(world, draft).number == 1


def test_removed_before_it_is_handed_on(world):
    meeting = held(world)
    point = say(world, meeting)
    meeting_input.remove_input(meeting_id=meeting.pk, point_id=point.pk, by=world.leader)
    with pytest.raises(NotFound):
        meeting_input.remove_input(meeting_id=meeting.pk, point_id=point.pk, by=world.leader)
    with pytest.raises(Invalid):
        meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    with pytest.raises(NotFound):
        say(world, meeting, said_by_id=make_organisation().pk)


def test_somebody_elses_arena_after_the_closing(world):
    make.close(world)
    meeting = held(world, host="other", host_name="Näringslivsrådet")
    say(world, meeting)
    meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    assert Response.objects.get(stream="meeting").late is False


def test_settling_waits_for_what_was_said(world):
    meeting = held(world)
    say(world, meeting)
    make.close(world)
    with pytest.raises(WrongState, match="Björkvik"):
        rounds.settle_round(round_id=world.round.pk, by=world.leader)
    meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    with pytest.raises(WrongState):
        rounds.settle_round(round_id=world.round.pk, by=world.leader)
    make.settle(world)
    with pytest.raises(WrongState):
        plan(world)
    assert not OutgoingMail.objects.filter(key__startswith="settled:").exists()


def test_who_came(world):
    meeting = held(world)
    byalaget = add_to_register(
        strategy_id=world.strategy.pk, by=world.leader, kind="civil_society", name="Byalaget"
    ).actor
    first = meetings.note_attendance(meeting_id=meeting.pk, by=world.leader, people=4, actor_id=byalaget.pk)
    again = meetings.note_attendance(meeting_id=meeting.pk, by=world.leader, people=5, guest_id=first.pk)
    named = meetings.note_attendance(meeting_id=meeting.pk, by=world.leader, people=2, name=" Läsecirkeln ")
    assert (again.pk, again.people, str(named)) == (first.pk, 5, "Läsecirkeln")
    for people in (-1, 10_001):
        with pytest.raises(Invalid):
            meetings.note_attendance(meeting_id=meeting.pk, by=world.leader, people=people, guest_id=first.pk)
    assert MeetingGuest.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_handed_over_by_two_at_once():
    world = make.make_open_round()
    meeting = held(world)
    say(world, meeting)
    officers = [make_person(world.region, Role.EDITOR) for _n in range(2)]
    results = together(*[lambda by=by: meeting_input.hand_over_input(meeting_id=meeting.pk, by=by) for by in officers])
    assert sorted(type(result).__name__ for result in results) == ["DialogueMeeting", "WrongState"]
    assert Response.objects.filter(stream="meeting", state="submitted").count() == 1


# --- who sees it --------------------------------------------------------------------------------------
@pytest.mark.parametrize("public", [False, True])
def test_shown_to_everyone_when_the_region_says_so(world, public):
    meeting = held(world)
    meetings.save_minutes(meeting_id=meeting.pk, by=world.leader, revision=0, minutes="Trettio kom.")
    say(world, meeting)
    meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    for _turn in range(2):
        meetings.publish_meeting(meeting_id=meeting.pk, by=world.leader, public=public)
    make.close(world)
    client = Client()
    page = client.get(reverse("consultations:round", args=[world.round.pk])).content.decode()
    response = Response.objects.get(stream="meeting")
    assert ("Trettio kom." in page) is public
    assert (reverse("consultations:response", args=[response.pk]) in page) is public
    assert client.get(reverse("consultations:response", args=[response.pk])).status_code == (200 if public else 404)
    assert client.get(reverse("consultations:calendar", args=[meeting.pk])).status_code == (200 if public else 404)
    assert client.get(reverse("consultations:meeting", args=[meeting.pk])).status_code in (302, 404)
    assert AuditEvent.objects.filter(verb="publish_meeting").count() == int(public)
    told = [event.title for event in events_of([world.fresh()])]
    assert ("Dialogmöte: Dialogmöte i Björkvik" in told) is public


def test_the_pages_walk_from_plan_to_points(world):
    client = Client()
    client.force_login(world.leader, backend="django.contrib.auth.backends.ModelBackend")
    new = reverse("consultations:new_meeting", args=[world.round.pk])
    assert client.post(new, {"title": "<script>", "host": "other"}).status_code == 422
    began = (clock.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    sent = {"title": "Möte <b>x</b>", "host": "own", "starts_at": began, "place": "Torget"}
    client.post(new, sent)
    meeting = world.round.meetings.get()
    page = reverse("consultations:meeting", args=[meeting.pk])
    deed = reverse("consultations:meeting_deed", args=[meeting.pk])
    assert "Möte &lt;b&gt;x&lt;/b&gt;" in client.get(page).content.decode()
    assert client.post(deed, {"do": "explode"}).status_code == 422
    client.post(deed, {"do": "hold"})
    assert client.post(page, {"text": "", "kind": "remark"}).status_code == 422
    assert client.post(page, {"people": "-3", "name": "x"}).status_code == 422
    client.post(page, {"people": "12", "name": "Byalaget"})
    client.post(page, {"minutes": "Alla var eniga.", "revision": "0"})
    assert client.post(page, {"minutes": "Nej.", "revision": "0"}).status_code == 422  # somebody else was first
    client.post(page, {"text": "Fler bänkar", "kind": "change", "section_id": world.goal.pk})
    guest = meeting.guests.get()
    client.post(reverse("consultations:attendance", args=[meeting.pk]), {f"g{guest.pk}": "14"})
    client.post(deed, {"do": "hand_over"})
    guest.refresh_from_db()
    point = Point.objects.get()
    assert (guest.people, point.text, point.section) == (14, "Fler bänkar", world.goal)
    assert "Fler bänkar" in client.get(reverse("consultations:points", args=[world.round.pk])).content.decode()
    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.state) == ("Alla var eniga.", "handed_over")


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_a_constant_number_of_questions(world, rows, django_assert_num_queries):
    for n in range(rows):
        meeting = held(world, title=f"Möte {n}")
        say(world, meeting)
        meetings.note_attendance(meeting_id=meeting.pk, by=world.leader, people=n, name="Byalaget")
    client = Client()
    client.force_login(world.leader, backend="django.contrib.auth.backends.ModelBackend")
    with django_assert_num_queries(6):
        client.get(reverse("consultations:meetings", args=[world.round.pk]))
