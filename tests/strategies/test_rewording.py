"""Other words in one place of a text: what is kept, what goes, what comes. Pure functions, without a database."""

import pytest

from strategies.domain import documents, markup, text
from strategies.domain.anchors import selector_from_quote
from strategies.domain.diff.suggestions import settled
from strategies.domain.rewording import NOT_WORDS, SUGGESTED_HERE, in_the_way, paragraphs_of, reworded, spots
from strategies.domain.rewriting import steps_between
from strategies.domain.steps import apply_steps
from strategies.domain.suggesting import suggesting_steps

TEXT = "Länet ska **växa** och må bra.\n\nAlla ska kunna _resa_ med tåg.\n\n- Första\n- Andra\n\nSist."


def doc_of(written=TEXT):
    return documents.parse(documents.with_ids(markup.to_doc(written)))


def change(doc, quote, words):
    """Put ``words`` in the place of ``quote``, both ways of doing it; the written result."""
    found = selector_from_quote(doc.to_json(), quote)
    assert in_the_way(doc, found.start, found.end) == ""
    made = reworded(doc, found.start, found.end, words)
    straight = apply_steps(doc, steps_between(doc, made.doc))
    assert straight.eq(made.doc)
    suggested = apply_steps(doc, suggesting_steps(doc, made.doc, "s1"))
    plain = text.plain(suggested)
    assert documents.canonical(settled(plain, lambda _id: False)) == documents.canonical(text.plain(doc))
    accepted = documents.plain_text(settled(plain, lambda _id: True))
    assert accepted == documents.plain_text(text.plain(made.doc))
    return made, markup.to_markup(text.plain(made.doc))


def test_only_the_words_that_differ_are_touched_and_formatting_stays():
    made, written = change(doc_of(), "ska växa och må bra", "ska växa och alla må bra")
    assert written.startswith("Länet ska **växa** och alla må bra.\n\n")
    assert (made.before, made.after) == ("Länet ska växa och må bra.", "Länet ska växa och alla må bra.")


def test_new_words_have_the_formatting_of_those_they_stand_for():
    _made, written = change(doc_of(), "växa", "frodas")
    assert written.startswith("Länet ska **frodas** och må bra.")


def test_several_paragraphs_for_one_keep_what_stands_after():
    made, written = change(doc_of(), "Länet ska växa", "Länet ska växa.\n\nDet ska också")
    assert written.startswith("Länet ska **växa**.\n\nDet ska också och må bra.\n\nAlla")
    assert made.after == "Länet ska växa.\nDet ska också och må bra."


def test_across_paragraphs_one_for_one():
    _made, written = change(doc_of(), "må bra.\nAlla ska", "må väl.\nVarje människa ska")
    assert written.startswith("Länet ska **växa** och må väl.\n\nVarje människa ska kunna _resa_ med tåg.")


def test_across_paragraphs_into_one_leaves_the_rest_of_the_last():
    _made, written = change(doc_of(), "må bra.\nAlla ska kunna", "må bra och")
    assert written.startswith("Länet ska **växa** och må bra och\n\n_resa_ med tåg.")


def test_whole_paragraphs_that_go_take_their_list_items_along():
    _made, written = change(doc_of(), "Alla ska kunna resa med tåg.\nFörsta\nAndra", "Alla reser.")
    assert written == "Länet ska **växa** och må bra.\n\nAlla reser.\n\nSist.\n"


def test_a_footnote_in_words_that_go_is_kept():
    doc = {
        "type": "doc",
        "content": [
            {
                "type": "paragraph",
                "attrs": {"id": "b1"},
                "content": [
                    {"type": "text", "text": "Halvera utsläppen"},
                    {"type": "footnote", "content": [{"type": "text", "text": "SCB"}]},
                    {"type": "text", "text": " till 2030."},
                ],
            }
        ],
    }
    made, _written = change(documents.parse(doc), "Halvera utsläppen till 2030", "Minska allt")
    assert documents.plain_text(text.plain(made.doc)) == "Minska allt [SCB]."


def test_the_same_words_change_nothing():
    doc = doc_of()
    found = selector_from_quote(doc.to_json(), "växa och må")
    made = reworded(doc, found.start, found.end, "växa   och må\n")
    assert made.doc.eq(doc)


def test_somebodys_suggestion_and_what_is_not_words_stand_in_the_way():
    doc = doc_of()
    found = selector_from_quote(doc.to_json(), "växa")
    wanted = reworded(doc, found.start, found.end, "minska").doc
    marked = apply_steps(doc, suggesting_steps(doc, wanted, "s1"))
    assert in_the_way(marked, found.start, found.end) == SUGGESTED_HERE
    assert in_the_way(marked, 1, 5) == "", "elsewhere in the paragraph nothing is in the way"
    assert in_the_way(doc, 3, 3) == in_the_way(doc, 0, 10_000) == NOT_WORDS
    table = doc_of("| A | B |\n| --- | --- |\n| ett | två |")
    cells = spots(table, 0, table.content.size)
    if len(cells) > 1:  # the writing of the form knows tables
        assert in_the_way(table, 0, table.content.size) == NOT_WORDS


@pytest.mark.parametrize(
    ("words", "paragraphs"),
    [("", []), (" \n\n", []), ("a\r\nb", ["a", "b"]), ("a\n\n\n b  c \n", ["a", "b c"]), ("a\x00b", ["ab"])],
)
def test_paragraphs_of(words, paragraphs):
    assert paragraphs_of(words) == paragraphs
