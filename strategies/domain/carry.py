"""Carrying comments over: where the words that an anchor holds on to are in a newer version."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from strategies import rules
from strategies.domain import steps as moves
from strategies.domain.anchors import (
    Resolver,
    Selector,
    Target,
    comparable,
    node_size,
    selector_from_positions,
    selector_from_quote,
)
from strategies.models import Anchor, AnchorOutcome, AnchorResolution, Section, Version
from strategies.states import TextStatus

LONGEST_QUOTE = 5_000
ANSWER = ("section_id", "outcome", "score", "start", "end", "block_id", "text_now")


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
    """Hold on to exact words of a frozen section: by positions, or by the words and what stands around them. Positions with
    other words between them than ``quote`` are not trusted.

    Called inside the caller's transaction, after its own permission check. Raises Invalid, naming ``quote``, when the words
    are not there or stand in several places and nothing tells which.
    """
    section = Section.objects.select_related("version").filter(pk=section_id).first()
    if section is None or not section.version.is_frozen:
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
            found = _at(section, start, end)
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


def _at(section: Section, start: int, end: int) -> Selector:
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
    """Say where every anchor of the versions before is in this one; rows that people confirmed are left as they are.

    Only anchors that are new, or answered for an older text, are worked on: running it again is cheap. Returns how many
    were resolved. Steps since the fork carry the positions; words and context find what steps don't. Nobody who writes has
    to wait: what is written meanwhile makes the stamp old, and the next run takes it in.
    """
    version = Version.objects.filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("Versionen finns inte."))
    chain = ancestors(version)
    stamp = text_stamp(version)
    waiting = {place: rows for place, base in enumerate(chain[:-1]) if (rows := _stale(base, version, stamp))}
    if not waiting:
        return 0
    sections = {str(row.uuid): row for row in version.sections.filter(removed_at=None)}
    target = Target.of({uuid: row.doc for uuid, row in sections.items()})
    answers = [
        answer
        for place, rows in waiting.items()
        for answer in _resolve(rows, chain[place], version, chain[place + 1 :], sections, target)
    ]
    _save_answers(answers, version, stamp)
    return len(answers)


def text_stamp(version: Version) -> int:
    """A number that grows with every change of the version's text or outline. One query."""
    sums = version.sections.aggregate(steps=Sum("doc_version"), changes=Sum("revision"))
    return (sums["steps"] or 0) + (sums["changes"] or 0)


def _stale(base: Version, version: Version, stamp: int) -> list[Anchor]:
    """Anchors made on ``base`` that have no answer in ``version``, or an unconfirmed one from an older text of it."""
    answered = AnchorResolution.objects.filter(anchor=OuterRef("pk"), version=version)
    settled = answered.filter(Q(doc_version=stamp) | Q(confirmed_at__isnull=False))
    rows = Anchor.objects.filter(~Exists(settled), section__version=base).select_related("section")
    return list(rows.defer("section__doc").order_by("pk"))


def _resolve(
    waiting: Sequence[Anchor],
    base: Version,
    version: Version,
    later: Sequence[Version],
    sections: dict[str, Section],
    target: Target,
) -> list[AnchorResolution]:
    """Answers, not saved yet, for anchors of one base version. A constant number of queries."""
    before = {str(row.uuid): row.doc for row in base.sections.filter(removed_at=None).only("version_id", "uuid", "doc")}
    resolver = Resolver(target, base=before)
    maps = _step_maps(later, {anchor.section.uuid for anchor in waiting})
    now = clock.now()
    answers = []
    for anchor in waiting:
        uuid = str(anchor.section.uuid)
        found = resolver.resolve(selector_of(anchor), maps[uuid] if uuid in sections else None)
        answers.append(
            AnchorResolution(
                anchor=anchor,
                version=version,
                outcome=found.outcome,
                score=found.score,
                at=now,
                start=found.start,
                end=found.end,
                section=sections.get(found.section or uuid) if found.start is not None else None,
                block_id=(found.block or "")[:40],
                text_now=found.text or "",
            )  # fmt: skip
        )
    return answers


def selector_of(anchor: Anchor) -> Selector:
    """The anchor as the algorithms know it."""
    return Selector(
        quote=anchor.quote, section=str(anchor.section.uuid), block_id=anchor.block_id, prefix=anchor.prefix, suffix=anchor.suffix,
        start=anchor.start, end=anchor.end,
    )  # fmt: skip


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
        update_fields=["section", *ANSWER[1:], "doc_version", "at"],
    )
    rows.filter(confirmed_at=None).exclude(doc_version=stamp).update(doc_version=stamp)


