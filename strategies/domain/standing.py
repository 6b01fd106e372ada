"""Where the words of comments stand in a draft at this moment: what was last looked up, and the few steps since."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from strategies.domain.anchors import Resolution, Selector, Target, comparable, resolve_at, text_blocks
from strategies.domain.following import Trace, carried, steps_after
from strategies.models import Anchor, AnchorOutcome, AnchorResolution, Section, Version

Steps = dict[int, list[tuple[int, list[int]]]]
LOST = (AnchorOutcome.GONE, AnchorOutcome.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class Standing:
    """``start``..``end`` in ``section`` after ``doc_version`` steps; None when the words are gone, or may be in several
    places. ``text``: what stands there now."""

    outcome: str
    section: Section | None = None
    start: int | None = None
    end: int | None = None
    text: str = ""
    doc_version: int = 0
    confirmed: bool = False

    @property
    def is_lost(self) -> bool:
        """There is no place to show it at."""
        return self.start is None


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one anchor: its two ends in a section, as they were after some steps."""

    section: Section
    trace: Trace
    row: AnchorResolution | None


def standing_of(version: Version, anchors: Sequence[Anchor]) -> dict[int, Standing]:
    """Anchor id -> where it stands in the version. Four queries at most; texts are read only where somebody wrote since."""
    rows = AnchorResolution.objects.filter(version=version, anchor__in=anchors)
    known_rows = {row.anchor_id: row for row in rows}
    # The rows first: a text is never older than what is known of it.
    sections = {row.pk: row for row in version.sections.defer("doc")}
    by_uuid = {row.uuid: row for row in sections.values()}
    known: dict[int, _Known] = {}
    for anchor in anchors:
        found = _what_is_known(anchor, known_rows.get(anchor.pk), version, sections, by_uuid)
        if found is not None:
            known[anchor.pk] = found
    docs = _texts(version, {one.section.pk for one in known.values() if _must_read(one)})
    for pk, (doc_version, _target) in docs.items():
        sections[pk].doc_version = doc_version  # the steps are read last, and to this number: none is missing
    steps = steps_after((one.section, one.trace.upto) for one in known.values())
    return {
        anchor.pk: _standing(anchor, known.get(anchor.pk), known_rows.get(anchor.pk), sections, steps, docs)
        for anchor in anchors
    }


def _what_is_known(
    anchor: Anchor,
    row: AnchorResolution | None,
    version: Version,
    sections: dict[int, Section],
    by_uuid: dict[UUID, Section],
) -> _Known | None:
    if row is None:
        here = sections.get(anchor.section_id) if anchor.section.version_id == version.pk else None
        return _Known(here, Trace(anchor.start, anchor.end, anchor.doc_version), None) if here else None
    if row.start is not None and row.end is not None and row.section_id in sections:
        place = sections[row.section_id]
        upto = row.section_version if row.section_version is not None else place.doc_version
        return _Known(place, Trace(row.start, row.end, upto), row)
    own = by_uuid.get(anchor.section.uuid)
    if own is None or row.traced_to is None or row.trace_start is None or row.trace_end is None or row.confirmed_at:
        return None
    return _Known(own, Trace(row.trace_start, row.trace_end, row.traced_to), row)


def _must_read(one: _Known) -> bool:
    """The row does not say it all: the text has changed since, or nobody has looked yet."""
    return one.row is None or one.trace.upto < one.section.doc_version


def _texts(version: Version, ids: set[int]) -> dict[int, tuple[int, Target]]:
    """Section id -> (number of steps, text) for those that must be read. One query, or none."""
    if not ids:
        return {}
    rows = version.sections.filter(pk__in=ids, removed_at=None).values_list("pk", "uuid", "doc_version", "doc")
    return {pk: (doc_version, Target(text_blocks(doc, str(uuid)))) for pk, uuid, doc_version, doc in rows}


def _standing(
    anchor: Anchor,
    one: _Known | None,
    row: AnchorResolution | None,
    sections: dict[int, Section],
    steps: Steps,
    docs: dict[int, tuple[int, Target]],
) -> Standing:
    confirmed = row is not None and row.confirmed_at is not None
    gone = Standing(row.outcome if row and row.outcome in LOST else AnchorOutcome.GONE, confirmed=confirmed)
    if one is None or one.section.removed_at is not None:
        return gone
    if one.section.pk not in docs:
        if row is None or row.outcome in LOST:
            return gone
        at = one.trace
        return Standing(row.outcome, one.section, at.start, at.end, row.text_now, one.section.doc_version, confirmed)
    doc_version, target = docs[one.section.pk]
    trace = carried(one.trace, steps.get(one.section.pk, ()), doc_version)
    found = _look(anchor, row, one.section, target, trace)
    if found is None:
        return gone
    outcome = _as_seen_from(anchor, row, found.text, found.outcome)
    return Standing(outcome, one.section, found.start, found.end, found.text, doc_version, confirmed)


def _look(
    anchor: Anchor, row: AnchorResolution | None, section: Section, target: Target, trace: Trace
) -> Resolution | None:
    """The anchor's own words first, then those that stood there when it was last looked up."""
    found = [
        resolve_at(Selector(words, str(section.uuid)), comparable(words).strip("\n"), target, trace.start, trace.end)
        for words in dict.fromkeys([anchor.quote, row.text_now if row else ""])
        if words
    ]
    return next((f for f in found if f and f.outcome == AnchorOutcome.EXACT), next((f for f in found if f), None))


def _as_seen_from(anchor: Anchor, row: AnchorResolution | None, text: str, outcome: str) -> str:
    if comparable(text) != comparable(anchor.quote):
        return AnchorOutcome.REWORDED
    return AnchorOutcome.MOVED if row is not None and row.outcome == AnchorOutcome.MOVED else AnchorOutcome.EXACT
