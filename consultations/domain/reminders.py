"""Reminders to those who have not answered: by the round's schedule, and by hand. Each letter goes once."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from consultations import rules, visibility
from consultations.domain import invitations, letters
from consultations.domain.doorbell import ring_board
from consultations.domain.rounds import checked_days, lock_round
from consultations.models import ConsultationRound, Invitation, LetterKind, Response
from consultations.queries.bounced import bounced_ids
from consultations.states import ResponseState, RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from rus_platform.kit.wording import own_language

REST = timedelta(hours=1)  # nobody is reminded twice within it: a double press is one
BATCH = 500


def missing(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Those of ``rows`` who were invited and have not handed in an answer of any kind."""
    answered = Response.objects.filter(round=OuterRef("round"), actor=OuterRef("actor"), state=ResponseState.SUBMITTED)
    return rows.filter(~Exists(answered), invited_at__isnull=False)


@transaction.atomic
def schedule_reminders(*, round_id: int, days: Sequence[int], by: User) -> ConsultationRound:
    """When those who are missing are reminded: days before their own closing. May be changed while the round is open."""
    round_ = lock_round(round_id)
    if not rules.can_prepare(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan bestämma om påminnelser."))
    if round_.state not in (RoundState.PREPARING, RoundState.OPEN):
        raise WrongState(_("Samrådet har stängt."))
    round_.remind_days = checked_days(days)
    round_.save(update_fields=["remind_days"])
    rows, now = list(round_.invitations.filter(invited_at__isnull=False)), clock.now()
    for row in rows:
        row.next_reminder_at = invitations.reminder_after(round_, row, now)
    Invitation.objects.bulk_update(rows, ["next_reminder_at"])
    record(
        by=by, verb="schedule_reminders", obj=round_, strategy_id=round_.version.strategy_id, days=round_.remind_days
    )
    return round_


@transaction.atomic
def remind_missing(*, round_id: int, by: User, invitation_ids: Iterable[int] | None = None) -> list[Invitation]:
    """Remind those who are missing (all, or these), now. Whoever was reminded within the hour is left alone, and so is an
    address that letters come back from (it is counted in the trail).

    Returns those who were reminded. Raises Forbidden, WrongState, Invalid (nobody to remind).
    """
    round_ = lock_round(round_id)
    if not rules.can_prepare(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan påminna."))
    rows = missing(round_.invitations.all())
    if invitation_ids is not None:
        rows = rows.filter(pk__in=set(invitation_ids))
    now = clock.now()
    waiting = [row for row in _locked(rows) if visibility.is_open(round_, own=row.closes_at)]
    if not visibility.is_open(round_) and not waiting:
        raise WrongState(_("Tiden har gått ut. Det går inte att påminna."))
    chosen = [row for row in waiting if row.reminded_at is None or row.reminded_at < now - REST]
    if not chosen:
        raise Invalid(_("Ingen att påminna: alla har svarat, eller fick en påminnelse den senaste timmen."))
    chosen = _reachable(round_, chosen, by)
    if not chosen:
        raise Invalid(_("Ingen påminnelse skickades: adressen studsade. Rätta adressen först."))
    _remind(round_, chosen, now)
    record(by=by, verb="remind_missing", obj=round_, strategy_id=round_.version.strategy_id, count=len(chosen))
    return chosen


def _reachable(round_: ConsultationRound, rows: list[Invitation], by: User | None) -> list[Invitation]:
    """Those of ``rows`` whose address letters have not come back from. How many were left out is kept in the trail."""
    bounced = bounced_ids(row.pk for row in rows)
    if bounced:
        record(by=by, verb="skip_bounced", obj=round_, strategy_id=round_.version.strategy_id, count=len(bounced))
    return [row for row in rows if row.pk not in bounced]


def _locked(rows: QuerySet[Invitation], *, most: int | None = None) -> list[Invitation]:
    rows = rows.select_related("actor").order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True)[:most])


@own_language()
def _remind(round_: ConsultationRound, rows: list[Invitation], now: datetime) -> None:
    """The letters, the notices, and the next time on the schedule. Constant queries."""
    for row in rows:
        row.reminded_at = now
        row.next_reminder_at = invitations.reminder_after(round_, row, now)
    Invitation.objects.bulk_update(rows, ["reminded_at", "next_reminder_at"])
    letters.write_letters(
        round_, rows, kind=LetterKind.REMINDER, subject=letters.subject_of(LetterKind.REMINDER),
        key=lambda row, link: f"reminder:{row.pk}:{now:%Y%m%d%H%M%S}",
    )  # fmt: skip
    letters.tell_writers(
        rows, kind="reminder", text=_("Ert svar på ”%(round)s” saknas än.") % {"round": round_.title},
        url=f"/samrad/{round_.pk}/", by=None,
    )  # fmt: skip
    ring_board(round_.pk)


def send_due_reminders() -> int:
    """By the clock: remind those whose time on the schedule has come and who are still missing. Returns how many.

    After an absence each gets one letter, not one for every time that was missed. Workers side by side skip one another.
    """
    due = Invitation.objects.filter(next_reminder_at__lte=clock.now())
    rounds = due.order_by("round").values_list("round", flat=True).distinct()
    return sum(_send_due(round_id) for round_id in list(rounds))


@transaction.atomic
def _send_due(round_id: int) -> int:
    rows = ConsultationRound.objects.filter(pk=round_id).select_related("version__strategy__owner")
    round_ = rows.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if round_ is None:
        return 0
    now = clock.now()
    due = _locked(round_.invitations.filter(next_reminder_at__lte=now), most=BATCH)
    asked = set(missing(round_.invitations.filter(pk__in=[row.pk for row in due])).values_list("pk", flat=True))
    chosen = [
        row
        for row in due
        if row.pk in asked
        and visibility.is_open(round_, own=row.closes_at)
        and (row.reminded_at is None or row.reminded_at < now - REST)
    ]
    for row in due:
        row.next_reminder_at = invitations.reminder_after(round_, row, now)
    Invitation.objects.bulk_update(due, ["next_reminder_at"])
    chosen = _reachable(round_, chosen, None) if chosen else []
    if chosen:
        _remind(round_, chosen, now)
        record(
            by=None, verb="remind_by_schedule", obj=round_, strategy_id=round_.version.strategy_id, count=len(chosen)
        )
    return len(chosen)
