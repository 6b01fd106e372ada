"""Carrying comments over: where the words that an anchor holds on to are in a newer version."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext as _

from actors.models import User
from rus_platform.kit import clock
from rus_platform.kit.errors import Invalid, NotFound
from strategies.domain.anchors import (
    Resolution,
    Resolver,
    Selector,
    Target,
    comparable,
    node_size,
    resolve_at,
    selector_from_positions,
    selector_from_quote,
)
from strategies.domain.following import Origin, Trace, follow, is_early, origins_of
from strategies.domain.text import doc_at
from strategies.models import Anchor, AnchorOutcome, AnchorResolution, Section, Version
from strategies.states import TextStatus

LONGEST_QUOTE = 5_000
MOST_REMEMBERED = 300
ANSWER = (
    "section_id", "outcome", "score", "start", "end", "block_id", "text_now", "section_version", "traced_to", "trace_start", "trace_end",
)  # fmt: skip


def create_anchor(
    *,
    section_id: int,
    by: User,
    quote: str = "",
    block_id: str = "",
    prefix: str = "",
    suffix: str = "",
    start: int | None = None,
    end: int | None = None,
    in_draft: bool = False,
) -> Anchor:
    """Hold on to exact words of a frozen section (``in_draft``: of one that is being written): by positions, or by the words and what stands around them. Positions with
    other words between them than ``quote`` are not trusted.

    Called inside the caller's transaction, after its own permission check. Raises Invalid, naming ``quote``, when the words
    are not there or stand in several places and nothing tells which.
    """
    section = Section.objects.select_related("version").filter(pk=section_id).first()
    if section is None or section.version.is_frozen == in_draft:
        raise NotFound(_("Avsnittet finns inte i en fryst version."))
    if len(quote) > LONGEST_QUOTE:
        raise Invalid(_("Markera ett kortare stycke."), {"quote": _("Högst %(n)s tecken.") % {"n": LONGEST_QUOTE}})
    chosen = _select(section, quote, block_id, prefix, suffix, start, end)
    assert chosen.start is not None  # a selector made on a text knows its place
    assert chosen.end is not None
    return Anchor.objects.create(
        section=section, doc_version=section.doc_version, start=chosen.start, end=chosen.end, block_id=(chosen.block_id or "")[:40],
        quote=chosen.quote, prefix=chosen.prefix[-200:], suffix=chosen.suffix[:200], created_at=clock.now(), created_by=by,
    )  # fmt: skip


def _select(
    section: Section, quote: str, block_id: str, prefix: str, suffix: str, start: int | None, end: int | None
) -> Selector:
    """The selector, tried in the named block first and then in the whole section."""
    uuid = str(section.uuid)
    try:
        if start is not None and end is not None:
            found = words_at(section, start, end)
            if not quote or comparable(found.quote) == comparable(quote):
                return found  # else the positions were of another text, and the words decide
        if block_id:
            try:
                return selector_from_quote(section.doc, quote, prefix, suffix, block_id=block_id, section=uuid)
            except LookupError:  # the selection began in one block and the words are found with those of the next
                pass
        return selector_from_quote(section.doc, quote, prefix, suffix, section=uuid)
    except (LookupError, ValueError) as why:
        sentence = _("Orden finns inte i avsnittet, eller på flera ställen. Kopiera några ord till före eller efter.")
        raise Invalid(_("Orden kunde inte hittas i texten."), {"quote": sentence}) from why


def words_at(section: Section, start: int, end: int) -> Selector:
    """The words between two positions; ValueError when there are none, or when the text ends before."""
    if end > node_size(section.doc):
        raise ValueError("beyond the text")
    return selector_from_positions(section.doc, start, end, section=str(section.uuid))


def ancestors(version: Version) -> list[Version]:
    """The version and those it was forked from, oldest first."""
    known = {row.pk: row for row in Version.objects.filter(strategy_id=version.strategy_id).defer("manifest")}
    chain: list[Version] = []
    current: Version | None = known.get(version.pk)
    while current is not None:
        chain.insert(0, current)
        current = known.get(current.forked_from_id or 0)
    return chain


@transaction.atomic
def resolve_anchors(*, version_id: int) -> int:
    """Say where every anchor of the version and of those before is in it; rows that people confirmed are left as they are.

    Only anchors that are new, or answered for an older text, are worked on: running it again is cheap. Returns how many
    were resolved. The steps carry the positions; words and context find what steps don't. Nobody who writes has to wait:
    what is written meanwhile makes the stamp old, and the next run takes it in.
    """
    version = Version.objects.filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("Versionen finns inte."))
    chain = ancestors(version)
    made_while_written = Anchor.objects.filter(
        section__version__in=chain[:-1], doc_version__lt=F("section__doc_version")
    )
    early = set(made_while_written.values_list("section__version", flat=True)) if chain[:-1] else set()
    for place, base in enumerate(chain[:-1]):
        if base.pk in early:  # where their words were in the end is where the way on begins
            _resolve_in(chain[: place + 1])
    return _resolve_in(chain)


def _resolve_in(chain: Sequence[Version]) -> int:
    """Answer for the last version of ``chain``. A constant number of queries."""
    version, stamp = chain[-1], text_stamp(chain[-1])
    waiting = _stale(chain, stamp)
    if waiting:
        _save_answers(_answers(waiting, chain), version, stamp)
    return len(waiting)


def text_stamp(version: Version) -> int:
    """A number that grows with every change of the version's text or outline. One query."""
    sums = version.sections.aggregate(steps=Sum("doc_version"), changes=Sum("revision"))
    return (sums["steps"] or 0) + (sums["changes"] or 0)


