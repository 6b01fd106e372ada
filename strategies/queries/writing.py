"""Who wrote what in a section: its steps gathered into sittings, through all versions that it has been in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from os.path import commonprefix
from typing import Any
from uuid import UUID

from strategies.models import Section, Step, StepVia, Version

PAUSE = timedelta(minutes=30)  # a longer one begins a new sitting
UNDO = "undo"  # the key in a stored step that holds the step back


@dataclass
class Sitting:
    """One person's writing without a long pause. ``added`` and ``removed`` are characters."""

    who: str
    via: str
    first: datetime
    last: datetime
    steps: int
    added: int
    removed: int

    @property
    def via_label(self) -> str:
        return str(StepVia(self.via).label)


@dataclass
class Chapter:
    """The section in one version, its sittings newest first. ``writers``: name -> characters added."""

    version: Version
    section: Section
    sittings: list[Sitting]
    writers: dict[str, int]


def writing_of(strategy_id: int, uuid: UUID) -> list[Chapter]:
    """The section's writing, newest version first; versions in which nothing was written are left out. Two queries."""
    sections = (
        Section.objects.filter(version__strategy_id=strategy_id, uuid=uuid).select_related("version").defer("doc")
    )
    rows = (
        Step.objects.filter(section__in=sections)
        .order_by("section_id", "n")
        .values_list("section_id", "by__name", "via", "at", "step")
    )
    gathered: dict[int, list[Sitting]] = {}
    for section_id, who, via, at, step in rows.iterator(chunk_size=500):
        _add(gathered.setdefault(section_id, []), who or "–", via, at, step)
    found = []
    for section in sections.order_by("-version__number"):
        sittings = gathered.get(section.pk, [])[::-1]
        if sittings:
            writers: dict[str, int] = {}
            for sitting in sittings:
                writers[sitting.who] = writers.get(sitting.who, 0) + sitting.added
            found.append(Chapter(section.version, section, sittings, writers))
    return found


def _add(sittings: list[Sitting], who: str, via: str, at: datetime, step: dict[str, Any]) -> None:
    last = sittings[-1] if sittings else None
    if last is None or (last.who, last.via) != (who, via) or at - last.last > PAUSE:
        last = Sitting(who, via, at, at, 0, 0, 0)
        sittings.append(last)
    last.last, last.steps = at, last.steps + 1
    new, old = _text(step), _text(step.get(UNDO) or {})
    same = len(commonprefix([new, old]))
    same += len(commonprefix([new[same:][::-1], old[same:][::-1]]))
    last.added += len(new) - same
    last.removed += len(old) - same


def _text(step: dict[str, Any]) -> str:
    """The text that a step puts in."""
    return "".join(_texts((step.get("slice") or {}).get("content") or []))


def _texts(nodes: list[dict[str, Any]]) -> Iterator[str]:
    for node in nodes:
        if "text" in node:
            yield node["text"]
        yield from _texts(node.get("content") or [])
