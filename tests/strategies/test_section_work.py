"""Who sees to a section, how far it has come, the lock while it is reviewed, and several sections at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Notification
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from strategies.domain import outline_many, section_work, sections, text
from strategies.domain.outline_rows import rows_of, totals_of
from strategies.domain.versions import fork_version, freeze_version
from strategies.models import Section
from strategies.queries.outline import outline
from strategies.states import SECTION_STATES, WorkStatus
from tests.factories.actors import make_person
from tests.factories.strategies import working_version
from tests.factories.texts import insert, make_section, words, write
from tests.factories.threads import together

PEOPLE = ("leader", "editor", "secretary", "reader", "outsider", "nobody")
MAY = {"leader", "editor"}
DEEDS = {
    "begin": lambda s, by: section_work.begin_section(section_id=s.pk, by=by),
    "ready": lambda s, by: section_work.mark_ready(section_id=s.pk, by=by),
    "assign": lambda s, by: section_work.assign_sections(
        version_id=s.version_id, section_ids=[s.pk], owner_ids=[], by=by
    ),
    "lock": lambda s, by: section_work.lock_section(section_id=s.pk, reason="Granskas", by=by),
    "remove": lambda s, by: outline_many.remove_sections(version_id=s.version_id, section_ids=[s.pk], by=by),
}


@pytest.fixture
def section(world) -> Section:
    return make_section(world.draft, "Ett två tre.\n\nFyra fem.", by=world.leader, title="Tågen")


def lock(section, by, reason="Granskas av juristen"):
    return section_work.lock_section(section_id=section.pk, reason=reason, by=by)


# --- states


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("deed", DEEDS)
def test_who_may(world, deed, person):
    section = make_section(world.draft, title="Nytt")
    if person in MAY:
        DEEDS[deed](section, world.people[person])
    else:
        with pytest.raises(Forbidden):
            DEEDS[deed](section, world.people[person])


@pytest.mark.parametrize("start", WorkStatus.values)
@pytest.mark.parametrize("to", WorkStatus.values)
def test_set_work_from_every_state_to_every_other(world, start, to):
    section = make_section(world.draft, title="Nytt")
    change = lambda work: section_work.set_work(  # noqa: E731
        version_id=world.draft.pk, section_ids=[section.pk], work=work, by=world.editor
    )
    change(start)
    assert [row.pk for row in change(to)] == ([] if start == to else [section.pk])
    section.refresh_from_db()
    assert section.work == to


@pytest.mark.parametrize(("start", "to"), [(a, b) for a in WorkStatus for b in WorkStatus if a != b])
def test_a_verb_walks_only_its_own_edges(world, start, to):
    section = make_section(world.draft, title="Nytt")
    section_work.set_work(version_id=world.draft.pk, section_ids=[section.pk], work=start, by=world.editor)
    for (_, end), verb in section_work.VERBS.items():
        if end == to and not SECTION_STATES.allows(start, to):
            with pytest.raises(WrongState):
                verb(section_id=section.pk, by=world.editor)


def test_the_first_words_begin_a_section(world):
    section = make_section(world.draft, title="Nytt")
    assert section.work == WorkStatus.NOT_STARTED
    text.save_form_text(section_id=section.pk, by=world.editor, version=0, text="Hej.")
    section.refresh_from_db()
    assert section.work == WorkStatus.IN_PROGRESS


def test_the_next_draft_keeps_owners_and_begins_anew(world, section):
    section_work.assign_sections(
        version_id=world.draft.pk, section_ids=[section.pk], owner_ids=[world.editor.pk], by=world.leader
    )
    section_work.mark_ready(section_id=section.pk, by=world.editor)
    lock(section, world.editor)
    frozen = freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion 1")
    draft = fork_version(version_id=frozen.pk, by=world.leader)
    again = draft.sections.get(uuid=section.uuid)
    assert (again.work, list(again.owners.all()), again.locked_at) == (WorkStatus.NOT_STARTED, [world.editor], None)


# --- owners


def test_assign_sections_tells_those_who_are_new_and_not_oneself(world, section):
    section_work.assign_sections(
        version_id=world.draft.pk, section_ids=[section.pk], owner_ids=[world.editor.pk, world.leader.pk], by=world.leader,
    )  # fmt: skip
    section_work.assign_sections(
        version_id=world.draft.pk, section_ids=[section.pk], owner_ids=[world.editor.pk], by=world.leader
    )
    told = Notification.objects.filter(kind="assign_sections")
    assert [(row.user, row.text) for row in told] == [(world.editor, f"{world.leader.name} gav dig ansvar för ”Tågen”")]


def test_assign_sections_refuses_whoever_cannot_write(world, section):
    with pytest.raises(Invalid):
        section_work.assign_sections(
            version_id=world.draft.pk, section_ids=[section.pk], owner_ids=[world.reader.pk], by=world.leader
        )
    assert list(section.owners.all()) == []


# --- the lock


def test_a_locked_section_refuses_words_with_who_and_why(world, section):
    lock(section, world.editor)
    said = f"”Tågen” är låst för granskning av {world.editor.name}: Granskas av juristen"
    for attempt in (
        lambda: write(section, world.leader, insert(1, "X")),
        lambda: text.save_form_text(section_id=section.pk, by=world.leader, version=section.doc_version, text="Nytt."),
        lambda: sections.rename_section(section_id=section.pk, title="Bussar", by=world.leader),
        lambda: sections.remove_section(section_id=section.pk, by=world.leader),
        lambda: write(section, world.editor, insert(1, "X")),  # whoever locked it reviews, and does not write
    ):
        with pytest.raises(WrongState) as refused:
            attempt()
        assert str(refused.value) == said
    assert words(section) == "Ett två tre.\nFyra fem."


def test_a_chapter_with_a_locked_section_is_not_removed(world):
    chapter = sections.add_section(version_id=world.draft.pk, kind="chapter", title="A", by=world.leader)
    inside = sections.add_section(
        version_id=world.draft.pk, kind="text", title="B", by=world.leader, parent_id=chapter.pk
    )
    lock(inside, world.editor)
    with pytest.raises(WrongState):
        sections.remove_section(section_id=chapter.pk, by=world.leader)
    chapter.refresh_from_db()
    assert chapter.removed_at is None


@pytest.mark.parametrize(
    ("person", "may"), [("leader", True), ("editor", True), ("other", False), ("reader", False), ("nobody", False)]
)
def test_who_may_unlock_what_the_editor_locked(world, section, person, may):
    from actors.models import Role

    world.people["other"] = make_person(world.region, Role.EDITOR)
    lock(section, world.editor)
    if may:
        section_work.unlock_section(section_id=section.pk, by=world.people[person])
        write(section, world.people[person], insert(1, "X"))
        assert words(section).startswith("XEtt")
    else:
        with pytest.raises(Forbidden):
            section_work.unlock_section(section_id=section.pk, by=world.people[person])


def test_lock_section_needs_a_reason_and_is_one_persons(world, section):
    with pytest.raises(Invalid):
        lock(section, world.editor, "  ")
    with pytest.raises(Invalid):
        lock(section, world.editor, "x" * 201)
    first = lock(section, world.editor)
    assert lock(section, world.editor).locked_at == first.locked_at
    with pytest.raises(Conflict):
        lock(section, world.leader, "Jag med")


@pytest.mark.django_db(transaction=True)
def test_a_lock_and_a_commit_at_once_take_turns(world):
    section = make_section(world.draft, "Ett två tre.", by=world.leader, title="Tågen")
    answers = together(
        lambda: lock(section, world.editor),
        lambda: write(section, world.leader, insert(1, "X"), version=section.doc_version),
    )
    section.refresh_from_db()
    assert section.locked_by == world.editor
    if isinstance(answers[1], Exception):
        assert isinstance(answers[1], WrongState) and words(section) == "Ett två tre."
    else:
        assert words(section) == "XEtt två tre."


# --- the form without a script


def test_the_form_keeps_what_was_written_when_the_section_is_locked(client, world, section):
    lock(section, world.editor)
    client.force_login(world.leader)
    url = f"/utkast/{world.draft.pk}/avsnitt/{section.uuid}/text/"
    shown = client.get(url + "?formular=1").content.decode()
    assert "är låst för granskning av" in shown
    answer = client.post(url, {"version": section.doc_version, "text": "Mina egna ord."})
    assert answer.status_code == 409
    assert "Mina egna ord." in answer.content.decode()
    assert "Granskas av juristen" in answer.content.decode()


# --- several at once


@pytest.fixture
def tree(world):
    add = lambda title, parent=None, kind="text": sections.add_section(  # noqa: E731
        version_id=world.draft.pk, kind=kind, title=title, by=world.leader, parent_id=parent.pk if parent else None
    )
    world.a, world.b = add("A", kind="chapter"), add("B", kind="chapter")
    world.a1, world.a2, world.a3 = add("A1", world.a), add("A2", world.a), add("A3", world.a)
    world.a2x = add("A2x", world.a2)
    return world


def under(world, parent):
    return [node.title for node in outline(world.draft) if node.section.parent_id == parent.pk]


def move(world, rows, parent=None, after=None):
    return outline_many.move_sections(
        version_id=world.draft.pk, section_ids=[row.pk for row in rows], by=world.editor,
        parent_id=parent.pk if parent else None, after_id=after.pk if after else None,
    )  # fmt: skip


def test_move_sections_keeps_their_order_and_what_is_below_follows(tree):
    done = move(tree, [tree.a3, tree.a2x, tree.a2], tree.b)
    assert [row.title for row in done] == ["A2", "A3"]
    assert (under(tree, tree.a), under(tree, tree.b), under(tree, tree.a2)) == (["A1"], ["A2", "A3"], ["A2x"])


def test_move_sections_after_one_of_themselves(tree):
    move(tree, [tree.a1, tree.a2], tree.a, tree.a2)
    assert under(tree, tree.a) == ["A1", "A2", "A3"]
    move(tree, [tree.a1, tree.a2], tree.a, tree.a3)
    assert under(tree, tree.a) == ["A3", "A1", "A2"]


def test_move_sections_is_all_or_nothing(tree):
    with pytest.raises(Invalid):
        move(tree, [tree.a1, tree.a], tree.b)  # a chapter cannot stand under a chapter
    assert under(tree, tree.a) == ["A1", "A2", "A3"]


def test_remove_sections_and_back(tree):
    done = outline_many.remove_sections(
        version_id=tree.draft.pk, section_ids=[tree.a1.pk, tree.a2.pk, tree.a2x.pk], by=tree.editor
    )
    assert under(tree, tree.a) == ["A3"]
    outline_many.restore_sections(version_id=tree.draft.pk, section_ids=[row.pk for row in done], by=tree.editor)
    assert under(tree, tree.a) == ["A1", "A2", "A3"] and under(tree, tree.a2) == ["A2x"]


def test_nothing_chosen_is_said(tree):
    with pytest.raises(Invalid):
        outline_many.remove_sections(version_id=tree.draft.pk, section_ids=[], by=tree.editor)


# --- the page


def post(client, world, **data):
    return client.post(f"/strategier/{world.strategy.pk}/utkast/flera/", data)


def test_the_page_does_each_deed_without_a_script(client, tree):
    client.force_login(tree.leader)
    post(client, tree, do="work", rad=[tree.a1.pk, tree.a2.pk], work=WorkStatus.READY)
    post(client, tree, do="assign", rad=[tree.a1.pk], owner=[tree.editor.pk])
    post(client, tree, do="move", rad=[tree.a3.pk], place="under", target=tree.b.pk)
    post(client, tree, do="move", rad=[tree.a2.pk], place="after", target=tree.a3.pk)
    post(client, tree, do="remove", rad=[tree.a1.pk])
    assert (under(tree, tree.a), under(tree, tree.b)) == ([], ["A3", "A2"])
    tree.a2.refresh_from_db()
    assert tree.a2.work == WorkStatus.READY
    tree.a1.refresh_from_db()
    assert list(tree.a1.owners.all()) == [tree.editor] and tree.a1.removed_at


def test_filters_show_mine_and_what_is_not_ready(client, tree):
    section_work.assign_sections(
        version_id=tree.draft.pk, section_ids=[tree.a1.pk], owner_ids=[tree.editor.pk], by=tree.leader
    )
    section_work.mark_ready(section_id=tree.a2.pk, by=tree.leader)
    rows = rows_of(tree.draft, outline(tree.draft), chosen="mina", viewer=tree.editor)
    assert [row.node.title for row in rows if row.is_shown] == ["A1"]
    rows = rows_of(tree.draft, outline(tree.draft), chosen="ej-klara", viewer=tree.editor)
    assert "A2" not in [row.node.title for row in rows if row.is_shown]
    client.force_login(tree.editor)
    page = client.get(f"/strategier/{tree.strategy.pk}/utkast/?visa=mina").content.decode()
    assert f'id="rad-{tree.a1.pk}"' in page and f'id="rad-{tree.a2.pk}"' not in page


def test_words_are_counted_and_kept_up(tree):
    one = make_section(tree.draft, "Ett två tre.", by=tree.leader, title="C")
    total = lambda: totals_of(rows_of(working_version(tree.strategy), outline(tree.draft)))["words"]  # noqa: E731
    before = total()
    write(one, tree.editor, insert(1, "Noll "))
    assert total() == before + 1


def test_the_outline_page_asks_as_many_questions_for_many_as_for_few(client, tree):
    client.force_login(tree.editor)
    counts = []
    for n in range(2):
        for k in range(3 * n):
            row = make_section(tree.draft, "Ord.", by=tree.leader, title=f"Till {k}")
            row.owners.set([tree.editor, tree.leader])
            lock(row, tree.leader)
        client.get(f"/strategier/{tree.strategy.pk}/utkast/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/strategier/{tree.strategy.pk}/utkast/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
