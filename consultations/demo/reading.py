"""Reads the small text files of the demonstration. Pure functions, no database."""

from functools import cache
from pathlib import Path

TEXT = Path(__file__).parent / "text"


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of a file in ``text/`` that are neither empty nor comments."""
    raw = (TEXT / name).read_text("utf-8").splitlines()
    return tuple(line.rstrip() for line in raw if line.strip() and not line.startswith("#"))


def rows(name: str) -> list[list[str]]:
    """Lines of cells separated by ``|``."""
    return [[cell.strip() for cell in line.split("|")] for line in lines(name)]


@cache
def keyed(name: str) -> dict[str, dict[str, list[str]]]:
    """``[key]`` blocks of ``X: text`` lines -> {key: {X: [texts]}}."""
    found: dict[str, dict[str, list[str]]] = {}
    current: dict[str, list[str]] = {}
    for line in lines(name):
        if line.startswith("[") and line.endswith("]"):
            current = found.setdefault(line[1:-1], {})
        else:
            letter, _, text = line.partition(": ")
            current.setdefault(letter, []).append(text)
    return found
