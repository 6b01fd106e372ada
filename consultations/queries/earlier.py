"""Last time: what the organisation said about an earlier version of the same text, what became of it, where it is now."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from actors.models import User
from consultations import visibility
from consultations.models import ChangeLink, Disposition, Point, Response
from consultations.queries.numbering import Numbering
from consultations.queries.places import place_name
from consultations.states import ResponseState
from strategies.domain.anchors.text import text_blocks
from strategies.domain.diff.words import diff_text
from strategies.models import AnchorOutcome, AnchorResolution, Section, Version
from strategies.queries.outline import outline


@dataclass
class LastTime:
    """A point of last time. ``now``: the section in this version (None: taken out). ``outcome``: of AnchorOutcome, or "".

    ``spans``: the paragraph of the words then and now, as [op, words]; empty when it is the same, or nowhere to be found.
    """

    point: Point
    place: str
    now: Section | None
    place_now: str
    resolution: AnchorResolution | None
    spans: list[list[Any]] = field(default_factory=list)
    disposition: Disposition | None = None
    links: list[ChangeLink] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything has happened to the words, or to the section."""
        if self.point.section is None:
            return bool(self.links)
        if self.now is None or self.spans or self.links:
            return True
        if self.resolution is not None:
            return self.resolution.outcome != AnchorOutcome.EXACT
        return bool(self.point.section.doc != self.now.doc)


def earlier_response(response: Response) -> Response | None:
    """The organisation's latest answer to a round on a version that this one was made from. Two queries."""
    version = response.round.version
    parents = dict(Version.objects.filter(strategy_id=version.strategy_id).values_list("pk", "forked_from_id"))
    above, current = [], parents.get(version.pk)
    while current is not None and current not in above:
        above.append(current)
        current = parents.get(current)
    rows = Response.objects.filter(
        actor_id=response.actor_id, stream=response.stream, state=ResponseState.SUBMITTED, round__version_id__in=above
    )
    return rows.select_related("actor", "round__version__strategy__owner").order_by("-submitted_at").first()


def last_time(earlier: Response, response: Response, viewer: User) -> list[LastTime]:
    """Every point of ``earlier``, in reading order of today's text. A constant number of queries."""
    shown = visibility.can_see_dispositions(viewer, earlier.round)
    dispositions = Disposition.objects.filter(current=True) if shown else Disposition.objects.none()
    links = ChangeLink.objects.standing() if shown else ChangeLink.objects.none()
    points = list(
        earlier.points.select_related("section", "anchor").prefetch_related(
            Prefetch("dispositions", dispositions, to_attr="current_dispositions"),
            Prefetch("change_links", links.select_related("section"), to_attr="links"),
        )
    )
    numbering = Numbering(response.round.version)
    sections = {str(node.section.uuid): node.section for node in numbering.tree}
    before = outline(earlier.round.version).labels
    found = {
        row.anchor_id: row
        for row in AnchorResolution.objects.filter(
            version=response.round.version, anchor_id__in=[point.anchor_id for point in points if point.anchor_id]
        )
    }
    rows = [_row(point, sections, before, numbering, found.get(point.anchor_id or 0)) for point in points]
    order = {uuid: n for n, uuid in enumerate(sections)}
    return sorted(rows, key=lambda row: order.get(str(row.now.uuid), len(order)) if row.now else len(order) + 1)


def _row(
    point: Any, sections: dict[str, Section], before: Any, numbering: Numbering, resolution: AnchorResolution | None
) -> LastTime:
    now = sections.get(str(point.section.uuid)) if point.section else None
    spans: list[list[Any]] = []
    if point.anchor and resolution is not None and resolution.text_now:
        then, today = _paragraph(point.section, point.anchor.block_id), _paragraph(now, resolution.block_id)
        if not then or not today:
            then, today = point.anchor.quote, resolution.text_now
        spans = diff_text(then, today) if then != today else []
    return LastTime(
        point, place_name(point.section, before), now, place_name(now, numbering.tree.labels), resolution, spans,
        point.current_dispositions[0] if point.current_dispositions else None, point.links,
    )  # fmt: skip


def _paragraph(section: Section | None, block_id: str) -> str:
    """The words of one block of a section; empty when there is no such block."""
    if section is None or not block_id:
        return ""
    return next((block.text for block in text_blocks(section.doc) if block.id == block_id and not block.part), "")
