"""An item as it is read, before it is kept."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actors.models import Actor
from consultations.domain.intake.places import Place
from consultations.models import IntakeItem, IntakeJob, ItemState, ItemWhat, PointKind, Question
from strategies.models import Section

LONGEST = 50_000


@dataclass
class Draft:
    """What the original says in one place. ``first``..``last``: lines of the original that it is read from."""

    what: str = ItemWhat.POINT
    text: str = ""
    kind: str = PointKind.REMARK
    suggested_wording: str = ""
    place: Place = field(default_factory=Place)
    section: Section | None = None
    question: Question | None = None
    stance: str = ""
    author: str = ""
    actor: Actor | None = None
    actor_name: str = ""
    first: int | None = None
    last: int | None = None
    page: int | None = None
    certain: bool = False
    doubt: str = ""
    facts: dict[str, str] = field(default_factory=dict)  # of a decision
    received_on: date | None = None
    left_out: bool = False  # a greeting, a signature: shown, but not proposed


@dataclass
class Picture:
    """A page that is a picture, drawn anew: a JPEG. ``page``: its number in the file. ``name``: of the attachment it stands in."""

    data: bytes
    width: int
    height: int
    page: int
    name: str = ""


@dataclass
class Reading:
    """All that was read out of a file. ``original``: [{"text", "kind", "page"}] in reading order. ``pictures``: to type beside."""

    kind: str
    original: list[dict[str, Any]] = field(default_factory=list)
    items: list[Draft] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    pages: int | None = None
    pictures: list[Picture] = field(default_factory=list)


def line(text: str, kind: str = "", page: int | None = None) -> dict[str, Any]:
    """A line of the original. ``kind``: "", "heading", "item", "quote", "comment", "note"."""
    return {"text": text, "kind": kind, **({"page": page} if page else {})}


def as_rows(job: IntakeJob, items: list[Draft]) -> list[IntakeItem]:
    """The items as rows, not saved."""
    return [_row(job, n, item) for n, item in enumerate(items, 1)]


def _row(job: IntakeJob, n: int, item: Draft) -> IntakeItem:
    place = item.place
    return IntakeItem(
        job=job, position=n, what=item.what, state=ItemState.DROPPED if item.left_out else ItemState.UNDECIDED,
        certain=item.certain and not item.left_out, doubt=(item.doubt or place.doubt)[:300], actor=item.actor, actor_name=item.actor_name[:200],
        author=item.author[:120], section=item.section or place.section, question=item.question, stance=item.stance, kind=item.kind,
        text=item.text[:LONGEST], suggested_wording=item.suggested_wording[:LONGEST], quote=place.quote, start=place.start, end=place.end,
        score=place.score, alternatives=place.alternatives, first=item.first, last=item.last, page=item.page,
        facts=item.facts, received_on=item.received_on,
    )  # fmt: skip
