"""The comparison as HTML: said in words, in order, escaped; inline and side by side."""

import re

import pytest
from lxml import html

from strategies.domain.diff import diff_documents
from strategies.publishing.diff_html import changes_html, spans_html, summary_html
from strategies.publishing.diff_words import kind_notes, summary_items

from .test_diff import A, B, C, doc, note, p, text
from .test_diff_tables import OLD, table

NEW_A = p("a1", "Regionen ska främja tågtrafiken. Det ska gå fort.")


def draw(old, new, **options):
    return changes_html(diff_documents(old, new, section="s"), old, new, **options)


def heard(markup):
    """What a screen reader would read."""
    spaced = re.sub(r"(</(?:p|h\d|td|th|li|caption)>)", r"\1 ", str(markup))
    return re.sub(r"\s+", " ", html.fragment_fromstring(spaced, create_parent="div").text_content()).strip()


def test_deleted_and_inserted_words_are_said():
    markup = draw(doc(A), doc(NEW_A))
    assert heard(markup) == "Regionen ska [Borttaget: stärka] [Tillagt: främja] tågtrafiken. Det ska gå fort."
    assert '<del class="diff-del">' in markup and '<ins class="diff-ins">' in markup


def test_each_change_can_be_linked_to():
    changes = diff_documents(doc(A, B), doc(NEW_A, B), section="s")
    tree = html.fromstring(changes_html(changes, doc(A, B), doc(NEW_A, B)))
    [block] = tree.xpath("//*[contains(@class, 'diff-change')]")
    assert block.get("id") == changes["changes"][0]["key"] and block.get("tabindex") == "-1"


def test_moved_is_said_at_both_places():
    said = heard(draw(doc(A, B, C), doc(C, A, B)))
    assert said.startswith("Flyttat hit. Ett helt annat stycke")
    assert said.endswith("Härifrån flyttades ”Ett helt annat stycke om kultur och fritid…”. Visa var det står nu")


def test_added_and_removed_blocks_are_said():
    said = heard(draw(doc(A, B), doc(A, C)))
    assert "Borttaget stycke. [Borttaget: Kommunerna" in said and "Nytt stycke. [Tillagt: Ett helt" in said


@pytest.mark.parametrize("two", [False, True])
def test_nothing_written_becomes_markup(two):
    bad = '<script>alert("1")</script> & "x"'
    link = {"type": "link", "attrs": {"href": "javascript:alert(1)"}}
    old, new = doc(p("a1", "Hej då")), doc(p("a1", bad, text("klicka", link)), p("b2", bad), table([(1, [("a", bad)])]))
    markup = draw(old, new, side_by_side=two)
    assert "<script" not in markup and "javascript:" not in markup and "style=" not in markup
    assert "&lt;script&gt;" in markup


def test_formatting_notes_and_references():
    old = doc(p("a1", "Se ", {"type": "ref", "attrs": {"section": "u1"}}, " och planen", note("Källa 2023"), "."))
    new = doc(
        p(
            "a1",
            "Se ",
            {"type": "ref", "attrs": {"section": "u1"}},
            " och ",
            text("planen", "strong"),
            note("Källa 2024"),
            ".",
        )
    )
    markup = draw(old, new, refs={"u1": {"code": "Mål 2", "title": "God hälsa"}})
    assert "Mål 2 God hälsa" in heard(markup) and "<strong>planen</strong>" in markup
    assert "[Fotnot: Källa [Borttaget: 2023] [Tillagt: 2024] ]" in heard(markup)


def test_a_table_says_its_rows_and_columns():
    new = table(
        [
            (1, [("a", "Mål"), ("x", "År"), ("b", "Ansvar")]),
            (2, [("a", "Tåg"), ("x", "2030"), ("b", "Staten")]),
            (4, [("a", "Båt"), ("x", "1"), ("b", "Alla")]),
        ]
    )
    markup = draw(doc(OLD), doc(new))
    said = heard(markup)
    assert "1 kolumn tillagd. 1 rad tillagd. 1 rad borttagen." in said
    assert "Ny rad: " in said and "[Borttaget: Regionen] [Tillagt: Staten]" in said
    assert html.fromstring(markup).xpath("//table")


