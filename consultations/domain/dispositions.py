"""Every view gets a fate: a decision, a public reason, and the change that it caused."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from consultations import rules
from consultations.models import ChangeLink, ConsultationRound, Disposition, DispositionDecision, Point
from consultations.models.disposition import NEEDS_REASON
from consultations.states import ResponseState, RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from strategies.models import Section, Version

MOST_AT_ONCE = 500


@transaction.atomic
def decide_point(*, point_id: int, by: User, decision: str, reason: str, number: int = 0) -> Disposition:
    """Decide what becomes of a submitted point. ``number`` is that of the decision the form was made from (0: none).

    A later decision replaces the earlier one, which stays in the history. Raises Forbidden, WrongState, Invalid, Conflict.
    """
    point, round_ = lock_point(point_id)
    if point.response.state != ResponseState.SUBMITTED:
        raise NotFound(_("Synpunkten finns inte."))
    check_round(round_, by)
    reason = _check_words(decision, reason)
    last = point.dispositions.order_by("-number").first()
    if last is not None and last.number != number:
        if (last.decision, last.reason) == (decision, reason):
            return last  # the same button pressed twice
        raise Conflict(
            _("%(name)s har beslutat om synpunkten under tiden. Ditt förslag är kvar här.") % {"name": last.decided_by},
            mine={"decision": decision, "reason": reason},
            theirs={"decision": last.get_decision_display(), "reason": last.reason},
            number=last.number,
        )
    if last is not None:
        last.current = False
        last.save(update_fields=["current"])
    disposition = Disposition.objects.create(
        point=point, number=(last.number if last else 0) + 1, decision=decision, reason=reason,
        decided_at=clock.now(), decided_by=by,
    )  # fmt: skip
    record(by=by, verb="decide_point", obj=point, strategy_id=round_.version.strategy_id, decision=decision)
    return disposition


@transaction.atomic
def decide_points(
    *, round_id: int, point_ids: Iterable[int], by: User, decision: str, reason: str
) -> list[Disposition]:
    """The same decision and reason for many undecided points at once; those already decided are left alone."""
    round_ = lock(ConsultationRound.objects.filter(pk=round_id).select_related("version__strategy"))
    ids = sorted(set(point_ids))
    if not ids:
        raise Invalid(_("Välj minst en synpunkt."))
    if len(ids) > MOST_AT_ONCE:
        raise Invalid(_("Välj högst %(n)s synpunkter åt gången.") % {"n": MOST_AT_ONCE})
    check_round(round_, by)
    reason = _check_words(decision, reason)
    points = list(
        Point.objects.filter(pk__in=ids, response__round=round_, response__state=ResponseState.SUBMITTED)
        .exclude(dispositions__current=True)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    now = clock.now()
    made = Disposition.objects.bulk_create(
        Disposition(point=point, number=1, decision=decision, reason=reason, decided_at=now, decided_by=by)
        for point in points
    )
    record(
        by=by,
        verb="decide_points",
        obj=round_,
        strategy_id=round_.version.strategy_id,
        decision=decision,
        points=[p.pk for p in points],
    )
    return made


@transaction.atomic
def link_change(
    *, point_id: int, section_id: int, by: User, block_id: str = "", before: str = "", after: str = ""
) -> ChangeLink:
    """Say which change in a later version a point caused. The same change is linked once.

    ``section_id`` is the section in the later version; ``before``/``after`` are the block's words in the two versions.
    """
    point, round_ = lock_point(point_id)
    if point.response.state != ResponseState.SUBMITTED:
        raise NotFound(_("Synpunkten finns inte."))
    if not rules.can_decide(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan koppla synpunkter till ändringar."))
    section = Section.objects.filter(pk=section_id).select_related("version").first()
    if section is None or not _comes_after(section.version, round_.version):
        raise NotFound(_("Avsnittet finns inte i en senare version av strategin."))
    link, new = ChangeLink.objects.get_or_create(
        point=point, section=section, block_id=block_id[:40], removed_at=None,
        defaults={"before": before, "after": after, "created_at": clock.now(), "created_by": by},
    )  # fmt: skip
    if new:
        record(
            by=by,
            verb="link_change",
            obj=point,
            strategy_id=round_.version.strategy_id,
            section=str(section.uuid),
            block=block_id,
        )
    return link


@transaction.atomic
def unlink_change(*, link_id: int, by: User) -> None:
    """Take a link back; that it was there stays in the trail."""
    point_id = ChangeLink.objects.filter(pk=link_id).values_list("point_id", flat=True).first()
    _point, round_ = lock_point(point_id or 0)
    link = lock(ChangeLink.objects.filter(pk=link_id, removed_at=None).select_related("point"))
    if not rules.can_decide(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan koppla synpunkter till ändringar."))
    if round_.state == RoundState.SETTLED:
        raise WrongState(_("Samrådet är avslutat, så kopplingarna ligger fast."))
    link.removed_at, link.removed_by = clock.now(), by
    link.save(update_fields=["removed_at", "removed_by"])
    record(by=by, verb="unlink_change", obj=link.point, strategy_id=round_.version.strategy_id)


def _comes_after(version: Version, base: Version) -> bool:
    """Whether ``version`` was forked, directly or step by step, from ``base``."""
    parents = dict(Version.objects.filter(strategy=base.strategy).values_list("pk", "forked_from_id"))
    current: int | None = version.pk
    while current is not None and current != base.pk:
        current = parents.get(current)
    return current == base.pk and version.pk != base.pk


def lock_point(point_id: int) -> tuple[Point, ConsultationRound]:
    """Round first, then the point: a decision and the round's end never pass each other."""
    round_id = Point.objects.filter(pk=point_id).values_list("response__round_id", flat=True).first()
    round_ = lock(ConsultationRound.objects.filter(pk=round_id or 0).select_related("version__strategy"))
    return lock(Point.objects.filter(pk=point_id).select_related("response__actor")), round_


def check_round(round_: ConsultationRound, by: User) -> None:
    """Raise Forbidden or WrongState unless points of the round may be decided on now."""
    if not rules.can_decide(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan besluta om synpunkter."))
    if round_.state == RoundState.SETTLED:
        raise WrongState(_("Samrådet är avslutat, så besluten ligger fast."))


def _check_words(decision: str, reason: str) -> str:
    """The reason, trimmed; Invalid naming the field when something is missing."""
    reason = reason.replace("\x00", "").strip()
    fields: dict[str, Any] = {}
    if decision not in DispositionDecision.values:
        fields["decision"] = _("Välj ett beslut.")
    elif decision in NEEDS_REASON and not reason:
        fields["reason"] = _("Skriv skälet. Det blir offentligt, så att den som svarat förstår varför.")
    if fields:
        raise Invalid(_("Beslutet kunde inte sparas än."), fields)
    return reason
