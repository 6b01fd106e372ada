"""What a browser fetches to write: the editor's script and style sheet, as they are sent (gzip). The goal is 110 kB in all."""

from __future__ import annotations

import gzip
from typing import Any

from rus_platform.local.processes import ROOT

GOAL = 110_000  # bytes
FILES = ("editor.js", "editor.css")


def run(emit: Any, ctx: Any) -> None:
    total = 0
    for name in FILES:
        size = len(gzip.compress((ROOT / "static" / "build" / name).read_bytes(), 9))
        total += size
        emit("gzip_kb", round(size / 1000, 1), "kB", size=name)
    peer = f"the goal, {GOAL // 1000} kB"
    emit("gzip_kb", round(total / 1000, 1), "kB", size="the whole editor", peer=peer, ratio=round(total / GOAL, 3))
