"""A person says where the words of a comment or a point are: what no algorithm can know."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from strategies import rules
from strategies.domain.anchors import comparable, selector_from_quote
from strategies.domain.carry import words_at
from strategies.domain.doorbell import ring_comment
from strategies.models import AnchorOutcome, AnchorResolution, Comment


@transaction.atomic
def confirm_resolution(
    *,
    resolution_id: int,
    by: User,
    choice: str,
    section_id: int | None = None,
    start: int = 0,
    end: int = 0,
    quote: str = "",
    also: Collection[int] = (),
) -> AnchorResolution:
    """A person says where the words are: "right" (as found), "gone", "place" (``section_id``, ``start``, ``end``) or
    "words" (``quote``, as they stand in ``section_id``). ``also``: ids of other rows of the same words, which get the same
    answer; one that somebody has answered meanwhile is left alone.

    "again" takes a confirmation back; the next run looks for the words anew. Raises Forbidden, Invalid, WrongState.
    """
    rows = _lock_rows({resolution_id, *also})
    row = rows.pop(resolution_id, None)
    if row is None:
        raise NotFound(_("Orden finns inte längre i listan."))
    if not rules.can_edit(fresh(by), row.version.strategy):
        raise Forbidden(_("Bara regionens handläggare kan bekräfta var orden är."))
    at = clock.now()
    for one in [*(other for other in rows.values() if _same_words(row, other)), row]:
        _answer(one, choice, section_id, start, end, quote)
        one.confirmed_by, one.confirmed_at = (None, None) if choice == "again" else (by, at)
        one.save()
        record(
            by=by, verb="confirm_resolution", obj=one, strategy_id=one.version.strategy_id,
            outcome=one.outcome, choice=choice,
        )  # fmt: skip
        _ring(one)
    return row


def _lock_rows(ids: set[int]) -> dict[int, AnchorResolution]:
    """Id -> row, locked in the order of their ids."""
    rows = (
        AnchorResolution.objects.filter(pk__in=ids)
        .select_related("version__strategy", "anchor__section")
        .order_by("pk")
    )
    return {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}


def _same_words(row: AnchorResolution, other: AnchorResolution) -> bool:
    """Whether both are about the same words of the same text, and both wait or were answered together."""
    one, two = (
        (r.version_id, r.anchor.section_id, r.anchor.doc_version, r.anchor.start, r.anchor.end, r.confirmed_at)
        for r in (row, other)
    )
    return one == two


def _answer(row: AnchorResolution, choice: str, section_id: int | None, start: int, end: int, quote: str) -> None:
    """Let ``row`` say what the person chose."""
    if choice == "gone":
        row.outcome, row.section, row.start, row.end, row.text_now = AnchorOutcome.GONE, None, None, None, ""
    elif choice == "place":
        _put(row, section_id, start, end)
    elif choice == "words":
        _put_words(row, section_id, quote)
    elif choice == "again":
        row.doc_version = 0
    elif choice != "right" or row.outcome == AnchorOutcome.AMBIGUOUS:
        raise WrongState(_("Välj var orden är, eller att de inte finns kvar."))


def _ring(row: AnchorResolution) -> None:
    comment = Comment.objects.filter(anchor=row.anchor_id).first()
    if comment is not None:
        ring_comment(comment)


def _put_words(row: AnchorResolution, section_id: int | None, quote: str) -> None:
    section = row.version.sections.filter(pk=section_id or 0, removed_at=None).first()
    try:
        if section is None or not quote.strip():
            raise LookupError("no words or no section")
        chosen = selector_from_quote(section.doc, quote)
    except (LookupError, ValueError) as why:
        sentence = _("Orden finns inte i avsnittet, eller på flera ställen. Kopiera några ord till före eller efter.")
        raise Invalid(_("Orden kunde inte hittas i texten."), {"quote": sentence}) from why
    assert chosen.start is not None
    assert chosen.end is not None
    _put(row, section.pk, chosen.start, chosen.end)


def _put(row: AnchorResolution, section_id: int | None, start: int, end: int) -> None:
    """Let the answer be the words between two positions of a section of the same version."""
    section = row.version.sections.filter(pk=section_id or 0, removed_at=None).first()
    try:
        if section is None:
            raise ValueError("no such section")
        chosen = words_at(section, start, end)
    except ValueError as why:
        raise Invalid(_("Där finns inga ord."), {"place": _("Välj ett ställe i utkastets text.")}) from why
    home = section.uuid == row.anchor.section.uuid and chosen.block_id == row.anchor.block_id
    same = comparable(chosen.quote) == comparable(row.anchor.quote)
    row.outcome = AnchorOutcome.REWORDED if not same else AnchorOutcome.EXACT if home else AnchorOutcome.MOVED
    row.section, row.start, row.end, row.score = section, start, end, 1.0
    row.block_id, row.text_now = (chosen.block_id or "")[:40], chosen.quote
    row.section_version = section.doc_version
