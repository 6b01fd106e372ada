"""Which sections a section was split from, or has taken in."""

from django.db.models import Q

from strategies.models import Section, SectionTie, TieKind


def ties_of(section: Section) -> list[SectionTie]:
    """Splits and merges that the section has been part of and that stand, newest first. One query."""
    rows = SectionTie.objects.filter(Q(section=section) | Q(source=section), undone_at=None)
    return list(
        rows.select_related("section", "source", "by").defer("section__doc", "source__doc").order_by("-at", "-pk")
    )


def merged_away(version_id: int) -> dict[int, SectionTie]:
    """Pk of a section that was taken out because its words went into another -> that merge. One query."""
    rows = SectionTie.objects.filter(kind=TieKind.MERGE, source__version=version_id, undone_at=None)
    return {tie.source_id: tie for tie in rows.select_related("section").defer("section__doc")}
