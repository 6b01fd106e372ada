"""What people must confirm: words of comments and of points that are reworded, gone or perhaps in several places."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from consultations.models import Point
from consultations.states import ResponseState
from strategies.models import AnchorOutcome, AnchorResolution, Comment, Remark, Strategy, Version
from strategies.states import CommentState

ASKED = (AnchorOutcome.AMBIGUOUS, AnchorOutcome.GONE, AnchorOutcome.REWORDED)
SAME = (
    "anchor__section_id", "anchor__doc_version", "anchor__start", "anchor__end", "outcome", "section_id", "start", "end",
    "confirmed_at",
)  # fmt: skip


@dataclass(frozen=True)
class Holder:
    """Who holds on to the words, and what is said of them. ``point`` or ``comment``."""

    by: str
    text: str
    point: Point | None = None
    comment: Comment | None = None


def newest(strategy: Strategy) -> Version | None:
    """The draft, or the newest version."""
    return strategy.versions.defer("manifest").order_by("-number").first()


def to_confirm(version: Version, *, outcome: str = "", confirmed: bool = False) -> QuerySet[AnchorResolution]:
    """Rows of ``version`` that wait for a person, or that one has confirmed: one row for all that say the same of the same
    words (``alike`` gives the others). Only open comments, and points that have been handed in: what an organisation is still
    writing is nobody else's."""
    rows = _waiting(version, confirmed)
    if outcome:
        rows = rows.filter(outcome=outcome)
    rows = rows.select_related("version__strategy", "section", "anchor__section__version", "confirmed_by")
    return rows.order_by("anchor__section__position", *SAME, "pk").distinct("anchor__section__position", *SAME)


def _waiting(version: Version, confirmed: bool) -> QuerySet[AnchorResolution]:
    talk = Comment.objects.filter(anchor=OuterRef("anchor"), removed_at=None, state=CommentState.OPEN)
    said = Point.objects.filter(anchor=OuterRef("anchor"), response__state=ResponseState.SUBMITTED)
    rows = AnchorResolution.objects.filter(Q(Exists(talk)) | Q(Exists(said)), version=version)
    return rows.filter(confirmed_at__isnull=False) if confirmed else rows.filter(confirmed_at=None, outcome__in=ASKED)


def alike(rows: list[AnchorResolution], *, confirmed: bool = False) -> dict[int, list[tuple[int, int]]]:
    """Row id -> (row id, anchor id) of all that say the same of the same words, itself first. One query."""
    if not rows:
        return {}
    waiting = _waiting(rows[0].version, confirmed).filter(anchor__section__in={row.anchor.section_id for row in rows})
    groups: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    for pk, anchor_id, *key in waiting.order_by("pk").values_list("pk", "anchor_id", *SAME):
        groups.setdefault(tuple(key), []).append((pk, anchor_id))
    return {group[0][0]: group for group in groups.values()}


def holders(anchor_ids: list[int]) -> dict[int, list[Holder]]:
    """Anchor id -> those who hold on to it. Two queries."""
    found: dict[int, list[Holder]] = {pk: [] for pk in anchor_ids}
    points = Point.objects.filter(anchor__in=anchor_ids, response__state=ResponseState.SUBMITTED)
    for point in points.select_related("response__actor"):
        found[point.anchor_id or 0].append(Holder(point.response.actor.name, point.text, point=point))
    remarks = Remark.objects.filter(comment__anchor__in=anchor_ids, comment__removed_at=None, removed_at=None)
    for remark in remarks.select_related("comment", "created_by"):
        pk = remark.comment.anchor_id or 0
        if not any(one.comment for one in found[pk]):
            found[pk].append(Holder(remark.created_by.name, remark.text, comment=remark.comment))
    return found
