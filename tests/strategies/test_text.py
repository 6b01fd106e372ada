"""Committing steps: who may, when, what is refused, what is merged, and that nothing confirmed is lost."""

import random
import threading
import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.models import Membership, Role, User
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from strategies.domain import documents, markup, text
from strategies.domain.steps import apply_step, read_step
from strategies.models import Section, Step, StepVia, Version
from tests.factories.actors import make_municipality, make_person, make_region
from tests.factories.strategies import make_strategy, working_version
from tests.factories.texts import delete, insert, make_section, words, write

pytestmark = pytest.mark.django_db

TEXT = "Ett två tre.\n\nFyra fem sex.\n\nSju åtta nio."


@pytest.fixture
def anna() -> User:
    return make_person(make_region(), Role.LEADER, name="Anna")


@pytest.fixture
def bo(anna: User) -> User:
    return make_person(make_region(), Role.EDITOR, name="Bo")


@pytest.fixture
def section(anna: User) -> Section:
    return make_section(working_version(make_strategy(by=anna)), TEXT, by=anna)


def replayed(section: Section) -> Any:
    """The document that the stored steps make of an empty one."""
    node = documents.read(documents.EMPTY)
    for row in section.steps.order_by("n"):
        node = apply_step(node, read_step(row.step))
    return node.to_json()


# --- What a commit is ---------------------------------------------------------------------------


def test_commit_steps_changes_the_text_and_leaves_a_trail(section: Section, bo: User) -> None:
    before = section.doc_version
    done = write(section, bo, insert(4, " och ett halvt"), insert(1, "»"))
    section.refresh_from_db()
    assert words(section).startswith("»Ett och ett halvt två tre.")
    assert done.version == section.doc_version == before + 2
    trail = list(section.steps.filter(n__gt=before))
    assert [(step.n, step.by, step.via) for step in trail] == [(before + 1, bo, "editor"), (before + 2, bo, "editor")]
    assert section.updated_at == trail[0].at
    assert replayed(section) == section.doc


def test_commit_steps_twice_with_the_same_batch_is_one_commit(section: Section, bo: User) -> None:
    batch, base = uuid.uuid4(), section.doc_version
    first = write(section, bo, insert(1, "X"), version=base, batch_id=batch)
    again = write(section, bo, insert(1, "X"), version=base, batch_id=batch)
    assert again.version == first.version
    assert [step.n for step in again.since] == [step.n for step in first.since]
    assert words(section).startswith("XEtt")


def test_commit_steps_tells_what_others_did_meanwhile(section: Section, anna: User, bo: User) -> None:
    base = section.doc_version
    write(section, anna, insert(1, "A"), version=base)
    done = write(section, bo, insert(15, "B"), version=base)
    assert [step.by for step in done.since] == [anna, bo]
    assert [step.n for step in done.since] == [base + 1, base + 2]


# --- Who and when -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.LEADER, True), (Role.EDITOR, True), (Role.SECRETARY, False), (Role.READER, False), (Role.ADMIN, False)],
)
def test_commit_steps_by_role(section: Section, role: Role, may: bool) -> None:
    person = make_person(make_region(), role)
    if may:
        write(section, person, insert(1, "X"))
    else:
        with pytest.raises(Forbidden):
            write(section, person, insert(1, "X"))
    assert words(section).startswith("X") is may


@pytest.mark.parametrize("roles", [(), (Role.LEADER, Role.EDITOR)])
def test_commit_steps_by_outsiders_is_forbidden(section: Section, roles: tuple[Role, ...]) -> None:
    with pytest.raises(Forbidden):
        write(section, make_person(make_municipality() if roles else None, *roles), insert(1, "X"))


def test_commit_steps_after_the_role_ended_is_forbidden_at_once(section: Section, bo: User) -> None:
    write(section, bo, insert(1, "X"))
    Membership.objects.filter(user=bo).update(until=clock.now())
    with pytest.raises(Forbidden):
        write(section, bo, insert(1, "Y"))


def test_commit_steps_on_a_frozen_version_is_the_wrong_state(section: Section, bo: User, anna: User) -> None:
    Version.objects.filter(pk=section.version_id).update(
        status="consultation", frozen_at=clock.now(), frozen_by=anna, sha256="x"
    )
    with pytest.raises(WrongState) as refusal:
        write(section, bo, insert(1, "X"))
    assert refusal.value.data == {"frozen": True}


def test_commit_steps_on_a_removed_section_is_the_wrong_state(section: Section, bo: User) -> None:
    Section.objects.filter(pk=section.pk).update(removed_at=clock.now(), removed_by=bo)
    with pytest.raises(WrongState):
        write(section, bo, insert(1, "X"))


def test_commit_steps_without_a_section(bo: User) -> None:
    with pytest.raises(NotFound):
        text.commit_steps(section_id=0, by=bo, version=0, batch_id=uuid.uuid4(), steps=[insert(1, "X")])


