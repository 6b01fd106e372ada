"""What people must confirm: words of comments and of points that are reworded, gone or perhaps in several places."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from consultations.models import Point
from consultations.states import ResponseState
from strategies.models import AnchorOutcome, AnchorResolution, Comment, Remark, Strategy, Version
from strategies.states import CommentState

ASKED = (AnchorOutcome.AMBIGUOUS, AnchorOutcome.GONE, AnchorOutcome.REWORDED)


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
    """Rows of ``version`` that wait for a person, or that one has confirmed. Only open comments, and points that have been
    handed in: what an organisation is still writing is nobody else's."""
    talk = Comment.objects.filter(anchor=OuterRef("anchor"), removed_at=None, state=CommentState.OPEN)
    said = Point.objects.filter(anchor=OuterRef("anchor"), response__state=ResponseState.SUBMITTED)
    rows = AnchorResolution.objects.filter(Q(Exists(talk)) | Q(Exists(said)), version=version)
    rows = rows.filter(confirmed_at__isnull=False) if confirmed else rows.filter(confirmed_at=None, outcome__in=ASKED)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return rows.select_related("version__strategy", "section", "anchor__section__version", "confirmed_by").order_by(
        "anchor__section__position", "anchor__start", "pk"
    )


def holders(rows: list[AnchorResolution]) -> dict[int, list[Holder]]:
    """Anchor id -> those who hold on to it. Two queries."""
    ids = [row.anchor_id for row in rows]
    found: dict[int, list[Holder]] = {pk: [] for pk in ids}
    points = Point.objects.filter(anchor__in=ids, response__state=ResponseState.SUBMITTED)
    for point in points.select_related("response__actor"):
        found[point.anchor_id or 0].append(Holder(point.response.actor.name, point.text, point=point))
    remarks = Remark.objects.filter(comment__anchor__in=ids, comment__removed_at=None, removed_at=None)
    for remark in remarks.select_related("comment", "created_by"):
        pk = remark.comment.anchor_id or 0
        if not any(one.comment for one in found[pk]):
            found[pk].append(Holder(remark.created_by.name, remark.text, comment=remark.comment))
    return found
