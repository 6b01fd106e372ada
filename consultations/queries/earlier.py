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


@dataclass(frozen=True)
class Change:
    """A paragraph that is not as it was: [op, words] pairs, and the block that it is now ("" when it is gone)."""

    spans: list[list[Any]]
    block: str = ""


@dataclass
class LastTime:
    """A point of last time. ``now``: the section in this version (None: taken out). ``outcome``: of AnchorOutcome, or "".

    ``changes``: what the point was about that reads otherwise now: the paragraph of its words, or those of its section.
    ``block``: the paragraph in this version that its words are in; ``links``: changes that it caused, each with the
    ``block_now`` that it can be read in. ``waiting``: nobody has looked for its words in this version yet.
    """

    point: Point
    place: str
    now: Section | None
    place_now: str
    resolution: AnchorResolution | None = None
    changes: list[Change] = field(default_factory=list)
    block: str = ""
    waiting: bool = False
    disposition: Disposition | None = None
    links: list[ChangeLink] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything has happened to the words, or to the section."""
        if self.changes or self.links:
            return True
        if self.point.section is None or self.waiting:
            return False
        lost = self.resolution is not None and self.resolution.outcome != AnchorOutcome.EXACT
        return lost or self.now is None


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
    if resolution is not None and resolution.section_id is not None:  # the words may have moved to another section
        now = next((row for row in sections.values() if row.pk == resolution.section_id), now)
    row = LastTime(
        point, place_name(point.section, before), now, place_name(now, numbering.tree.labels), resolution,
        disposition=point.current_dispositions[0] if point.current_dispositions else None, links=point.links,
    )  # fmt: skip
    if point.anchor:
        _follow_words(row, point)
    elif point.section is not None:
        row.changes = section_changes(point.section, now) if now else []
    for link in row.links:
        home = sections.get(str(link.section.uuid))
        vars(link).update(home=home, block_now=link.block_id if _paragraph(home, link.block_id) else "")
    return row


def _follow_words(row: LastTime, point: Any) -> None:
    """The paragraph of the words then and now: where the anchor was found, or (not looked for yet) the same paragraph."""
    found, then = row.resolution, _paragraph(point.section, point.anchor.block_id)
    if found is not None and found.text_now:
        row.block, today = found.block_id, _paragraph(row.now, found.block_id)
        if not then or not today:
            then, today = point.anchor.quote, found.text_now
    else:
        row.block, today = point.anchor.block_id, _paragraph(row.now, point.anchor.block_id)
        row.waiting = found is None and not today
        if found is not None or not then or not today:
            return
    if then != today:
        row.changes = [Change(diff_text(then, today), row.block)]


MOST_CHANGES = 6  # paragraphs of a section that are shown; the comparison of versions has them all


def section_changes(then: Section, now: Section) -> list[Change]:
    """What differs between two states of a section, paragraph by paragraph; the first few."""
    if then.doc == now.doc:
        return []
    old, new = _by_block(then), _by_block(now)
    changes = [
        Change(diff_text(old.get(block, ""), text), block) for block, text in new.items() if old.get(block) != text
    ]
    changes += [Change(diff_text(text, "")) for block, text in old.items() if block not in new]
    return changes[:MOST_CHANGES]


def _by_block(section: Section) -> dict[str, str]:
    return {block.id: block.text for block in text_blocks(section.doc) if block.id and not block.part}


def _paragraph(section: Section | None, block_id: str) -> str:
    """The words of one block of a section; empty when there is no such block."""
    return _by_block(section).get(block_id, "") if section is not None and block_id else ""