# --- What is refused ----------------------------------------------------------------------------

BLOCK = {"type": "paragraph", "attrs": {"id": "new1"}}
DEEP: dict[str, Any] = {"type": "paragraph", "attrs": {"id": "deep"}}
for number in range(500):
    DEEP = {"type": "blockquote", "attrs": {"id": f"q{number}"}, "content": [DEEP]}


def put(block: Any, pos: Any = 0, **more: Any) -> dict[str, Any]:
    return {"stepType": "replace", "from": pos, "to": pos, "slice": {"content": [block], **more}}


HOSTILE: list[Any] = [
    None, 1, "x", [], {}, {"stepType": "nonsense"}, {"stepType": 1}, {"stepType": ["replace"]}, {"stepType": "docAttr", "attr": "x", "value": 1},
    {"stepType": "replace"}, {"stepType": "replace", "from": "1", "to": 2}, {"stepType": "replace", "from": True, "to": True},
    {"stepType": "replace", "from": -1, "to": 0}, {"stepType": "replace", "from": 1, "to": 10**12}, {"stepType": "replace", "from": 1e300, "to": 2},
    {"stepType": "replace", "from": 3, "to": 1}, {"stepType": "replace", "from": 0, "to": 3}, {"stepType": "replace", "from": 1, "to": 1, "slice": []},
    {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": 1}}, {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": [1]}},
    {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": "[]"}}, {"stepType": "replace", "from": 1, "to": 1, "slice": "x"},
    put({"type": "text", "text": ""}, 1), put({"type": "text", "text": 5}, 0), put({"type": "text"}, 1), put({"type": "text", "text": "x\x00"}, 1),
    put({"type": "text", "text": "\ud83d"}, 1), put({"type": "doc"}), put({"type": "paragraph"}), put(BLOCK, 2),
    put(BLOCK, openStart=-1), put(BLOCK, openStart=50), put(BLOCK, openStart=1.5), put(BLOCK, openStart=10**9),
    put({**BLOCK, "content": BLOCK}), put({**BLOCK, "attrs": "x"}), put({**BLOCK, "attrs": {"id": {"a": 1}}}), put({**BLOCK, "attrs": {"id": "<b>"}}),
    put({**BLOCK, "marks": [{"type": "strong"}]}), put({**BLOCK, "marks": "x"}), put({**BLOCK, "marks": [None]}), put(DEEP),
    put({"type": "figure", "attrs": {"id": "f", "image": "javascript:alert(1)"}}), put({"type": "figure", "attrs": {"id": "f"}}),
    put({"type": "heading", "attrs": {"id": "h", "level": 9}}), put({"type": "table", "attrs": {"id": "t"}, "content": [BLOCK]}),
    put({"type": "text", "text": "x", "marks": [{"type": "link", "attrs": {"href": "javascript:alert(1)"}}]}, 1),
    {"stepType": "addMark", "from": 1, "to": 3, "mark": {"type": "link", "attrs": {"href": " javascript:alert(1)"}}},
    {"stepType": "addMark", "from": 1, "to": 3, "mark": {"type": "nope"}}, {"stepType": "addMark", "from": 1, "to": 10**6, "mark": {"type": "strong"}},
    {"stepType": "addMark", "from": 1, "to": 3, "mark": {}}, {"stepType": "addNodeMark", "pos": 0, "mark": {"type": "strong"}},
    {"stepType": "addNodeMark", "pos": 10**6, "mark": {"type": "strong"}}, {"stepType": "attr", "pos": 0, "attr": "id", "value": None},
    {"stepType": "attr", "pos": 0, "attr": "id", "value": {"$ne": 1}}, {"stepType": "attr", "pos": 10**6, "attr": "id", "value": "b"},
    {"stepType": "replaceAround", "from": 0, "to": 5, "gapFrom": 9, "gapTo": 2, "insert": 0},
    {"stepType": "replaceAround", "from": 0, "to": 14, "gapFrom": 0, "gapTo": 14, "insert": 99, "slice": {"content": [{"type": "blockquote"}]}},
]  # fmt: skip


@pytest.mark.parametrize("step", HOSTILE)
def test_commit_steps_refuses_hostile_steps_in_words(section: Section, bo: User, step: Any) -> None:
    before = section.doc
    with pytest.raises(Invalid) as refusal:
        write(section, bo, step)
    assert str(refusal.value).endswith(".")
    section.refresh_from_db()
    assert section.doc == before


@pytest.mark.parametrize("steps", [None, {}, [], "x", [[]], [insert(1, "x")] * 2001])
def test_commit_steps_refuses_what_is_no_list_of_steps(section: Section, bo: User, steps: Any) -> None:
    with pytest.raises(Invalid):
        text.commit_steps(section_id=section.pk, by=bo, version=section.doc_version, batch_id=uuid.uuid4(), steps=steps)


