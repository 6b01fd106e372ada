"""What holds for any two documents: nothing is lost, both sides can be rebuilt, and the answer mirrors when they swap."""

from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.domain.diff import apply_changes, diff_documents, diff_text, revert_changes
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
    mirror = {"added": "removed", "removed": "added", "words_added": "words_removed", "words_removed": "words_added"}
    assert there == {name: back[mirror.get(name, name)] for name in there}


@settings(max_examples=300, deadline=None)
@given(words, words)
def test_two_lines_can_be_rebuilt(old, new):
    spans = diff_text(old, new)
    assert (side(spans, "old"), side(spans, "new")) == (nfc(old), nfc(new))
