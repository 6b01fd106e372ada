"""Ten thousand comments carried from an eighty-page consultation version onto a heavily revised draft.

``wrong`` is a comment shown at words it was not about: it must be 0. ``lost`` was not found, or asked about, though its
sentence is there. Half of the comments are on a whole sentence, half on a few words; three edits in ten blocks, among
them refrains deleted here and written there, splits, merges, moves, copies. The peer looks for the words only.
"""

from __future__ import annotations

import random
from typing import Any

from strategies.domain.anchors import resolve_all

from .anchor_field import comments, quote_only, tally
from .strategy_text import Draft, copy, strategy

SEEDS = (11, 12, 13)
MANY = 10_000


def run(emit: Any, ctx: Any) -> None:
    size = f"{MANY} anchors, 80 pages"
    for seed in SEEDS:
        rng = random.Random(seed)
        base = strategy(rng)
        new = Draft(rng, copy(base)).revise(0.3)
        many = comments(rng, base, MANY)
        old_docs, new_docs = {p.uuid: p.doc() for p in base}, {p.uuid: p.doc() for p in new}
        selectors = [c.selector for c in many]
        seconds = min(ctx.seconds(lambda: resolve_all(selectors, new_docs, base=old_docs)) for _ in range(2))  # noqa: B023
        ours = tally(many, lambda: resolve_all(selectors, new_docs, base=old_docs), new)  # noqa: B023
        theirs = tally(many, lambda: quote_only(many, new), new)  # noqa: B023
        draft = f"{size}, draft {seed}"
        emit("seconds", round(seconds, 2), "s", size=draft)
        emit(
            "wrong",
            ours["wrong"],
            "anchors",
            size=draft,
            peer=f"quote-only search ({theirs['wrong']} wrong)",
            ratio=_ratio(ours, theirs, "wrong"),
        )
        emit(
            "right",
            ours["right"],
            "anchors",
            size=draft,
            peer=f"quote-only search ({theirs['right']} right)",
            ratio=_ratio(ours, theirs, "right"),
        )
        emit(
            "lost",
            ours["lost"],
            "anchors",
            size=draft,
            peer=f"quote-only search ({theirs['lost']} lost)",
            ratio=_ratio(ours, theirs, "lost"),
        )
        if ours["wrong"]:
            raise AssertionError(f"{ours['wrong']} comments stand at words they were not about (draft {seed})")


def _ratio(ours: Any, theirs: Any, name: str) -> float | None:
    return round(ours[name] / theirs[name], 3) if theirs[name] else None
