"""Where the steps have carried the two ends of an anchor. What was followed once is kept, so that no step is read twice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from strategies.domain import steps as moves
from strategies.domain.anchors import Selector, map_position, selector_from_positions
from strategies.models import Anchor, AnchorResolution, Section, Step, Version

Ranges = list[int]


@dataclass(slots=True)
class Origin:
    """From where an anchor is looked for: ``place`` in the chain of versions, and its words and positions there, as they
    were after ``upto`` steps. ``section_id``: where a row says that they were, if one does. ``ruled``: the row of an earlier version in which a
    person said that the words are gone. ``known``: the anchor's row in the version that is asked about, if there is one."""

    anchor: Anchor
    place: int
    selector: Selector
    upto: int = 0
    section_id: int | None = None
    ruled: AnchorResolution | None = None
    known: AnchorResolution | None = None

    @property
    def uuid(self) -> str:
        """The section that the words were in."""
        return self.selector.section or ""


@dataclass(frozen=True, slots=True)
class Trace:
    """The two ends in the origin's section of the version that is asked about, after ``upto`` steps."""

    start: int
    end: int
    upto: int


def origins_of(anchors: Sequence[Anchor], chain: Sequence[Version]) -> list[Origin]:
    """Each anchor with the newest place before the last version of ``chain`` that is certain: where a person said that the
    words are, where they were when the anchor's own version was frozen, or where the anchor was made. Three queries."""
    places = {version.pk: n for n, version in enumerate(chain)}
    last = chain[-1]
    found = {a.pk: Origin(a, places[a.section.version_id], selector_of(a), a.doc_version) for a in anchors}
    rows = AnchorResolution.objects.filter(anchor__in=found, version__in=places).select_related("section")
    for row in sorted(rows.defer("section__doc"), key=lambda row: places[row.version_id]):
        origin = found[row.anchor_id]
        if row.version_id == last.pk:
            origin.known = row
        elif row.confirmed_at is not None or row.version_id == origin.anchor.section.version_id:
            _begin_at(origin, row, places[row.version_id])
    _read_words([origin for origin in found.values() if origin.section_id])
    return list(found.values())


def _begin_at(origin: Origin, row: AnchorResolution, place: int) -> None:
    """Let the row of an earlier version be where the search starts."""
    origin.ruled = None
    if row.section is not None and row.start is not None and row.end is not None:
        then = row.section.doc_version if row.section_version is None else row.section_version
        origin.place, origin.section_id, origin.upto = place, row.section_id, then
        origin.selector = Selector(row.text_now, str(row.section.uuid), row.block_id, "", "", row.start, row.end)
    elif row.confirmed_at is not None:
        origin.ruled = row


def _read_words(chosen: Sequence[Origin]) -> None:
    """The words at places that are not the anchors' own, as that version's last text has them, with what is around them."""
    ids = {origin.section_id for origin in chosen if origin.section_id}
    sections = {row.pk: row for row in Section.objects.filter(pk__in=ids)} if ids else {}
    steps = steps_after((sections[o.section_id], o.upto) for o in chosen if o.section_id)
    for origin in chosen:
        section, place = sections[origin.section_id or 0], origin.selector
        then = Trace(place.start or 0, place.end or 0, origin.upto)
        last = carried(then, steps.get(section.pk, ()), section.doc_version)
        origin.upto = section.doc_version
        try:
            origin.selector = selector_from_positions(section.doc, last.start, last.end, section=place.section)
        except ValueError:  # deleted after the row was made: its words have to do
            continue


def selector_of(anchor: Anchor) -> Selector:
    """The anchor as the algorithms know it."""
    return Selector(
        quote=anchor.quote, section=str(anchor.section.uuid), block_id=anchor.block_id, prefix=anchor.prefix, suffix=anchor.suffix,
        start=anchor.start, end=anchor.end,
    )  # fmt: skip


