"""Bounds that a reader sets for its own process before it looks at a file. Imports nothing of the platform: it starts at once."""

import json
import resource
from typing import Any

MEMORY = 1_500_000_000  # bytes of address space
SECONDS = 180  # of processor time


def confine(memory: int = MEMORY, seconds: int = SECONDS) -> None:
    """From here on the process is ended when it takes more; a file can take it down, not the worker."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))


def say(**facts: Any) -> None:
    """A line to whoever waits (``outside.lines_of``)."""
    print(json.dumps(facts, ensure_ascii=False), flush=True)
