"""A later version takes the place of the one before it, and the region's decisions follow what is unchanged."""

from typing import Any

from consultations.models import ChangeLink, Disposition, PlacedWording, Point, PointChange, Response
from consultations.states import RESPONSE_STATES, ResponseState
from rus_platform.kit.locking import lock

WORDS = ("kind", "section_id", "anchor_id", "text", "suggested_wording")  # what a point says, and about what


def give_way(response: Response) -> Response | None:
    """The version before ``response`` (None for a first one), superseded; the points of ``response`` say what is new.

    The round is locked by the caller, so that no decision is made on a point that has just been replaced.
    """
    if response.supersedes_id is None:
        return None
    earlier = lock(Response.objects.filter(pk=response.supersedes_id))
    RESPONSE_STATES.check(earlier.state, ResponseState.SUPERSEDED)
    earlier.state = ResponseState.SUPERSEDED
    earlier.save(update_fields=["state"])
    points = list(response.points.select_related("origin"))
    for point in points:
        point.change = change_of(point)
    Point.objects.bulk_update(points, ["change"])
    return earlier


def change_of(point: Point) -> str:
    """Whether a point of a later version is as it was in the version before."""
    if point.origin is None:
        return PointChange.NEW
    same = all(getattr(point, name) == getattr(point.origin, name) for name in WORDS)
    return PointChange.SAME if same else PointChange.CHANGED


def carry_fate(response: Response) -> None:
    """Points that are as they were keep the decision on them, their ties to changes, and what was put in of them. Seven queries at most."""
    kept = {point.origin_id or 0: point for point in response.points.filter(change=PointChange.SAME)}
    dispositions = Disposition.objects.filter(point_id__in=kept, current=True)
    Disposition.objects.bulk_create(_copy(row, kept[row.point_id], number=1) for row in dispositions)
    links = list(ChangeLink.objects.filter(point_id__in=kept, removed_at=None))
    made = ChangeLink.objects.bulk_create(_copy(row, kept[row.point_id]) for row in links)
    copies = {row.pk: copy for row, copy in zip(links, made, strict=True)}
    placed = PlacedWording.objects.filter(link__in=copies, ended_at=None)
    PlacedWording.objects.bulk_create(_copy(row, kept[row.point_id], link_id=copies[row.link_id].pk) for row in placed)


def _copy(row: Any, point: Point, **changes: Any) -> Any:
    """An unsaved copy of a decision or a tie, for another point."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    return type(row)(**{**values, "point_id": point.pk, **changes})
