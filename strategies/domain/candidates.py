"""For whoever shall confirm: where the words of an anchor may be, each place with what stands around it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from strategies.domain.anchors import Resolution, Resolver, Target, TextBlock, comparable
from strategies.domain.carry import doc_then, docs_of
from strategies.domain.following import selector_of
from strategies.models import AnchorResolution, Section

AROUND = 90
MOST = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """``start``..``end`` in ``section``: ``text`` between what stands ``before`` and ``after`` it."""

    section: Section
    start: int
    end: int
    text: str
    before: str = ""
    after: str = ""


def candidates_of(rows: Sequence[AnchorResolution]) -> dict[int, list[Candidate]]:
    """Row id -> places, likeliest first, for rows of one version. Queries per version that the anchors were made in, and
    for each anchor that was lost in its own."""
    if not rows:
        return {}
    everywhere = {str(row.uuid): row for row in rows[0].version.sections.all()}
    live = {uuid: row for uuid, row in everywhere.items() if row.removed_at is None}
    target = Target.of({uuid: row.doc for uuid, row in live.items()})
    resolvers: dict[int, Resolver] = {}
    found: dict[int, list[Candidate]] = {}
    for row in rows:
        resolver = _resolver(row, everywhere, target, resolvers)
        answer = resolver.resolve(selector_of(row.anchor))
        found[row.pk] = _shown([*_places(row, answer), *_same_words(row, target)], live, target)
    return found


def _same_words(row: AnchorResolution, target: Target) -> list[tuple[str, int, int]]:
    """Wherever the very words stand: those of the anchor's own section first."""
    quote, uuid = comparable(row.anchor.quote).strip("\n"), str(row.anchor.section.uuid)
    spots = [(block.section or "", *block.span(at, at + len(quote))) for block, at in target.find(quote)]
    return sorted(spots, key=lambda spot: spot[0] != uuid)[:MOST]


def _resolver(
    row: AnchorResolution, everywhere: dict[str, Section], target: Target, known: dict[int, Resolver]
) -> Resolver:
    """Against the text that the anchor was made on."""
    version, uuid = row.anchor.section.version, str(row.anchor.section.uuid)
    if version.pk == row.version_id:
        others = {key: section.doc for key, section in everywhere.items() if key != uuid and section.removed_at is None}
        return Resolver(target, base={uuid: doc_then(everywhere[uuid], row.anchor.doc_version), **others})
    if version.pk not in known:
        known[version.pk] = Resolver(target, base=docs_of(version))
    return known[version.pk]


def _places(row: AnchorResolution, answer: Resolution) -> list[tuple[str, int, int]]:
    """Where the row says, where the search says, and its other ideas."""
    said = [(str(row.section.uuid), row.start, row.end)] if row.section else []
    ideas: list[dict[str, Any]] = [answer.as_dict(), *answer.alternatives]
    said += [(one["section"], one["start"], one["end"]) for one in ideas if one["section"]]
    whole = [(uuid, start, end) for uuid, start, end in said if start is not None and end is not None and start < end]
    return whole


def _shown(places: Iterable[tuple[str, int, int]], live: dict[str, Section], target: Target) -> list[Candidate]:
    found = []
    for uuid, start, end in list(dict.fromkeys(places))[:MOST]:
        blocks = [b for b in target.blocks if b.section == uuid and not b.part and b.start < end and b.end > start]
        if uuid in live and blocks:
            found.append(_candidate(live[uuid], blocks, start, end))
    return found


def _candidate(section: Section, blocks: list[TextBlock], start: int, end: int) -> Candidate:
    first, last = blocks[0], blocks[-1]
    a, z = first.offsets(start, end)[0], last.offsets(start, end)[1]
    text = "\n".join(b.text[slice(*b.offsets(start, end))].strip() for b in blocks)
    return Candidate(section, start, end, text, _tail(first.text[:a]), _head(last.text[z:]))


def _tail(text: str) -> str:
    return text if len(text) <= AROUND else f"…{text[-AROUND:]}"


def _head(text: str) -> str:
    return text if len(text) <= AROUND else f"{text[:AROUND]}…"
