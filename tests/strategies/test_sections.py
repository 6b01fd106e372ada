"""The outline: add, rename, move, remove, bring back; the facts of goals; codes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.domain.membership import end_role
from actors.models import Actor, AuditEvent, Role
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from strategies.domain import sections
from strategies.domain.versions import freeze_version
from strategies.models import PolicyItem, Section
from strategies.queries.outline import outline
from tests.factories.actors import make_organisation, make_person, make_region
from tests.factories.strategies import make_strategy, working_version
from tests.factories.threads import together

pytestmark = pytest.mark.django_db


def add(world, kind="text", title="Ett avsnitt", **more):
    return sections.add_section(version_id=world.draft.pk, kind=kind, title=title, by=world.leader, **more)


@pytest.fixture
def tree(world):
    """Two chapters: one with two texts, one with a goal and two sub-goals, after the template's own nine."""
    chapter = add(world, "chapter", "Kapitel A")
    goals = add(world, "chapter", "Kapitel B")
    world.a, world.b = chapter, goals
    world.a1 = add(world, "text", "Text A1", parent_id=chapter.pk)
    world.a2 = add(world, "text", "Text A2", parent_id=chapter.pk)
    world.goal = add(world, "goal", "Ett mål", parent_id=goals.pk)
    world.sub1 = add(world, "subgoal", "Första delmålet", parent_id=world.goal.pk)
    world.sub2 = add(world, "subgoal", "Andra delmålet", parent_id=world.goal.pk)
    world.priority = add(world, "priority", "En prioritering", parent_id=goals.pk)
    return world


def under(world, parent):
    """Titles below a section in order."""
    return [node.title for node in outline(world.draft) if node.section.parent_id == (parent.pk if parent else None)]


def codes(world):
    return {node.title: node.code for node in outline(world.draft)}


# --- Codes ------------------------------------------------------------------------------------
def test_codes_follow_the_order_and_go_on_through_the_chapters(tree):
    again = add(tree, "chapter", "Kapitel C")
    add(tree, "goal", "Ett mål till", parent_id=again.pk)
    add(tree, "priority", "En till", parent_id=again.pk)
    found = codes(tree)
    base = int(found["Kapitel A"])
    assert {title: found[title] for title in ("Text A1", "Text A2", "Ett mål", "Första delmålet", "Andra delmålet", "En prioritering", "Ett mål till", "En till")} == {
        "Text A1": f"{base}.1", "Text A2": f"{base}.2", "Ett mål": "Mål 1", "Första delmålet": "Delmål 1.1", "Andra delmålet": "Delmål 1.2",
        "En prioritering": "P1", "Ett mål till": "Mål 2", "En till": "P2",
    }  # fmt: skip
    sections.move_section(section_id=again.pk, by=tree.leader)
    found = codes(tree)
    assert (found["Kapitel C"], found["Ett mål till"], found["Ett mål"], found["Andra delmålet"]) == (
        "1",
        "Mål 1",
        "Mål 2",
        "Delmål 2.2",
    )


def test_outline_takes_the_same_queries_for_few_and_many(tree):
    def count():
        with CaptureQueriesContext(connection) as captured:
            list(outline(tree.draft))
        return len(captured)

    before = count()
    for n in range(20):
        add(tree, "goal", f"Mål {n}")
    assert (before, count()) == (3, 3)


# --- Add ----------------------------------------------------------------------------------------
def test_add_section_after_a_sibling_or_last(tree):
    add(tree, "text", "Sist", parent_id=tree.a.pk)
    add(tree, "text", "Mellan", parent_id=tree.a.pk, after_id=tree.a1.pk)
    assert under(tree, tree.a) == ["Text A1", "Mellan", "Text A2", "Sist"]


def test_add_section_renumbers_when_there_is_no_gap_left(tree):
    for n in range(14):
        add(tree, "text", f"T{n}", parent_id=tree.a.pk, after_id=tree.a1.pk)
    assert under(tree, tree.a) == ["Text A1", *[f"T{n}" for n in range(13, -1, -1)], "Text A2"]


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        ("subgoal", "a"),
        ("subgoal", None),
        ("chapter", "a"),
        ("goal", "goal"),
        ("priority", "sub1"),
        ("goal", "priority"),
    ],
)
def test_add_section_in_the_wrong_place_is_refused_in_words(tree, kind, parent):
    with pytest.raises(Invalid, match="kan inte ligga under"):
        add(tree, kind, "Fel", parent_id=getattr(tree, parent).pk if parent else None)


