"""What the database itself keeps, whoever asks."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from actors.queries.roles import fresh
from consultations.domain import dispositions
from consultations.models import (
    Answer,
    ChangeLink,
    ConsultationRound,
    Disposition,
    Invitation,
    Point,
    Position,
    Response,
)
from consultations.queries.changes import change_choices
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from tests.factories import consultations as make

pytestmark = pytest.mark.django_db


@contextmanager
def refused(words=None):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        yield


@pytest.mark.parametrize("model", [Point, Position, Answer])
def test_parts_of_a_submitted_response_never_change(model):
    world, response = make.make_submitted(points=3)
    row = model.objects.filter(response=response).first()
    with refused("submitted"):
        model.objects.filter(pk=row.pk).update(revision=7)
    with refused("submitted"):
        model.objects.filter(pk=row.pk).delete()
    with refused("submitted"), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE response_id = %s', [response.pk])
    row.pk = None
    with refused("submitted"):
        row.save(force_insert=True)


def test_a_submitted_response_never_changes():
    world, response = make.make_submitted()
    with refused("submitted"):
        Response.objects.filter(pk=response.pk).update(summary="Annat")
    with refused("submitted"):
        Response.objects.filter(pk=response.pk).update(state="drafting")
    with refused(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM consultations_response WHERE id = %s", [response.pk])


def test_parts_do_not_move_into_a_submitted_response():
    world, response = make.make_submitted()
    other, person = make.other_consultee(world)
    from_other = Response.objects.create(
        round=world.round, actor=other, created_at=response.created_at, created_by=person
    )
    point = Point.objects.create(
        response=from_other,
        number=9,
        text="A",
        created_at=response.created_at,
        updated_at=response.created_at,
        created_by=person,
    )
    with refused("submitted"):
        Point.objects.filter(pk=point.pk).update(response=response)


def test_a_disposition_is_only_followed_by_another():
    world, response = make.make_submitted()
    make.decide_all(world)
    row = Disposition.objects.get()
    with refused("never changed"):
        Disposition.objects.filter(pk=row.pk).update(reason="Annat")
    with refused("never changed"):
        Disposition.objects.filter(pk=row.pk).delete()
    with refused("one_current"):
        Disposition.objects.create(
            point=row.point, number=2, decision="noted", decided_at=row.decided_at, decided_by=row.decided_by
        )
    with refused("need_a_reason"):
        Disposition.objects.create(
            point=row.point,
            number=2,
            current=False,
            decision="not",
            decided_at=row.decided_at,
            decided_by=row.decided_by,
        )


@pytest.mark.parametrize(("change", "name"), [
    ({"state": "open"}, "an_open_round_says_when"),
    ({"opened_at": "2026-01-01T00:00Z"}, "an_open_round_says_when"),
    ({"closed_at": "2026-01-01T00:00Z"}, "a_closed_round_says_when"),
    ({"opens_at": "2040-01-01T00:00Z", "closes_at": "2039-01-01T00:00Z"}, "a_round_closes_after_it_opens"),
    ({"scheduled_at": "2026-01-01T00:00Z"}, "a_scheduled_round_says_who_and_when"),
])  # fmt: skip
def test_rounds_say_who_and_when(change, name):
    world = make.make_round()
    with refused(name):
        ConsultationRound.objects.filter(pk=world.round.pk).update(**change)


def test_responses_and_invitations_are_one_per_actor():
    world, response = make.make_draft()
    again = {
        "round": world.round, "actor": world.municipality, "created_at": response.created_at, "created_by": world.editor,
    }  # fmt: skip
    with refused("versions_of_a_response_are_numbered"):
        Response.objects.create(**again)
    with refused("one_response_in_work_per_actor_and_round"):
        Response.objects.create(**again, version=2, supersedes=response)
    with refused("a_later_version_follows_one"):
        Response.objects.create(**again, version=2)
    with refused("invited_once"):
        Invitation.objects.create(round=world.round, actor=world.municipality)
    with refused("says_who_and_when"):
        Response.objects.filter(pk=response.pk).update(state="submitted")
    with refused("one_to_five"):
        Answer.objects.filter(response=response, scale__isnull=False).update(scale=6)


# --- dispositions by their verbs


def test_decide_point_words_and_state():
    world, response = make.make_submitted()
    point = response.points.get()
    decide = lambda by, decision, reason="", number=0: dispositions.decide_point(  # noqa: E731
        point_id=point.pk, by=fresh(by), decision=decision, reason=reason, number=number
    )
    with pytest.raises(Forbidden):
        decide(world.editor, "noted")
    for decision, reason, field in (("kanske", "A", "decision"), ("not", " \x00 ", "reason"), ("partly", "", "reason")):
        with pytest.raises(Invalid) as caught:
            decide(world.leader, decision, reason)
        assert set(caught.value.fields) == {field}
    first = decide(world.leader, "not", "Ryms inte.")
    assert decide(world.leader, "not", "Ryms inte.") == first  # pressed twice
    with pytest.raises(Conflict) as conflict:
        decide(world.leader, "partly", "Jo, lite.")
    assert conflict.value.data["mine"] == {"decision": "partly", "reason": "Jo, lite."}
    assert conflict.value.data["theirs"] == {"decision": "Tillgodoses inte", "reason": "Ryms inte."}
    second = decide(world.leader, "partly", "Jo, lite.", 1)
    assert (second.number, Disposition.objects.get(current=True)) == (2, second)
    make.close(world)
    make.settle(world)
    with pytest.raises(WrongState):
        decide(world.leader, "noted", "", 2)


def test_decide_points_leaves_the_decided_alone():
    world, response = make.make_submitted(points=3)
    ids = [point.pk for point in response.points.all()]
    dispositions.decide_point(point_id=ids[0], by=world.leader, decision="not", reason="Nej.")
    assert (
        len(
            dispositions.decide_points(
                round_id=world.round.pk, point_ids=ids, by=world.leader, decision="noted", reason=""
            )
        )
        == 2
    )
    for chosen in ([], range(1, 502)):
        with pytest.raises(Invalid):
            dispositions.decide_points(
                round_id=world.round.pk, point_ids=chosen, by=world.leader, decision="noted", reason=""
            )
    other = make.make_open_round("96")
    assert (
        dispositions.decide_points(round_id=other.round.pk, point_ids=ids, by=other.leader, decision="noted", reason="")
        == []
    )


def test_a_draft_point_can_not_be_decided():
    world, response = make.make_draft()
    with pytest.raises(NotFound):
        dispositions.decide_point(point_id=response.points.get().pk, by=world.leader, decision="noted", reason="")


def test_link_change_both_ways():
    world, response = make.make_submitted()
    point = response.points.get()
    make.close(world)
    draft = make.next_draft(world, "Regionen ska stärka tåget, bussen och cykeln.")
    (choice, *_rest) = change_choices(point, draft)
    link = lambda: dispositions.link_change(  # noqa: E731
        point_id=point.pk, section_id=choice.section_id, by=world.leader, block_id=choice.block_id,
        before=choice.before, after=choice.after,
    )  # fmt: skip
    first = link()
    assert link() == first
    assert ChangeLink.objects.count() == 1
    with pytest.raises(NotFound):  # the consultation version itself is not later
        dispositions.link_change(point_id=point.pk, section_id=world.goal.pk, by=world.leader)
    with pytest.raises(Forbidden):
        dispositions.link_change(point_id=point.pk, section_id=choice.section_id, by=world.editor)
    dispositions.unlink_change(link_id=first.pk, by=world.leader)
    with pytest.raises(NotFound):
        dispositions.unlink_change(link_id=first.pk, by=world.leader)
    again = link()
    make.settle(world)
    with pytest.raises(WrongState):
        dispositions.unlink_change(link_id=again.pk, by=world.leader)
