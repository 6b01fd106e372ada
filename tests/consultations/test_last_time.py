"""The next round: last time's points with their fate, only where something changed, and one click to say it again."""

import pytest

from consultations.domain import again, responses
from consultations.queries.earlier import earlier_response, last_time
from rus_platform.kit.errors import Forbidden, NotFound
from strategies.domain import carry
from tests.consultations.test_own_pages import signed_in, url
from tests.factories import consultations as make
from tests.factories.actors import make_person

pytestmark = pytest.mark.django_db


def next_time(points=3, goal_text="Regionen ska tillsammans med kommunerna stärka tåget, bussen och cykeln."):
    """A response of last time, and one begun on a later version."""
    world, before = make.make_submitted(points=points)
    make.close(world)
    make.decide_all(world, "not", "Det ryms inte.")
    make.settle(world)
    round_ = make.next_round(world, goal_text)
    carry.resolve_anchors(version_id=round_.version_id)
    response = responses.start_response(round_id=round_.pk, actor_id=world.municipality.pk, by=world.editor)
    response.round = round_
    return world, before, response


def test_only_what_changed_where_we_commented():
    world, before, response = next_time()
    found = earlier_response(response)
    assert found == before
    rows = last_time(found, response, world.editor)
    assert [(row.point.number, row.changed) for row in rows] == [(1, True), (2, False), (3, False)]
    assert [row.disposition.reason for row in rows] == ["Det ryms inte."] * 3
    client = signed_in(world.editor)
    page = client.get(url("earlier", response.pk)).content.decode()
    assert "Synpunkt 1" in page
    assert "Synpunkt 2" not in page
    assert "Det ryms inte." in page
    everything = client.get(url("earlier", response.pk) + "?alla=1").content.decode()
    assert "Synpunkt 3" in everything
    assert "förra gången" in client.get(url("response", response.pk)).content.decode()


def test_say_it_again_on_todays_words():
    world, before, response = next_time()
    client = signed_in(world.editor)
    for point in before.points.all():
        client.post(url("say_again", response.pk, point.pk))
    made = list(response.points.select_related("section", "anchor"))
    assert [point.text for point in made] == ["Synpunkt 1", "Synpunkt 2", "Synpunkt 3"]
    assert [point.section.version_id if point.section else None for point in made] == [
        response.round.version_id, response.round.version_id, None,
    ]  # fmt: skip
    assert made[0].anchor is not None
    assert "tåget" in made[0].anchor.quote


def test_nobody_elses_points_and_not_the_region():
    world, before, response = next_time()
    stranger = make_person()
    for person in (world.leader, stranger):
        assert signed_in(person).get(url("earlier", response.pk)).status_code == 404
        with pytest.raises(Forbidden):
            again.say_again(response_id=response.pk, point_id=before.points.first().pk, by=person)
    _world, elsewhere = make.make_submitted(code="97")
    with pytest.raises(NotFound):
        again.say_again(response_id=response.pk, point_id=elsewhere.points.get().pk, by=world.editor)


def test_without_an_earlier_answer_there_is_no_such_page():
    world, response = make.make_draft()
    assert signed_in(world.editor).get(url("earlier", response.pk)).status_code == 404


def test_queries_do_not_grow(django_assert_max_num_queries):
    counted = []
    for n in (1, 3):
        world, before, response = next_time(points=n)
        with django_assert_max_num_queries(14) as seen:
            last_time(before, response, world.editor)
        counted.append(len(seen))
    assert counted[0] == counted[1]
