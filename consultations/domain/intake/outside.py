"""Reads a file in a process of its own that can be stopped: a hostile file takes that process down, not the worker.

A reader is a module that sets its own bounds (``confined``), reads the file from its standard input and says facts, a JSON
object a line. It gets no settings and no secrets.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

from django.conf import settings

PATIENCE = 240  # seconds by the clock
FOLDER = "consultations.domain.intake."


def facts_of(reader: str, data: bytes, *arguments: str, patience: float = PATIENCE) -> Iterator[dict[str, Any]]:
    """What ``reader`` says, as it says it; it is stopped when it takes too long, or when nobody listens any more.

    A reader that came to no end of its own says last {"error": "stopped"}.
    """
    process = _started(reader, data, arguments)
    clock = threading.Timer(patience, process.kill)
    clock.start()
    ended = False
    try:
        assert process.stdout is not None
        for row in process.stdout:
            said = json.loads(row)
            ended = "error" in said or "end" in said
            yield said
    finally:
        clock.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if not ended:
        yield {"error": "stopped"}


def _started(reader: str, data: bytes, arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
    plain = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return subprocess.Popen(
            [sys.executable, "-m", FOLDER + reader, *arguments],
            cwd=settings.BASE_DIR,
            env={**plain, "PYTHONIOENCODING": "utf-8"},
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
