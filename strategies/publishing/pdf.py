"""A book as a PDF/A-2a and PDF/UA-1 file.

Two documents are laid out, body first, so that the contents get plain page numbers: numbers looked up by the engine cost
a second pass and lose footnotes. They are joined as pages, so links, bookmarks and tags hold through the whole file.
"""

import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from rus_platform.kit.work import Progress
from strategies.publishing.archive import archived
from strategies.publishing.assets import LocalAssets, style_sheet
from strategies.publishing.book import body_html, front_html
from strategies.publishing.tags import tagged
from strategies.publishing.tree import Book

VARIANT = "pdf/a-2a"
LETTERS_A_PAGE = 1850  # for the estimate of pages while the first layout goes on
MOST_TURNS = 3
UNKNOWN = "000"  # as wide as a page number
#: Shares of the time, of 1000, as measured on eighty pages.
COLLECT, BODY, CONTENTS, PAINT, ARCHIVE, STORE = 0, 60, 690, 740, 960, 990
TOTAL = 1000


@dataclass
class Rendered:
    """The file. ``sha256`` of its bytes; ``complaints``: what the engine warned about; ``refused``: addresses not fetched."""

    data: bytes
    pages: int
    sha256: str
    complaints: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def silent(stage: str, done: int, total: int) -> None:
    """For callers whom nobody waits for."""


def render_pdf(book: Book, *, progress: Progress = silent) -> Rendered:
    """Typeset ``book``; ``progress(stage, done, total)`` is told each page as it is laid out and painted."""
    progress(_("Samlar ihop texten"), COLLECT, TOTAL)
    assets = LocalAssets(book.read_picture)
    fonts = FontConfiguration()
    styles = CSS(string=style_sheet(), url_fetcher=assets, font_config=fonts, base_url="asset:css/")
    expected = max(1, round(book.letters() / LETTERS_A_PAGE) + len(book.parts))

    def lay_out(html: str, *more: str) -> Any:
        sheets = [styles, *(CSS(string=css, url_fetcher=assets, font_config=fonts) for css in more)]
        return HTML(string=html, url_fetcher=assets, base_url="asset:").render(
            stylesheets=sheets, font_config=fonts, pdf_variant=VARIANT, presentational_hints=False
        )

    def laid_out(page: int) -> None:
        words = _("Sätter sida %(page)s av ungefär %(expected)s") % {"page": page, "expected": max(expected, page)}
        progress(words, BODY + (CONTENTS - BODY) * min(page, expected) // expected, TOTAL)

    with complaints() as heard, quiet():
        text = body_html(book)
        in_front = len(lay_out(front_html(book, {part.anchor: UNKNOWN for part in book.walk()})).pages)
        for _turn in range(MOST_TURNS):
            with layout_pages(laid_out):
                body = lay_out(text, f"@page:first {{ counter-reset: page {in_front + 1} }}", column_widths(text))
            progress(_("Skriver innehållsförteckningen"), CONTENTS, TOTAL)
            front = lay_out(front_html(book, page_numbers(body, in_front)))
            if len(front.pages) == in_front:
                break
            in_front = len(front.pages)
        whole = front.copy([*front.pages, *body.pages])
        data = _painted(whole, progress)
        progress(_("Gör filen klar för arkivet"), ARCHIVE, TOTAL)
        data, pages = archived(data)
    progress(_("Sparar filen"), STORE, TOTAL)
    return Rendered(data, pages, hashlib.sha256(data).hexdigest(), heard, assets.refused)


def column_widths(html: str) -> str:
    """Rules for the widths that columns ask for: attributes that look are not heeded by the engine, and should not be."""
    widths = sorted(set(re.findall(r'<col width="([0-9.]+)%">', html)))
    return "\n".join(f'col[width="{width}%"] {{ width: {width}% }}' for width in widths)


def page_numbers(body: Any, before: int) -> dict[str, str]:
    """anchor -> page number as printed; the first place counts."""
    found: dict[str, str] = {}
    for number, page in enumerate(body.pages, start=before + 1):
        for anchor in page.anchors:
            found.setdefault(anchor, str(number))
    return found


def _painted(whole: Any, progress: Progress) -> bytes:
    count = len(whole.pages)

    def painted(page: int) -> None:
        words = _("Skriver sida %(page)s av %(count)s") % {"page": page, "count": count}
        progress(words, PAINT + (ARCHIVE - PAINT) * page // count, TOTAL)

    with tagged(whole, painted=painted):
        return bytes(whole.write_pdf(pdf_variant=VARIANT))


# --- listening to the engine


class _Listener(logging.Handler):
    """Hears what is logged in this thread (others may be rendering too)."""

    def __init__(self, hear: Callable[[logging.LogRecord], None]) -> None:
        super().__init__()
        self.hear, self.thread_id = hear, threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread_id:
            self.hear(record)


@contextmanager
def layout_pages(laid_out: Callable[[int], None]) -> Iterator[None]:
    """``laid_out(n)`` as each page is begun: the engine says so in its progress log."""
    logger = logging.getLogger("weasyprint.progress")

    def hear(record: logging.LogRecord) -> None:
        if record.args and str(record.msg).startswith("Step 5 - Creating layout - Page"):
            laid_out(int(record.args[0]))  # type: ignore[index, arg-type]

    listener, level = _Listener(hear), logger.level
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(listener)
        logger.setLevel(level)


@contextmanager
def quiet() -> Iterator[None]:
    """Pages and fonts are counted here, not told to the log of the platform."""
    progress, fonts = logging.getLogger("weasyprint.progress"), logging.getLogger("fontTools")
    before = progress.propagate, fonts.level
    progress.propagate = False
    fonts.setLevel(logging.WARNING)
    try:
        yield
    finally:
        progress.propagate = before[0]
        fonts.setLevel(before[1])


@contextmanager
def complaints() -> Iterator[list[str]]:
    """What the engine warns about, in its own words."""
    heard: list[str] = []
    logger = logging.getLogger("weasyprint")
    listener = _Listener(lambda record: heard.append(record.getMessage()))
    listener.setLevel(logging.WARNING)
    logger.addHandler(listener)
    try:
        yield heard
    finally:
        logger.removeHandler(listener)
