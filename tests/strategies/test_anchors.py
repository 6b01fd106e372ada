"""Selectors and positions: UTF-16, footnotes, tables, pictures, several blocks, edits carried by step maps."""

import random

import pytest
from prosemirror.model import Node, Schema
from prosemirror.transform import Transform

from strategies.domain.anchors import (
    Resolver,
    Target,
    map_position,
    node_size,
    resolve,
    resolve_all,
    selector_from_positions,
    selector_from_quote,
    step_maps,
    text_blocks,
)
from tests.benchmarks.anchor_field import comments, quote_only, tally
from tests.benchmarks.strategy_text import Draft, copy, strategy


def text(words):
    return {"type": "text", "text": words}


def p(block, *content):
    return {
        "type": "paragraph",
        "attrs": {"id": block},
        "content": [text(c) if isinstance(c, str) else c for c in content],
    }


def doc(*blocks):
    return {"type": "doc", "content": list(blocks)}


def cell(block, *content):
    return {"type": "table_cell", "attrs": {"id": f"c{block}"}, "content": [p(block, *content)]}


def table(*rows):
    return {
        "type": "table",
        "attrs": {"id": "t"},
        "content": [{"type": "table_row", "content": list(row)} for row in rows],
    }


NOTE = {"type": "footnote", "content": [text("Källa: SCB.")]}
FIGURE = {"type": "figure", "attrs": {"id": "f", "image": "i", "alt": "Karta", "caption": "Länets stråk"}}
SCHEMA = Schema({
    "nodes": {
        "doc": {"content": "block*"},
        "paragraph": {"content": "inline*", "group": "block", "attrs": {"id": {"default": None}}},
        "figure": {"group": "block", "atom": True, "attrs": {"id": {}, "image": {}, "alt": {}, "caption": {}}},
        "table": {"content": "table_row*", "group": "block", "attrs": {"id": {"default": None}}},
        "table_row": {"content": "table_cell*"},
        "table_cell": {"content": "block*", "attrs": {"id": {"default": None}}},
        "text": {"group": "inline"},
        "hard_break": {"group": "inline", "inline": True},
        "footnote": {"group": "inline", "inline": True, "atom": True, "content": "text*"},
    },
    "marks": {},
})  # fmt: skip
RICH = doc(
    p("a", "Hej 👩‍👩‍👧 på dig. ", {"type": "hard_break"}, "Regionen ska", NOTE, " växa."),
    FIGURE,
    table((cell("x", "Mål"), cell("y", "Ett 𝔘nikt år")), (cell("z", "Tåg"), cell("w", "2030"))),
    p("b", "A\u030angstro\u0308m och slut\u00adgiltigt."),
)


def between(doc, start, end):
    return Node.from_json(SCHEMA, doc).text_between(start, end, "\n", "")


@pytest.mark.parametrize(
    "quote", ["på dig.", "Regionen ska", "växa.", "nikt år", "Källa: SCB.", "2030", "slutgiltigt", "ngström"]
)
def test_positions_are_those_of_prosemirror(quote):
    selector = selector_from_quote(RICH, quote)
    there = between(RICH, selector.start, selector.end)
    assert there.replace("\u00ad", "").endswith(quote) or quote == "ngström"
    again = selector_from_positions(RICH, selector.start, selector.end)
    assert (again.quote, again.start, again.end) == (selector.quote, selector.start, selector.end)


def test_every_block_stands_where_prosemirror_says():
    root = Node.from_json(SCHEMA, RICH)
    assert sum(node_size(n) for n in RICH["content"]) == root.content.size
    for block in text_blocks(RICH):
        if block.kind != "figure":
            assert root.resolve(block.start).parent_offset == 0
            assert root.resolve(block.end).parent_offset == root.resolve(block.end).parent.content.size


def test_a_selector_without_words_is_refused():
    with pytest.raises(ValueError):
        selector_from_positions(doc(p("a", "  ")), 0, 3)


def test_a_quote_that_occurs_twice_needs_its_surroundings():
    twice = doc(p("a", "Vi ska gå. Ni ska gå."))
    with pytest.raises(LookupError):
        selector_from_quote(twice, "ska gå")
    assert selector_from_quote(twice, "ska gå", prefix="Ni ").start == 15
    with pytest.raises(LookupError):
        selector_from_quote(twice, "ska springa")


def test_outer_spaces_are_not_part_of_the_words():
    selector = selector_from_positions(doc(p("a", "Ett två tre")), 4, 9)
    assert (selector.quote, selector.start, selector.end) == ("två", 5, 8)


def test_a_note_inside_the_words_does_not_break_them():
    selector = selector_from_positions(RICH, *span("Regionen ska växa."))
    assert selector.quote == "Regionen ska växa."
    without = doc(p("a", "Regionen ska växa."))
    assert resolve(selector, without).outcome == "exact"


def span(words):
    block = text_blocks(RICH)[0]
    first = block.text.index(words)
    return block.span(first, first + len(words))


def test_a_note_by_itself():
    selector = selector_from_quote(RICH, "Källa: SCB.")
    changed = doc(p("a", "Hej. Regionen ska", {"type": "footnote", "content": [text("Källa: SCB 2024.")]}, " växa."))
    found = resolve(selector, changed, base=RICH)
    assert (found.outcome, found.text) == ("reworded", "Källa: SCB 2024.")


def test_a_table_cell():
    selector = selector_from_quote(RICH, "2030")
    moved = doc(table((cell("n", "Ny"), cell("m", "rad")), (cell("z", "Tåg"), cell("w", "2030"))))
    found = resolve(selector, moved, base=RICH)
    assert found.outcome == "exact"
    assert between(moved, found.start, found.end) == "2030"


