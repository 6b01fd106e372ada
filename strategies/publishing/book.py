"""A strategy as a book: the HTML of its front matter and of its body, in Swedish, from the templates in ``templates/print``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from strategies.models import SectionKind
from strategies.publishing.artwork import landscape
from strategies.publishing.html import render_doc
from strategies.publishing.tree import Book, Part, in_words
from strategies.publishing.typesetting import ready

LANGUAGE = "sv"
OWN_PAGE_FROM = 1800  # letters: a shorter goal does not get a page of its own
DEEPEST_IN_CONTENTS = 3
HEADINGS = 6


@dataclass
class PrintedPart:
    """A part with its text as HTML. ``heading``: 1-6. ``own_page``: begins a page."""

    part: Part
    html: SafeString
    heading: int
    own_page: bool
    parts: list["PrintedPart"] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A line of the contents. ``page``: as printed."""

    code: str
    title: str
    anchor: str
    level: int
    kind: str
    hue: int
    page: str


def body_html(book: Book) -> str:
    """Everything after the contents."""
    numbers, refs = count(1), book.refs
    with translation.override(LANGUAGE):
        parts = [_printed(part, book, refs, numbers) for part in book.parts]
        return render_to_string("print/body.html", {"book": book, "parts": parts, **_on_every_page(book)})


def front_html(book: Book, pages: Mapping[str, str]) -> str:
    """Cover, colophon and contents; ``pages``: anchor -> page number as printed."""
    with translation.override(LANGUAGE):
        context = {
            "book": book,
            "art": landscape(book.title),
            "counties": in_words(book.counties),
            "lines": contents(book, pages),
            "fingerprint": fingerprint(book.sha256),
            "edition": edition(book),
            **_on_every_page(book),
        }
        return render_to_string("print/front.html", context)


def contents(book: Book, pages: Mapping[str, str]) -> list[Line]:
    """Chapters, sections, goals, sub-goals and priorities, with their pages."""
    shown = [part for part in book.walk() if part.level <= DEEPEST_IN_CONTENTS and _listed(part)]
    return [
        Line(part.code, part.title, part.anchor, part.level, part.kind, part.hue, pages.get(part.anchor, ""))
        for part in shown
    ]


def _listed(part: Part) -> bool:
    """Texts are listed down to the second level, goals wherever they stand."""
    return part.kind not in (SectionKind.TEXT, SectionKind.CHAPTER) or (part.level <= 2 and not part.hue)


def fingerprint(sha256: str) -> list[str]:
    """A hash in groups that an eye can follow."""
    return [sha256[start : start + 8] for start in range(0, len(sha256), 8)]


def _on_every_page(book: Book) -> dict[str, Any]:
    return {"language": LANGUAGE, "standing": book.standing, "short_hash": book.sha256[:12]}


def edition(book: Book) -> str:
    """What the adopted text is called, unless the title says it. (A text that is not adopted has its name on a ribbon.)"""
    return book.version_label if book.adopted and book.version_label not in book.title else ""


def _printed(part: Part, book: Book, refs: Mapping[str, tuple[str, str]], numbers: Any) -> PrintedPart:
    html = render_doc(
        ready(part.doc),
        refs=refs,
        picture=book.picture,
        prefix=f"t{next(numbers)}-",
        heading_shift=part.level - 1,
        footnotes="print",
        numbers=book.numbers.get(part.uuid),
    )
    return PrintedPart(
        part,
        html,
        min(part.level, HEADINGS),
        _begins_a_page(part),
        [_printed(below, book, refs, numbers) for below in part.parts],
    )


def _begins_a_page(part: Part) -> bool:
    if part.level == 1:
        return True
    return part.kind == SectionKind.GOAL and part.letters() >= OWN_PAGE_FROM