@pytest.mark.parametrize("title", ["", "   ", "\x00", "x" * 241])
def test_add_section_without_a_fair_heading_is_refused(world, title):
    with pytest.raises(Invalid) as refusal:
        add(world, "text", title)
    assert list(refusal.value.fields) == ["title"]


def test_add_section_of_an_unknown_kind_or_under_a_stranger_is_refused(world):
    with pytest.raises(Invalid):
        add(world, "kung", "Titel")
    elsewhere = make_strategy(make_region("97"))
    with pytest.raises(NotFound):
        add(world, "text", "Titel", parent_id=working_version(elsewhere).sections.first().pk)


def test_add_section_too_deep_is_refused(world):
    parent = add(world, "chapter", "1")
    for level in range(2, sections.DEEPEST + 1):
        parent = add(world, "text", str(level), parent_id=parent.pk)
    with pytest.raises(Invalid, match="högst 6 nivåer"):
        add(world, "text", "7", parent_id=parent.pk)


MAY_EDIT = {"leader": True, "editor": True, "secretary": False, "reader": False, "outsider": False, "nobody": False}


@pytest.mark.parametrize("state", ["working", "consultation"])
@pytest.mark.parametrize("person", MAY_EDIT)
def test_outline_verbs_by_person_and_state(tree, person, state):
    if state == "consultation":
        freeze_version(version_id=tree.draft.pk, by=tree.leader, label="Samrådsversion 1")
    by = tree.people[person]
    calls = [
        lambda: sections.add_section(version_id=tree.draft.pk, kind="text", title="Ny", by=by),
        lambda: sections.rename_section(section_id=tree.a.pk, title="Ny rubrik", by=by),
        lambda: sections.move_section(section_id=tree.a2.pk, by=by, parent_id=tree.a.pk),
        lambda: sections.nudge_section(section_id=tree.a2.pk, by=by, direction="down"),
        lambda: sections.set_goal_facts(
            section_id=tree.goal.pk, by=by, revision=9, target_year=2035, responsible_ids=[], policy_item_ids=[]
        ),
        lambda: sections.remove_section(section_id=tree.a1.pk, by=by),
        lambda: sections.restore_section(section_id=tree.a1.pk, by=by),
    ]
    for call in calls:
        if not MAY_EDIT[person]:
            with pytest.raises(Forbidden):
                call()
        elif state == "consultation":
            with pytest.raises(WrongState):
                call()
        else:
            call()


def test_outline_verb_after_the_role_ended_is_refused(tree):
    boss = make_person(tree.region, Role.ADMIN)
    end_role(membership_id=tree.editor.memberships.get().pk, by=boss)
    with pytest.raises(Forbidden):
        sections.rename_section(section_id=tree.a.pk, title="Ny", by=tree.editor)


# --- Rename ---------------------------------------------------------------------------------------
def test_rename_section_on_an_old_heading_shows_both(tree):
    sections.rename_section(section_id=tree.a.pk, title="Annas rubrik", by=tree.leader, revision=tree.a.revision)
    with pytest.raises(Conflict) as conflict:
        sections.rename_section(section_id=tree.a.pk, title="Eriks rubrik", by=tree.editor, revision=tree.a.revision)
    assert (conflict.value.data["mine"], conflict.value.data["theirs"]) == ("Eriks rubrik", "Annas rubrik")
    newest = conflict.value.data["revision"]
    assert (
        sections.rename_section(section_id=tree.a.pk, title="Eriks rubrik", by=tree.editor, revision=newest).title
        == "Eriks rubrik"
    )


def test_rename_section_is_not_disturbed_by_a_move(tree):
    seen = Section.objects.get(pk=tree.a2.pk).revision
    sections.move_section(section_id=tree.a2.pk, by=tree.editor, parent_id=tree.a.pk)
    assert sections.rename_section(section_id=tree.a2.pk, title="Ny", by=tree.leader, revision=seen).title == "Ny"


