"""What a browser fetches to write, as it is sent (gzip): the editor's script, for which the goal is 110 kB, and its style sheet."""

from __future__ import annotations

import gzip
from typing import Any

from rus_platform.local.processes import ROOT

GOAL = 110_000  # bytes of script


def run(emit: Any, ctx: Any) -> None:
    script, style = (_gzip(name) for name in ("editor.js", "editor.css"))
    emit(
        "gzip_kb",
        round(script / 1000, 1),
        "kB",
        size="editor.js",
        peer="the goal, 110 kB",
        ratio=round(script / GOAL, 3),
    )
    emit("gzip_kb", round(style / 1000, 1), "kB", size="editor.css")


def _gzip(name: str) -> int:
    return len(gzip.compress((ROOT / "static" / "build" / name).read_bytes(), 9))