def _stale(chain: Sequence[Version], stamp: int) -> list[Anchor]:
    """Anchors that have no answer in the last version, or an unconfirmed one from an older text of it. Those made on a
    text that was frozen then need none there."""
    version = chain[-1]
    answered = AnchorResolution.objects.filter(anchor=OuterRef("pk"), version=version)
    settled = answered.filter(Q(doc_version=stamp) | Q(confirmed_at__isnull=False))
    made_here = Q(section__version=version)
    if version.is_frozen:
        made_here &= Q(doc_version__lt=F("section__doc_version"))
    rows = Anchor.objects.filter(Q(section__version__in=chain[:-1]) | made_here, ~Exists(settled))
    return list(rows.select_related("section").defer("section__doc").order_by("pk"))


def _answers(waiting: Sequence[Anchor], chain: Sequence[Version]) -> list[AnchorResolution]:
    """Answers, not saved yet. A constant number of queries, but for words that were lost in the version they are from."""
    everywhere = {str(row.uuid): row for row in chain[-1].sections.all()}
    sections = {uuid: row for uuid, row in everywhere.items() if row.removed_at is None}
    target = Target.of({uuid: row.doc for uuid, row in sections.items()})
    origins = origins_of(waiting, chain)
    traces = follow(origins, chain, everywhere)
    resolvers = {
        place: Resolver(target, base=docs_of(chain[place])) for place in {o.place for o in origins} - {len(chain) - 1}
    }
    now = clock.now()
    answers = []
    for origin in origins:
        trace = traces.get(origin.anchor.pk)
        at = (trace.start, trace.end) if trace is not None and origin.uuid in sections else None
        resolver = resolvers.get(origin.place)
        if resolver is None:
            found = _in_own(origin, at, target, everywhere)
        elif origin.section_id is None and is_early(origin.anchor):  # its words were lost before that text was finished
            found = _by_trace(origin, at, target) or Resolution(AnchorOutcome.GONE, 0.0)
        else:
            found = resolver.resolve(origin.selector, at=at)
        answers.append(_answer(origin, found, trace, chain[-1], sections, now))
    return answers


def docs_of(version: Version) -> dict[str, Any]:
    rows = version.sections.filter(removed_at=None).only("version_id", "uuid", "doc")
    return {str(row.uuid): row.doc for row in rows}


def _by_trace(origin: Origin, at: tuple[int, int] | None, target: Target) -> Resolution | None:
    quote = comparable(origin.selector.quote).strip("\n")
    return resolve_at(origin.selector, quote, target, *at) if at else None


