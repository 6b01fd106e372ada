"""Because-of: the changes of the text that a point may have caused."""

from dataclasses import dataclass
from typing import Any

from consultations.models import Point
from strategies.domain.diff import diff_documents
from strategies.models import AnchorResolution, Section, Version


@dataclass(frozen=True)
class ChangeChoice:
    """One change between the consultation version and a newer one. ``key`` is stable while both texts stay."""

    key: str
    section_id: int
    section_title: str
    block_id: str
    before: str
    after: str


def change_choices(point: Point, newest: Version) -> list[ChangeChoice]:
    """Changes in the point's own section; for a general point, every section that changed, as a whole. <= 3 queries."""
    if point.section is None:
        return whole_sections(point.response.round.version, newest)
    now = Section.objects.filter(version=newest, uuid=point.section.uuid, removed_at=None).first()
    if now is None:
        return []
    changes = diff_documents(point.section.doc, now.doc, section=str(now.uuid))["changes"]
    found = [
        ChangeChoice(change["key"], now.pk, now.title, change.get("block") or "", change["before"], change["after"])
        for change in changes
    ]
    if point.section.title != now.title:
        found.insert(0, ChangeChoice("title", now.pk, now.title, "", point.section.title, now.title))
    return found


def whole_sections(base: Version, newest: Version) -> list[ChangeChoice]:
    """One choice per section that is new or has other words than in ``base``."""
    before = {row.uuid: row for row in Section.objects.filter(version=base, removed_at=None)}
    after = Section.objects.filter(version=newest, removed_at=None).order_by("position", "pk")
    return [
        ChangeChoice(
            f"section-{row.uuid}",
            row.pk,
            row.title,
            "",
            before[row.uuid].title if row.uuid in before else "",
            row.title,
        )
        for row in after
        if row.uuid not in before or row.doc != before[row.uuid].doc or row.title != before[row.uuid].title
    ]


def resolution_context(point: Point, newest: Version | None) -> dict[str, Any]:
    """``resolution`` (or None) and ``section_now``: where the point's words, or its section, are in ``newest``."""
    resolution = None
    if point.anchor is not None and newest is not None:
        resolution = (
            AnchorResolution.objects.filter(anchor=point.anchor, version=newest).select_related("section").first()
        )
    section_now = resolution.section if resolution else None
    if section_now is None and point.section is not None and newest is not None:
        section_now = Section.objects.filter(version=newest, uuid=point.section.uuid, removed_at=None).first()
    return {"resolution": resolution, "section_now": section_now}
