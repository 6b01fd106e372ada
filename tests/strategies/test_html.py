"""The document as HTML: complete, accessible and safe."""

import re
from typing import Any

from hypothesis import given, settings
from lxml import html as lxml_html

from strategies.domain import documents, markup
from strategies.publishing.html import Notes, Picture, render_doc, render_notes
from tests.strategies.test_documents import DOCS, UUID

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def tree(text: str, **options: Any) -> Any:
    return lxml_html.fragment_fromstring(render_doc(markup.to_doc(text), **options), create_parent="div")


def test_blocks_carry_their_ids() -> None:
    doc = markup.to_doc("## A\n\nB\n\n- c\n")
    found = lxml_html.fragment_fromstring(render_doc(doc, prefix="s1-"), create_parent="div")
    ids = [block.attrs["id"] for block in documents.walk_blocks(documents.parse(doc))]
    assert [element.get("data-block") for element in found.iterdescendants() if element.get("data-block")] == ids
    assert [element.get("id") for element in found.iterdescendants() if element.get("id")] == [
        f"s1-{block}" for block in ids
    ]


def test_references_show_todays_name_or_that_it_is_gone() -> None:
    text = f"Se {{{{avsnitt {UUID}}}}}."
    link = tree(text, refs={UUID: ("Mål 2", "Grönt & <gott>")}).find(".//a")
    assert (link.text, link.get("href"), link.get("data-w")) == ("Mål 2 Grönt & <gott>", f"#avsnitt-{UUID}", "1")
    assert "inte finns kvar" in tree(text).text_content()


def test_footnotes_are_numbered_and_lead_both_ways() -> None:
    found = tree("Ett^[första **noten**] två^[andra].")
    calls = found.xpath("//a[@role='doc-noteref']")
    assert [call.text for call in calls] == ["1", "2"]
    for call in calls:
        note = found.get_element_by_id(call.get("href")[1:])
        assert note.get("role") == "doc-footnote"
        assert note.find(".//a[@role='doc-backlink']").get("href") == f"#{call.get('id')}"
    assert found.xpath("//li[@role='doc-footnote']//strong")[0].text == "noten"


def test_footnotes_are_numbered_through_several_sections() -> None:
    notes = Notes()
    for prefix in ("a-", "b-"):
        render_doc(markup.to_doc("x^[n]"), notes=notes, footnotes="shared", prefix=prefix)
    assert re.findall(r'id="((?:a|b)-fn\d)"', render_notes(notes)) == ["a-fn1", "b-fn2"]


def test_tables_have_headers_with_scope() -> None:
    found = tree("| Mål | År |\n|---|---|\n| a | b |\n")
    assert [cell.get("scope") for cell in found.xpath("//thead//th")] == ["col", "col"]
    assert len(found.xpath("//tbody/tr/td")) == 2
    assert found.xpath("//div[@role='group'][@tabindex='0']/table")


def figure(**attrs: Any) -> Any:
    doc = {
        "type": "doc",
        "content": [{"type": "figure", "attrs": {"id": "f1", "image": UUID, "alt": "", "caption": "", **attrs}}],
    }
    return lxml_html.fragment_fromstring(
        render_doc(doc, picture=lambda uuid: Picture(f"/bilder/{uuid}/", 40, 30)), create_parent="div"
    )


def test_pictures_have_their_words_and_size() -> None:
    image = figure(alt=EVIL, caption="Bildtext").find(".//img")
    assert (image.get("alt"), image.get("width"), image.get("src")) == (EVIL, "40", f"/bilder/{UUID}/")
    assert figure(alt="x", decorative=True).find(".//img").get("alt") == ""


def test_nothing_in_a_document_becomes_markup() -> None:
    doc = documents.with_ids(
        {
            "type": "doc",
            "content": [
                {
                    "type": "paragraph",
                    "content": [
                        {"type": "text", "text": EVIL},
                        {"type": "footnote", "content": [{"type": "text", "text": EVIL}]},
                    ],
                },
                {
                    "type": "paragraph",
                    "content": [
                        {
                            "type": "text",
                            "text": "x",
                            "marks": [{"type": "link", "attrs": {"href": "javascript:alert(1)"}}],
                        }
                    ],
                },
                {"type": "figure", "attrs": {"image": UUID, "alt": EVIL, "caption": EVIL}},
            ],
        }
    )
    out = render_doc(doc, refs={UUID: (EVIL, EVIL)}, prefix=EVIL)
    assert "<script" not in out
    assert "<img" not in out
    assert "javascript" not in out


@given(DOCS)
@settings(max_examples=100, deadline=None)
def test_every_word_is_there_and_every_tag_is_closed(doc: dict[str, Any]) -> None:
    out = render_doc(doc, picture=lambda uuid: Picture("/x/"))
    opened = re.findall(r"<(?!/)(?!br|hr|img|col\b)(\w+)", out)
    closed = re.findall(r"</(\w+)", out)
    assert sorted(opened) == sorted(closed)
    text = lxml_html.fragment_fromstring(out, create_parent="div").text_content()
    for item in documents.walk(doc):
        if item["type"] == "text" and item["text"].strip():
            assert " ".join(item["text"].split()) in " ".join(text.split())


def test_rendering_is_fast() -> None:
    """A whole strategy (440,000 characters) takes well under a second; measured: some tens of milliseconds."""
    import time  # only here

    doc = markup.to_doc(
        "\n\n".join(f"Stycke {n} om **länet** och [dess](https://a.se) framtid. " * 4 for n in range(2000))
    )
    started = time.perf_counter()
    assert len(render_doc(doc)) > 440_000
    assert time.perf_counter() - started < 2