def _in_own(origin: Origin, at: tuple[int, int] | None, target: Target, everywhere: dict[str, Section]) -> Resolution:
    """In the version where the anchor was made: where its edits carried the words; else where they went with their own
    paragraphs, or within their section. A lookalike that stands in another section is never asked."""
    found = _by_trace(origin, at, target)
    if found is not None:
        return found
    before = Target.of({origin.uuid: doc_then(everywhere[origin.uuid], origin.upto)})
    own = {block.id for block in before.blocks if block.id}
    left = [replace(b) for b in target.blocks if b.section == origin.uuid or b.id in own]
    return Resolver(Target(left), base=before).resolve(origin.selector)


_then: OrderedDict[tuple[int, int], Any] = OrderedDict()  # texts as they were never change


def doc_then(section: Section, doc_version: int) -> Any:
    """The section's document after so many steps. The latest ones asked for are remembered by the process."""
    key = (section.pk, doc_version)
    if key not in _then:
        _then[key] = doc_at(section, doc_version)
        while len(_then) > MOST_REMEMBERED:
            _then.popitem(last=False)
    return _then[key]


def _answer(
    origin: Origin,
    found: Resolution,
    trace: Trace | None,
    version: Version,
    sections: dict[str, Section],
    now: datetime,
) -> AnchorResolution:
    anchor, ruled = origin.anchor, origin.ruled
    if ruled is not None:
        found = Resolution(AnchorOutcome.GONE, 0.0)
    section = sections.get(found.section or origin.uuid) if found.start is not None else None
    return AnchorResolution(
        anchor=anchor, version=version, outcome=_outcome(origin, found), score=found.score, at=now,
        section=section, start=found.start, end=found.end, section_version=section.doc_version if section else None,
        block_id=(found.block or "")[:40], text_now=found.text or "",
        traced_to=trace.upto if trace else None, trace_start=trace.start if trace else None,
        trace_end=trace.end if trace else None,
        confirmed_by=ruled.confirmed_by if ruled else None, confirmed_at=ruled.confirmed_at if ruled else None,
    )  # fmt: skip


def _outcome(origin: Origin, found: Resolution) -> str:
    """As seen from the anchor itself, also when the search began at a later place."""
    if origin.section_id is None or found.outcome not in (AnchorOutcome.EXACT, AnchorOutcome.MOVED):
        return found.outcome
    if comparable(found.text) != comparable(origin.anchor.quote):
        return AnchorOutcome.REWORDED
    home = found.section in (None, str(origin.anchor.section.uuid))
    return found.outcome if home and origin.uuid == str(origin.anchor.section.uuid) else AnchorOutcome.MOVED


def _save_answers(answers: list[AnchorResolution], version: Version, stamp: int) -> None:
    """Keep what is new or different. What somebody confirmed meanwhile stays. A constant number of statements."""
    rows = AnchorResolution.objects.filter(version=version, anchor__in=[answer.anchor_id for answer in answers])
    known = {row.anchor_id: row for row in rows.order_by("pk").select_for_update()}
    changed = []
    for answer in answers:
        row = known.get(answer.anchor_id)
        answer.doc_version = stamp
        if row is None or (
            row.confirmed_at is None and any(getattr(row, name) != getattr(answer, name) for name in ANSWER)
        ):
            changed.append(answer)
    AnchorResolution.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["anchor", "version"],
        update_fields=["section", *ANSWER[1:], "doc_version", "at", "confirmed_by", "confirmed_at"],
    )
    rows.filter(confirmed_at=None).exclude(doc_version=stamp).update(doc_version=stamp)


def refresh_drafts() -> int:
    """Resolve what has become stale in every working draft, and in a strategy's newest version once that is frozen (called by
    the clock: when a task was lost, or somebody answered late about the version before). Returns how many anchors.

    Strategies that nobody has commented on cost nothing, the others a few small queries each.
    """
    commented = Anchor.objects.filter(section__version__strategy=OuterRef("strategy"))
    newest = Version.objects.filter(strategy=OuterRef("strategy")).order_by("-number").values("pk")[:1]
    rows = Version.objects.filter(Exists(commented)).filter(Q(status=TextStatus.WORKING) | Q(pk=Subquery(newest)))
    return sum(resolve_anchors(version_id=pk) for pk in rows.values_list("pk", flat=True))
