"""Every page that lists things asks as many questions of the database with one row as with many."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Role
from consultations.domain import (
    attachments,
    contact_import,
    corrections,
    dispositions,
    extensions,
    invitations,
    meeting_input,
    meetings,
    moderation,
    notes,
    passing_on,
    questions,
    redaction,
    responses,
    rounds,
    sharing,
)
from consultations.models import Invitation
from rus_platform.kit import clock
from tests.consultations.test_own_pages import pdf, signed_in, url
from tests.factories import consultations as make
from tests.factories import intake as files
from tests.factories.actors import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def stage(n, code):
    """A round with ``n`` of everything: (who, address) by name."""
    world, response = make.make_draft(code, points=3 * n, municipalities=n + 4)
    second = make.next_draft(world, "Nya ord.").sections.get(uuid=world.goal.uuid)
    by, pk, leader = world.editor, response.pk, world.leader
    colleagues = [make_person(world.municipality, Role.EDITOR, Role.ADMIN) for _n in range(n)]
    for number in range(n):
        first = notes.add_note(response_id=pk, by=by, text=f"Tråd {number}", mention=[world.signatory.pk])
        notes.add_note(response_id=pk, by=world.signatory, text="Svar", reply_to=first.pk)
        data = pdf(number + 1)
        attachments.add_attachment(response_id=pk, by=by, file=io.BytesIO(data), name=f"{number}.pdf", size=len(data))
        passing_on.pass_on(
            invitation_id=Invitation.objects.get(actor=world.municipality).pk, email=f"k{number}@k.example", by=by
        )
        sharing.name_stand_in(
            actor_id=world.municipality.pk, by=colleagues[number], person_id=colleagues[number].pk, stand_in_id=by.pk
        )
        files.read(world, response, files.statement([f"Vi saknar cykeln i mål 1, och det är en brist {number}."]))
    sharing.share_out(response_id=pk, by=by, person_id=by.pk, section_id=world.goal.pk)
    submitted = responses.submit_response(response_id=pk, by=world.signatory)
    for point in submitted.points.all():
        dispositions.decide_point(point_id=point.pk, by=leader, decision="partly", reason="Skäl")
        dispositions.link_change(point_id=point.pk, section_id=second.pk, by=leader, block_id=f"b{point.pk}", after="x")
        redaction.redact(response_id=pk, by=leader, part="point", row_id=point.pk, words="Synpunkt", reason="Namn.")
    draft = corrections.start_correction(response_id=pk, by=by)
    for point in draft.points.all():
        responses.edit_point(
            point_id=point.pk, by=by, revision=0, text="Annat", kind="change", suggested_wording="Nytt"
        )
    make.open_to_public(world)
    for number in range(n):
        actor, person = make.other_consultee(world, number + 2)
        extensions.request_extension(
            round_id=world.round.pk,
            actor_id=actor.pk,
            until=clock.now() + timedelta(days=90),
            reason="Nämnd",
            by=person,
        )
        invitations.send_again(invitation_id=Invitation.objects.get(actor=world.municipality).pk, by=leader)
        _guest, answer = make.take_part(world, points=2, submit=True)
        moderation.publish_answer(response_id=answer.pk, by=leader)
    meeting = a_meeting(world, n)
    for number in range(n):
        a_meeting(world, 1)
        later = rounds.create_round(version_id=world.version.pk, title=f"Nästa {number}", by=leader)
        make.describe(later, by=leader)
        invitations.invite_actors(
            round_id=later.pk, actor_ids=[row.actor_id for row in world.round.invitations.all()], by=leader
        )
        for one in range(n):
            questions.add_question(round_id=later.pk, by=leader, text=f"Fråga {one}", kind="free", of=[world.goal.pk])
    names = "\n".join(f"Förening {number};f{number}@f.example" for number in range(n))
    data = f"namn;epost\n{names}\n".encode()
    kept = contact_import.read_file(round_id=later.pk, file=io.BytesIO(data), name="x.csv", size=len(data), by=leader)
    region, own = (leader, world.round.pk), (by, draft.pk)
    return {
        **{name: (region[0], url(name, region[1])) for name in (
            "round", "coverage", "points", "changes", "extensions", "remind", "meetings", "public_answers", "distribution",
            "give_time", "enter", "send_in_many", "public_round", "close",
        )},
        **{name: (own[0], url(name, own[1])) for name in (
            "response", "own_points", "read", "whole_answer", "positions", "answers", "attachments", "sharing", "submit",
            "differences", "send_in",
        )},
        "list": (by, url("list")),
        "rounds": (leader, url("rounds", world.strategy.pk)),
        "prepared list": (leader, url("distribution", later.pk)),
        "prepared questions": (leader, url("questions", later.pk)),
        "preview": (leader, url("preview", later.pk)),
        "contacts": (leader, url("contact_import", kept.pk)),
        "submitted": (leader, url("response", pk)),
        "own submitted": (by, url("response", pk)),
        "redact": (leader, url("redact", pk)),
        "moderate": (leader, url("moderate", answer.pk)),
        "invitee": (leader, url("invitee", Invitation.objects.get(round=world.round, actor=world.municipality).pk)),
        "pass on": (by, url("pass_on", Invitation.objects.get(round=world.round, actor=world.municipality).pk)),
        "meeting": (leader, url("meeting", meeting.pk)),
        "point": (leader, url("point", submitted.points.first().pk)),
    }  # fmt: skip


def a_meeting(world, n):
    """Held, with ``n`` guests and views, and shown to all."""
    start = clock.now() - timedelta(hours=3)
    meeting = meetings.plan_meeting(
        round_id=world.round.pk, by=world.leader, title="Möte", host="own", place="Här", starts_at=start
    )
    meetings.hold_meeting(meeting_id=meeting.pk, by=world.leader)
    for number in range(n):
        meetings.note_attendance(meeting_id=meeting.pk, by=world.leader, people=number, name=f"Grupp {number}")
        meeting_input.add_input(
            meeting_id=meeting.pk, by=world.leader, text=f"Bussen {number}", section_id=world.goal.pk,
            said_by_id=world.municipality.pk,
        )  # fmt: skip
    return meetings.publish_meeting(meeting_id=meeting.pk, by=world.leader, public=True)


def asked(pages):
    found = {}
    for name, (who, address) in pages.items():
        client = signed_in(who)
        client.get(address)  # what is remembered after the first time is remembered
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200, (name, answer.status_code)
        found[name] = len(queries)
    return found


def test_pages_ask_as_much_with_one_row_as_with_many():
    few = asked(stage(1, "98"))

    many = asked(stage(6, "97"))
    assert {name: (few[name], many[name]) for name in few if few[name] != many[name]} == {}
