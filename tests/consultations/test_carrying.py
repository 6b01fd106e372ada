"""The queue of words to confirm: comments and points alike, the old words beside the places where they may be."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import AuditEvent, Role
from consultations.domain import responses
from strategies.domain import carry, comments, versions
from strategies.domain.candidates import candidates_of
from strategies.models import AnchorResolution
from tests.factories.actors import make_person
from tests.factories.consultations import make_draft, other_consultee, submit
from tests.factories.texts import delete, insert, write
from tests.strategies.test_comments import place_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(client):
    """A point of a municipality that has been handed in, one that has not, and a comment: all on words that are deleted."""
    world, response = make_draft()
    world.client = client
    world.point = responses.add_point(
        response_id=response.pk, by=world.editor, text="Nämn bussen", kind="remark", suggested_wording="",
        section_id=world.goal.pk, selection={"quote": "stärka tåget"},
    )  # fmt: skip
    world.response = response
    world.draft = versions.fork_version(version_id=world.version.pk, by=world.leader)
    world.now = world.draft.sections.get(uuid=world.goal.uuid)
    world.comment = comments.add_comment(
        version_id=world.draft.pk,
        section_id=world.now.pk,
        by=world.leader,
        text="Stämmer det?",
        key="k",
        words={"quote": "Länet ska växa"},
    )
    for quote in ("stärka tåget", "Länet ska växa"):
        start = place_of(world.now, quote)
        write(world.now, world.leader, delete(start, start + len(quote)))
    carry.resolve_anchors(version_id=world.draft.pk)
    client.force_login(world.leader)
    return world


def page(case, **query):
    answer = case.client.get(reverse("consultations:carrying", args=[case.strategy.pk], query=query))
    assert answer.status_code == 200
    return answer.content.decode()


def row_of(case, anchor_id):
    return AnchorResolution.objects.get(anchor=anchor_id, version=case.draft)


def confirm(case, row, **data):
    return case.client.post(reverse("consultations:confirm_words", args=[row.pk]), data)


def test_queue_shows_comments_and_points_but_nothing_that_is_not_handed_in(case):
    shown = page(case)
    assert "Stämmer det?" in shown
    assert "Nämn bussen" not in shown, "it is still the municipality's own"
    submit(case, case.response)
    shown = page(case)
    assert "Nämn bussen" in shown
    assert case.municipality.name in shown
    assert "<mark>Länet ska växa</mark>" in shown, "the old words"


def test_queue_is_left_when_somebody_has_said_where_the_words_are(case):
    row = row_of(case, case.comment.anchor_id)
    confirm(case, row, choice="gone")
    assert "Stämmer det?" not in page(case)
    assert "Stämmer det?" in page(case, visa="klara")
    confirm(case, row, choice="again")
    assert "Stämmer det?" in page(case)


def test_one_answer_for_all_who_marked_the_same_words(case):
    """Two organisations on the same words are one case in the list; one answer, one way back, and each has its own record."""
    second, colleague = other_consultee(case)
    other = responses.start_response(round_id=case.round.pk, actor_id=second.pk, by=colleague)
    responses.save_summary(
        response_id=other.pk,
        by=colleague,
        revision=other.revision,
        summary="Vi med.",
        kind="answer",
        own_case_number="",
    )
    point = responses.add_point(
        response_id=other.pk, by=colleague, text="Bussen, sa vi", kind="remark", section_id=case.goal.pk,
        selection={"quote": "stärka tåget"},
    )  # fmt: skip
    submit(case, case.response)
    responses.submit_response(response_id=other.pk, by=make_person(second, Role.SIGNATORY))
    carry.resolve_anchors(version_id=case.draft.pk)
    shown = page(case)
    assert shown.count("<article") == 2, "the comment, and one case for all points"
    assert "Nämn bussen" in shown
    assert "Bussen, sa vi" in shown
    assert "alla 3 som har markerat samma ord" in shown
    rows = [row_of(case, anchor) for anchor in (case.point.anchor_id, point.anchor_id)]
    comment = row_of(case, case.comment.anchor_id)
    confirm(case, rows[0], choice="gone", also=[rows[1].pk, comment.pk])
    assert {row_of(case, row.anchor_id).confirmed_by for row in rows} == {case.leader}
    assert row_of(case, comment.anchor_id).confirmed_by is None, "other words are not answered with them"
    assert AuditEvent.objects.filter(verb="confirm_resolution").count() == 2
    confirm(case, rows[1], choice="again", also=[rows[0].pk])
    assert {row_of(case, row.anchor_id).confirmed_by for row in rows} == {None}


def test_confirm_words_of_ones_own_choice(case):
    row = row_of(case, case.comment.anchor_id)
    answer = confirm(case, row, choice="words", section=case.now.pk, quote="Länet ska vara öppet för alla.")
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.text_now, row.confirmed_by) == ("reworded", "Länet ska vara öppet för alla.", case.leader)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"choice": "words", "quote": "finns inte"}, 422),
        ({"choice": "words", "quote": ""}, 422),
        ({"choice": "place:1:1:3"}, 422),
        ({"choice": "place:x"}, 422),
        ({"choice": ""}, 409),
        ({}, 409),
    ],
)
def test_confirm_nonsense_is_refused_in_words(case, data, status):
    assert confirm(case, row_of(case, case.comment.anchor_id), **data).status_code == status


def test_confirm_one_of_the_candidates(case):
    submit(case, case.response)
    write(case.now, case.leader, insert(1, "Vi vill stärka tåget överallt. "))
    carry.resolve_anchors(version_id=case.draft.pk)
    row = row_of(case, case.point.anchor_id)
    place = candidates_of([row])[row.pk][0]
    assert place.text == "stärka tåget"
    confirm(case, row, choice=f"place:{place.section.pk}:{place.start}:{place.end}")
    row.refresh_from_db()
    assert (row.text_now, row.confirmed_by) == ("stärka tåget", case.leader)


def test_queue_is_the_regions_own(case):
    row = row_of(case, case.comment.anchor_id)
    case.client.force_login(case.editor)
    assert case.client.get(reverse("consultations:carrying", args=[case.strategy.pk])).status_code == 404
    assert confirm(case, row, choice="gone").status_code == 404
    case.client.force_login(make_person(case.region, Role.READER))
    assert 'type="submit"' not in page(case).split('<main id="main"')[1].split("carrying")[1]
    assert confirm(case, row, choice="gone").status_code == 403


def test_queue_takes_the_same_queries_for_one_and_many(case):
    def queries():
        page(case)
        with CaptureQueriesContext(connection) as captured:
            page(case)
        return len(captured)

    one = queries()
    for n, quote in enumerate(("öppet för alla", "bo och arbeta", "bussen")):
        comments.add_comment(
            version_id=case.draft.pk,
            section_id=case.now.pk,
            by=case.leader,
            text="Hm",
            key=f"m{n}",
            words={"quote": quote},
        )
        start = place_of(case.now, quote)
        write(case.now, case.leader, delete(start, start + len(quote)))
    carry.resolve_anchors(version_id=case.draft.pk)
    page(case)  # what their own section said then is remembered
    assert queries() == one
