"""Compare two eighty-page versions (440,000 characters): a few weeks' edits, a heavy revision, and nothing at all.

The peer is ``lxml.html.diff`` on the same text as HTML: the whole strategy, as it would be called, and, kinder to it, section by
section with the unchanged ones skipped. It says nothing of moves, sections or tables.
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

    base = strategy(random.Random(5))
    old_sections = [p.section() for p in base]
    for name, share in (("typical edits", 0.05), ("heavy edits", 0.3), ("no edits", 0.0)):
        new = Draft(random.Random(7), copy(base)).revise(share)
        new_sections = [p.section() for p in new]
        diff_versions(old_sections, new_sections)
        ours = median(ctx.seconds(lambda: diff_versions(old_sections, new_sections)) for _ in range(15)) * 1000  # noqa: B023
        whole = ctx.seconds(lambda: htmldiff(_html(base), _html(new))) * 1000  # noqa: B023
        parts = ctx.seconds(lambda: _by_section(htmldiff, base, new)) * 1000  # noqa: B023
        size = f"80 pages, {name}"
        emit(
            "ms", round(ours, 1), "ms", size=size, peer=f"lxml.html.diff ({whole:.0f} ms)", ratio=round(ours / whole, 4)
        )
        if share:
            peer = f"lxml.html.diff on the changed sections only ({parts:.0f} ms)"
            emit(
                "ms", round(ours, 1), "ms", size=f"{size}, section by section", peer=peer, ratio=round(ours / parts, 4)
            )


def _by_section(htmldiff: Any, base: list[Part], new: list[Part]) -> None:
    after = {p.uuid: p for p in new}
    for part in base:
        before_html, after_html = _html([part]), _html([after[part.uuid]])
        if before_html != after_html:
            htmldiff(before_html, after_html)


def _html(parts: list[Part]) -> str:
    tag = {"heading": "h2", "paragraph": "p"}
    return "".join(f"<{tag[b.kind]}>{html.escape(b.text)}</{tag[b.kind]}>" for part in parts for b in part.paragraphs)
