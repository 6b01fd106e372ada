"""Compare two eighty-page versions (440,000 characters) after the edits of a few weeks' work, whole and per section.

The peer is ``lxml.html.diff`` on the same text as HTML, section by section (which is kinder to it than the whole).
"""

from __future__ import annotations

import html
import random
from statistics import median
from typing import Any

from strategies.domain.diff import diff_versions

from .strategy_text import Draft, Part, copy, strategy


def run(emit: Any, ctx: Any) -> None:
    from lxml.html.diff import htmldiff  # only here: a peer, not a dependency

    rng = random.Random(5)
    base = strategy(rng)
    for name, share in (("typical edits", 0.05), ("heavy edits", 0.3), ("no edits", 0.0)):
        new = Draft(random.Random(7), copy(base)).revise(share)
        old_sections, new_sections = [p.section() for p in base], [p.section() for p in new]
        diff_versions(old_sections, new_sections)
        ours = median(ctx.seconds(lambda: diff_versions(old_sections, new_sections)) for _ in range(9)) * 1000  # noqa: B023
        theirs = ctx.seconds(lambda: _peer(htmldiff, base, new)) * 1000  # noqa: B023
        emit("ms", round(ours, 1), "ms", size=f"80 pages, {name}", peer=f"lxml.html.diff ({theirs:.0f} ms)", ratio=round(ours / theirs, 4))


def _peer(htmldiff: Any, base: list[Part], new: list[Part]) -> None:
    after = {p.uuid: p for p in new}
    for part in base:
        before_html, after_html = _html(part), _html(after[part.uuid])
        if before_html != after_html:
            htmldiff(before_html, after_html)


def _html(part: Part) -> str:
    tag = {"heading": "h2", "paragraph": "p"}
    return "".join(f"<{tag[b.kind]}>{html.escape(b.text)}</{tag[b.kind]}>" for b in part.paragraphs)
