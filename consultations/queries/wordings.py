"""What a suggested wording would change in the draft as it is now, and what became of those that were put in."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consultations.models import DispositionDecision, PlacedWording, Point, WordingWay
from strategies.domain import documents
from strategies.domain.anchors import comparable
from strategies.domain.candidates import Candidate, candidates_of
from strategies.domain.diff.words import diff_text
from strategies.domain.following import Trace, carried, steps_after
from strategies.domain.locks import lock_words
from strategies.domain.placing import Place
from strategies.domain.rewording import Reworded, in_the_way, paragraphs_of, reworded
from strategies.models import AnchorOutcome, AnchorResolution, Section, Suggestion, Version
from strategies.states import SuggestionState, TextStatus

READY = ("ready", "moved")  # what one press can do
IN = ("suggested", "accepted", "in_text")  # the draft has it
BY_HAND = ("reworded", "changed", "ambiguous", "gone")  # a person says where first


@dataclass(slots=True)
class Plan:
    """``state``: ready | moved (the same words in another place) | same (it stands so already) | reworded | changed (since
    somebody said where) | ambiguous | gone | suggested (somebody's suggestion is about the words) | not_words | unanchored |
    no_draft | waiting (not looked for yet).

    ``spans``: the blocks as they would change; ``now``: the words that stand there; ``seen``: a fingerprint of what is shown.
    """

    state: str
    row: AnchorResolution | None = None
    section: Section | None = None
    place: Place | None = None
    now: str = ""
    before: str = ""
    after: str = ""
    seen: str = ""
    spans: list[Any] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        return self.state in READY

    @property
    def by_hand(self) -> bool:
        return self.state in BY_HAND


def plans_for(points: Iterable[Point], newest: Version | None) -> dict[int, Plan]:
    """Point id -> plan, for those that suggest a wording; ``resolution`` is set on each point. One query at most."""
    wanted = [point for point in points if point.suggested_wording.strip()]
    rows = {point.pk: getattr(point, "resolution", None) for point in wanted}
    steps = steps_after((row.section, _version_of(row)) for row in rows.values() if row and row.section)
    docs: dict[int, Any] = {}
    return {point.pk: _plan(point, rows[point.pk], newest, steps, docs) for point in wanted}


def _version_of(row: AnchorResolution) -> int:
    assert row.section is not None
    return row.section.doc_version if row.section_version is None else row.section_version


def _plan(
    point: Point, row: AnchorResolution | None, newest: Version | None, steps: dict[int, Any], docs: dict[int, Any]
) -> Plan:
    if point.anchor_id is None:
        return Plan("unanchored")
    if newest is None or newest.status != TextStatus.WORKING:
        return Plan("no_draft")
    if row is None:
        return Plan("waiting")
    if row.section is None or row.section.removed_at is not None or row.start is None or row.end is None:
        return Plan("ambiguous" if row.outcome == AnchorOutcome.AMBIGUOUS else "gone", row)
    plan = Plan("reworded", row, row.section, now=row.text_now)
    unsure = row.outcome == AnchorOutcome.REWORDED and row.confirmed_at is None
    if unsure and comparable(row.text_now) != comparable(point.suggested_wording):
        return plan  # reworded into just what was asked for is nothing to be unsure about
    ends = Trace(row.start, row.end, _version_of(row))
    ends = carried(ends, steps.get(row.section.pk, ()), row.section.doc_version)
    if row.section.pk not in docs:
        docs[row.section.pk] = documents.read(documents.upgrade(row.section.doc, row.section.schema_version))
    return _with_words(plan, point, docs[row.section.pk], ends)


def _with_words(plan: Plan, point: Point, doc: Any, ends: Trace) -> Plan:
    assert plan.row is not None
    assert plan.section is not None
    plan.state = in_the_way(doc, ends.start, ends.end)
    if plan.state:
        return plan
    made = reworded(doc, ends.start, ends.end, point.suggested_wording)
    if comparable(made.words) != comparable(plan.row.text_now).strip("\n"):
        plan.state, plan.now = "changed", made.words
        return plan
    plan.place = Place(plan.section.pk, plan.section.doc_version, ends.start, ends.end, made.words)
    plan.before, plan.after, plan.spans = made.before, made.after, _spans(made)
    shown = f"{plan.section.pk}\n{made.before}\n\n{made.after}"
    plan.seen = hashlib.sha256(shown.encode()).hexdigest()[:16]
    moved = plan.row.outcome == AnchorOutcome.MOVED and plan.row.confirmed_at is None
    plan.state = "same" if made.before == made.after else "moved" if moved else "ready"
    return plan


def _spans(made: Reworded) -> list[Any]:
    """What goes and what comes in the blocks; the words on both sides of the place are never said to change."""
    head, tail = made.head, made.tail
    if not (made.after.startswith(head) and made.after.endswith(tail) and made.before.endswith(tail)):
        return diff_text(made.before, made.after)
    inside = [text[len(head) : len(text) - len(tail)] for text in (made.before, made.after)]
    return [["=", head], *diff_text(*inside), ["=", tail]]


def spans_of(quote: str, wording: str) -> list[Any]:
    """A wording as a tracked proposal on the words it is about: [op, words]; empty when one of them is missing, or when it
    changes nothing."""
    old, new = comparable(quote).strip("\n"), "\n".join(paragraphs_of(wording))
    return diff_text(old, new) if old and new and old != new else []


# --- What became of them --------------------------------------------------------------------------


FATES = {
    "suggested": _("Som förslag i utkastet"),
    "accepted": _("Förslaget är godtaget i utkastet"),
    "rejected": _("Förslaget är avslaget i utkastet"),
    "gone": _("Förslaget finns inte kvar i utkastet"),
    "in_text": _("I utkastets text"),
    "taken_back": _("Tillbakataget"),
}


def placed_of(point: Point) -> list[PlacedWording]:
    """Newest first, each with ``fate`` and, when it is a suggestion, ``suggestion``. Two queries."""
    return with_fate(point.placed.all())


def with_fate(rows: QuerySet[PlacedWording]) -> list[PlacedWording]:
    """``fate``: suggested | accepted | rejected | gone | in_text | taken_back. Two queries."""
    found: list[Any] = list(rows.select_related("section__version", "placed_by", "ended_by").defer("section__doc"))
    add_fate(found)
    return found


def add_fate(rows: Iterable[PlacedWording]) -> None:
    """Set ``fate``, ``told`` (the same in words), ``suggestion`` and ``spans`` on each. One query, or none."""
    rows = list(rows)
    marks = [row.mark_id for row in rows if row.mark_id]
    found = Suggestion.objects.filter(mark_id__in=marks).select_related("section", "decided_by").defer("section__doc")
    known: dict[tuple[str, int], Suggestion] = {}
    for one in sorted(found if marks else [], key=lambda one: LIKELY.index(SuggestionState(one.state)), reverse=True):
        known[one.mark_id, one.section.version_id] = one  # it may have been moved to another section
    for row in rows:
        row.suggestion = known.get((row.mark_id, row.section.version_id))  # type: ignore[attr-defined]
        row.fate = _fate(row)  # type: ignore[attr-defined]
        row.told = FATES[row.fate]  # type: ignore[attr-defined]
        row.spans = diff_text(row.before, row.after)  # type: ignore[attr-defined]


LIKELY = [SuggestionState.ACCEPTED, SuggestionState.OPEN, SuggestionState.REJECTED, SuggestionState.GONE]


def _fate(row: Any) -> str:
    state = row.suggestion.state if row.suggestion else SuggestionState.GONE
    if row.taken_back:
        return "taken_back"
    if row.way == WordingWay.EDIT:
        return "in_text"
    return "suggested" if state == SuggestionState.OPEN else str(state)


def standing_of(rows: Iterable[PlacedWording]) -> PlacedWording | None:
    """The one that holds: in the text, or suggested there and not refused."""
    return next((row for row in rows if row.ended_at is None and row.fate in IN), None)  # type: ignore[attr-defined]


def attach(points: Iterable[Any], newest: Version | None) -> None:
    """Set ``plan`` (None without a wording) and ``standing`` on the points of a page of the list. Two queries at most."""
    points = list(points)
    add_fate(row for point in points for row in point.placed_now)
    plans = plans_for(points, newest)
    for point in points:
        point.plan, point.standing = plans.get(point.pk), standing_of(point.placed_now)


@dataclass(slots=True)
class Wording:
    """Everything about a point's wording on its own page. ``plan`` is None when it suggests none. ``candidates``: where the
    words may be, as (number, place), when a person must say."""

    plan: Plan | None
    placed: list[PlacedWording]
    standing: PlacedWording | None
    locked: str = ""
    candidates: list[tuple[int, Candidate]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    @property
    def prefill(self) -> str:
        """The decision that lies nearest: never made without the officer."""
        if self.standing:
            return str(DispositionDecision.ACCOMMODATED)
        return str(DispositionDecision.ALREADY) if self.plan and self.plan.state == "same" else ""


def wording_of(point: Any, newest: Version | None, resolution: AnchorResolution | None) -> Wording:
    """What the wording would change now, what was put in, and where the words may be when that is not certain."""
    point.resolution = resolution
    placed = placed_of(point)
    made = Wording(plans_for([point], newest).get(point.pk), placed, standing_of(placed))
    plan = made.plan
    if plan and plan.section:
        made.locked = lock_words(plan.section)
    if plan and plan.by_hand and plan.row and newest and not made.standing:
        row = AnchorResolution.objects.select_related("version", "section", "anchor__section__version").get(
            pk=plan.row.pk
        )
        made.candidates = list(enumerate(candidates_of([row]).get(row.pk, [])))
        made.sections = list(newest.sections.filter(removed_at=None).only("uuid", "title", "version_id"))
    return made
