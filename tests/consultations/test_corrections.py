"""A later version: preliminary in time and adopted later, or a correction. What stands, what is replaced, what follows."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from consultations.domain import corrections, dispositions, notes, responses, settling, signoff
from consultations.models import ChangeLink, Disposition, InternalNote, Point, Response
from consultations.queries import points as point_queries
from consultations.queries.coverage import coverage_of
from consultations.queries.listing import invitations_of
from consultations.queries.responses import content_of, visible_responses
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from tests.factories import consultations as make
from tests.factories.threads import together

pytestmark = pytest.mark.django_db


def corrected(*, points=3, change=()):
    """A handed-in response and its next version in work, with the points of ``change`` reworded."""
    world, first = make.make_submitted(points=points)
    second = corrections.start_correction(response_id=first.pk, by=world.editor)
    for point in second.points.filter(number__in=change):
        responses.edit_point(
            point_id=point.pk, by=world.editor, revision=point.revision, text="Omskriven", kind=point.kind,
            suggested_wording=point.suggested_wording,
        )  # fmt: skip
    first.refresh_from_db()
    return world, first, second


def test_a_new_version_begins_with_all_that_was_handed_in():
    world, first, second = corrected()
    one, two = (content_of(row, world.editor) for row in (first, second))
    assert (second.version, second.supersedes, second.state, second.number) == (2, first, "drafting", None)
    assert (second.summary, second.kind, second.own_case_number) == (first.summary, first.kind, first.own_case_number)
    assert {k: (p.stance, p.reason) for k, p in one.positions.items()} == {
        k: (p.stance, p.reason) for k, p in two.positions.items()
    }
    assert {k: (a.text, a.choice, a.scale) for k, a in one.answers.items()} == {
        k: (a.text, a.choice, a.scale) for k, a in two.answers.items()
    }
    assert [(p.number, p.text, p.section_id, p.anchor_id) for p in one.points] == [
        (p.number, p.text, p.section_id, p.anchor_id) for p in two.points
    ]
    assert [point.origin for point in two.points] == one.points
    assert [note.text for note in two.notes] == [make.NOTE]  # notes are of the organisation, not of a version


def test_begun_twice_is_one():
    world, first, second = corrected()
    assert corrections.start_correction(response_id=first.pk, by=world.signatory) == second


def test_until_it_is_handed_in_the_first_one_counts():
    world, first, second = corrected(change=(1,))
    assert list(visible_responses(world.fresh(), world.leader)) == [first]
    assert [group.state for group in coverage_of(world.fresh())] == ["submitted"]
    assert [point.text for point in point_queries.submitted_points(world.fresh())] == [
        "Synpunkt 1", "Synpunkt 2", "Synpunkt 3",
    ]  # fmt: skip
    assert invitations_of(world.editor).get().response_id == second.pk  # its own people come to what they write


def test_handed_in_it_takes_the_place_and_keeps_the_number():
    world, first, second = corrected(change=(1,))
    second = make.submit(world, second)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "submitted")
    assert (second.number, second.late) == (first.number, first.late)
    assert second.receipt["supersedes"] == first.sha256
    assert list(visible_responses(world.fresh(), world.leader)) == [second]
    assert [group.count for group in coverage_of(world.fresh())] == [1]
    assert point_queries.counts(world.fresh())["total"] == 3
    assert [p.change for p in second.points.all()] == ["changed", "same", "same"]
    make.close(world)
    assert settling.undecided_points(world.fresh()).count() == 3


def test_unchanged_points_keep_the_decision_and_the_change_it_caused():
    world, first = make.make_submitted(points=3)
    draft = make.next_draft(world, "Nya ord.")
    section = draft.sections.get(uuid=world.goal.uuid)
    for point in first.points.all():
        dispositions.decide_point(point_id=point.pk, by=world.leader, decision="not", reason=f"Skäl {point.number}")
    dispositions.decide_point(
        point_id=first.points.get(number=2).pk, by=world.leader, decision="partly", reason="Ändrat", number=1
    )
    dispositions.link_change(
        point_id=first.points.get(number=2).pk, section_id=section.pk, by=world.leader, after="Nya"
    )
    second = corrections.start_correction(response_id=first.pk, by=world.editor)
    changed, removed = second.points.get(number=1), second.points.get(number=3)
    responses.edit_point(
        point_id=changed.pk, by=world.editor, revision=0, text="Annat", kind="change", suggested_wording=""
    )
    responses.remove_point(point_id=removed.pk, by=world.editor)
    responses.add_point(response_id=second.pk, by=world.editor, text="Ny")
    make.submit(world, second)
    fates = {
        point.number: (point.change, [(d.decision, d.reason, d.number) for d in point.dispositions.all()])
        for point in second.points.all()
    }
    assert fates == {1: ("changed", []), 2: ("same", [("partly", "Ändrat", 1)]), 4: ("new", [])}
    assert ChangeLink.objects.filter(point__response=second).get().point.number == 2
    assert Disposition.objects.filter(point__response=first).count() == 4  # what was decided on before is history


def test_numbers_of_points_are_never_used_again():
    world, first, second = corrected(points=2)
    responses.remove_point(point_id=second.points.get(number=2).pk, by=world.editor)
    assert responses.add_point(response_id=second.pk, by=world.editor, text="Ny").number == 3


def test_no_decision_on_a_point_that_has_been_replaced():
    world, first, second = corrected()
    old = first.points.first()
    make.submit(world, second)
    with pytest.raises(NotFound):
        dispositions.decide_point(point_id=old.pk, by=world.leader, decision="noted", reason="")
    assert dispositions.decide_points(
        round_id=world.round.pk, point_ids=[old.pk], by=world.leader, decision="noted", reason=""
    ) == []  # fmt: skip


def test_preliminary_in_time_adopted_later():
    world, response = make.make_draft()
    signoff.choose_sign_off(response_id=response.pk, by=world.editor, political=True)
    responses.submit_response(response_id=response.pk, by=world.signatory, preliminary=True)
    make.close(world)
    with clock.travel(clock.now() + timedelta(days=40)):
        second = corrections.start_correction(response_id=response.pk, by=world.editor)
        signoff.mark_ready(response_id=second.pk, by=world.editor)
        signoff.record_decision(
            response_id=second.pk, by=world.editor, body="Kommunstyrelsen", decided_on=clock.now().date()
        )
        adopted = make.submit(world, second)
    assert (adopted.preliminary, adopted.late, adopted.version) == (False, False, 2)


def test_an_adopted_answer_is_not_replaced_by_a_preliminary_one():
    world, response = make.make_draft()
    signoff.choose_sign_off(response_id=response.pk, by=world.editor, political=True)
    signoff.mark_ready(response_id=response.pk, by=world.editor)
    signoff.record_decision(response_id=response.pk, by=world.editor, body="KS", decided_on=clock.now().date())
    make.submit(world, response)
    second = corrections.start_correction(response_id=response.pk, by=world.editor)
    with pytest.raises(Invalid, match="kan inte ersättas"):
        responses.submit_response(response_id=second.pk, by=world.signatory, preliminary=True)


def test_start_correction_refusals():
    world, first, second = corrected()
    for by in (world.leader,):
        with pytest.raises(Forbidden):
            corrections.start_correction(response_id=first.pk, by=by)
    with pytest.raises(WrongState):  # it has not been handed in
        corrections.start_correction(response_id=second.pk, by=world.editor)
    make.submit(world, second)
    make.close(world)
    make.settle(world)
    with pytest.raises(WrongState, match="har stängt"):
        corrections.start_correction(response_id=second.pk, by=world.editor)


def test_a_closed_round_takes_no_new_version():
    world, first = make.make_submitted(accepts_late=False)
    make.close(world)
    with pytest.raises(WrongState, match="har stängt"):
        corrections.start_correction(response_id=first.pk, by=world.editor)


def test_closing_over_a_version_in_work_leaves_the_one_that_stands():
    world, first = make.make_submitted(accepts_late=False)
    second = corrections.start_correction(response_id=first.pk, by=world.editor)
    make.close(world)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("submitted", "unsent")
    assert [group.state for group in coverage_of(world.fresh())] == ["submitted"]


def test_discard_correction_keeps_what_stands_and_the_notes():
    world, first, second = corrected(change=(1,))
    kept = notes.add_note(
        response_id=second.pk, by=world.editor, text="Om punkt 1", point_id=second.points.get(number=1).pk
    )
    assert corrections.discard_correction(response_id=second.pk, by=world.editor) == first
    assert not Response.objects.filter(pk=second.pk).exists()
    kept.refresh_from_db()
    assert (kept.response, kept.point) == (first, first.points.get(number=1))
    with pytest.raises(WrongState):
        corrections.discard_correction(response_id=first.pk, by=world.editor)
    assert InternalNote.objects.filter(response=first).count() == 2


def test_the_database_keeps_every_version_as_it_was():
    world, first, second = corrected()
    make.submit(world, second)
    first.refresh_from_db()
    for change in (
        lambda: Response.objects.filter(pk=first.pk).update(summary="Annat"),
        lambda: Response.objects.filter(pk=first.pk).update(state="submitted"),
        lambda: Response.objects.filter(pk=first.pk).delete(),
        lambda: Response.objects.filter(pk=second.pk).update(state="superseded", summary="Annat"),
        lambda: Point.objects.filter(response=first).update(text="Annat"),
        lambda: Point.objects.filter(response=second).update(change=""),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_two_begin_at_once():
    world, first = make.make_submitted()
    found = together(*[lambda: corrections.start_correction(response_id=first.pk, by=world.editor)] * 2)
    assert len({row.pk for row in found}) == 1
    assert Point.objects.filter(response=found[0]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_decision_while_it_is_replaced():
    world, first, second = corrected()
    point = first.points.first()
    results = together(
        lambda: dispositions.decide_point(point_id=point.pk, by=world.leader, decision="noted", reason=""),
        lambda: make.submit(world, second),
    )
    decided = not isinstance(results[0], Exception)
    now = Disposition.objects.filter(point__response=second)
    assert (decided, now.count()) in [(True, 1), (False, 0)]  # made before: it follows; after: refused


@pytest.mark.django_db(transaction=True)
def test_two_people_hand_in_the_new_version_at_once():
    world, first, second = corrected()
    results = together(*[lambda: make.submit(world, second)] * 2)
    assert sorted(type(row).__name__ for row in results) == ["Response", "WrongState"]
    assert Response.objects.filter(state="submitted").count() == 1
