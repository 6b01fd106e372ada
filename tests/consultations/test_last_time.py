"""The next round: last time's points with their fate, only where something changed, and one click to say it again."""

import pytest

from consultations.domain import again, dispositions, invitations, responses, rounds
from consultations.queries.earlier import earlier_response, last_time
from rus_platform.kit.errors import Forbidden, NotFound
from strategies.domain import carry, text, versions
from strategies.models import AnchorResolution, Section
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


def test_the_way_to_the_words_and_what_was_struck_and_added():
    world, before, response = next_time()
    [row] = [row for row in last_time(before, response, world.editor) if row.changed]
    [change] = row.changes
    assert "".join(words for op, words in change.spans if op != "+") == (
        "Regionen ska tillsammans med kommunerna stärka tåget och bussen."
    )
    assert "bussen och cykeln" in "".join(words for op, words in change.spans if op != "-")
    page = signed_in(world.editor).get(url("earlier", response.pk)).content.decode()
    assert f"{url('read', response.pk)}#t{row.now.pk}-{row.block}" in page
    text = signed_in(world.editor).get(url("read", response.pk)).content.decode()
    assert f'id="t{row.now.pk}-{row.block}"' in text
    assert url("differences", response.pk) not in page
    assert f"/versioner/{before.round.version_id}/" in page


def test_nothing_changed_says_so():
    world, before = make.make_submitted(points=2)
    make.close(world)
    make.decide_all(world, "noted")
    make.settle(world)
    round_ = make.next_round(world, "")
    carry.resolve_anchors(version_id=round_.version_id)
    response = responses.start_response(round_id=round_.pk, actor_id=world.municipality.pk, by=world.editor)
    page = signed_in(world.editor).get(url("earlier", response.pk)).content.decode()
    assert "Ingenting är ändrat där ni hade synpunkter" in page
    assert "Synpunkt 1" not in page
    assert "Synpunkt 1" in signed_in(world.editor).get(url("earlier", response.pk) + "?alla=1").content.decode()


def test_before_the_words_have_been_looked_for_it_says_how_many_are_left():
    world, before = make.make_submitted(points=3)
    make.close(world)
    make.decide_all(world, "not", "Det ryms inte.")
    make.settle(world)
    draft = versions.fork_version(version_id=world.version.pk, by=world.leader)
    goal = Section.objects.get(version=draft, uuid=world.goal.uuid)
    text.replace_text(section_id=goal.pk, by=world.leader, doc={"type": "doc", "content": []}, via="import")
    frozen = versions.freeze_version(version_id=draft.pk, by=world.leader, label="Samrådsversion 2")
    round_ = rounds.create_round(version_id=frozen.pk, title="Andra", by=world.leader)
    make.describe(round_, by=world.leader)
    invitations.invite_actors(round_id=round_.pk, actor_ids=[world.municipality.pk], by=world.leader)
    rounds.open_round(round_id=round_.pk, by=world.leader)
    response = responses.start_response(round_id=round_.pk, actor_id=world.municipality.pk, by=world.editor)
    client = signed_in(world.editor)
    page = client.get(url("earlier", response.pk)).content.decode()
    assert "1 av 3 är kvar att leta efter" in page
    assert "load delay" in page
    carry.resolve_anchors(version_id=frozen.pk)
    page = client.get(url("earlier", response.pk)).content.decode()
    assert "kvar att leta efter" not in page
    assert "Finns inte kvar" in page


def test_opening_asks_for_the_words_and_the_clock_makes_up_for_a_lost_task(django_capture_on_commit_callbacks):
    world, before = make.make_submitted(points=1)
    make.close(world)
    make.settle(world)
    with django_capture_on_commit_callbacks() as asked:
        round_ = make.next_round(world)
    sent = [
        (cell.cell_contents, callback)
        for callback in asked
        for cell in callback.__closure__ or ()
        if cell.cell_contents == "strategies.tasks.carry_anchors"
    ]
    assert len(sent) == 3  # as the draft begins, as it is frozen, as the round opens
    assert not AnchorResolution.objects.filter(version=round_.version).exists()
    assert carry.refresh_drafts() == 1
    assert AnchorResolution.objects.get(version=round_.version).anchor == before.points.get().anchor
    assert carry.refresh_drafts() == 0


def test_a_change_that_the_point_caused_leads_to_the_sentence():
    world, before = make.make_submitted(points=1)
    make.close(world)
    draft = make.next_draft(world, "Regionen ska tillsammans med kommunerna stärka tåget, bussen och cykeln.")
    goal = Section.objects.get(version=draft, uuid=world.goal.uuid)
    block = goal.doc["content"][0]["attrs"]["id"]
    point = before.points.get()
    dispositions.link_change(point_id=point.pk, section_id=goal.pk, block_id=block, by=world.leader)
    make.decide_all(world, "accommodated")
    make.settle(world)
    frozen = versions.freeze_version(version_id=draft.pk, by=world.leader, label="Samrådsversion 2")
    carry.resolve_anchors(version_id=frozen.pk)
    round_ = rounds.create_round(version_id=frozen.pk, title="Andra", by=world.leader)
    make.describe(round_, by=world.leader)
    invitations.invite_actors(round_id=round_.pk, actor_ids=[world.municipality.pk], by=world.leader)
    rounds.open_round(round_id=round_.pk, by=world.leader)
    response = responses.start_response(round_id=round_.pk, actor_id=world.municipality.pk, by=world.editor)
    page = signed_in(world.editor).get(url("earlier", response.pk)).content.decode()
    assert "Er synpunkt ledde till en ändring i Ett län som reser" in page
    assert page.count(f"{url('read', response.pk)}#t{goal.pk}-{block}") >= 2
    assert "Tillgodoses" in page


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
