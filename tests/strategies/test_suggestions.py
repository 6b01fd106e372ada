"""Who suggested what, who settles it, and the server's proof that somebody only suggested."""

import uuid
from typing import Any

import pytest

from actors.models import Role, User
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from strategies.domain import documents, markup, suggestions, text, versions
from strategies.domain.diff import without_suggestions
from strategies.models import Section, Step, StepVia, Suggestion
from tests.factories.actors import make_person, make_region
from tests.factories.strategies import make_strategy, working_version
from tests.factories.texts import delete, insert, make_section, write

pytestmark = pytest.mark.django_db

TEXT = "## Rubrik\n\nEtt två tre.\n\nFyra fem sex.^[En not.]\n\n- punkt\n- till"


@pytest.fixture
def anna() -> User:
    return make_person(make_region(), Role.LEADER, name="Anna")


@pytest.fixture
def bo(anna: User) -> User:
    return make_person(make_region(), Role.EDITOR, name="Bo")


@pytest.fixture
def gun(anna: User) -> User:
    """May only suggest."""
    return make_person(make_region(), Role.REVIEWER, name="Gun")


@pytest.fixture
def section(anna: User) -> Section:
    return make_section(working_version(make_strategy(by=anna)), TEXT, by=anna)


def now(section: Section) -> Section:
    return Section.objects.get(pk=section.pk)


def mark(kind: str, mark_id: str, **attrs: Any) -> dict[str, Any]:
    return {"type": kind, "attrs": {"id": mark_id, **attrs}}


def suggest_text(pos: int, words: str, mark_id: str) -> dict[str, Any]:
    content = [{"type": "text", "text": words, "marks": [mark("insertion", mark_id)]}]
    return {"stepType": "replace", "from": pos, "to": pos, "slice": {"content": content}}


def add_mark(start: int, end: int, kind: str, mark_id: str, **attrs: Any) -> dict[str, Any]:
    return {"stepType": "addMark", "from": start, "to": end, "mark": mark(kind, mark_id, **attrs)}


def node_mark(pos: int, kind: str, mark_id: str, **attrs: Any) -> dict[str, Any]:
    return {"stepType": "addNodeMark", "pos": pos, "mark": mark(kind, mark_id, **attrs)}


def at(section: Section, words: str) -> int:
    """The position where the words begin."""
    for block in documents.blocks(now(section).doc):
        if words in block.text:
            return block.pos + block.text.index(words)
    raise AssertionError(words)


def plain(section: Section, **verdict: bool) -> str:
    return documents.plain_text(without_suggestions(now(section).doc, **verdict))


# --- Whose they are -----------------------------------------------------------------------------------


def test_a_suggestion_belongs_to_whoever_commits_it(section: Section, bo: User, gun: User) -> None:
    write(section, gun, suggest_text(at(section, "två"), "nytt ", "s1"))
    write(section, bo, add_mark(at(section, "fem"), at(section, "fem") + 4, "deletion", "s2"))
    rows = {row.mark_id: row for row in Suggestion.objects.filter(section=section)}
    assert {key: (row.author, row.state) for key, row in rows.items()} == {"s1": (gun, "open"), "s2": (bo, "open")}
    assert rows["s1"].created_at == Step.objects.filter(section=section).order_by("n")[1].at
    assert plain(section) == documents.plain_text(documents.parse({**text.doc_at(now(section), 1)}).to_json())


def test_a_suggestion_that_its_author_takes_away_is_gone_and_undo_brings_it_back(section: Section, gun: User) -> None:
    pos = at(section, "två")
    write(section, gun, suggest_text(pos, "nytt ", "s1"))
    write(section, gun, delete(pos, pos + 5))
    assert Suggestion.objects.get().state == "gone"
    write(section, gun, suggest_text(pos, "nytt ", "s1"))
    row = Suggestion.objects.get()
    assert (row.state, row.decided_by) == ("open", None)


# --- Only suggesting ----------------------------------------------------------------------------------