def _step_maps(versions: Sequence[Version], uuids: set[Any]) -> dict[str, list[list[int]]]:
    """Section uuid -> the position ranges of every step written in ``versions``, oldest first. One query."""
    maps: dict[str, list[list[int]]] = defaultdict(list)
    rows = Section.objects.filter(version__in=versions, uuid__in=uuids, doc_version__gt=0).order_by("version__number")
    for section in rows.defer("doc").prefetch_related("steps"):
        maps[str(section.uuid)] += [moves.read_step(step.step).get_map().ranges for step in section.steps.all()]
    return maps


def refresh_drafts() -> int:
    """Resolve what has become stale in every working draft (called by the clock). Returns how many anchors.

    Drafts of strategies that nobody has commented on cost nothing, the others a few small queries each.
    """
    commented = Anchor.objects.filter(section__version__strategy=OuterRef("strategy"))
    drafts = Version.objects.filter(Exists(commented), status=TextStatus.WORKING, forked_from__isnull=False)
    return sum(resolve_anchors(version_id=pk) for pk in drafts.values_list("pk", flat=True))


def candidates(resolution: AnchorResolution) -> list[dict[str, Any]]:
    """Where the words of an ambiguous or lost anchor may be, likeliest first: {section (uuid), start, end, text, score}."""
    anchor, version = resolution.anchor, resolution.version
    sections = {
        str(row.uuid): row.doc for row in version.sections.filter(removed_at=None).only("version_id", "uuid", "doc")
    }
    base = anchor.section.version.sections.filter(removed_at=None).only("version_id", "uuid", "doc")
    resolver = Resolver(sections, base={str(row.uuid): row.doc for row in base})
    return resolver.resolve(selector_of(anchor)).alternatives


@transaction.atomic
def confirm_resolution(
    *, resolution_id: int, by: User, choice: str, section_id: int | None = None, start: int = 0, end: int = 0
) -> AnchorResolution:
    """A person says where the words are: "right" (as found), "gone", or "place" (``section_id``, ``start``, ``end``).

    "again" takes a confirmation back; the next run looks for the words anew. Raises Forbidden, Invalid, WrongState.
    """
    row = lock(AnchorResolution.objects.filter(pk=resolution_id).select_related("version__strategy", "anchor__section"))
    if not rules.can_edit(fresh(by), row.version.strategy):
        raise Forbidden(_("Bara regionens handläggare kan bekräfta var orden är."))
    if choice == "gone":
        row.outcome, row.section, row.start, row.end, row.text_now = AnchorOutcome.GONE, None, None, None, ""
    elif choice == "place":
        _put(row, section_id, start, end)
    elif choice not in ("right", "again") or (choice == "right" and row.outcome == AnchorOutcome.AMBIGUOUS):
        raise WrongState(_("Välj var orden är, eller att de inte finns kvar."))
    row.confirmed_by, row.confirmed_at = (None, None) if choice == "again" else (by, clock.now())
    row.doc_version = 0 if choice == "again" else row.doc_version
    row.save()
    record(
        by=by,
        verb="confirm_resolution",
        obj=row,
        strategy_id=row.version.strategy_id,
        outcome=row.outcome,
        choice=choice,
    )
    return row


def _put(row: AnchorResolution, section_id: int | None, start: int, end: int) -> None:
    """Let the answer be the words between two positions of a section of the same version."""
    section = row.version.sections.filter(pk=section_id or 0, removed_at=None).first()
    try:
        if section is None:
            raise ValueError("no such section")
        chosen = _at(section, start, end)
    except ValueError as why:
        raise Invalid(_("Där finns inga ord."), {"place": _("Välj ett ställe i utkastets text.")}) from why
    home = section.uuid == row.anchor.section.uuid and chosen.block_id == row.anchor.block_id
    same = comparable(chosen.quote) == comparable(row.anchor.quote)
    row.outcome = AnchorOutcome.REWORDED if not same else AnchorOutcome.EXACT if home else AnchorOutcome.MOVED
    row.section, row.start, row.end, row.score = section, start, end, 1.0
    row.block_id, row.text_now = (chosen.block_id or "")[:40], chosen.quote
