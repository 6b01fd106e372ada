"""Dialogue meetings: planned, invited to, held, and what was said there decided like everything else."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from actors.domain.mail import send_waiting
from actors.models import AuditEvent, Notification, OutgoingMail, Role
from consultations.domain import dispositions, meeting_answers, meeting_input, meetings, rounds, settling
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


# --- do they come? -----------------------------------------------------------------------------------
def invited(world, **changes):
    meeting = plan(world, **changes)
    [guest] = meetings.invite_to_meeting(meeting_id=meeting.pk, actor_ids=[world.municipality.pk], by=world.leader)
    return meeting, guest


def link_in_letter(kind="/mote/"):
    letter = OutgoingMail.objects.filter(key__startswith="meeting:").latest("pk")
    return kind + letter.text.split(kind)[1].split()[0]


def test_a_guest_answers_by_the_link_in_the_letter_and_opening_it_answers_nothing(world):
    meeting, guest = invited(world)
    scanner, address = Client(), link_in_letter()
    for _time in range(3):
        assert scanner.get(address).status_code == 200
        assert scanner.head(address).status_code == 200
    guest.refresh_from_db()
    assert (guest.answer, guest.answered_at) == ("", None)
    guest_client = Client()
    answer = guest_client.post(address, {"answer": "yes", "people": "3", "who": "Anna, Bo och Cia"}, follow=True)
    assert "Ni har svarat att 3 kommer" in answer.content.decode()
    guest.refresh_from_db()
    assert (guest.answer, guest.coming, guest.who, guest.answered_by) == ("yes", 3, "Anna, Bo och Cia", None)
    guest_client.post(address, {"answer": "no", "people": "3", "who": "Anna"})
    guest.refresh_from_db()
    assert (guest.answer, guest.coming, guest.who) == ("no", None, "")
    assert AuditEvent.objects.filter(verb="answer_meeting", by=None, actor=world.municipality).count() == 2


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "answer"),
        ({"answer": "maybe"}, "answer"),
        ({"answer": "yes"}, "people"),
        ({"answer": "yes", "people": "0"}, "people"),
    ],
)
def test_an_answer_that_makes_no_sense(world, data, field):
    _meeting, guest = invited(world)
    answer = Client().post(link_in_letter(), data)
    assert answer.status_code == 422
    assert f'name="{field}"' in answer.content.decode()
    guest.refresh_from_db()
    assert guest.answer == ""


def test_a_link_that_is_made_up_or_of_another_guest_opens_nothing(world):
    other, _person = make.other_consultee(world)
    _meeting, guest = invited(world)
    token = link_in_letter().split("/")[2]
    assert Client().get(reverse("consultations:answer_meeting_by_link", args=[token[:-2] + "xx"])).status_code == 404
    meeting = plan(world)
    [another] = meetings.invite_to_meeting(meeting_id=meeting.pk, actor_ids=[other.pk], by=world.leader)
    with pytest.raises(Forbidden):
        meeting_answers.answer_meeting(guest_id=another.pk, answer="no", people=None, who="", by=None, token=token)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("editor", True),
        ("signatory", True),
        ("reader", False),
        ("other", False),
        ("leader", False),
        ("outsider", False),
    ],
)
def test_who_answers_with_an_account(world, who, may):
    meeting, guest = invited(world)
    person = {
        "editor": lambda: world.editor, "signatory": lambda: world.signatory, "leader": lambda: world.leader,
        "reader": lambda: make_person(world.municipality, Role.READER), "other": lambda: make.other_consultee(world)[1],
        "outsider": make_person,
    }[who]()  # fmt: skip
    client, address = Client(), reverse("consultations:answer_meeting", args=[meeting.pk])
    client.force_login(person)
    assert client.get(address).status_code == (200 if may else 404)
    assert client.post(address, {"answer": "yes", "people": "2"}).status_code == (302 if may else 404)
    guest.refresh_from_db()
    assert (guest.answer, guest.answered_by) == (("yes", person) if may else ("", None))
    if not may:
        with pytest.raises(Forbidden):
            meeting_answers.answer_meeting(guest_id=guest.pk, answer="no", people=None, who="", by=person)


def test_those_who_write_for_a_guest_get_a_notice(world):
    meeting, _guest = invited(world)
    rows = Notification.objects.filter(kind="meeting", url=f"/moten/{meeting.pk}/inbjudan/")
    assert set(rows.values_list("user", flat=True)) == {world.editor.pk, world.signatory.pk}


def test_no_answer_once_it_has_begun_or_is_called_off(world):
    meeting, guest = invited(world)
    address = link_in_letter()
    with clock.travel(meeting.starts_at + timedelta(minutes=1)):
        assert "går inte att svara längre" in Client().get(address).content.decode()
        assert Client().post(address, {"answer": "no"}).status_code == 409
    meetings.cancel_meeting(meeting_id=meeting.pk, by=world.leader)
    assert "Mötet är inställt" in Client().get(address).content.decode()
    assert Client().post(address, {"answer": "no"}).status_code == 409


def test_the_region_sees_who_comes_and_nobody_else_does(world):
    meeting, _guest = invited(world)
    Client().post(link_in_letter(), {"answer": "yes", "people": "3", "who": "Anna Hemlig"})
    meetings.publish_meeting(meeting_id=meeting.pk, by=world.leader, public=True)
    officer = Client()
    officer.force_login(world.leader)
    page = officer.get(reverse("consultations:meeting", args=[meeting.pk])).content.decode()
    assert "Anna Hemlig" in page
    assert "3 anmälda från 1 organisationer" in page
    everyone = Client().get(reverse("consultations:public_round", args=[world.round.pk])).content.decode()
    assert "Anna Hemlig" not in everyone
    same = {name: getattr(meeting, name) for name in facts()}
    meeting.refresh_from_db()
    meetings.change_meeting(
        meeting_id=meeting.pk, by=world.leader, revision=meeting.revision, **{**same, "place": "Biblioteket"}
    )
    page = officer.get(reverse("consultations:meeting", args=[meeting.pk])).content.decode()
    assert "svarade innan tid eller plats ändrades" in page


# --- something was forgotten --------------------------------------------------------------------------
def test_more_is_written_in_after_the_hand_over_and_says_who_and_when(world):
    meeting = held(world)
    say(world, meeting, "Bussen")
    meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    first = Point.objects.get(response__stream="meeting", response__state="submitted")
    dispositions.decide_point(point_id=first.pk, by=world.leader, decision="noted", reason="")
    with pytest.raises(WrongState):
        say(world, meeting, "Tåget")
    other = make_person(world.region, Role.EDITOR)
    meeting_input.take_up_input(meeting_id=meeting.pk, by=other)
    assert [point.text for point in point_queries.submitted_points(world.fresh())] == ["Bussen"], "it stands meanwhile"
    meeting_input.add_input(meeting_id=meeting.pk, by=other, text="Tåget")
    meeting.refresh_from_db()
    copied = meeting_input.working_response(meeting).points.get(text="Bussen")
    with pytest.raises(NotFound):
        meeting_input.remove_input(meeting_id=meeting.pk, point_id=copied.pk, by=other)
    meetings.save_minutes(meeting_id=meeting.pk, by=other, revision=meeting.revision, minutes="Mer")
    meetings.note_attendance(meeting_id=meeting.pk, by=other, people=7, name="Byalaget")
    officer = Client()
    officer.force_login(world.leader)
    address = reverse("consultations:meeting", args=[meeting.pk])
    assert officer.get(address).status_code == 200
    meeting_input.hand_over_input(meeting_id=meeting.pk, by=other)
    shown = {point.text: point for point in point_queries.submitted_points(world.fresh())}
    assert set(shown) == {"Bussen", "Tåget"}
    assert Disposition.objects.get(point=shown["Bussen"], current=True).decision == "noted", "its decision stays"
    page = officer.get(address).content.decode()
    assert page.count("Tillagd efter överlämnandet") == 1
    assert f"{other.name} noterade efter överlämnandet att 7 kom från Byalaget" in page
    assert f"{other.name} ändrade minnesanteckningarna" in page


def test_taken_up_with_nothing_new_all_is_as_it_was(world):
    meeting = held(world)
    say(world, meeting)
    meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    before = Response.objects.get(stream="meeting")
    meeting_input.take_up_input(meeting_id=meeting.pk, by=world.leader)
    meeting = meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    assert (meeting.response, meeting.state) == (before, "handed_over")
    assert Response.objects.get(stream="meeting") == before


def test_what_was_handed_over_again_is_public_in_its_newest_version_only(world):
    meeting = held(world)
    say(world, meeting)
    meetings.publish_meeting(meeting_id=meeting.pk, by=world.leader, public=True)
    meeting = meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    old = meeting.response
    meeting_input.take_up_input(meeting_id=meeting.pk, by=world.leader)
    say(world, meeting, "Mer")
    meeting = meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    make.close(world)
    everyone = Client()
    assert everyone.get(reverse("consultations:response", args=[meeting.response_id])).status_code == 200
    assert everyone.get(reverse("consultations:response", args=[old.pk])).status_code == 404


def test_a_settled_round_takes_nothing_up(world):
    meeting = held(world)
    say(world, meeting)
    meeting_input.hand_over_input(meeting_id=meeting.pk, by=world.leader)
    make.close(world)
    make.settle(world)
    with pytest.raises(WrongState):
        meeting_input.take_up_input(meeting_id=meeting.pk, by=world.leader)


def test_others_arenas_are_listed_apart(world):
    plan(world)
    plan(world, title="Byrådet", host="other", host_name="Byalaget")
    officer = Client()
    officer.force_login(world.leader)
    page = officer.get(reverse("consultations:meetings", args=[world.round.pk])).content.decode()
    own, others = page.split("Andras arenor")
    assert "Dialogmöte i Björkvik" in own and "Byrådet" not in own
    assert "arrangör: Byalaget" in others