def test_far_unchanged_text_can_be_folded():
    many = [p(f"p{n}", f"Stycke nummer {n} som är oförändrat.") for n in range(20)]
    markup = draw(doc(*many, A), doc(*many, NEW_A), around=1)
    assert "19 oförändrade stycken" in markup and markup.count("<details") == 1


def test_list_items_are_a_list():
    items = [{"type": "list_item", "attrs": {"id": f"i{n}"}, "content": [p(f"q{n}", f"Punkt {n}")]} for n in range(3)]
    box = lambda some: doc({"type": "bullet_list", "attrs": {"id": "l"}, "content": some})  # noqa: E731
    tree = html.fromstring(draw(box(items), box(items[:2])))
    assert [len(ul.findall("li")) for ul in tree.iter("ul")] == [3]


def test_side_by_side_shows_each_side_only():
    tree = html.fromstring(draw(doc(A, B), doc(NEW_A, B), side_by_side=True))
    before, after = (td.text_content() for td in tree.xpath("//tbody/tr[1]/td"))
    assert "stärka" in before and "främja" not in before and "främja" in after and "stärka" not in after


def test_summary_in_words():
    changes = diff_documents(doc(A, B, C), doc(C, NEW_A), section="s")
    assert summary_items(changes["summary"])[:3] == ["1 stycke ändrat", "1 stycke borttaget", "1 stycke flyttat"]
    assert "Inga ändringar." in summary_html(diff_documents(doc(A), doc(A))["summary"])


def test_kinds_in_words():
    paragraph, item = {"type": "paragraph", "in": []}, {"type": "paragraph", "in": ["bullet_list", "list_item"]}
    assert kind_notes(paragraph, item) == ["Var stycke, är nu punkt i lista."]
    assert kind_notes({"type": "heading", "in": [], "level": 2}, {"type": "heading", "in": [], "level": 3}) == [
        "Rubriknivå 2 blev 3."
    ]


def test_a_title():
    assert heard(spans_html([["=", "Mål "], ["-", "1"], ["+", "2"]])) == "Mål [Borttaget: 1] [Tillagt: 2]"


# --- split and joined paragraphs


def two(kind):
    one = {
        "type": "doc",
        "content": [para("a1", "Regionen ska stärka tågtrafiken. Det ska gå fort att resa mellan länets städer.")],
    }
    many = {
        "type": "doc",
        "content": [
            para("a1", "Regionen ska stärka tågtrafiken."),
            para("z9", "Det ska gå fort att resa mellan länets alla städer."),
        ],
    }
    old, new = (one, many) if kind == "split" else (many, one)
    return diff_documents(old, new), old, new


def para(block, words):
    return {"type": "paragraph", "attrs": {"id": block}, "content": [{"type": "text", "text": words}]}


def test_a_split_is_said_once_and_both_paragraphs_are_shown():
    html = changes_html(*two("split"))
    assert html.count("Stycket är delat i 2.") == 1 and html.count('<p class="diff-is-changed">') == 2
    assert "Nytt stycke" not in html and "Borttaget stycke" not in html
    assert html.count("<ins") == 1 and "alla" in html


def test_a_join_is_said_once_and_one_paragraph_is_shown():
    html = changes_html(*two("joined"))
    assert html.count("2 stycken är sammanslagna till ett.") == 1 and html.count('<p class="diff-is-changed">') == 1
    assert html.count("<del") == 1


def test_side_by_side_one_stands_beside_the_two():
    import re

    for kind, counts in (("split", [1, 2]), ("joined", [2, 1])):
        html = changes_html(*two(kind), side_by_side=True)
        rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td></tr>", html)
        assert len(rows) == 2
        assert [sum('<p class="diff-is' in row[side] for row in rows) for side in (0, 1)] == counts
        assert "Det ska gå fort" in rows[0][0 if kind == "split" else 1]


def test_the_blank_at_a_border_is_not_marked():
    for kind in ("split", "joined"):
        changes, old, new = two(kind)
        for side in (False, True):
            assert not re.search(
                r"<(del|ins)[^>]*>(<span[^>]*>[^<]*</span>)?\s+(<span[^>]*>[^<]*</span>)?</\1>",
                str(changes_html(changes, old, new, side_by_side=side)),
            )