def test_whoever_may_only_suggest_can_suggest_everything(section: Section, gun: User) -> None:
    p1 = at(section, "Ett")
    split = [
        {"stepType": "replace", "from": p1 + 4, "to": p1 + 4, "structure": True, "slice": {
            "content": [{"type": "paragraph", "attrs": {"id": now(section).doc["content"][1]["attrs"]["id"]}},
                        {"type": "paragraph", "attrs": {"id": "nytt1"}, "marks": [mark("modification", "s1", type="split", newValue=1)]}],
            "openStart": 1, "openEnd": 1}},
    ]  # fmt: skip
    write(section, gun, *split)
    write(section, gun, node_mark(at(section, "Fyra") - 1, "modification", "s2", type="join", newValue=1))
    h = at(section, "Rubrik") - 1
    write(
        section,
        gun,
        {"stepType": "attr", "pos": h, "attr": "level", "value": 3},
        node_mark(h, "modification", "s3", type="attr", attrName="level", previousValue=2, newValue=3),
    )
    bold = {"type": "strong"}
    start = at(section, "fem")
    write(
        section,
        gun,
        {"stepType": "addMark", "from": start, "to": start + 3, "mark": bold},
        add_mark(start, start + 3, "modification", "s4", type="mark", previousValue=None, newValue=bold),
    )
    write(section, gun, node_mark(at(section, "punkt") - 2, "deletion", "s5"))
    new = {"type": "paragraph", "attrs": {"id": "nytt2"}, "marks": [mark("insertion", "s6")], "content": [{"type": "text", "text": "Nytt stycke"}]}  # fmt: skip
    write(section, gun, {"stepType": "replace", "from": 0, "to": 0, "slice": {"content": [new]}})
    assert Suggestion.objects.filter(author=gun, state="open").count() == 6
    assert plain(section) == "Rubrik\nEtt två tre.\nFyra fem sex. [En not.]\npunkt\ntill"
    assert plain(section, accept=True) == "Nytt stycke\nRubrik\nEtt \ntvå tre.Fyra fem sex. [En not.]\ntill"


def lying_level(section: Section) -> list[dict[str, Any]]:
    h = at(section, "Rubrik") - 1
    return [
        {"stepType": "attr", "pos": h, "attr": "level", "value": 4},
        node_mark(h, "modification", "s9", type="attr", attrName="level", previousValue=3, newValue=4),
    ]


def lying_format(section: Section) -> list[dict[str, Any]]:
    start = at(section, "Ett")
    return [
        add_mark(start, start + 3, "modification", "s9", type="mark", previousValue={"type": "em"}, newValue=None),
    ]


def lying_kind(section: Section) -> list[dict[str, Any]]:
    previous = {"type": "heading", "attrs": {"level": 2}}
    return [
        node_mark(at(section, "Ett") - 1, "modification", "s9", type="nodeType", previousValue=previous, newValue=None)
    ]


def in_the_footnote(section: Section) -> list[dict[str, Any]]:
    return [insert(at(section, "sex.") + 5, "smuget ")]


def moved_block(section: Section) -> list[dict[str, Any]]:
    doc = now(section).doc
    first, second = doc["content"][1], doc["content"][2]
    start = at(section, "Ett") - 1
    size = documents.size(first) + documents.size(second)
    return [{"stepType": "replace", "from": start, "to": start + size, "slice": {"content": [second, first]}}]


def other_id(section: Section) -> list[dict[str, Any]]:
    return [{"stepType": "attr", "pos": at(section, "Ett") - 1, "attr": "id", "value": "annat"}]


def split_unsaid(section: Section) -> list[dict[str, Any]]:
    own = now(section).doc["content"][1]["attrs"]["id"]
    halves = [{"type": "paragraph", "attrs": {"id": own}}, {"type": "paragraph", "attrs": {"id": "n1"}}]
    pos = at(section, "Ett") + 4
    return [{"stepType": "replace", "from": pos, "to": pos, "slice": {"content": halves, "openStart": 1, "openEnd": 1}}]


def join_unsaid(section: Section) -> list[dict[str, Any]]:
    pos = at(section, "Fyra") - 1
    return [delete(pos - 1, pos + 1)]