def test_rename_section_is_told_in_the_trail(tree):
    sections.rename_section(section_id=tree.a.pk, title="Den nya", by=tree.editor)
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.by, event.data["before"], event.data["after"]) == (
        "rename_section",
        tree.editor,
        "Kapitel A",
        "Den nya",
    )
    assert Section.objects.get(pk=tree.a.pk).history.count() == 2


# --- Move -----------------------------------------------------------------------------------------
def test_move_section_takes_what_is_below_along(tree):
    sections.move_section(section_id=tree.goal.pk, by=tree.leader, parent_id=tree.a.pk, after_id=tree.a1.pk)
    assert under(tree, tree.a) == ["Text A1", "Ett mål", "Text A2"]
    assert under(tree, tree.goal) == ["Första delmålet", "Andra delmålet"]


@pytest.mark.parametrize("below", ["goal", "sub1"])
def test_move_section_into_itself_is_refused_in_words(tree, below):
    with pytest.raises(Invalid, match="under sig självt"):
        sections.move_section(section_id=tree.goal.pk, by=tree.leader, parent_id=getattr(tree, below).pk)


def test_move_section_with_levels_below_counts_them(world):
    deep = [add(world, "chapter", "1")]
    for level in range(2, 6):
        deep.append(add(world, "text", str(level), parent_id=deep[-1].pk))
    two = add(world, "text", "Två nivåer")
    add(world, "text", "Under", parent_id=two.pk)
    with pytest.raises(Invalid, match="högst 6 nivåer"):
        sections.move_section(section_id=two.pk, by=world.leader, parent_id=deep[-1].pk)


def test_move_section_that_is_removed_is_refused(tree):
    sections.remove_section(section_id=tree.a1.pk, by=tree.leader)
    with pytest.raises(WrongState, match="Ta tillbaka det först"):
        sections.move_section(section_id=tree.a1.pk, by=tree.leader, parent_id=tree.b.pk)
    with pytest.raises(NotFound):
        sections.remove_section(section_id=tree.a.pk, by=tree.leader)
        sections.move_section(section_id=tree.priority.pk, by=tree.leader, parent_id=tree.a.pk)


@pytest.mark.parametrize(
    ("who", "direction", "order"),
    [
        ("a2", "up", ["Text A2", "Text A1"]),
        ("a1", "down", ["Text A2", "Text A1"]),
        ("a2", "in", ["Text A1"]),
        ("a2", "out", ["Text A1"]),
    ],
)
def test_nudge_section_by_keyboard(tree, who, direction, order):
    sections.nudge_section(section_id=getattr(tree, who).pk, by=tree.editor, direction=direction)
    assert under(tree, tree.a) == order
    if direction == "in":
        assert under(tree, tree.a1) == ["Text A2"]
    if direction == "out":
        assert under(tree, None)[-2:] == ["Text A2", "Kapitel B"]


@pytest.mark.parametrize(
    ("who", "direction"), [("a1", "up"), ("a2", "down"), ("a1", "in"), ("a", "out"), ("a1", "bort")]
)
def test_nudge_section_beyond_the_edge_is_refused_in_words(tree, who, direction):
    with pytest.raises(Invalid):
        sections.nudge_section(section_id=getattr(tree, who).pk, by=tree.editor, direction=direction)


# --- Remove and bring back ------------------------------------------------------------------------
def test_remove_section_takes_children_and_restore_brings_back_those_and_no_others(tree):
    sections.remove_section(section_id=tree.sub1.pk, by=tree.editor)
    sections.remove_section(section_id=tree.goal.pk, by=tree.leader)
    assert under(tree, tree.b) == ["En prioritering"]
    sections.restore_section(section_id=tree.goal.pk, by=tree.editor)
    assert under(tree, tree.b) == ["Ett mål", "En prioritering"]
    assert under(tree, tree.goal) == ["Andra delmålet"]


def test_restore_section_whose_parent_is_gone(tree):
    sections.remove_section(section_id=tree.a1.pk, by=tree.leader)
    sections.remove_section(section_id=tree.sub1.pk, by=tree.leader)
    sections.remove_section(section_id=tree.a.pk, by=tree.leader)
    sections.remove_section(section_id=tree.goal.pk, by=tree.leader)
    sections.restore_section(section_id=tree.a1.pk, by=tree.leader)
    assert under(tree, None)[-1] == "Text A1"
    with pytest.raises(WrongState, match="Ett mål"):
        sections.restore_section(section_id=tree.sub1.pk, by=tree.leader)


