"""The files that the architecture tests look at."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ["actors", "strategies", "consultations", "rus_platform"]


def python_files(*packages: str) -> Iterator[Path]:
    """Our modules, without migrations."""
    for package in packages or PACKAGES:
        yield from (file for file in sorted((ROOT / package).rglob("*.py")) if "migrations" not in file.parts)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), str(file))


def templates() -> Iterator[Path]:
    """Every template."""
    yield from sorted((ROOT / "templates").rglob("*.html"))


def name(file: Path) -> str:
    """Its path as a person would write it."""
    return str(file.relative_to(ROOT))
