"""HTML from outside: words and structure come in, nothing else does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rus_platform.kit.errors import Invalid
from strategies.domain import documents, markup
from strategies.domain.html_import import from_html
from strategies.publishing.html import render_doc


@pytest.mark.parametrize(
    ("source", "writing"),
    [
        ("<p>Hej <b>fet <i>båda</i></b></p>", "Hej **fet _båda_**"),
        ("<h1>A</h1><h3>B</h3><h6>C</h6>", "## A\n\n### B\n\n#### C"),
        ("lös <em>text</em><p>stycke</p>svans", "lös _text_\n\nstycke\n\nsvans"),
        ("<ul><li>ett<ul><li>två</li></ul></li><li><p>tre</p></li></ul>", "- ett\n\n  - två\n- tre"),
        ("<ul><li>ett</li><ul><li>två</li></ul></ul>", "- ett\n\n  - två"),
        ("<ol start=4><li>a</li></ol>", "4. a"),
        ("<blockquote><p>q</p></blockquote><hr>", "> q\n\n---"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td><p>d</p></td></tr></table>",
            "| a | b |\n|---|---|\n| c | d |",
        ),
        ("<div><div><p>inne</p></div></div>", "inne"),
        ("<p>rad<br>två</p>", "rad\\\ntvå"),
        ("<p>  många \n\n mellanslag&nbsp;här </p>", "många mellanslag\u00a0här"),
        ("H<sub>2</sub>O <a href='https://region.se'>länk</a>", "H~2~O [länk](https://region.se)"),
        ("<o:p>Word</o:p><!--[if x]>dold<![endif]-->", "Word"),
        ("", ""),
    ],
)
def test_from_html_keeps(source: str, writing: str) -> None:
    assert markup.to_markup(from_html(source).doc).strip() == writing


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>", "<p onclick=alert(1)>x</p>", "<a href='javascript:alert(1)'>x</a>", "<a href=' java\nscript:alert(1)'>x</a>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<style>@import 'x'</style>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<p style='background:url(javascript:alert(1))'>x</p>",
        "<img src='data:image/svg+xml,<svg onload=alert(1)>'>", "<form action=//evil><button>x</button></form>", "<object data=x>", "<base href=//evil>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<a href='//evil.example'>x</a>", "<p>\x00<scr\x00ipt>alert(1)</script>",
    ],
)  # fmt: skip
def test_from_html_lets_nothing_dangerous_in(source: str) -> None:
    out = render_doc(from_html(source).doc)
    for word in (
        "<script",
        "onerror",
        "onclick",
        "onload",
        "javascript:",
        "<img",
        "<iframe",
        "<form",
        "style=",
        "evil",
    ):
        assert word not in out.replace("&lt;", "")


def test_from_html_says_what_was_left_out() -> None:
    assert from_html("<p>x<img src='data:image/png;base64,AAAA'><img src=b.png></p>").notices == [
        "2 bilder kunde inte följa med. Lägg in dem med knappen Bild."
    ]


def test_from_html_refuses_what_is_too_large() -> None:
    with pytest.raises(Invalid):
        from_html("x" * 5_000_001)


@pytest.mark.parametrize("tag", ["div", "blockquote", "b", "ul><li", "table><tr><td", "span"])
def test_from_html_bears_any_depth(tag: str) -> None:
    documents.parse(from_html(f"<{tag}>" * 5000 + "djupt").doc)


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<b>",
                "</i>",
                "<ul>",
                "<li>",
                "</ul>",
                "<table>",
                "<td>",
                "<tr>",
                "x ",
                "<br>",
                "&amp;",
                "<a href=https://a>",
                "<h2>",
            ]
        ),
        max_size=30,
    )
)
@settings(max_examples=150, deadline=None)
def test_from_html_makes_a_document_of_anything(parts: list[str]) -> None:
    documents.parse(from_html("".join(parts)).doc)
