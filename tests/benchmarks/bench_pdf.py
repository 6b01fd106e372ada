"""A hundred pages as PDF: 40 goals, 31 tables, 30 SVG charts, 80 footnotes.

The peer is plain WeasyPrint, in the same run: the same HTML and style sheet in one document, tagged (PDF/UA-1), its page
numbers in the contents looked up by the engine (``target-counter``), which is the way it offers. Each render has a process of
its own, so that memory is its own too; they take turns.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from statistics import median
from typing import Any

PAGES, TURNS = 100, 3
LOOKED_UP = ".toc-page::after { content: target-counter(attr(data-to url), page) }"


def run(emit: Any, ctx: Any) -> None:
    ours, theirs = [], []
    for turn in range(TURNS):
        for made, name in ((ours, "ours"), (theirs, "plain")):
            made.append(render(name, ctx.env))
            ctx.say(f"{name} {turn + 1}: {made[-1]}")
    peer = "plain WeasyPrint on the same HTML"
    size = f"{ours[0]['pages']} pages"
    for figure, unit in (("seconds", "s"), ("peak_mb", "MB")):
        mine, other = (median(row[figure] for row in rows) for rows in (ours, theirs))
        emit(figure, mine, unit, size=size, peer=f"{peer} ({other:.1f} {unit})", ratio=mine / other)
    rate, other_rate = (median(row["pages"] / row["seconds"] for row in rows) for rows in (ours, theirs))
    emit("pages_per_s", rate, "pages/s", size=size, peer=f"{peer} ({other_rate:.1f} pages/s)", ratio=rate / other_rate)
    for figure in ("table_tags", "note_tags"):
        emit(figure, ours[0][figure], "tags", size=size, peer=f"{peer} ({theirs[0][figure]} tags)")


def render(name: str, env: dict[str, str]) -> dict[str, Any]:
    """One render in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_pdf", name]
    done = subprocess.run(command, env={**os.environ, **env, "LOG_LEVEL": "ERROR"}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def one_document(book: Any) -> str:
    """Front matter and body as one page of HTML; the contents ask the engine for page numbers."""
    from strategies.publishing.book import body_html, front_html  # needs Django's settings

    front, body = front_html(book, {}), body_html(book)
    front = re.sub(
        r'<span class="toc-page"></span><a href="(#[^"]+)"',
        r'<span class="toc-page" data-to="\1"></span><a href="\1"',
        front,
    )
    attributes, content = re.search(r"<body([^>]*)>(.*)</body>", body, re.S).groups()  # type: ignore[union-attr]
    return front.replace("<body>", f"<body{attributes}>").replace("</body>", f"{content}</body>")


def plain(book: Any) -> bytes:
    """What plain WeasyPrint makes of it."""
    from weasyprint import CSS, HTML  # a library that takes a second to load: only in the process that renders
    from weasyprint.text.fonts import FontConfiguration

    from strategies.publishing.assets import LocalAssets, style_sheet
    from strategies.publishing.pdf import column_widths, quiet

    html, assets, fonts = one_document(book), LocalAssets(book.read_picture, unpacked_fonts=False), FontConfiguration()
    css = style_sheet() + LOOKED_UP + column_widths(html)
    sheet = CSS(string=css, url_fetcher=assets, font_config=fonts, base_url="asset:css/")
    with quiet():
        made = HTML(string=html, url_fetcher=assets, base_url="asset:").write_pdf(
            stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1"
        )
    return bytes(made)


def main(name: str) -> None:
    import io  # this half runs in a process of its own
    import resource
    import time

    import django

    django.setup()
    import pikepdf

    from strategies.publishing.pdf import render_pdf
    from tests.factories.books import large_book
    from tests.strategies.pdf_reading import counts

    def made(book: Any) -> bytes:
        return render_pdf(book).data if name == "ours" else plain(book)

    made(large_book(3))  # warm, as a worker is: the library loaded, and what it keeps kept
    book = large_book(PAGES)
    started = time.process_time()
    data = made(book)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = len(pdf.pages)
    tags = counts(data)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "peak_mb": peak,
                "pages": pages,
                "table_tags": tags["Table"],
                "note_tags": tags["Note"],
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
