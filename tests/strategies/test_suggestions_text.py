"""Suggestions as marks: refusing gives the text as it was, accepting the text that was wanted, one by one or all."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rus_platform.kit.errors import Invalid
from strategies.domain import documents, suggested
from strategies.domain.diff import without_suggestions
from strategies.domain.diff.suggestions import settled
from strategies.domain.rewriting import steps_between
from strategies.domain.settling import settling_steps
from strategies.domain.steps import apply_steps, rebase
from strategies.domain.suggesting import suggesting_steps

Doc = dict[str, Any]


def mark(kind: str, mark_id: str = "s1", **attrs: Any) -> Doc:
    return {"type": kind, "attrs": {"id": mark_id, **attrs}}


def form(mark_id: str = "s1", **attrs: Any) -> Doc:
    return mark("modification", mark_id, **attrs)


def text(words: str, *marks: Doc) -> Doc:
    return {"type": "text", "text": words, **({"marks": list(marks)} if marks else {})}


def block(kind: str, block_id: str, *content: Doc, marks: tuple[Doc, ...] = (), **attrs: Any) -> Doc:
    return {
        "type": kind,
        "attrs": {"id": block_id, **attrs},
        "content": list(content),
        **({"marks": list(marks)} if marks else {}),
    }


def p(block_id: str, *content: Doc | str, marks: tuple[Doc, ...] = ()) -> Doc:
    return block("paragraph", block_id, *[text(c) if isinstance(c, str) else c for c in content], marks=marks)


def doc(*content: Doc) -> Doc:
    return {"type": "doc", "content": list(content)}


def row(row_id: str, *words: str, marks: tuple[Doc, ...] = ()) -> Doc:
    cells = [block("table_cell", f"{row_id}c{n}", p(f"{row_id}p{n}", word)) for n, word in enumerate(words)]
    return block("table_row", row_id, *cells, marks=marks)


STRONG = {"type": "strong"}
SPLIT = form(type="split", previousValue=None, newValue=1)
CASES = {
    "words": (
        doc(p("a", "Vi ", text("kan", mark("deletion")), text("ska", mark("insertion")), " gå.")),
        doc(p("a", "Vi kan gå.")),
        doc(p("a", "Vi ska gå.")),
    ),
    "bold": (
        doc(p("a", "Vi ", text("ska", STRONG, form(type="mark", newValue={"type": "strong"})), " gå.")),
        doc(p("a", "Vi ska gå.")),
        doc(p("a", "Vi ", text("ska", STRONG), " gå.")),
    ),
    "no longer bold": (
        doc(p("a", text("ska", form(type="mark", previousValue={"type": "strong"})))),
        doc(p("a", text("ska", STRONG))),
        doc(p("a", "ska")),
    ),
    "new paragraph": (doc(p("a", "A"), p("b", "B", marks=(mark("insertion"),))), doc(p("a", "A")), doc(p("a", "A"), p("b", "B"))),
    "removed paragraph": (doc(p("a", "A"), p("b", "B", marks=(mark("deletion"),))), doc(p("a", "A"), p("b", "B")), doc(p("a", "A"))),
    "split": (doc(p("a", "Ett "), p("b", "två", marks=(SPLIT,))), doc(p("a", "Ett två")), doc(p("a", "Ett "), p("b", "två"))),
    "split with a new paragraph between": (
        doc(p("a", "Ett "), p("x", "nytt", marks=(mark("insertion"),)), p("b", "två", marks=(SPLIT,))),
        doc(p("a", "Ett två")),
        doc(p("a", "Ett "), p("x", "nytt"), p("b", "två")),
    ),
    "split twice": (
        doc(p("a", "Ett "), p("b", "två ", marks=(SPLIT,)), p("c", "tre", marks=(SPLIT,))),
        doc(p("a", "Ett två tre")),
        doc(p("a", "Ett "), p("b", "två "), p("c", "tre")),
    ),
    "join": (
        doc(p("a", "Ett "), p("b", "två", marks=(form(type="join", newValue=1),))),
        doc(p("a", "Ett "), p("b", "två")),
        doc(p("a", "Ett två")),
    ),
    "join over what goes": (
        doc(p("a", "Ett ", text("x", mark("deletion"))), p("m", "m", marks=(mark("deletion"),)),
            p("b", text("y", mark("deletion")), "två", marks=(form(type="join", newValue=1),))),
        doc(p("a", "Ett x"), p("m", "m"), p("b", "ytvå")),
        doc(p("a", "Ett två")),
    ),
    "list item split": (
        doc(block("bullet_list", "l", block("list_item", "i", p("a", "Ett ")), block("list_item", "j", p("b", "två"), marks=(form(type="split", newValue=2),)))),
        doc(block("bullet_list", "l", block("list_item", "i", p("a", "Ett två")))),
        doc(block("bullet_list", "l", block("list_item", "i", p("a", "Ett ")), block("list_item", "j", p("b", "två")))),
    ),
    "table row": (
        doc(block("table", "t", row("r1", "a", "b"), row("r2", "c", "d", marks=(mark("insertion"),)), row("r3", "e", "f", marks=(mark("deletion"),)))),
        doc(block("table", "t", row("r1", "a", "b"), row("r3", "e", "f"))),
        doc(block("table", "t", row("r1", "a", "b"), row("r2", "c", "d"))),
    ),
    "heading level": (
        doc(block("heading", "h", text("R"), level=3, marks=(form(type="attr", attrName="level", previousValue=2, newValue=3),))),
        doc(block("heading", "h", text("R"), level=2)),
        doc(block("heading", "h", text("R"), level=3)),
    ),
    "heading becomes paragraph": (
        doc(p("h", "R", marks=(form(type="nodeType", previousValue={"type": "heading", "attrs": {"level": 3}}, newValue={"type": "paragraph"}),))),
        doc(block("heading", "h", text("R"), level=3)),
        doc(p("h", "R")),
    ),
    "everything goes": (doc(p("a", "A", marks=(mark("insertion"),))), doc(), doc(p("a", "A"))),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_settling_by_document_and_by_steps(name: str) -> None:
    marked, refused, accepted = CASES[name]
    node = documents.parse(marked)
    for accept, wanted in ((False, refused), (True, accepted)):
        assert documents.canonical(without_suggestions(marked, accept=accept)) == documents.canonical(wanted)
        after = apply_steps(node, settling_steps(node, lambda _id, a=accept: a))  # type: ignore[misc]
        assert documents.canonical(after) == documents.canonical(wanted)


def test_small_steps_for_small_changes() -> None:
    marked, *_rest = CASES["words"]
    steps = [step.to_json()["stepType"] for step in settling_steps(documents.parse(marked), lambda _id: True)]
    assert steps == ["removeMark", "replace"]


def test_of_two_changes_of_one_thing_either_can_be_settled_first() -> None:
    first = form("s1", type="attr", attrName="level", previousValue=2, newValue=3)
    second = form("s2", type="attr", attrName="level", previousValue=3, newValue=4)
    both = doc(block("heading", "h", text("R"), level=4, marks=(first, second)))
    without_first = settled(both, {"s1": False}.get)
    assert without_first["content"][0]["attrs"]["level"] == 4
    assert without_suggestions(without_first)["content"][0]["attrs"]["level"] == 2
    without_second = settled(both, {"s2": False}.get)
    assert without_second["content"][0]["attrs"]["level"] == 3
    assert without_suggestions(without_second)["content"][0]["attrs"]["level"] == 2
    assert without_suggestions(settled(both, {"s1": True, "s2": False}.get))["content"][0]["attrs"]["level"] == 3


def test_one_deletes_what_another_inserted() -> None:
    both = doc(p("a", "Ett", text(" nytt", mark("insertion", "anna"), mark("deletion", "bo"))))
    assert documents.plain_text(settled(both, {"anna": True}.get)) == "Ett nytt"
    assert documents.plain_text(settled(both, {"bo": True}.get)) == "Ett"
    assert documents.plain_text(settled(both, {"bo": False, "anna": True}.get)) == "Ett nytt"
    assert documents.plain_text(settled(both, {"anna": False}.get)) == "Ett"


# --- At random ---------------------------------------------------------------------------------------

WORDS = st.lists(st.sampled_from(["Ett", "två", "å\u0308", "😀", "tre", "fyra"]), max_size=4).map(" ".join)


@st.composite
def documents_(draw: st.DrawFn) -> Doc:
    kinds = draw(st.lists(st.sampled_from(["p", "h", "l", "t"]), min_size=1, max_size=5))
    made = []
    for n, kind in enumerate(kinds):
        words = [text(w, *([STRONG] if draw(st.booleans()) else [])) for w in draw(st.lists(WORDS, max_size=2)) if w]
        if kind == "h":
            made.append(block("heading", f"h{n}", *words, level=draw(st.integers(2, 4))))
        elif kind == "l":
            items = [block("list_item", f"i{n}x{m}", p(f"q{n}x{m}", *words)) for m in range(draw(st.integers(1, 3)))]
            made.append(block("bullet_list", f"l{n}", *items))
        elif kind == "t":
            made.append(block("table", f"t{n}", *[row(f"r{n}x{m}", "a", "b") for m in range(draw(st.integers(1, 3)))]))
        else:
            made.append(p(f"p{n}", *words))
    return json.loads(json.dumps(documents.parse(doc(*made)).to_json()))


@st.composite
def edited(draw: st.DrawFn, start: Doc) -> Doc:
    """The document with blocks taken out, put in, changed and moved on."""
    content = []
    for child in start.get("content", []):
        deed = draw(st.sampled_from(["keep", "keep", "words", "remove", "before", "level"]))
        if deed == "before":
            content.append(p(documents.new_id(), draw(WORDS) or "ny"))
        if deed == "words" and child["type"] in ("paragraph", "heading"):
            child = {**child, "content": [text(w) for w in [draw(WORDS)] if w]}
        if deed == "level" and child["type"] == "heading":
            child = {**child, "attrs": {**child["attrs"], "level": draw(st.integers(2, 4))}}
        if deed == "words" and child["type"] in ("bullet_list", "table"):
            child = {**child, "content": child["content"][1:]}
        if deed != "remove":
            content.append(child)
    return json.loads(json.dumps(documents.parse(doc(*content)).to_json()))


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_a_wanted_text_as_a_suggestion_and_back(data: st.DataObject) -> None:
    start = data.draw(documents_())
    wanted = data.draw(edited(start))
    before = documents.parse(start)
    suggested = apply_steps(before, suggesting_steps(before, documents.parse(wanted), "s1"))
    plain = {"content": [], **suggested.to_json()}
    assert documents.canonical(without_suggestions(plain)) == documents.canonical(start)
    assert documents.plain_text(without_suggestions(plain, accept=True)) == documents.plain_text(wanted)


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_two_people_suggest_and_any_order_of_settling_is_valid(data: st.DataObject) -> None:
    start = data.draw(documents_())
    node = documents.parse(start)
    for mark_id in ("anna", "bo", "cia"):
        wanted = data.draw(edited({"content": [], **node.to_json()}))
        node = apply_steps(node, suggesting_steps(node, documents.parse(wanted), mark_id))
    plain = {"content": [], **node.to_json()}
    assert documents.canonical(without_suggestions(plain)) == documents.canonical(start)
    order = data.draw(st.permutations(["anna", "bo", "cia"]))
    verdicts = {mark_id: data.draw(st.booleans()) for mark_id in order}
    for mark_id in order:
        wanted = settled({"content": [], **node.to_json()}, {mark_id: verdicts[mark_id]}.get)
        node = apply_steps(node, settling_steps(node, {mark_id: verdicts[mark_id]}.get))
        assert documents.canonical(node) == documents.canonical(wanted)
    if not any(verdicts.values()):
        assert documents.canonical(node) == documents.canonical(start)
    assert "insertion" not in documents.canonical(node)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_suggestions_moved_over_what_somebody_else_wrote_meanwhile(data: st.DataObject) -> None:
    start = data.draw(documents_())
    base = documents.parse(start)
    theirs = steps_between(base, documents.parse(data.draw(edited(start))))
    ours = suggesting_steps(base, documents.parse(data.draw(edited(start))), "s1")
    now = apply_steps(base, theirs) if theirs else base
    moved = rebase(now, ours, theirs) if ours else []
    if moved is None:
        return  # the browser does it, and shows what fell away
    try:
        after = apply_steps(now, moved)
    except Invalid:
        return  # refused: the writer begins again from the text as it is, the words on a card
    if not suggested.tells_what_was(now, after):
        return  # both changed the same attribute: the server does not move it, the browser takes the new one in first
    assert documents.canonical(without_suggestions({"content": [], **after.to_json()})) == documents.canonical(now)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_text_moved_over_anothers_suggestions_and_settled_suggestions(data: st.DataObject) -> None:
    start = data.draw(documents_())
    base = documents.parse(start)
    theirs = suggesting_steps(base, documents.parse(data.draw(edited(start))), "s1")
    ours = steps_between(base, documents.parse(data.draw(edited(start))))
    now = apply_steps(base, theirs) if theirs else base
    moved = rebase(now, ours, theirs) if ours else []
    if moved is None:
        return
    with suppress(Invalid):
        now = apply_steps(now, moved)
    for accept in (True, False):
        settled_now = apply_steps(now, settling_steps(now, lambda _id, a=accept: a))  # type: ignore[misc]
        plain = without_suggestions({"content": [], **now.to_json()}, accept=accept)
        assert documents.canonical(settled_now) == documents.canonical(plain)
