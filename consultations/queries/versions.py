"""Versions of an organisation's response, and what differs between two."""

from dataclasses import dataclass, field
from typing import Any

from consultations.models import Answer, Attachment, Point, PointChange, Position, RedactedPart, Response
from consultations.states import HANDED_IN
from strategies.domain.diff.words import diff_text

Spans = list[list[Any]]  # [op, words] in order; op is "=", "-" or "+"


@dataclass
class PointDifference:
    """A point that is new, changed or left out. ``text``/``wording``: spans; empty when they are the same."""

    change: str  # new, changed, removed
    point: Point
    before: Point | None = None
    text: Spans = field(default_factory=list)
    wording: Spans = field(default_factory=list)


@dataclass
class Difference:
    """What differs between two versions; empty lists for what does not. ``same``: how many points are as they were."""

    kind: tuple[str, str] | None = None
    summary: Spans = field(default_factory=list)
    points: list[PointDifference] = field(default_factory=list)
    same: int = 0
    positions: list[tuple[Any, Position | None, Position | None, Spans]] = field(default_factory=list)
    answers: list[tuple[Any, Spans]] = field(default_factory=list)
    attachments: list[tuple[str, Attachment]] = field(default_factory=list)  # ("+" or "-", file)

    @property
    def is_empty(self) -> bool:
        return not (
            self.kind or self.summary or self.points or self.positions or self.answers or self.attachments
        )  # fmt: skip


def versions_of(response: Response) -> list[Response]:
    """Every version of the organisation's answer that has been handed in, oldest first. One query."""
    rows = Response.objects.filter(round_id=response.round_id, actor_id=response.actor_id, state__in=HANDED_IN)
    return list(rows.select_related("submitted_by").defer("receipt").order_by("version"))


def same_part(response: Response, part: str, row_id: int) -> list[tuple[Response, int]]:
    """(version, row id) of the same part in every other version that has been handed in; ``part`` is a RedactedPart."""
    others = {row.pk: row for row in versions_of(response) if row.pk != response.pk}
    if part == RedactedPart.SUMMARY:
        return [(row, 0) for row in others.values()]
    if part in (RedactedPart.POINT, RedactedPart.WORDING):
        return [
            (others[version], pk) for pk, version in _same_point(row_id, [response.pk, *others]) if version in others
        ]
    model, shared = SHARED[part]
    wanted = model.objects.filter(pk=row_id).values(shared)
    rows = model.objects.filter(response__in=others, **{f"{shared}__in": wanted}).values_list("response", "pk")
    return [(others[version], pk) for version, pk in rows]


SHARED: dict[str, tuple[Any, str]] = {
    RedactedPart.POSITION: (Position, "section"),
    RedactedPart.ANSWER: (Answer, "question"),
    RedactedPart.ATTACHMENT: (Attachment, "sha256"),
}


def _same_point(point_id: int, versions: list[int]) -> list[tuple[int, int]]:
    """(id, version) of a point in all its versions. One query."""
    rows = Point.objects.filter(response__in=versions).order_by("response__version")
    first: dict[int, int] = {}
    found = list(rows.values_list("pk", "response", "origin"))
    for pk, _version, origin in found:
        first[pk] = first.get(origin or 0, pk)
    return [(pk, version) for pk, version, _origin in found if first[pk] == first.get(point_id)]


def difference(earlier: Response, later: Response) -> Difference:
    """Between a version and the one after it. Nine queries."""
    found = Difference()
    if earlier.kind != later.kind:
        found.kind = (earlier.get_kind_display(), later.get_kind_display())
    if earlier.summary != later.summary:
        found.summary = diff_text(earlier.summary, later.summary)
    _points(earlier, later, found)
    _positions(earlier, later, found)
    _answers(earlier, later, found)
    _attachments(earlier, later, found)
    return found


def _points(earlier: Response, later: Response, found: Difference) -> None:
    before = {point.pk: point for point in earlier.points.select_related("section", "anchor")}
    for point in later.points.select_related("section", "anchor"):
        old = before.pop(point.origin_id or 0, None)
        if old is None:
            found.points.append(PointDifference(PointChange.NEW, point))
            continue
        text, wording = _spans(old.text, point.text), _spans(old.suggested_wording, point.suggested_wording)
        if text or wording or old.kind != point.kind:
            found.points.append(PointDifference(PointChange.CHANGED, point, old, text, wording))
        else:
            found.same += 1
    found.points += [PointDifference("removed", point) for point in before.values()]


def _spans(old: str, new: str) -> Spans:
    return diff_text(old, new) if old != new else []


def _positions(earlier: Response, later: Response, found: Difference) -> None:
    before = {row.section_id: row for row in earlier.positions.select_related("section")}
    after = {row.section_id: row for row in later.positions.select_related("section")}
    for section_id in sorted(before.keys() | after.keys()):
        old, new = before.get(section_id), after.get(section_id)
        spans = _spans(old.reason if old else "", new.reason if new else "")
        if spans or (old.stance if old else "") != (new.stance if new else ""):
            row = new or old
            assert row is not None
            found.positions.append((row.section, old, new, spans))


def _answers(earlier: Response, later: Response, found: Difference) -> None:
    before = {row.question_id: row for row in earlier.answers.select_related("question")}
    after = {row.question_id: row for row in later.answers.select_related("question")}
    for question_id in sorted(before.keys() | after.keys()):
        old, new = before.get(question_id), after.get(question_id)
        if spans := _spans(old.words if old else "", new.words if new else ""):
            row = new or old
            assert row is not None
            found.answers.append((row.question, spans))


def _attachments(earlier: Response, later: Response, found: Difference) -> None:
    before = {row.sha256: row for row in earlier.attachments.all()}
    after = {row.sha256: row for row in later.attachments.all()}
    found.attachments = [("-", row) for key, row in before.items() if key not in after]
    found.attachments += [("+", row) for key, row in after.items() if key not in before]
