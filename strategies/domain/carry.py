"""Carrying comments over: where the words that an anchor holds on to are in a newer version."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Sum
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from strategies import rules
from strategies.domain import steps as moves
from strategies.domain.anchors import Resolver, Selector, selector_from_positions, selector_from_quote
from strategies.models import Anchor, AnchorOutcome, AnchorResolution, Section, Version
from strategies.states import TextStatus

LONGEST_QUOTE = 5_000
FIELDS = ("section", "doc_version", "outcome", "score", "start", "end", "block_id", "text_now", "at")


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
) -> Anchor:
    """Hold on to exact words of a frozen section: by positions, or by the words and what stands around them.

    Called inside the caller's transaction, after its own permission check. Raises Invalid, naming ``quote``, when the words
    are not there or stand in several places and nothing tells which.
    """
    section = Section.objects.select_related("version").filter(pk=section_id).first()
    if section is None or not section.version.is_frozen:
        raise NotFound(_("Avsnittet finns inte i en fryst version."))
    if len(quote) > LONGEST_QUOTE:
        raise Invalid(_("Markera ett kortare stycke."), {"quote": _("Högst %(n)s tecken.") % {"n": LONGEST_QUOTE}})
    chosen = _select(section, quote, block_id, prefix, suffix, start, end)
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
            return selector_from_positions(section.doc, start, end, section=uuid)
        if block_id:
            try:
                return selector_from_quote(section.doc, quote, prefix, suffix, block_id=block_id, section=uuid)
            except LookupError:  # the selection began in one block and the words are found with those of the next
                pass
        return selector_from_quote(section.doc, quote, prefix, suffix, section=uuid)
    except (LookupError, ValueError) as why:
        sentence = _("Orden finns inte i avsnittet, eller på flera ställen. Kopiera några ord till före eller efter.")
        raise Invalid(_("Orden kunde inte hittas i texten."), {"quote": sentence}) from why


def ancestors(version: Version) -> list[Version]:
    """The version and those it was forked from, oldest first."""
    known = {row.pk: row for row in Version.objects.filter(strategy_id=version.strategy_id)}
    chain: list[Version] = []
    current: Version | None = known.get(version.pk)
    while current is not None:
        chain.insert(0, current)
        current = known.get(current.forked_from_id or 0)
    return chain


@transaction.atomic
def resolve_anchors(*, version_id: int) -> int:
    """Say where every anchor of the versions before is in this one; rows that people confirmed are left as they are.

    Only anchors that are new, or whose section was written in since, are worked on: running it again is cheap. Returns how
    many were resolved. Steps since the fork carry the positions; words and context find what steps don't.
    """
    version = lock(Version.objects.filter(pk=version_id))
    chain = ancestors(version)
    sections = {str(row.uuid): row for row in version.sections.filter(removed_at=None)}
    stamp = text_stamp(version)
    made = 0
    for place, base in enumerate(chain[:-1]):
        waiting = _stale(base, version, stamp)
        if waiting:
            made += _resolve(waiting, base, version, chain[place + 1 :], sections, stamp)
    return made


def text_stamp(version: Version) -> int:
    """A number that grows with every change of the version's text or outline. One query."""
    sums = version.sections.aggregate(steps=Sum("doc_version"), changes=Sum("revision"))
    return (sums["steps"] or 0) + (sums["changes"] or 0)


def _stale(base: Version, version: Version, stamp: int) -> list[tuple[Anchor, AnchorResolution | None]]:
    """Anchors made on ``base`` that have no answer in ``version``, or an unconfirmed one from an older text of it."""
    rows = Anchor.objects.filter(section__version=base).select_related("section").prefetch_related(
        Prefetch("resolutions", AnchorResolution.objects.filter(version=version), to_attr="here")
    )  # fmt: skip
    found = []
    for anchor in rows.order_by("pk"):
        known: AnchorResolution | None = next(iter(anchor.here), None)  # type: ignore[attr-defined]
        if known is None or (known.confirmed_at is None and known.doc_version != stamp):
            found.append((anchor, known))
    return found


def _resolve(
    waiting: Sequence[tuple[Anchor, AnchorResolution | None]],
    base: Version,
    version: Version,
    later: Sequence[Version],
    sections: dict[str, Section],
    stamp: int,
) -> int:
    """Resolve anchors of one base version and save the answers. A constant number of queries."""
    before = {str(row.uuid): row.doc for row in base.sections.filter(removed_at=None)}
    resolver = Resolver({uuid: row.doc for uuid, row in sections.items()}, base=before)
    maps = _step_maps(later, {anchor.section.uuid for anchor, _known in waiting})
    new: list[AnchorResolution] = []
    old: list[AnchorResolution] = []
    for anchor, known in waiting:
        uuid = str(anchor.section.uuid)
        selector = Selector(
            quote=anchor.quote, section=uuid, block_id=anchor.block_id, prefix=anchor.prefix, suffix=anchor.suffix,
            start=anchor.start, end=anchor.end,
        )  # fmt: skip
        found = resolver.resolve(selector, maps[uuid] if uuid in sections else None)
        row = known or AnchorResolution(anchor=anchor, version=version)
        (old if known else new).append(row)
        row.outcome, row.score, row.at, row.doc_version = found.outcome, found.score, clock.now(), stamp
        row.section = sections.get(found.section or uuid) if found.start is not None else None
        row.start, row.end = found.start, found.end
        row.block_id, row.text_now = (found.block or "")[:40], found.text or ""
    AnchorResolution.objects.bulk_create(new)
    AnchorResolution.objects.bulk_update(old, FIELDS, batch_size=500)
    return len(new) + len(old)


def _step_maps(versions: Sequence[Version], uuids: set[Any]) -> dict[str, list[list[int]]]:
    """Section uuid -> the position ranges of every step written in ``versions``, oldest first. One query."""
    maps: dict[str, list[list[int]]] = defaultdict(list)
    rows = Section.objects.filter(version__in=versions, uuid__in=uuids, doc_version__gt=0).order_by("version__number")
    for section in rows.defer("doc").prefetch_related("steps"):
        maps[str(section.uuid)] += [moves.read_step(step.step).get_map().ranges for step in section.steps.all()]
    return maps


def refresh_drafts() -> int:
    """Resolve what has become stale in every working draft (called by the clock). Returns how many anchors."""
    drafts = Version.objects.filter(status=TextStatus.WORKING, forked_from__isnull=False)
    return sum(resolve_anchors(version_id=pk) for pk in drafts.values_list("pk", flat=True))


@transaction.atomic
def confirm_resolution(*, resolution_id: int, by: User, choice: str) -> AnchorResolution:
    """A person says that the answer is right ("right"), or that the words are gone ("gone")."""
    row = lock(AnchorResolution.objects.filter(pk=resolution_id).select_related("version__strategy", "anchor"))
    if not rules.can_edit(fresh(by), row.version.strategy):
        raise Forbidden(_("Bara regionens handläggare kan bekräfta var orden är."))
    if choice == "gone":
        row.outcome, row.section, row.start, row.end, row.text_now = AnchorOutcome.GONE, None, None, None, ""
    elif choice != "right" or row.outcome == AnchorOutcome.AMBIGUOUS:
        raise WrongState(_("Välj var orden är, eller att de inte finns kvar."))
    row.confirmed_by, row.confirmed_at = by, clock.now()
    row.save(update_fields=["outcome", "section", "start", "end", "text_now", "confirmed_by", "confirmed_at"])
    record(by=by, verb="confirm_resolution", obj=row, strategy_id=row.version.strategy_id, outcome=row.outcome)
    return row