def test_a_picture():
    selector = selector_from_positions(RICH, text_blocks(RICH)[2].start, text_blocks(RICH)[2].start + 1)
    assert selector.quote == "Länets stråk"
    found = resolve(selector, doc(p("q", "Nytt."), FIGURE), base=RICH)
    assert (found.outcome, found.start, found.end) == ("exact", 7, 8)


LONG = doc(
    p("a", "Första stycket om tågen i hela länet."), p("b", "Andra stycket om bussarna i hela länet."), p("c", "Tredje stycket om cyklarna."))  # fmt: skip


def test_several_blocks():
    selector = selector_from_positions(LONG, 10, 90)
    assert selector.quote.count("\n") == 2
    assert selector.blocks == ("a", "b", "c")
    found = resolve(selector, doc(p("n", "Ny inledning."), *LONG["content"]), base=LONG)
    assert (found.outcome, found.block) == ("exact", "a")
    assert found.start == selector.start + 15 and found.end == selector.end + 15


def test_several_blocks_with_one_changed_between():
    selector = selector_from_positions(LONG, 1, 105)
    changed = doc(LONG["content"][0], p("b", "Andra stycket om bussarna i delar av länet."), LONG["content"][2])
    assert resolve(selector, changed, base=LONG).outcome == "reworded"


def test_several_blocks_all_gone():
    selector = selector_from_positions(LONG, 1, 105)
    assert resolve(selector, doc(p("q", "Något annat.")), base=LONG).outcome == "gone"


def test_edits_carry_positions():
    old = doc(p("a", "Vi ska gå. Vi ska gå."))
    transform = Transform(Node.from_json(SCHEMA, old))
    transform.insert(1, SCHEMA.text("Först. "))
    selector = selector_from_quote(old, "Vi ska gå.", prefix="gå. ")
    found = resolve(selector, transform.doc.to_json(), transform.mapping)
    assert (found.outcome, found.start, found.end) == ("exact", selector.start + 7, selector.end + 7)
    assert found == resolve(selector, transform.doc.to_json(), transform.mapping.maps)


def test_edits_inside_the_words():
    old = doc(p("a", "Vi ska gå hem nu."))
    transform = Transform(Node.from_json(SCHEMA, old))
    transform.insert(8, SCHEMA.text("genast "))
    found = resolve(selector_from_quote(old, "ska gå hem"), transform.doc.to_json(), transform.mapping)
    assert (found.outcome, found.text) == ("reworded", "ska genast gå hem")


def test_deleted_by_the_edits_with_a_lookalike_near():
    old = doc(p("a", "Vi ska gå hem nu. Vi ska gå hem nu."))
    transform = Transform(Node.from_json(SCHEMA, old))
    transform.delete(1, 19)
    found = resolve(
        selector_from_quote(old, "Vi ska gå hem nu.", suffix=" Vi"),
        transform.doc.to_json(),
        transform.mapping,
        base=old,
    )
    assert found.outcome in ("gone", "ambiguous")


def test_positions_map_as_in_prosemirror():
    rng = random.Random(3)
    transform = Transform(Node.from_json(SCHEMA, LONG))
    for _ in range(30):
        block = rng.choice([b for b in text_blocks(transform.doc.to_json()) if b.end > b.start])
        at = rng.randint(block.start, block.end)
        if rng.random() < 0.5:
            transform.insert(at, SCHEMA.text("ny text "))
        else:
            transform.delete(at, rng.randint(at, block.end))
    for pos in range(Node.from_json(SCHEMA, LONG).content.size + 1):
        for assoc in (-1, 1):
            assert map_position(step_maps(transform.mapping), pos, assoc) == transform.mapping.map(pos, assoc)
    inverted = transform.mapping.invert()
    for pos in range(transform.doc.content.size + 1):
        assert map_position(step_maps(inverted.maps), pos, 1) == _mapped(inverted.maps, pos)


def _mapped(maps, pos):
    for one in maps:
        pos = one.map(pos, 1)
    return pos


@pytest.mark.parametrize(
    "target", [RICH, {"s": RICH}, [{"uuid": "s", "doc": RICH}], text_blocks(RICH), Target.of(RICH)]
)
def test_any_form_of_text_will_do(target):
    selector = selector_from_quote(RICH, "Regionen ska")
    assert resolve(selector, target).outcome == "exact"
    assert Resolver(target).resolve(selector.as_dict()).outcome == "exact"


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"quote": ""},
        {"quote": " \n "},
        {"quote": "x", "block_id": "?"},
        {"quote": "\n\n", "start": 5, "end": 2},
        {"quote": "x" * 100_000},
    ],
)
def test_odd_selectors_are_gone_and_not_errors(odd):
    assert resolve(odd, RICH).outcome == "gone"
    assert resolve(odd, RICH, [[0, 0, 3]], base=RICH).outcome == "gone"
    assert resolve(odd, doc()).outcome == "gone"


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_no_comment_is_shown_at_words_it_was_not_about(seed):
    rng = random.Random(seed)
    base = strategy(rng, 120_000)
    new = Draft(rng, copy(base)).revise(0.3)
    many = comments(rng, base, 1500)
    old_docs, new_docs = {q.uuid: q.doc() for q in base}, {q.uuid: q.doc() for q in new}
    ours = tally(many, lambda: resolve_all([c.selector for c in many], new_docs, base=old_docs), new)
    theirs = tally(many, lambda: quote_only(many, new), new)
    assert ours["wrong"] == 0
    assert ours["right"] >= 0.97 * len(many)
    assert theirs["wrong"] > 0.1 * len(many)