CHEATS = {
    "plain text": lambda s: [insert(at(s, "två"), "smuget ")],
    "plain deletion": lambda s: [delete(at(s, "två"), at(s, "två") + 4)],
    "plain format": lambda s: [{"stepType": "addMark", "from": 11, "to": 13, "mark": {"type": "strong"}}],
    "attribute without a mark": lambda s: [{"stepType": "attr", "pos": 0, "attr": "level", "value": 3}],
    "level that was another": lying_level,
    "format that was another": lying_format,
    "kind that was another": lying_kind,
    "text in a footnote": in_the_footnote,
    "a moved block": moved_block,
    "another block id": other_id,
    "split without a mark": split_unsaid,
    "join without a mark": join_unsaid,
    "a mark that hides what stands": lambda s: [add_mark(at(s, "två"), at(s, "två") + 3, "insertion", "s9")],
    "a block marked as new": lambda s: [node_mark(at(s, "Ett") - 1, "insertion", "s9")],
    "a split that was none": lambda s: [node_mark(at(s, "Fyra") - 1, "modification", "s9", type="split", newValue=1)],
    "another's insertion extended": lambda s: [suggest_text(at(s, "Bos"), "mina ", "bo1")],
    "another's insertion taken away": lambda s: [delete(at(s, "Bos"), at(s, "Bos") + 4)],
    "another's insertion accepted": lambda s: [
        {"stepType": "removeMark", "from": at(s, "Bos"), "to": at(s, "Bos") + 4, "mark": mark("insertion", "bo1")}
    ],
    "another's insertion renamed": lambda s: [
        {"stepType": "removeMark", "from": at(s, "Bos"), "to": at(s, "Bos") + 4, "mark": mark("insertion", "bo1")},
        add_mark(at(s, "Bos"), at(s, "Bos") + 4, "insertion", "s9"),
    ],
    "another's deletion refused": lambda s: [
        {"stepType": "removeMark", "from": at(s, "sex"), "to": at(s, "sex") + 3, "mark": mark("deletion", "bo2")}
    ],
    "another's deletion extended": lambda s: [add_mark(at(s, "fem"), at(s, "fem") + 3, "deletion", "bo2")],
    "another's id in other words": lambda s: [suggest_text(at(s, "två"), "i Bos namn", "bo1")],
    "another's settled id": lambda s: [suggest_text(at(s, "två"), "i Bos namn", "bo3")],
    "an id of another section": lambda s: [suggest_text(at(s, "två"), "i Bos namn", "bo4")],
}


@pytest.mark.parametrize("name", CHEATS)
def test_more_than_a_suggestion_is_refused(section: Section, bo: User, gun: User, name: str) -> None:
    write(section, bo, suggest_text(at(section, "tre"), "Bos ", "bo1"))
    write(section, bo, add_mark(at(section, "sex"), at(section, "sex") + 3, "deletion", "bo2"))
    write(section, bo, suggest_text(at(section, "Ett"), "borta ", "bo3"))
    suggestions.decide_suggestions(section_id=section.pk, by=bo, accept=False, ids=["bo3"])
    other = make_section(section.version, "Annat.", by=bo)
    write(other, bo, suggest_text(1, "där ", "bo4"))
    before = now(section)
    with pytest.raises(Invalid) as refusal:
        write(section, gun, *CHEATS[name](section))
    assert refusal.value.data.get("only_suggestions") is True
    assert (now(section).doc, now(section).doc_version) == (before.doc, before.doc_version)
    assert not Suggestion.objects.filter(author=gun).exists()


def test_whoever_may_only_suggest_suggests_inside_and_over_anothers_suggestion(
    section: Section, bo: User, gun: User
) -> None:
    write(section, bo, suggest_text(at(section, "tre"), "Bos nya ", "bo1"))
    write(section, gun, suggest_text(at(section, "nya"), "helt ", "gun1"))
    write(section, gun, add_mark(at(section, "Bos"), at(section, "Bos") + 4, "deletion", "gun2"))
    assert plain(section).splitlines()[1] == "Ett två tre."
    assert plain(section, accept=True).splitlines()[1] == "Ett två helt nya tre."
    assert Suggestion.objects.get(mark_id="bo1").state == "open"


def test_a_reader_may_not_even_suggest(section: Section) -> None:
    reader = make_person(make_region(), Role.READER)
    with pytest.raises(Forbidden):
        write(section, reader, suggest_text(1, "x", "s1"))


def test_whoever_may_only_suggest_can_do_nothing_else(section: Section, gun: User) -> None:
    with pytest.raises(Forbidden):
        text.replace_text(section_id=section.pk, by=gun, doc=documents.EMPTY, via=StepVia.IMPORT)


def test_what_is_saved_in_the_form_by_whoever_may_only_suggest_is_one_suggestion(section: Section, gun: User) -> None:
    before = plain(section)
    written = (
        markup.to_markup(now(section).doc).replace("två", "TVÅ").replace("Fyra fem sex", "Fyra sex") + "\n\nEtt till."
    )
    text.save_form_text(section_id=section.pk, by=gun, version=now(section).doc_version, text=written)
    assert plain(section) == before
    assert plain(section, accept=True) == "Rubrik\nEtt TVÅ tre.\nFyra sex. [En not.]\npunkt\ntill\nEtt till."
    assert [row.author for row in Suggestion.objects.all()] == [gun]