def test_commit_steps_refuses_the_whole_batch_when_one_step_does_not_fit(section: Section, bo: User) -> None:
    with pytest.raises(Invalid):
        write(section, bo, insert(1, "X"), insert(10**5, "Y"))
    assert words(section).startswith("Ett")


def test_commit_steps_keeps_no_attributes_that_the_schema_lacks(section: Section, bo: User) -> None:
    write(section, bo, put({"type": "paragraph", "attrs": {"id": "p9", "onclick": "x" * 10_000}}))
    assert "onclick" not in str(Step.objects.latest("n").step)


def test_commit_steps_refuses_a_text_that_is_too_large(section: Section, bo: User) -> None:
    for n in range(20):
        write(
            section,
            bo,
            put({"type": "paragraph", "attrs": {"id": f"big{n}"}, "content": [{"type": "text", "text": "å" * 45_000}]}),
        )
    with pytest.raises(Invalid, match="för långt"):
        for n in range(20, 40):
            write(
                section,
                bo,
                put(
                    {
                        "type": "paragraph",
                        "attrs": {"id": f"big{n}"},
                        "content": [{"type": "text", "text": "å" * 45_000}],
                    }
                ),
            )


def test_commit_steps_refuses_a_text_that_grows_too_deep(section: Section, bo: User) -> None:
    size = documents.size(Section.objects.get(pk=section.pk).doc) - 2
    with pytest.raises(Invalid):
        for n in range(70):
            wrap = {"type": "blockquote", "attrs": {"id": f"w{n}"}}
            write(
                section, bo,
                {"stepType": "replaceAround", "from": 0, "to": size + 2 * n, "gapFrom": 0, "gapTo": size + 2 * n, "insert": 1,
                 "slice": {"content": [wrap]}, "structure": True},
            )  # fmt: skip
    documents.parse(Section.objects.get(pk=section.pk).doc)


@pytest.mark.parametrize("version", [-1, 99])
def test_commit_steps_on_a_version_that_is_not(section: Section, bo: User, version: int) -> None:
    with pytest.raises(Invalid):
        write(section, bo, insert(1, "X"), version=version)


# --- What is merged -----------------------------------------------------------------------------


def test_commit_steps_on_an_older_version_is_moved_when_nothing_is_lost(section: Section, anna: User, bo: User) -> None:
    base = section.doc_version
    write(section, anna, insert(1, "Anna. "), version=base)
    write(section, bo, insert(28, " Bo."), insert(32, "!"), version=base)
    assert words(section) == "Anna. Ett två tre.\nFyra fem sex. Bo.!\nSju åtta nio."
    section.refresh_from_db()
    assert replayed(section) == section.doc


def test_commit_steps_in_a_paragraph_that_was_removed_is_stale(section: Section, anna: User, bo: User) -> None:
    base = section.doc_version
    write(section, anna, delete(14, 29), version=base)
    with pytest.raises(text.StaleVersion) as stale:
        write(section, bo, insert(20, "viktigt"), version=base)
    assert stale.value.data["version"] == base + 1
    assert [step["n"] for step in stale.value.data["steps"]] == [base + 1]
    assert "undo" not in stale.value.data["steps"][0]["step"]


def test_doc_at_goes_back_in_time(section: Section, bo: User) -> None:
    base, before = section.doc_version, section.doc
    write(section, bo, insert(1, "X"), delete(14, 20))
    write(section, bo, insert(3, "Y"))
    section.refresh_from_db()
    assert text.doc_at(section, base) == before
    assert text.doc_at(section, section.doc_version) == section.doc


# --- The form without JavaScript ----------------------------------------------------------------


def save_form(section: Section, by: User, new: str, version: int) -> text.Committed:
    return text.save_form_text(section_id=section.pk, by=by, version=version, text=new)


def test_save_form_text_changes_only_what_was_changed(section: Section, bo: User) -> None:
    ids = [block.id for block in documents.blocks(section.doc)]
    written = markup.to_markup(section.doc)
    save_form(section, bo, written.replace("fem", "**fem**") + "\nNytt stycke.\n", section.doc_version)
    section.refresh_from_db()
    assert words(section) == TEXT.replace("\n\n", "\n") + "\nNytt stycke."
    assert [block.id for block in documents.blocks(section.doc)][:3] == ids
    assert {step.via for step in section.steps.all()} == {"import", "form"}


def test_save_form_text_without_a_change_leaves_no_trail(section: Section, bo: User) -> None:
    steps = section.steps.count()
    save_form(section, bo, markup.to_markup(section.doc), section.doc_version)
    assert section.steps.count() == steps


