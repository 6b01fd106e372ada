"""A view of last time, said again about today's text."""

from typing import Any

from django.utils.translation import gettext as _

from actors.models import User
from consultations.domain.responses import add_point
from consultations.models import Point, Response
from consultations.states import HANDED_IN
from rus_platform.kit.errors import NotFound
from strategies.models import AnchorResolution, Section


def say_again(*, response_id: int, point_id: int, by: User) -> Point:
    """A new point with the words of an earlier one, on its words as they are now, else on the section, else in general.

    The point is one of the organisation's own, handed in before. Raises what ``add_point`` raises, NotFound.
    """
    response = Response.objects.filter(pk=response_id).select_related("round").first()
    points = Point.objects.select_related("section", "anchor")
    point = points.filter(
        pk=point_id, response__actor_id=response.actor_id if response else 0, response__state__in=HANDED_IN
    ).first()
    if response is None or point is None:
        raise NotFound(_("Synpunkten finns inte."))
    version = response.round.version_id
    now = (
        Section.objects.filter(version_id=version, uuid=point.section.uuid, removed_at=None).first()
        if point.section
        else None
    )
    found = AnchorResolution.objects.filter(version_id=version, anchor=point.anchor).first() if point.anchor else None
    selection: dict[str, Any] | None = None
    if found is not None and found.start is not None and found.end is not None and found.section_id is not None:
        now = Section.objects.filter(pk=found.section_id, removed_at=None).first() or now
        selection = {"start": found.start, "end": found.end}
    return add_point(
        response_id=response_id, by=by, text=point.text, kind=point.kind, section_id=now.pk if now else None,
        selection=selection if now else None, suggested_wording=point.suggested_wording,
    )  # fmt: skip
