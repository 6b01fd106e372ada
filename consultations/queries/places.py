"""What points are about, in words: the section's code and name."""

from collections.abc import Iterable
from typing import Any

from consultations.models import Point, Position

Labels = dict[str, tuple[str, str]]  # section uuid -> (code, title), in reading order


def name_places(points: Iterable[Point], labels: Labels) -> None:
    """Set ``place`` ("Mål 1 Ett län som reser"; empty for a general point) on each point. No queries."""
    for point in points:
        point.place = place_name(point.section, labels)  # type: ignore[attr-defined]


def place_name(section: Any, labels: Labels) -> str:
    """Code and title of a section, or nothing."""
    if section is None:
        return ""
    code, title = labels.get(str(section.uuid), ("", section.title))
    return f"{code} {title}".strip()


def in_reading_order(rows: Iterable[Any], labels: Labels, key: Any = lambda row: row) -> list[Any]:
    """``rows`` as their sections (``key(row)``) come in the text."""
    order = {uuid: n for n, uuid in enumerate(labels)}
    return sorted(rows, key=lambda row: order.get(str(key(row).uuid), len(order)))


def positions_in_order(positions: Iterable[Position], labels: Labels) -> list[Position]:
    """Positions in reading order, each with its ``place``."""
    rows = in_reading_order(positions, labels, lambda row: row.section)
    for row in rows:
        row.place = place_name(row.section, labels)
    return rows
