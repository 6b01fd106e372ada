"""What a section is called today: its code and title, for references in the text."""

from collections import defaultdict
from collections.abc import Iterable

from strategies.models import Section, SectionKind, Version

GOALS = (SectionKind.GOAL, SectionKind.SUBGOAL, SectionKind.PRIORITY)


def references(version: Version) -> dict[str, dict[str, str]]:
    """uuid -> {code, title, kind} of every section that is left, in reading order. Codes follow the order. One query."""
    rows = version.sections.filter(removed_at=None).order_by("position", "id")
    return codes_of(rows.only("version_id", "uuid", "kind", "title", "parent_id", "position"))


def codes_of(rows: Iterable[Section]) -> dict[str, dict[str, str]]:
    """The same for the sections of a version that are at hand, siblings in order."""
    children: dict[int | None, list[Section]] = defaultdict(list)
    for row in rows:
        children[row.parent_id].append(row)
    found: dict[str, dict[str, str]] = {}
    _number(children, None, "", {"goal": 0, "priority": 0}, found)
    return found


def _number(
    children: dict[int | None, list[Section]],
    parent: int | None,
    above: str,
    counters: dict[str, int],
    found: dict[str, dict[str, str]],
    under_goal: bool = False,
) -> None:
    """Chapters and sections count by level, goals and priorities through the whole text; texts below a goal have no code."""
    texts = subgoals = 0
    for row in children[parent]:
        if row.kind in counters:
            counters[row.kind] += 1
            number = str(counters[row.kind])
            code = f"Mål {number}" if row.kind == SectionKind.GOAL else f"P{number}"
        elif row.kind == SectionKind.SUBGOAL:
            subgoals += 1
            number = f"{above}.{subgoals}"
            code = f"Delmål {number}"
        elif under_goal:
            number = code = ""
        else:
            texts += 1
            number = code = f"{above}.{texts}" if above else str(texts)
        found[str(row.uuid)] = {"code": code, "title": row.title, "kind": row.kind}
        _number(children, row.pk, number, counters, found, under_goal or row.kind in GOALS)
