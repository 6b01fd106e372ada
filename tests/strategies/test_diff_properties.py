"""What holds for any two documents: nothing is lost, both sides can be rebuilt, and the answer mirrors when they swap."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.domain.diff import apply_changes, diff_documents, diff_text, diff_versions, revert_changes
from strategies.domain.diff.documents import texts_of
from strategies.domain.diff.units import flatten, nfc
from strategies.domain.diff.words import side

WORDS = [
    "Regionen",
    "ska",
    "tillsammans",
    "med",
    "kommunerna",
    "tåg",
    "och",
    "buss",
    ".",
    ",",
    "mål 2",
    "👩‍👩‍👧",
    "A\u030a",
    "  ",
    "å",
    "\u00ad",
]
MARKS = st.lists(
    st.sampled_from([{"type": "strong"}, {"type": "em"}, {"type": "link", "attrs": {"href": "https://a.se/"}}]),
    max_size=2,
)
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
texts = st.builds(lambda t, m: {"type": "text", "text": t, **({"marks": m} if m else {})}, words, MARKS)
plain = st.builds(lambda t: {"type": "text", "text": t}, words)
inline = st.one_of(
    texts,
    st.builds(lambda c: {"type": "footnote", "content": c}, st.lists(plain, max_size=1)),
    st.builds(lambda s: {"type": "ref", "attrs": {"section": s}}, st.sampled_from(["u1", "u2"])),
    st.just({"type": "hard_break"}),
)
ids = st.one_of(st.none(), st.sampled_from([f"b{n}" for n in range(7)]))
paragraphs = st.builds(
    lambda i, c: {"type": "paragraph", "attrs": {"id": i}, "content": c}, ids, st.lists(inline, max_size=4)
)
headings = st.builds(
    lambda i, c, n: {"type": "heading", "attrs": {"id": i, "level": n}, "content": c},
    ids,
    st.lists(plain, max_size=1),
    st.sampled_from([2, 3]),
)
figures = st.builds(lambda i, c: {"type": "figure", "attrs": {"id": i, "image": "x", "caption": c}}, ids, words)
leaves = st.one_of(paragraphs, headings, figures)


def box(kind):
    return lambda i, c: {"type": kind, "attrs": {"id": i}, "content": c}


cells = st.builds(box("table_cell"), ids, st.lists(paragraphs, max_size=2))
rows = st.builds(box("table_row"), ids, st.lists(cells, max_size=3))
tables = st.builds(box("table"), ids, st.lists(rows, max_size=3))
lists = st.builds(
    box("bullet_list"), ids, st.lists(st.builds(box("list_item"), ids, st.lists(paragraphs, max_size=2)), max_size=3)
)
documents = st.builds(
    lambda c: {"type": "doc", "content": c}, st.lists(st.one_of(leaves, leaves, tables, lists), max_size=6)
)


def lines(doc):
    return [unit.text for unit in flatten(doc)]


@settings(max_examples=300, deadline=None)
@given(documents, documents)
def test_both_sides_can_be_rebuilt(old, new):
    changes = diff_documents(old, new)
    assert apply_changes(changes, old) == lines(new)
    assert revert_changes(changes, new) == lines(old)


@settings(max_examples=100, deadline=None)
@given(documents)
def test_a_document_does_not_differ_from_itself(doc):
    changes = diff_documents(doc, doc)
    assert changes["changes"] == []
    assert set(changes["summary"].values()) == {0}


@settings(max_examples=300, deadline=None)
@given(documents, documents)
def test_swapping_the_sides_mirrors_the_counts(old, new):
    there, back = diff_documents(old, new)["summary"], diff_documents(new, old)["summary"]
    mirror = {
        "added": "removed",
        "removed": "added",
        "split": "joined",
        "joined": "split",
        "words_added": "words_removed",
        "words_removed": "words_added",
    }
    assert there == {name: back[mirror.get(name, name)] for name in there}


@settings(max_examples=300, deadline=None)
@given(words, words)
def test_two_lines_can_be_rebuilt(old, new):
    spans = diff_text(old, new)
    assert (side(spans, "old"), side(spans, "new")) == (nfc(old), nfc(new))


# --- anything at all

anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=5), st.just("\ud800"), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["type", "content", "attrs", "marks", "text", "id", "uuid", "doc", "title"]),
            inner,
            max_size=5,
        ),
        st.builds(
            lambda kind, content: {"type": kind, "content": content},
            st.sampled_from(["doc", "paragraph", "table", "text"]),
            inner,
        ),
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(anything, st.one_of(anything, documents))
def test_what_is_no_document_is_read_as_far_as_it_goes(old, new):
    changes = diff_documents(old, new)
    json.dumps(changes)
    assert apply_changes(changes, old) == texts_of(new)
    assert revert_changes(changes, new) == texts_of(old)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(anything, st.lists(anything, max_size=4)),
    st.lists(st.dictionaries(st.just("uuid"), anything), max_size=3),
)
def test_what_are_no_sections_are_compared_as_far_as_they_go(old, new):
    json.dumps(diff_versions(old, new))


def test_a_text_nested_without_end_is_cut_off():
    deep = {"type": "paragraph", "content": [{"type": "text", "text": "Botten."}]}
    for _ in range(5000):
        deep = {"type": "blockquote", "content": [deep]}
    assert diff_documents({"type": "doc", "content": [deep]}, None)["changes"] == []


# --- split and joined paragraphs

sentences = st.lists(
    st.sampled_from(WORDS[:6]).map(lambda word: f"{word} ska bli bättre i länet."), min_size=2, max_size=5
)


@settings(max_examples=100, deadline=None)
@given(sentences, st.integers(1, 4), documents)
def test_a_split_is_a_join_the_other_way_and_loses_nothing(said, at, after):
    from .test_diff import doc, p

    at = min(at, len(said) - 1)
    rest = after["content"]
    one = doc(p("whole", " ".join(said)), *rest)
    two = doc(p("whole", " ".join(said[:at])), p("second", " ".join(said[at:])), *rest)
    there, back = diff_documents(one, two), diff_documents(two, one)
    assert (there["summary"]["split"], back["summary"]["joined"]) == (1, 1)
    assert there["summary"]["words_added"] == there["summary"]["words_removed"] == 0
    assert apply_changes(there, one) == lines(two) and revert_changes(there, two) == lines(one)