def test_save_form_text_joins_with_what_others_wrote(section: Section, anna: User, bo: User) -> None:
    base, written = section.doc_version, markup.to_markup(section.doc)
    write(section, anna, insert(1, "Anna. "))
    save_form(section, bo, written.replace("nio", "tio"), base)
    assert words(section) == "Anna. Ett två tre.\nFyra fem sex.\nSju åtta tio."


def test_save_form_text_on_the_same_words_shows_both(section: Section, anna: User, bo: User) -> None:
    base, written = section.doc_version, markup.to_markup(section.doc)
    write(section, anna, delete(14, 29))
    mine = written.replace("Fyra fem sex", "Fyra fem sex sju")
    with pytest.raises(Conflict) as conflict:
        save_form(section, bo, mine, base)
    assert conflict.value.data["submitted"] == mine
    assert "Fyra" not in conflict.value.data["current"]
    assert words(section) == "Ett två tre.\nSju åtta nio."


def test_replace_text_is_a_change_like_any_other(section: Section, bo: User) -> None:
    text.replace_text(section_id=section.pk, by=bo, doc=markup.to_doc("Helt ny."), via=StepVia.RESTORE)
    section.refresh_from_db()
    assert words(section) == "Helt ny."
    assert replayed(section) == section.doc


# --- At random ----------------------------------------------------------------------------------

POSITION = st.integers(0, 60)
RANDOM_STEP = st.one_of(
    st.builds(insert, POSITION, st.text(alphabet="aö😀é ", min_size=1, max_size=4)),
    st.builds(delete, POSITION, POSITION),
    st.builds(lambda pos, n: put({"type": "paragraph", "attrs": {"id": f"r{n}"}}, pos), POSITION, st.integers(0, 500)),
    st.builds(lambda pos, n: {"stepType": "attr", "pos": pos, "attr": "id", "value": f"a{n}"}, POSITION, st.integers(0, 20)),
    st.builds(lambda a, b, m: {"stepType": "addMark", "from": a, "to": b, "mark": {"type": m}}, POSITION, POSITION, st.sampled_from(["strong", "em"])),
    st.builds(lambda a, b: {"stepType": "removeMark", "from": a, "to": b, "mark": {"type": "strong"}}, POSITION, POSITION),
    st.builds(
        lambda pos, n: {"stepType": "replace", "from": pos, "to": pos, "slice": {"content": [
            {"type": "paragraph", "attrs": {"id": f"s{n}"}}, {"type": "paragraph", "attrs": {"id": f"u{n}"}}], "openStart": 1, "openEnd": 1}},
        POSITION, st.integers(0, 500),
    ),
)  # fmt: skip


@given(st.lists(st.tuples(st.lists(RANDOM_STEP, min_size=1, max_size=3), st.integers(0, 4)), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_commit_steps_at_random_keeps_the_document_valid(
    section: Section, bo: User, batches: list[tuple[list[dict[str, Any]], int]]
) -> None:
    """Whatever is sent on whatever version: it is taken or refused in words, and the trail makes the document."""
    for steps, behind in batches:
        now = Section.objects.get(pk=section.pk).doc_version
        with suppress(Invalid, text.StaleVersion):
            write(section, bo, *steps, version=max(0, now - behind))
    stored = Section.objects.get(pk=section.pk)
    documents.parse(stored.doc)
    assert replayed(stored) == stored.doc
    assert documents.canonical(documents.parse(stored.doc)) == documents.canonical(stored.doc)


# --- At once ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_commit_steps_by_two_at_once_keeps_both(section: Section, anna: User, bo: User) -> None:
    """Each writes 20 letters on whatever version it last heard of; all 40 are there, in order, numbered without a gap."""
    failures: list[BaseException] = []
    start = threading.Barrier(2)

    def type_letters(who: User, letter: str, pos: int) -> None:
        try:
            start.wait(10)
            version = section.doc_version
            for n in range(20):
                done = write(section, User.objects.get(pk=who.pk), insert(pos, f"{letter}{n};"), version=version)
                version = done.version if random.random() < 0.5 else version
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=type_letters, args=args) for args in ((anna, "a", 1), (bo, "b", 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    section.refresh_from_db()
    assert all(f"{letter}{n};" in words(section) for letter in "ab" for n in range(20))
    numbers = list(section.steps.order_by("n").values_list("n", flat=True))
    assert numbers == list(range(1, section.doc_version + 1))
    assert replayed(section) == section.doc


def test_commit_steps_takes_few_queries(section: Section, bo: User, django_assert_max_num_queries: Any) -> None:
    write(section, bo, insert(1, "X"))
    assert connection.vendor == "postgresql"
    with django_assert_max_num_queries(9):
        text.commit_steps(
            section_id=section.pk,
            by=bo,
            version=section.doc_version + 1,
            batch_id=uuid.uuid4(),
            steps=[insert(1, "Y"), insert(1, "Z")],
        )