def test_the_form_of_a_writer_leaves_blocks_with_suggestions_as_they_are(section: Section, bo: User, gun: User) -> None:
    write(section, gun, suggest_text(at(section, "två"), "nytt ", "s1"))
    written = markup.to_markup(now(section).doc)
    assert "oförändrat" in written
    text.save_form_text(
        section_id=section.pk, by=bo, version=now(section).doc_version, text=written.replace("Fyra", "FYRA")
    )
    assert plain(section).splitlines()[1:3] == ["Ett två tre.", "FYRA fem sex. [En not.]"]
    assert Suggestion.objects.get().state == "open"


def test_a_writer_cannot_put_words_in_anothers_mouth(section: Section, bo: User, gun: User) -> None:
    pos = at(section, "två")
    write(section, gun, suggest_text(pos, "nytt ", "g1"))
    for steps in (
        [suggest_text(pos + 5, "mer ", "g1")],
        [insert_block(section, "g1")],
        [add_mark(at(section, "fem"), at(section, "fem") + 3, "deletion", "g1")],
    ):
        with pytest.raises(Invalid) as refusal:
            write(section, bo, *steps)
        assert refusal.value.data.get("forged") is True
    other = make_section(section.version, "Annat.", by=bo)
    with pytest.raises(Invalid):
        write(other, bo, suggest_text(1, "x", "g1"))
    write(section, bo, delete(pos, pos + 5))  # a writer may take it away, and undo that
    write(section, bo, suggest_text(pos, "nytt ", "g1"))
    assert Suggestion.objects.get(mark_id="g1").author == gun


def insert_block(section: Section, mark_id: str) -> dict[str, Any]:
    made = {"type": "paragraph", "attrs": {"id": "nx"}, "marks": [mark("insertion", mark_id)]}
    return {"stepType": "replace", "from": 0, "to": 0, "slice": {"content": [made]}}


def test_suggestions_made_at_the_same_time_are_moved_and_still_proved(section: Section, bo: User, gun: User) -> None:
    base = now(section).doc_version
    write(section, bo, insert(1, "Ny "), version=base)
    pos = at(section, "två")
    write(section, gun, suggest_text(pos - 3, "förslag ", "s1"), version=base)
    assert plain(section, accept=True).splitlines()[:2] == ["Ny Rubrik", "Ett förslag två tre."]


# --- Settling -----------------------------------------------------------------------------------------


@pytest.fixture
def suggested(section: Section, bo: User, gun: User) -> Section:
    """A replacement by Gun (one id), an insertion by Gun, a deletion by Bo."""
    pos = at(section, "två")
    write(section, gun, add_mark(pos, pos + 3, "deletion", "g1"), suggest_text(pos + 3, "TVÅ", "g1"))
    write(section, gun, suggest_text(at(section, "Fyra"), "Och ", "g2"))
    write(section, bo, add_mark(at(section, "fem"), at(section, "fem") + 4, "deletion", "b1"))
    return section


def lines(section: Section) -> list[str]:
    return documents.plain_text(now(section).doc).splitlines()[1:3]


def test_accept_one_and_refuse_another(suggested: Section, anna: User) -> None:
    done = suggestions.decide_suggestions(section_id=suggested.pk, by=anna, accept=True, ids=["g1"])
    suggestions.decide_suggestions(section_id=suggested.pk, by=anna, accept=False, ids=["g2"])
    assert lines(suggested) == ["Ett TVÅ tre.", "Fyra fem sex. [En not.]"]
    rows = {row.mark_id: row for row in Suggestion.objects.all()}
    assert {key: (row.state, row.decided_by) for key, row in rows.items()} == {
        "g1": ("accepted", anna), "g2": ("rejected", anna), "b1": ("open", None)}  # fmt: skip
    assert (rows["g1"].before, rows["g1"].after, rows["g1"].batch_id) == ("två", "TVÅ", done.batch_id)
    trail = now(suggested).steps.filter(batch_id=done.batch_id)
    assert {(step.via, step.by) for step in trail} == {(StepVia.DECIDE, anna)}


