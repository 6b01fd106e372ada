"""The pieces of printing: what may be fetched, tables made regular, tokens for paper, the cover, a version as a book."""

import pytest
from weasyprint import HTML

from strategies.publishing.artwork import landscape
from strategies.publishing.assets import LocalAssets, NotAllowed, faces, style_sheet, tokens
from strategies.publishing.book import body_html, contents
from strategies.publishing.tree import Part, count_letters, in_words
from strategies.publishing.typesetting import ready
from tests.factories.books import book, cell, doc, figure, heading, large_book, paragraph, photo, table, text, uuid

HOSTILE = """
<link rel="stylesheet" href="http://example.com/a.css"><link rel="stylesheet" href="file:///etc/passwd">
<link rel="attachment" href="file:///etc/passwd"><base href="file:///etc/">
<style>@import "http://example.com/b.css"; @font-face { font-family: x; src: url(file:///etc/shadow) } body { background: url(http://example.com/c.png) }</style>
<img src="file:///etc/passwd"><img src="http://169.254.169.254/latest/"><img src="data:image/png;base64,AAAA"><img src="//example.com/d.png">
<img src="asset:../rus_platform/settings.py"><img src="asset:css/print/../../../manage.py"><img src="picture:../../x">
<object data="file:///etc/passwd"></object><embed src="ftp://example.com/e"><input type="image" src="http://example.com/f.png">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image href="file:///etc/passwd"/><use href="http://example.com/g.svg#a"/></svg>
"""


def test_hostile_html_fetches_nothing():
    """Every address in it is refused by our fetcher, the only way out that the engine has."""
    assets = LocalAssets(lambda uuid: None)
    HTML(string=HOSTILE, url_fetcher=assets, base_url="asset:").render().write_pdf()
    assert len(assets.refused) >= 10
    assert not any(address.startswith(("asset:build/fonts/", "asset:css/print/book")) for address in assets.refused)


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://example.com/", "https://example.com/", "data:text/css,a", "asset:../manage.py", "asset:css/tokens.css",
     "asset:css/print/../tokens.css", "asset:/etc/passwd", "picture:x", "ASSET:css/print/book.css", "asset:css/print/book.css?x", ""],
)  # fmt: skip
def test_only_our_own_addresses_are_fetched(address):
    with pytest.raises(NotAllowed):
        LocalAssets(lambda uuid: b"x").fetch(address)


def test_our_own_addresses_are_fetched():
    assets = LocalAssets({uuid(1): photo()}.get)
    assert assets.fetch("asset:css/print/book.css").content_type == "text/css"
    assert assets.fetch(f"picture:{uuid(1)}").content_type == "image/jpeg"
    with pytest.raises(NotAllowed):
        assets.fetch(f"picture:{uuid(2)}")


def test_text_is_text_in_the_book():
    bad = Part(
        uuid(1),
        "chapter",
        "1",
        "<script>x</script>",
        1,
        doc(paragraph(text("<img src=x onerror=y>")), figure("../../etc")),
    )
    html = body_html(book([bad], title='"><iframe>'))
    assert not any(tag in html for tag in ("<script>x", "<img src=x", "<iframe>", "../../etc"))


def test_a_picture_that_is_gone_is_said_in_words():
    assert "Bilden saknas: Karta" in body_html(
        book([Part(uuid(1), "chapter", "1", "A", 1, doc(figure(uuid(9), "Karta")))])
    )


# --- made ready for paper


def test_rows_that_are_too_short_are_filled_out():
    made = ready(doc(table(["A", "B", "C"], ["ensam"], [cell("hög", rowspan=9), "x"], ["y"])))["content"][0]
    assert [len(row["content"]) for row in made["content"]] == [3, 3, 3, 2]
    assert made["content"][2]["content"][0]["attrs"]["rowspan"] == 2  # there are no nine rows


def test_columns_get_room_by_their_text():
    widths = [
        one["attrs"]["colwidth"][0]
        for one in ready(doc(table(["År", "Vad"], ["2025", "ord " * 60])))["content"][0]["content"][0]["content"]
    ]
    assert 200 < widths[0] < 400 < widths[1] and 990 < sum(widths) < 1010


def test_columns_that_somebody_has_drawn_stay_as_they_are():
    drawn = table([cell("A", head=True, colwidth=[100]), cell("B", head=True, colwidth=[300])])
    row = ready(doc(drawn))["content"][0]["content"][0]["content"]
    assert [one["attrs"]["colwidth"] for one in row] == [[100], [300]]


def test_headings_do_not_skip_a_level():
    levels = [
        one["attrs"]["level"]
        for one in ready(doc(heading("a", 4), heading("b", 4), heading("c", 2), heading("d", 4)))["content"]
    ]
    assert levels == [2, 3, 2, 3]


def test_what_is_written_stays_as_it_was():
    before = doc(heading("a", 4), table(["A", "B"], ["x"]))
    after = ready(before)
    assert before == doc(heading("a", 4), table(["A", "B"], ["x"]))
    assert count_letters(after) == count_letters(before)


# --- design


def test_tokens_are_those_of_the_light_theme():
    assert "light-dark" not in tokens() and "--accent: #17564a;" in tokens() and "--goal-8: #954622;" in tokens()


def test_the_style_sheet_names_nothing_outside():
    assert (
        "http" not in style_sheet().replace("https://", "http").replace("http://www.w3.org", "")
        or "url(http" not in style_sheet()
    )
    assert 'url("../' not in style_sheet() and all(
        "asset:build/fonts/" in face for face in faces().split("@font-face")[1:]
    )


def test_the_cover_is_the_same_for_the_same_strategy_and_another_for_another():
    assert landscape("Saga") == landscape("Saga") != landscape("Sagan")


def test_contents_list_goals_wherever_they_stand():
    lines = contents(large_book(10), dict.fromkeys((), "7"))
    assert [line.kind for line in lines] == ["chapter", "chapter"] + ["goal"] * 4


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A och B"), (["A", "B", "C"], "A, B och C")]
)
def test_names_are_listed_in_words(names, said):
    assert in_words(names) == said
