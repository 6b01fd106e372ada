"""The shape of a document: what is let in, what it is hashed as, and the ways out and back."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rus_platform.kit.errors import Invalid
from strategies.domain import documents, markup
from strategies.domain.rewriting import steps_between
from strategies.domain.steps import apply_steps
from strategies.schema import BLOCKS, SCHEMA, SPEC

UUID = "11111111-2222-4333-8444-555555555555"


def paragraph(text: str = "", block_id: str = "b1", **attrs: Any) -> dict[str, Any]:
    return {
        "type": "paragraph",
        "attrs": {"id": block_id},
        **({"content": [{"type": "text", "text": text}]} if text else {}),
        **attrs,
    }


def doc(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "doc", "content": list(blocks)}


def test_every_block_has_an_id_and_a_rule_for_each_attribute() -> None:
    assert {
        "paragraph", "heading", "blockquote", "bullet_list", "ordered_list", "list_item", "table", "table_row",
        "table_cell", "table_header", "figure", "horizontal_rule",
    } == BLOCKS  # fmt: skip
    for type_ in [*SCHEMA.nodes.values(), *SCHEMA.marks.values()]:
        assert all(attr.validate for attr in type_.attrs.values()), type_.name


def test_the_content_of_every_block_may_be_empty() -> None:
    assert not [name for name, spec in SPEC["nodes"].items() if "+" in spec.get("content", "")]


FIGURE = {"type": "figure", "attrs": {"id": "b9", "image": UUID, "alt": "", "caption": "", "decorative": True}}


def cell(**attrs: Any) -> dict[str, Any]:
    inner = {"type": "table_cell", "attrs": {"id": "c", **attrs}, "content": [paragraph("x", "p")]}
    return {
        "type": "table",
        "attrs": {"id": "t"},
        "content": [{"type": "table_row", "attrs": {"id": "r"}, "content": [inner]}],
    }


def marked(mark: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "attrs": {"id": "b1"}, "content": [{"type": "text", "text": "x", "marks": [mark]}]}


@pytest.mark.parametrize(
    "block",
    [
        paragraph("Hej"),
        paragraph(),
        {"type": "heading", "attrs": {"id": "b1", "level": 4}},
        FIGURE,
        cell(colspan=2, colwidth=[100, 200]),
        marked({"type": "link", "attrs": {"href": "https://region.se/å?a=1&b=2"}}),
        marked({"type": "link", "attrs": {"href": "/strategier/1/"}}),
        marked({"type": "insertion", "attrs": {"id": "s1"}}),
        {"type": "paragraph", "attrs": {"id": "b1"}, "content": [{"type": "ref", "attrs": {"section": UUID}}]},
    ],
)
def test_parse_lets_in(block: dict[str, Any]) -> None:
    assert documents.parse(doc(block)).child_count == 1


@pytest.mark.parametrize(
    "wrong",
    [
        None, [], "doc", 1, {}, {"type": "paragraph"}, {"type": "doc", "content": "x"}, {"type": "doc", "content": [None]},
        doc({"type": "text", "text": "x"}),
        doc({"type": "paragraph", "content": [{"type": "text", "text": "x"}]}),
        doc(paragraph("a"), paragraph("b")),
        doc(paragraph("a", "1x")), doc(paragraph("a", "b" * 41)), doc(paragraph("a", 'b"onload=')),
        doc(paragraph("a\x00b")), doc(paragraph("\ud83d")),
        doc({"type": "heading", "attrs": {"id": "b1", "level": 1}}),
        doc({"type": "heading", "attrs": {"id": "b1", "level": True}}),
        doc({"type": "heading", "attrs": {"id": "b1", "level": "2"}}),
        doc({"type": "script", "attrs": {"id": "b1"}}),
        doc(paragraph("a", marks=[{"type": "strong"}])),
        doc({**FIGURE, "attrs": {**FIGURE["attrs"], "image": "../../etc/passwd"}}),
        doc({**FIGURE, "attrs": {"id": "b9"}}),
        doc(cell(colspan=0)), doc(cell(colspan=1000)), doc(cell(colwidth=["x"])), doc(cell(colwidth={"a": 1})),
        doc(marked({"type": "link", "attrs": {"href": "javascript:alert(1)"}})),
        doc(marked({"type": "link", "attrs": {"href": "//evil.example"}})),
        doc(marked({"type": "link", "attrs": {"href": "https://a b"}})),
        doc(marked({"type": "link"})), doc(marked({"type": "blink"})),
        doc(marked({"type": "insertion", "attrs": {"id": "1"}})),
    ],
)  # fmt: skip
def test_parse_refuses_in_words(wrong: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        documents.parse(wrong)
    assert str(refusal.value).endswith(".")


def test_parse_refuses_what_is_nested_too_deeply() -> None:
    deep: dict[str, Any] = paragraph("x")
    for number in range(3000):
        deep = {"type": "blockquote", "attrs": {"id": f"q{number}"}, "content": [deep]}
    with pytest.raises(Invalid):
        documents.parse(doc(deep))


# --- Canonical form ---------------------------------------------------------------------------


def test_canonical_is_the_same_for_what_means_the_same() -> None:
    lean = doc(paragraph("Österlen", "b1"))
    rich = {
        "content": [
            {
                "content": [
                    {"text": unicodedata.normalize("NFD", "Öste"), "type": "text"},
                    {"text": "rlen", "type": "text", "marks": []},
                ],
                "attrs": {"id": "b1"},
                "type": "paragraph",
            }
        ],
        "type": "doc",
        "attrs": {},
    }
    assert documents.canonical(rich) == documents.canonical(lean)
    assert (
        documents.canonical(lean)
        == '{"content":[{"attrs":{"id":"b1"},"content":[{"text":"Österlen","type":"text"}],"type":"paragraph"}],"type":"doc"}'
    )


def test_canonical_omits_defaults_and_only_defaults() -> None:
    lines = documents.canonical(
        doc(
            {"type": "heading", "attrs": {"id": "b1", "level": 2}},
            {"type": "heading", "attrs": {"id": "b2", "level": 3}},
        )
    )
    assert lines.count("level") == 1


def test_sha256_changes_with_a_letter() -> None:
    assert documents.sha256(doc(paragraph("a"))) != documents.sha256(doc(paragraph("b")))


# --- Reading ----------------------------------------------------------------------------------


def test_blocks_count_positions_as_prosemirror_does() -> None:
    text = markup.to_doc("Ett 😀 stycke^[not]\n\n- punkt\n\n  två\n\n| a |\n|---|\n| b |\n")
    node = documents.parse(text)
    found = documents.blocks(text)
    assert [block.type for block in found] == ["paragraph"] * 5
    for block in found:
        parent = node.resolve(block.pos).parent
        assert parent.attrs["id"] == block.id
        width = len(block.text.encode("utf-16-le")) // 2
        assert width == parent.content.size


def test_plain_text_keeps_every_word() -> None:
    text = "## Rubrik\n\nEtt **fett** ord^[en not] och\\\nrad\n\n> citat\n\n| a | b |\n|---|---|\n| c | d |\n"
    assert documents.plain_text(markup.to_doc(text)).split() == [
        "Rubrik",
        "Ett",
        "fett",
        "ord",
        "[en",
        "not]",
        "och",
        "rad",
        "citat",
        "a",
        "b",
        "c",
        "d",
    ]


def test_with_ids_keeps_what_is_unique_and_renews_the_rest() -> None:
    given_ids = documents.with_ids(doc(paragraph("a", "b1"), paragraph("b", "b1"), {"type": "paragraph"}))
    ids = [block["attrs"]["id"] for block in given_ids["content"]]
    assert ids[0] == "b1"
    assert len(set(ids)) == 3
    documents.parse(given_ids)


# --- Random documents -------------------------------------------------------------------------

LETTERS = st.text(alphabet="aåäö Ω😀éé*_[]{}()\\|#->1.~^\n" + "bcd", min_size=1, max_size=12)
MARKS = st.sets(st.sampled_from(["strong", "em", "superscript", "link"]), max_size=3)


@st.composite
def inline(draw: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from(["text"] * 6 + ["ref", "hard_break", "footnote"]))
    if kind == "ref":
        return {"type": "ref", "attrs": {"section": UUID}}
    if kind == "hard_break":
        return {"type": "hard_break"}
    if kind == "footnote":
        return {"type": "footnote", "content": [{"type": "text", "text": draw(LETTERS)}]}
    order = ["link", "strong", "em", "superscript"]
    marks = [
        {"type": name, **({"attrs": {"href": "https://a.se/(x)"}} if name == "link" else {})}
        for name in sorted(draw(MARKS), key=order.index)
    ]
    return {"type": "text", "text": draw(LETTERS), **({"marks": marks} if marks else {})}


TEXT = st.lists(inline(), max_size=5)
PARAGRAPH = st.builds(lambda content: {"type": "paragraph", "content": content}, TEXT)
HEADING = st.builds(
    lambda level, content: {"type": "heading", "attrs": {"level": level}, "content": content}, st.integers(2, 4), TEXT
)
LEAF = st.sampled_from([{"type": "horizontal_rule"}, {"type": "figure", "attrs": {"image": UUID, "alt": "En bild"}}])


def _table(rows: list[list[list[dict[str, Any]]]]) -> dict[str, Any]:
    content = []
    for index, row in enumerate(rows):
        kind = "table_cell" if index else "table_header"
        cells = [{"type": kind, "content": [{"type": "paragraph", "content": parts}]} for parts in row]
        content.append({"type": "table_row", "content": cells})
    return {"type": "table", "content": content}


TABLE = st.builds(_table, st.lists(st.lists(TEXT, min_size=2, max_size=2), min_size=1, max_size=3))


def _containers(inner: Any) -> Any:
    many = st.lists(inner, max_size=3)
    items = st.lists(st.builds(lambda content: {"type": "list_item", "content": content}, many), min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda content: {"type": "blockquote", "content": content}, many),
        st.builds(lambda content: {"type": "bullet_list", "content": content}, items),
        st.builds(
            lambda content, start: {"type": "ordered_list", "attrs": {"start": start}, "content": content},
            items,
            st.integers(1, 5),
        ),
    )


BLOCK = st.recursive(st.one_of(PARAGRAPH, PARAGRAPH, HEADING, LEAF, TABLE), _containers, max_leaves=5)
DOCS = st.lists(BLOCK, max_size=5).map(lambda blocks: documents.with_ids({"type": "doc", "content": blocks}))


@given(DOCS)
@settings(max_examples=150, deadline=None)
def test_canonical_is_stable_through_parsing_and_storing(text: dict[str, Any]) -> None:
    node = documents.parse(text)
    again = json.loads(json.dumps(node.to_json()))
    assert documents.canonical(again) == documents.canonical(text)
    documents.parse(again)


@given(DOCS)
@settings(max_examples=150, deadline=None)
def test_writing_out_and_back_changes_nothing(text: dict[str, Any]) -> None:
    """The form without JavaScript: opening and saving is not an edit, whatever the text holds."""
    again = markup.merge(text, markup.to_markup(text))
    assert documents.canonical(again) == documents.canonical(text)


@given(DOCS, DOCS)
@settings(max_examples=150, deadline=None)
def test_steps_between_lead_from_one_to_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    old, new = documents.parse(before), documents.parse(after)
    changes = steps_between(old, new)
    done = apply_steps(old, changes) if changes else old
    assert documents.canonical(done) == documents.canonical(new)


@given(DOCS, st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_writing_makes_a_document(base: dict[str, Any], written: str) -> None:
    written = written.encode("utf-8", "ignore").decode()
    documents.parse(markup.merge(base, markup.to_markup(base)[:40] + written))


def test_merge_keeps_ids_around_a_change() -> None:
    base = markup.to_doc("## Mål\n\nEtt.\n\nTvå.\n\n- a\n- b\n")
    merged = markup.merge(base, markup.to_markup(base).replace("Två.", "Två och ett halvt.").replace("- b", "- b\n- c"))
    old, new = list(documents.walk_blocks(documents.parse(base))), list(documents.walk_blocks(documents.parse(merged)))
    assert {block.attrs["id"] for block in old} <= {block.attrs["id"] for block in new}
    assert len(new) == len(old) + 2