def follow(origins: Sequence[Origin], chain: Sequence[Version], sections: dict[str, Section]) -> dict[int, Trace]:
    """Anchor id -> where its two ends are in the last version of ``chain``, whose ``sections`` are given by uuid."""
    last = len(chain) - 1
    begun = {o.anchor.pk: _kept_trace(o) for o in origins}
    wanted = [
        (sections[o.uuid], trace.upto if trace else o.upto if o.place == last else 0)
        for o in origins
        if o.uuid in sections
        for trace in [begun[o.anchor.pk]]
    ]
    newest = steps_after(wanted)
    between = _earlier_steps(chain[:-1], [o for o in origins if not begun[o.anchor.pk] and _moved_before(o, last)])
    found: dict[int, Trace] = {}
    for origin in origins:
        section = sections.get(origin.uuid)
        if section is None:
            continue
        trace = begun[origin.anchor.pk] or _first_trace(origin, last, between)
        found[origin.anchor.pk] = carried(trace, newest.get(section.pk, ()), section.doc_version)
    return found


def _moved_before(origin: Origin, last: int) -> bool:
    """Whether steps of earlier versions come between the origin and the last version."""
    return origin.place < last - 1 or (origin.place < last and origin.section_id is None and is_early(origin.anchor))


def is_early(anchor: Anchor) -> bool:
    """Made before its section had got its last words."""
    return anchor.doc_version < anchor.section.doc_version


def _first_trace(origin: Origin, last: int, between: dict[tuple[int, str], list[tuple[int, Ranges]]]) -> Trace:
    trace = Trace(origin.selector.start or 0, origin.selector.end or 0, origin.upto)
    if origin.place == last:
        return trace
    for n in range(origin.place, last):
        steps = between.get((n, origin.uuid), [])
        trace = carried(trace, steps, steps[-1][0] if steps else 0)
        trace = Trace(trace.start, trace.end, 0)  # the next version counts its own steps
    return trace


def _kept_trace(origin: Origin) -> Trace | None:
    row = origin.known
    if row is None or row.traced_to is None or row.trace_start is None or row.trace_end is None:
        return None
    return Trace(row.trace_start, row.trace_end, row.traced_to)


def carried(trace: Trace, steps: Iterable[tuple[int, Ranges]], upto: int) -> Trace:
    """The trace after those of ``steps`` (number, ranges) that it has not been through, to number ``upto``."""
    maps = [ranges for n, ranges in steps if trace.upto < n <= upto]
    if not maps:
        return Trace(trace.start, trace.end, upto)
    return Trace(map_position(maps, trace.start, 1), map_position(maps, trace.end, -1), upto)


def steps_after(wanted: Iterable[tuple[Section, int]]) -> dict[int, list[tuple[int, Ranges]]]:
    """Section id -> (number, ranges) of the steps after the least number asked for. One query, or none."""
    least: dict[int, int] = {}
    for section, upto in wanted:
        if upto < section.doc_version:
            least[section.pk] = min(upto, least.get(section.pk, upto))
    found: dict[int, list[tuple[int, Ranges]]] = defaultdict(list)
    if least:
        chosen = Q()
        for section_id, upto in least.items():
            chosen |= Q(section_id=section_id, n__gt=upto)
        rows = Step.objects.filter(chosen).order_by("section_id", "n").values_list("section_id", "n", "step")
        for section_id, n, step in rows.iterator():
            found[section_id].append((n, ranges_of(step)))
    return found


def _earlier_steps(
    versions: Sequence[Version], origins: Sequence[Origin]
) -> dict[tuple[int, str], list[tuple[int, Ranges]]]:
    """(place of the version, section uuid) -> (number, ranges) of every step that was written there. One query, or none."""
    found: dict[tuple[int, str], list[tuple[int, Ranges]]] = defaultdict(list)
    if origins:
        places = {version.pk: n for n, version in enumerate(versions)}
        uuids = {origin.uuid for origin in origins}
        rows = Step.objects.filter(section__version__in=places, section__uuid__in=uuids).order_by("section_id", "n")
        for version_id, uuid, n, step in rows.values_list("section__version_id", "section__uuid", "n", "step"):
            found[places[version_id], str(uuid)].append((n, ranges_of(step)))
    return found


def ranges_of(step: dict[str, Any]) -> Ranges:
    """The position ranges of a stored step."""
    return list(moves.read_step(step).get_map().ranges)