def test_accept_a_selection_all_of_one_person_and_all(suggested: Section, anna: User, gun: User) -> None:
    version = suggested.version_id
    done = suggestions.decide_all(version_id=version, by=anna, accept=True, author_id=gun.pk)
    assert [(each.section.pk, each.count) for each in done] == [(suggested.pk, 2)]
    assert lines(suggested) == ["Ett TVÅ tre.", "Och Fyra fem sex. [En not.]"]
    suggestions.decide_all(version_id=version, by=anna, accept=True, section_id=suggested.pk)
    assert lines(suggested) == ["Ett TVÅ tre.", "Och Fyra sex. [En not.]"]
    assert suggestions.decide_all(version_id=version, by=anna, accept=True) == []


def test_a_decision_is_taken_back_though_others_have_written_since(suggested: Section, anna: User, bo: User) -> None:
    before = now(suggested).doc
    done = suggestions.decide_suggestions(section_id=suggested.pk, by=anna, accept=True, ids=["g1", "g2"])
    write(suggested, bo, insert(1, "X"))
    suggestions.take_back_decision(section_id=suggested.pk, by=anna, batch_id=done.batch_id)
    write(suggested, bo, delete(1, 2))
    assert now(suggested).doc == before
    assert set(Suggestion.objects.values_list("state", flat=True)) == {"open"}
    with pytest.raises(Invalid, match="redan"):
        suggestions.take_back_decision(section_id=suggested.pk, by=anna, batch_id=done.batch_id)


def test_a_decision_about_words_that_have_gone_since_is_not_taken_back(
    suggested: Section, anna: User, bo: User
) -> None:
    done = suggestions.decide_suggestions(section_id=suggested.pk, by=anna, accept=True, ids=["g1"])
    start = at(suggested, "Ett")
    write(suggested, bo, delete(start, start + 9))
    with pytest.raises(Conflict):
        suggestions.take_back_decision(section_id=suggested.pk, by=anna, batch_id=done.batch_id)


def test_settling_twice_is_once(suggested: Section, anna: User) -> None:
    suggestions.decide_suggestions(section_id=suggested.pk, by=anna, accept=True, ids=["g1"])
    version = now(suggested).doc_version
    assert suggestions.decide_suggestions(section_id=suggested.pk, by=anna, accept=False, ids=["g1"]).count == 0
    assert now(suggested).doc_version == version


@pytest.mark.parametrize(
    ("who", "ids", "accept", "may"),
    [
        ("bo", ["g1", "b1"], True, True),
        ("bo", ["g1"], False, True),
        ("gun", ["g1", "g2"], False, True),  # withdraws her own
        ("gun", ["g1"], True, False),
        ("gun", ["b1"], False, False),
        ("gun", ["g1", "b1"], False, False),
        ("reader", ["g1"], True, False),
        ("outsider", ["g1"], False, False),
    ],
)
def test_who_settles(
    suggested: Section, bo: User, gun: User, who: str, ids: list[str], accept: bool, may: bool
) -> None:
    people = {"bo": bo, "gun": gun, "reader": make_person(make_region(), Role.READER), "outsider": make_person()}
    if may:
        suggestions.decide_suggestions(section_id=suggested.pk, by=people[who], accept=accept, ids=ids)
        assert set(Suggestion.objects.filter(mark_id__in=ids).values_list("state", flat=True)) == {
            "accepted" if accept else "rejected"
        }
    else:
        with pytest.raises(Forbidden):
            suggestions.decide_suggestions(section_id=suggested.pk, by=people[who], accept=accept, ids=ids)
        assert set(Suggestion.objects.values_list("state", flat=True)) == {"open"}


def test_only_a_writer_settles_everything(suggested: Section, gun: User) -> None:
    with pytest.raises(Forbidden):
        suggestions.decide_all(version_id=suggested.version_id, by=gun, accept=False)


def test_with_open_suggestions_nothing_is_frozen_and_afterwards_nothing_can_be_settled(
    suggested: Section, anna: User
) -> None:
    freeze = {"version_id": suggested.version_id, "by": anna, "label": "Samrådsversion 1"}
    with pytest.raises(Invalid, match="3 ändringsförslag"):
        versions.freeze_version(**freeze)
    done = suggestions.decide_all(version_id=suggested.version_id, by=anna, accept=False)
    versions.freeze_version(**freeze)
    with pytest.raises(WrongState):
        suggestions.take_back_decision(section_id=suggested.pk, by=anna, batch_id=done[0].batch_id or uuid.uuid4())