def test_remove_and_restore_twice_are_once(tree):
    for verb in (sections.remove_section, sections.restore_section):
        verb(section_id=tree.a1.pk, by=tree.leader)
        seen = AuditEvent.objects.count()
        verb(section_id=tree.a1.pk, by=tree.leader)
        assert AuditEvent.objects.count() == seen


# --- Facts ----------------------------------------------------------------------------------------
def facts(tree, section="goal", **given):
    row = Section.objects.get(pk=getattr(tree, section).pk)
    defaults = {"revision": row.revision, "target_year": 2035, "responsible_ids": [], "policy_item_ids": []}
    return sections.set_goal_facts(section_id=row.pk, by=tree.leader, **{**defaults, **given})


def test_set_goal_facts_keeps_year_actors_and_policy(tree):
    kommun = Actor.objects.filter(kind="municipality").first()
    items = list(PolicyItem.objects.filter(code__in=["SDG4", "SDG10"])) or list(
        PolicyItem.objects.filter(framework="sdg")[:2]
    )
    row = facts(tree, responsible_ids=[kommun.pk], policy_item_ids=[item.pk for item in items])
    assert (row.target_year, list(row.responsible.all()), set(row.policy_items.all())) == (2035, [kommun], set(items))


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("target_year", {"target_year": 2025}),
        ("target_year", {"target_year": 2066}),
        ("responsible", {"responsible_ids": [987654321]}),
        ("policy_items", {"policy_item_ids": [987654321]}),
    ],
)
def test_set_goal_facts_outside_the_lists_names_the_field(tree, field, given):
    with pytest.raises(Invalid) as refusal:
        facts(tree, **given)
    assert list(refusal.value.fields) == [field]


def test_set_goal_facts_wants_actors_of_the_register(tree):
    stranger = make_organisation()
    with pytest.raises(Invalid):
        facts(tree, responsible_ids=[stranger.pk])


def test_set_goal_facts_on_a_text_is_refused(tree):
    with pytest.raises(Invalid, match="Bara mål"):
        facts(tree, "a1")


def test_set_goal_facts_on_old_facts_shows_both(tree):
    seen = Section.objects.get(pk=tree.goal.pk).revision
    facts(tree, target_year=2030)
    with pytest.raises(Conflict) as conflict:
        facts(tree, revision=seen, target_year=2040)
    assert (conflict.value.data["mine"]["target_year"], conflict.value.data["theirs"]["target_year"]) == (2040, 2030)
    assert facts(tree, revision=seen, target_year=2030).target_year == 2030  # both say the same


# --- Two at once ----------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_move_section_two_at_once_make_no_cycle(tree):
    results = together(
        lambda: sections.move_section(section_id=tree.a1.pk, by=tree.leader, parent_id=tree.a2.pk),
        lambda: sections.move_section(section_id=tree.a2.pk, by=tree.editor, parent_id=tree.a1.pk),
    )
    assert sorted(type(result).__name__ for result in results) == ["Invalid", "Section"]


@pytest.mark.django_db(transaction=True)
def test_add_section_two_at_once_both_stay_in_order(tree):
    together(*[lambda n=n: add(tree, "text", f"Ny {n}", parent_id=tree.a.pk, after_id=tree.a1.pk) for n in range(4)])
    rows = Section.objects.filter(parent=tree.a).values_list("position", flat=True)
    assert len(set(rows)) == 6
    assert under(tree, tree.a)[0] == "Text A1"
    assert under(tree, tree.a)[-1] == "Text A2"


@pytest.mark.django_db(transaction=True)
def test_remove_section_while_another_adds_below_leaves_no_orphan(tree):
    together(
        lambda: sections.remove_section(section_id=tree.a.pk, by=tree.leader),
        lambda: add(tree, "text", "Ny", parent_id=tree.a.pk),
    )
    assert not Section.objects.filter(parent=tree.a, removed_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_set_goal_facts_two_at_once_second_is_told(tree):
    seen = Section.objects.get(pk=tree.goal.pk).revision
    results = together(
        lambda: facts(tree, revision=seen, target_year=2030), lambda: facts(tree, revision=seen, target_year=2031)
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Section"]
