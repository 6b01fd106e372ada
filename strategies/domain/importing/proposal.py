"""What the parts of a document are proposed to become: which headings are sections, of what kind, and where. Pure functions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from strategies.domain import documents
from strategies.domain.sections import PARENTS
from strategies.models import SectionKind

MOST = 180  # sections proposed at once: more is no outline, and no form either
LEVELS = (1, 2, 3)
NUMBER = re.compile(
    r"\s*(?:(?i:kapitel|avsnitt|mål|delmål|prioritering|kap\.)\s+)?(?:\d{1,2}(?:\.\d{1,2}){0,4}[.):]?|[IVX]{1,5}[.):])(?:\s*[–:-])?\s+(?=[^\sa-zåäö])"
)
KINDS = (
    (re.compile(r"^\s*(?:delmål|sub-?goal)\b", re.IGNORECASE), SectionKind.SUBGOAL),
    (re.compile(r"^\s*(?:mål|strategiskt mål|utvecklingsmål|goal)\s*(?:\d|:|–)", re.IGNORECASE), SectionKind.GOAL),
    (re.compile(r"^\s*prioritering\s*(?:\d|:|–)", re.IGNORECASE), SectionKind.PRIORITY),
)
NEW, APPEND, REPLACE = "new", "append", "replace"


@dataclass
class Proposed:
    """A section to be. ``n`` names it in the form; ``level`` from 1; ``place`` "new", "append" or "replace" with ``section_id``."""

    n: int
    level: int
    title: str
    written: str  # the heading as it stands in the document
    doc: dict[str, Any]
    kind: str
    place: str = NEW
    section_id: int | None = None
    included: bool = True
    words: int = 0
    start: str = ""


@dataclass(frozen=True)
class Standing:
    """A section that is in the draft already."""

    id: int
    title: str
    is_empty: bool
    kind: str = SectionKind.TEXT


@dataclass
class Choice:
    """What a person chose for one proposed section."""

    n: int
    included: bool
    kind: str
    place: str = NEW
    section_id: int | None = None
    title: str = ""


@dataclass
class Proposal:
    depth: int
    possible: list[int] = field(default_factory=list)
    sections: list[Proposed] = field(default_factory=list)


def propose(
    parts: Sequence[dict[str, Any]],
    standing: Iterable[Standing] = (),
    depth: int | None = None,
    under: str | None = None,
) -> Proposal:
    """The parts, with headings deeper than ``depth`` folded into the text above. ``under``: the kind of the section they come under.

    ``depth`` None: as deep as is usual (two levels), less when that would be too many. Levels count from the highest in use.
    """
    used = sorted({part["level"] for part in parts if part["level"]})
    possible = [n for n in LEVELS[: max(1, len(used))] if _count(parts, used, n) <= MOST] or [1]
    depth = depth if depth in possible else max(n for n in possible if n <= 2)
    known = _by_title(standing)
    found = []
    for n, (level, title, doc) in enumerate(_folded(parts, used, depth)):
        clean = plain_title(title)
        match = known.get(clean.casefold())
        item = Proposed(n, level, clean, title, doc, kind_of(title, level, under), words=documents.word_count(doc))
        if match is not None and match.is_empty:
            item.place, item.section_id = APPEND, match.id
        item.start = _start(doc)
        found.append(item)
    _mend_kinds(found, under)
    return Proposal(depth, possible, found[:MOST])


def _count(parts: Sequence[dict[str, Any]], used: list[int], depth: int) -> int:
    return sum(part["level"] in used[:depth] or part["level"] == 0 for part in parts)


def _by_title(standing: Iterable[Standing]) -> dict[str, Standing]:
    """Titles that one section has; one that two share names neither."""
    found: dict[str, Standing | None] = {}
    for row in standing:
        key = row.title.casefold()
        found[key] = None if key in found else row
    return {key: row for key, row in found.items() if row is not None}


def _folded(parts: Sequence[dict[str, Any]], used: list[int], depth: int) -> list[tuple[int, str, dict[str, Any]]]:
    """(level from 1, title, doc) for each section; what stands before the first heading comes first, without a title."""
    found: list[tuple[int, str, dict[str, Any]]] = []
    for part in parts:
        rank = used.index(part["level"]) + 1 if part["level"] else 0
        if found and rank > depth:
            level = min(4, rank - depth + 1)
            heading = {
                "type": "heading",
                "attrs": {"id": documents.new_id(), "level": level},
                "content": [{"type": "text", "text": part["title"]}],
            }
            found[-1][2]["content"] += [heading, *part["doc"]["content"]]
        else:
            found.append(
                (max(1, min(rank, depth)), part["title"], {"type": "doc", "content": list(part["doc"]["content"])})
            )
    return found


def plain_title(title: str) -> str:
    """The heading without a number of its own: the platform counts ("1.2 Bakgrund" is "Bakgrund", "Mål 2: Fler" is "Fler")."""
    match = NUMBER.match(title)
    return title[match.end() :].strip() if match else title.strip()


def kind_of(title: str, level: int, under: str | None) -> str:
    """Goal, subgoal or priority by the heading's words; otherwise a chapter at the top and a section below."""
    for pattern, kind in KINDS:
        if pattern.match(title):
            return kind
    return SectionKind.CHAPTER if level == 1 and under is None else SectionKind.TEXT


def _mend_kinds(found: list[Proposed], under: str | None) -> None:
    """Kinds that cannot stand where they would come are proposed as what can."""
    above: list[Proposed] = []
    for item in found:
        while above and above[-1].level >= item.level:
            above.pop()
        parent = above[-1].kind if above else under
        if parent not in PARENTS[item.kind]:
            item.kind = SectionKind.TEXT
        above.append(item)


def _start(doc: dict[str, Any]) -> str:
    """The first words, to know the text by."""
    words = " ".join(documents.plain_text(doc).split())
    return words if len(words) <= 160 else words[:160].rsplit(" ", 1)[0] + " …"


def with_choices(proposal: Proposal, choices: Iterable[Choice]) -> list[Proposed]:
    """The proposed sections as a person chose them, those that were ticked off left out."""
    by_number = {choice.n: choice for choice in choices}
    chosen = []
    for item in proposal.sections:
        choice = by_number.get(item.n)
        if choice is None or not choice.included:
            continue
        item.kind, item.place, item.section_id = choice.kind, choice.place, choice.section_id
        item.title = " ".join(choice.title.split()) or item.title
        chosen.append(item)
    return chosen
