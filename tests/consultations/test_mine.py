"""Only what is shared out to me: counts, who has the rest, what a chapter hands down, and the stand-in."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from actors.models import Role
from consultations.domain import responses, sharing
from rus_platform.kit import clock
from strategies.models import Section
from tests.consultations.test_own_pages import signed_in, url
from tests.factories import consultations as make
from tests.factories.actors import make_person

pytestmark = pytest.mark.django_db


def shared_out():
    """Anna has the goal (and what stands below it) and the first question, Bo the sub-goal, nobody the rest."""
    world, response = make.make_draft(points=3)
    anna = make_person(world.municipality, Role.EDITOR, name="Anna Prov")
    bo = make_person(world.municipality, Role.EDITOR, name="Bo Prov")
    for person, part in (
        (anna, {"section_id": world.goal.pk}), (bo, {"section_id": world.subgoal.pk}), (anna, {"question_id": world.questions[0].pk}),
    ):  # fmt: skip
        sharing.share_out(response_id=response.pk, by=world.editor, person_id=person.pk, **part)
    return world, response, anna, bo


def shown(person, response, page, query="?mina=1"):
    return signed_in(person).get(url(page, response.pk) + query).content.decode()


def counts(page):
    """The two numbers of the filter."""
    return [int(n) for n in re.findall(r'(?:Mina|Alla) <span class="count">(\d+)</span>', page)]


def test_only_my_positions_and_who_has_the_rest():
    world, response, anna, bo = shared_out()
    page = shown(anna, response, "positions")
    assert (f'id="s{world.goal.pk}"' in page, f'id="s{world.subgoal.pk}"' in page) == (True, False)
    assert counts(page) == [1, 2]
    assert "Bo Prov 1" in page
    everything = shown(anna, response, "positions", "")
    assert f'id="s{world.subgoal.pk}"' in everything
    assert "Bo Prov har den här delen" in everything
    assert "Din del" in everything


def test_what_is_given_with_a_chapter_goes_for_what_stands_below_it():
    world, response = make.make_draft()
    anna = make_person(world.municipality, Role.EDITOR, name="Anna Prov")
    chapter = Section.objects.get(pk=world.goal.parent_id)
    sharing.share_out(response_id=response.pk, by=world.editor, person_id=anna.pk, section_id=chapter.pk)
    assert counts(shown(anna, response, "positions")) == [2, 2]


def test_only_my_questions_and_saving_leaves_the_others_as_they_were():
    world, response, anna, bo = shared_out()
    page = shown(anna, response, "answers")
    assert ("Vad saknas?" in page, "Vilket är viktigast?" in page) == (True, False)
    assert counts(page) == [1, 3]
    assert "ingen särskild 2" in page
    answer = response.answers.get(question=world.questions[0])
    first = world.questions[0].pk
    sent = {f"q{first}": "Gångvägarna", f"w{first}": answer.text, f"r{first}": answer.revision}
    signed_in(anna).post(url("answers", response.pk) + "?mina=1", sent)
    given = {row.question_id: row.given for row in response.answers.all()}
    assert given == {first: "Gångvägarna", world.questions[1].pk: "1", world.questions[2].pk: "4"}


def test_my_points_are_those_of_my_parts_and_those_i_wrote():
    world, response, anna, bo = shared_out()
    responses.add_point(response_id=response.pk, by=anna, text="Annas allmänna")
    page = shown(anna, response, "own_points")
    assert [words in page for words in ("Synpunkt 1", "Annas allmänna", "Synpunkt 2", "Synpunkt 3")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert counts(page) == [2, 4]


def test_the_stand_in_has_what_she_stands_in_for_until_the_day():
    world, response, anna, bo = shared_out()
    until = clock.now().date() + timedelta(days=3)
    sharing.name_stand_in(actor_id=world.municipality.pk, by=bo, person_id=bo.pk, stand_in_id=anna.pk, until=until)
    page = shown(anna, response, "positions")
    assert counts(page) == [2, 2]
    assert "Bo Provs del, du ersätter" in page
    start = signed_in(world.editor).get(url("response", response.pk)).content.decode()
    assert "Anna Prov ersätter" in start
    assert "Fler tar tåget" in signed_in(anna).get(url("response", response.pk)).content.decode()
    with clock.travel(clock.now() + timedelta(days=5)):
        assert counts(shown(anna, response, "positions")) == [1, 2]


def test_progress_person_by_person_on_the_start_page():
    world, response, anna, bo = shared_out()
    share = response.assignments.get(section=world.subgoal)
    sharing.mark_share_done(assignment_id=share.pk, by=bo)
    page = signed_in(world.editor).get(url("response", response.pk)).content.decode()
    section = page[page.index("by-person") :]
    rows = [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))
        for row in re.findall(r"<li>(.*?)</li>", section, re.DOTALL)[:2]
    ]
    assert ["Anna Prov" in rows[0], "0 av 2 delar klara" in rows[0], "2 av 2 skrivna" in rows[0]] == [True] * 3
    assert ["Bo Prov" in rows[1], "1 av 1 del klar" in rows[1], "0 av 1 skrivna" in rows[1]] == [True] * 3


def test_with_nothing_shared_out_there_is_no_filter_and_everything_is_shown():
    world, response = make.make_draft(points=2)
    for page in ("positions", "answers", "own_points"):
        text = shown(world.editor, response, page)
        assert "mine-filter" not in text
    assert "Synpunkt 2" in shown(world.editor, response, "own_points")


def test_nothing_of_mine_says_so():
    world, response, anna, bo = shared_out()
    page = shown(world.signatory, response, "positions")
    assert "Inget här är fördelat till dig." in page
    assert counts(page) == [0, 2]


def test_a_position_saved_without_a_script_comes_back_to_only_mine():
    world, response, anna, bo = shared_out()
    position = response.positions.get(section=world.goal)
    sent = {f"s{world.goal.pk}-stance": "supports", f"s{world.goal.pk}-revision": position.revision, "mina": "1"}
    answer = signed_in(anna).post(url("save_position", response.pk, world.goal.pk), sent)
    assert answer["Location"] == f"{url('positions', response.pk)}?mina=1#s{world.goal.pk}"


def test_somebody_alone_has_no_filter():
    world = make.make_open_round()
    make.open_to_public(world)
    user, response = make.take_part(world, points=2)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "mine-filter" not in client.get(url("own_points", response.pk) + "?mina=1").content.decode()


@pytest.mark.parametrize("page", ["positions", "answers", "own_points", "response"])
def test_the_same_questions_whatever_is_shared(page, django_assert_max_num_queries):
    world, response, anna, bo = shared_out()
    client = signed_in(anna)
    client.get(url(page, response.pk))
    with django_assert_max_num_queries(60) as few:
        client.get(url(page, response.pk))
    for question in world.questions[1:]:
        sharing.share_out(response_id=response.pk, by=world.editor, person_id=bo.pk, question_id=question.pk)
    with django_assert_max_num_queries(60) as many:
        client.get(url(page, response.pk))
    assert len(many) == len(few)
