"""Checkpoints: kept by name, by the clock and before great changes; read, compared, and gone back to as a new change."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from strategies.domain import checkpoints, markup, replacing, restoring, section_work, sections, splitting, text
from strategies.domain.searching import Words
from strategies.domain.versions import fork_version, freeze_version
from strategies.models import Checkpoint, Section, Step
from strategies.queries.outline import outline
from tests.factories.texts import insert, words, write

pytestmark = pytest.mark.django_db
PEOPLE = ("leader", "editor", "secretary", "reader", "outsider", "nobody")


def chapter(world, said="", title="Tågen") -> Section:
    made = sections.add_section(version_id=world.draft.pk, kind="chapter", title=title, by=world.leader)
    if said:
        text.replace_text(section_id=made.pk, by=world.leader, doc=markup.to_doc(said), via="import")
        made.refresh_from_db()
    return made


@pytest.fixture
def section(world) -> Section:
    return chapter(world, "Ett två tre.\n\nFyra fem.")


def keep(world, label="Före mötet", by=None):
    return checkpoints.keep_checkpoint(version_id=world.draft.pk, by=by or world.leader, label=label)


def docs(state):
    return {row["title"]: row["doc"] for row in state}


# --- keeping


@pytest.mark.parametrize("person", PEOPLE)
def test_who_may_keep_one(world, person):
    if person in ("leader", "editor"):
        assert keep(world, by=world.people[person]).by == world.people[person]
    else:
        with pytest.raises(Forbidden):
            keep(world, by=world.people[person])


def test_keep_checkpoint_needs_a_name_and_a_draft(world):
    for label in ("", "  ", "x" * 121):
        with pytest.raises(Invalid):
            keep(world, label)
    freeze_version(version_id=world.draft.pk, by=world.leader, label="Frusen")
    with pytest.raises(WrongState):
        keep(world)


def test_the_same_twice_is_one(world, section):
    assert keep(world) == keep(world)
    write(section, world.editor, insert(1, "X"))
    assert keep(world) != Checkpoint.objects.last()


def test_the_text_of_a_checkpoint_is_the_text_of_that_moment(world, section):
    moments = []
    for n in range(4):
        moments.append((keep(world, f"Nr {n}"), checkpoints.state_of(world.draft)))
        write(section, world.editor, insert(1, f"{n} "), insert(1, "Ö👍🏽"))
        if n == 2:
            text.replace_text(section_id=section.pk, by=world.leader, doc=markup.to_doc("Helt annat."), via="import")
    for kept, then in moments:
        assert checkpoints.state_at(Checkpoint.objects.get(pk=kept.pk)) == then


def test_reading_one_costs_three_questions_however_much_was_written(world, section):
    other = chapter(world, "Andra ord.", "Bussarna")
    kept = keep(world)
    counts = []
    for row in (section, other):
        for _ in range(3):
            write(row, world.editor, insert(1, "X"))
        with CaptureQueriesContext(connection) as queries:
            checkpoints.state_at(kept)
        counts.append(len(queries))
    assert counts == [2, 2]


# --- by itself


def kinds(world):
    return list(world.draft.checkpoints.order_by("pk").values_list("kind", flat=True))


def test_the_clock_keeps_a_draft_after_an_hours_quiet_once(world, section):
    assert checkpoints.keep_quiet_drafts() == 0  # somebody has just written
    with clock.travel(clock.now() + timedelta(minutes=61)):
        assert [checkpoints.keep_quiet_drafts() for _ in range(2)] == [1, 0]
    with clock.travel(clock.now() + timedelta(hours=5)):
        assert checkpoints.keep_quiet_drafts() == 0
        write(section, world.editor, insert(1, "X"))
        assert checkpoints.keep_quiet_drafts() == 0
    with clock.travel(clock.now() + timedelta(hours=7)):
        assert checkpoints.keep_quiet_drafts() == 1
    assert kinds(world) == ["quiet", "quiet"]


def test_the_clock_keeps_one_a_day_of_a_draft_that_never_rests(world, section):
    for hours in range(1, 50):
        with clock.travel(clock.now() + timedelta(hours=hours * 0.9)):
            write(section, world.editor, insert(1, "X"))
            checkpoints.keep_quiet_drafts()
    assert kinds(world) == ["quiet"]


def test_before_words_are_replaced_and_only_when_something_is_new(world, section):
    choice = lambda: [replacing.Chosen(section.pk, section.doc_version, frozenset({0}))]  # noqa: E731
    swap = lambda old, new: replacing.replace_words(  # noqa: E731
        version_id=world.draft.pk, by=world.editor, words=Words((old,)), new=new, chosen=choice()
    )
    assert swap("två", "2").count == 1
    section.refresh_from_db()
    assert words(section).startswith("Ett 2 tre.")
    assert kinds(world) == ["replace"]
    assert docs(checkpoints.state_at(Checkpoint.objects.get()))["Tågen"] == text.doc_at(
        section, section.doc_version - 1
    )


# --- going back, one section


@pytest.mark.parametrize("person", PEOPLE)
def test_who_may_take_a_section_back(world, section, person):
    kept = keep(world)
    write(section, world.leader, insert(1, "X"))
    go = lambda: restoring.restore_from_checkpoint(  # noqa: E731
        checkpoint_id=kept.pk, uuid=str(section.uuid), version_id=world.draft.pk, by=world.people[person]
    )
    if person in ("leader", "editor"):
        go()
        assert words(section) == "Ett två tre.\nFyra fem."
    else:
        with pytest.raises(Forbidden):
            go()


def test_a_section_comes_back_as_a_new_change_with_heading_and_from_removal(world, section):
    kept = keep(world)
    sections.rename_section(section_id=section.pk, title="Bussarna", by=world.editor)
    write(section, world.editor, insert(1, "X"))
    sections.remove_section(section_id=section.pk, by=world.editor)
    before = Step.objects.filter(section=section).count()
    restoring.restore_from_checkpoint(
        checkpoint_id=kept.pk, uuid=str(section.uuid), version_id=world.draft.pk, by=world.leader
    )
    section.refresh_from_db()
    assert (section.title, section.removed_at, words(section)) == ("Tågen", None, "Ett två tre.\nFyra fem.")
    last = section.steps.last()
    assert last is not None and (last.via, last.by) == ("restore", world.leader)
    assert Step.objects.filter(section=section).count() > before
    assert kinds(world) == ["named", "restore"]


def test_a_locked_section_is_not_taken_back(world, section):
    kept = keep(world)
    write(section, world.editor, insert(1, "X"))
    section_work.lock_section(section_id=section.pk, reason="Granskas", by=world.editor)
    for go in (
        lambda: restoring.restore_from_checkpoint(
            checkpoint_id=kept.pk, uuid=str(section.uuid), version_id=world.draft.pk, by=world.leader
        ),
        lambda: restoring.restore_checkpoint(checkpoint_id=kept.pk, by=world.leader),
    ):
        with pytest.raises(WrongState):
            go()
    assert words(section).startswith("X")


def test_a_section_comes_from_an_earlier_edition_with_its_uuid(world, section):
    frozen = freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion 1")
    draft = fork_version(version_id=frozen.pk, by=world.leader)
    own = draft.sections.get(uuid=section.uuid)
    sections.remove_section(section_id=own.pk, by=world.leader)
    second = freeze_version(version_id=draft.pk, by=world.leader, label="Samrådsversion 2")
    third = fork_version(version_id=second.pk, by=world.leader)
    assert not third.sections.filter(uuid=section.uuid).exists()
    back = restoring.restore_from_version(
        source_id=frozen.pk, uuid=str(section.uuid), version_id=third.pk, by=world.editor
    )
    assert (back.uuid, back.title, words(back)) == (section.uuid, "Tågen", "Ett två tre.\nFyra fem.")


def test_what_was_not_there_is_said(world, section):
    kept = keep(world)
    later = chapter(world, "Nytt.", "Senare")
    with pytest.raises(NotFound):
        restoring.restore_from_checkpoint(
            checkpoint_id=kept.pk, uuid=str(later.uuid), version_id=world.draft.pk, by=world.leader
        )


# --- going back, all of it


def test_only_a_leader_restores_the_whole(world, section):
    kept = keep(world)
    with pytest.raises(Forbidden):
        restoring.restore_checkpoint(checkpoint_id=kept.pk, by=world.editor)


def test_the_whole_draft_is_as_it_was_and_what_it_was_just_now_is_kept(world, section):
    second = chapter(world, "Tio.", "Cyklar")
    kept = keep(world)
    then = checkpoints.state_of(world.draft)
    write(section, world.editor, insert(1, "X"))
    splitting.merge_sections(first_id=section.pk, second_id=second.pk, by=world.editor)
    late = chapter(world, "Nytt.", "Senare")
    sections.move_section(section_id=late.pk, by=world.editor)
    sections.rename_section(section_id=section.pk, title="Annat", by=world.editor)
    now = checkpoints.state_of(world.draft)
    restoring.restore_checkpoint(checkpoint_id=kept.pk, by=world.leader)
    again = checkpoints.state_of(world.draft)
    assert [(row["title"], row["doc"], row["parent"]) for row in again] == [
        (row["title"], row["doc"], row["parent"]) for row in then
    ]
    just_before = world.draft.checkpoints.first()
    restoring.restore_checkpoint(checkpoint_id=just_before.pk, by=world.leader)
    assert [(row["title"], row["doc"]) for row in checkpoints.state_of(world.draft)] == [
        (row["title"], row["doc"]) for row in now
    ]


def test_a_checkpoint_of_a_frozen_version_is_read_but_not_gone_back_to(world, section):
    kept = keep(world)
    freeze_version(version_id=world.draft.pk, by=world.leader, label="Frusen")
    assert docs(checkpoints.state_at(kept))["Tågen"]["content"]
    with pytest.raises(WrongState):
        restoring.restore_checkpoint(checkpoint_id=kept.pk, by=world.leader)


# --- the pages


def test_the_pages_keep_read_compare_and_restore_without_a_script(client, world, section):
    client.force_login(world.leader)
    base = f"/strategier/{world.strategy.pk}"
    assert client.post(f"{base}/sparpunkter/", {"label": ""}).status_code == 422
    client.post(f"{base}/sparpunkter/", {"label": "Före mötet"})
    kept = Checkpoint.objects.get()
    write(section, world.editor, insert(1, "Nytt "))
    assert "Före mötet" in client.get(f"{base}/versioner/").content.decode()
    assert "Ett två tre." in client.get(f"/sparpunkter/{kept.pk}/").content.decode()
    chosen = client.get(f"{base}/jamfor/", {"fran": f"s{kept.pk}", "till": str(world.draft.pk)})
    page = client.get(chosen["Location"]).content.decode()
    assert "Nytt" in page and "Ta tillbaka som det var" in page
    done = client.post(f"/aterstall/s{kept.pk}/{section.uuid}/")
    assert done["Location"].endswith(f"/utkast/{section.uuid}/")
    assert words(section).startswith("Ett två")
    sections.rename_section(section_id=section.pk, title="Annat", by=world.editor)
    client.post(f"/sparpunkter/{kept.pk}/aterstall/")
    assert "Tågen" in [node.title for node in outline(world.draft)]


@pytest.mark.parametrize("person", ["outsider", "nobody"])
def test_strangers_find_no_checkpoint(client, world, section, person):
    kept = keep(world)
    client.force_login(world.people[person])
    for address in (f"/sparpunkter/{kept.pk}/", f"/jamfor/s{kept.pk}/{world.draft.pk}/"):
        assert client.get(address).status_code == 404
    assert client.post(f"/aterstall/s{kept.pk}/{section.uuid}/").status_code == 404


@pytest.mark.parametrize("side", ["s", "sx", "s-1", "x", "s99999999999999999999", "s1²"])
def test_odd_addresses_are_not_found(client, world, side):
    client.force_login(world.leader)
    assert client.get(f"/jamfor/{side}/{world.draft.pk}/").status_code == 404
    assert client.post(f"/aterstall/{side}/{world.draft.sections.first().uuid}/").status_code == 404


def test_the_list_asks_as_many_questions_for_many_as_for_few(client, world, section):
    client.force_login(world.reader)
    counts = []
    for n in range(2):
        for k in range(1 + 3 * n):
            write(section, world.editor, insert(1, "X"))
            keep(world, f"Nr {n} {k}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/strategier/{world.strategy.pk}/sparpunkter/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
