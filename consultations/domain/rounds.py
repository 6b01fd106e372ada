"""A round's life: prepare, open, close at the hour, settle when every point has its answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.notify import notify
from actors.models import Role, User
from actors.queries.roles import fresh, people_with
from consultations import rules, visibility
from consultations.domain import doorbell, invitations, settling
from consultations.domain.revisions import check_revision
from consultations.models import (
    ConsultationRound,
    Invitation,
    PublicWhen,
    Response,
    RoundKind,
    Stream,
)
from consultations.states import (
    IN_WORK,
    RESPONSE_STATES,
    ROUND_STATES,
    ResponseState,
    RoundState,
)
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.queue import send_after_commit
from rus_platform.kit.wording import own_language
from strategies import rules as strategy_rules
from strategies.domain import access, workflow
from strategies.models import Version
from strategies.states import TextStatus

SHORTEST = timedelta(minutes=1)
CONSULTABLE = (TextStatus.CONSULTATION, TextStatus.SHARED)


@transaction.atomic
def create_round(*, version_id: int, title: str, by: User, kind: str = RoundKind.CONSULTATION) -> ConsultationRound:
    """Begin to prepare a round on a frozen consultation version. Raises Forbidden, WrongState, Invalid."""
    version = lock(Version.objects.filter(pk=version_id).select_related("strategy"))
    if not strategy_rules.can_edit(fresh(by), version.strategy):
        raise Forbidden(_("Bara regionens handläggare kan förbereda ett samråd."))
    if version.status not in CONSULTABLE:
        raise WrongState(_("Ett samråd utgår från en fryst samrådsversion. Frys en version först."))
    if not title.strip():
        raise Invalid(_("Samrådet behöver ett namn."), {"title": _("Skriv ett namn.")})
    check_kind(version, kind)
    round_ = ConsultationRound.objects.create(
        version=version, kind=kind, title=title.strip()[:160], created_at=clock.now(), created_by=by,
        case_number=version.strategy.case_number,
    )  # fmt: skip
    record(by=by, verb="create_round", obj=round_, strategy_id=version.strategy_id)
    return round_


def check_kind(version: Version, kind: str) -> None:
    """Raise Invalid unless the kind of round goes with the status of the text: what is shared for comments is not published."""
    if kind not in RoundKind.values:
        raise Invalid(_("Välj vilket slags samråd det är."), {"kind": _("Välj ett av alternativen.")})
    if version.status == TextStatus.SHARED and kind != RoundKind.SHARING:
        text = _(
            "Versionen är delad för synpunkter och inte offentlig. Välj underhandsremiss, eller frys en samrådsversion."
        )
        raise Invalid(text, {"kind": text})


def lock_round(round_id: int, state: str | None = None) -> ConsultationRound:
    """The locked row with its version and strategy; WrongState unless it is in ``state``."""
    round_ = lock(ConsultationRound.objects.filter(pk=round_id).select_related("version__strategy__owner"))
    if state is not None and round_.state != state:
        raise WrongState(
            _("Samrådet är ”%(state)s”, så detta går inte längre att göra.") % {"state": round_.get_state_display()}
        )
    return round_


@transaction.atomic
def describe_round(
    *,
    round_id: int,
    by: User,
    revision: int,
    title: str,
    cover_letter: str,
    case_number: str,
    opens_at: datetime | None,
    closes_at: datetime | None,
    public_when: str,
    accepts_late: bool,
    kind: str | None = None,
    remind_days: Sequence[int] | None = None,
) -> ConsultationRound:
    """Save what a round is, while it is being prepared. ``revision`` is the one the form was made from; ``kind`` and
    ``remind_days`` (days before the closing) stay as they are when None."""
    round_ = lock_round(round_id)
    if not rules.can_prepare(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan förbereda ett samråd."))
    if round_.state != RoundState.PREPARING:
        raise WrongState(_("Samrådet har öppnat. Missiv och tider kan inte längre ändras."))
    mine: dict[str, Any] = {
        "title": title.strip(),
        "cover_letter": cover_letter.strip(),
        "case_number": case_number.strip(),
        "opens_at": opens_at,
        "closes_at": closes_at,
        "public_when": public_when,
        "accepts_late": accepts_late,
        "kind": round_.kind if kind is None else kind,
        "remind_days": round_.remind_days if remind_days is None else checked_days(remind_days),
    }
    check_kind(round_.version, mine["kind"])
    check_revision(round_, revision, mine)
    if not title.strip():
        raise Invalid(_("Samrådet behöver ett namn."), {"title": _("Skriv ett namn.")})
    if public_when not in PublicWhen.values:
        raise Invalid(_("Välj när svaren blir offentliga."), {"public_when": _("Välj ett av alternativen.")})
    check_times(opens_at, closes_at)
    for name, value in mine.items():
        setattr(round_, name, value)
    if round_.scheduled_at and (opens_at is None or closes_at is None):
        round_.scheduled_at = round_.scheduled_by = None
    round_.revision += 1
    round_.save(update_fields=[*mine, "revision", "scheduled_at", "scheduled_by"])
    record(by=by, verb="describe_round", obj=round_, strategy_id=round_.version.strategy_id)
    return round_


MOST_REMINDERS, MOST_DAYS = 5, 180


def checked_days(days: Sequence[int]) -> list[int]:
    """Days before the closing, most first, each once. Invalid when they are too many or make no sense."""
    wanted = sorted(set(days), reverse=True)
    if len(wanted) > MOST_REMINDERS or any(not 1 <= day <= MOST_DAYS for day in wanted):
        text = _("Ange högst %(n)s påminnelser, 1–%(days)s dagar före.") % {"n": MOST_REMINDERS, "days": MOST_DAYS}
        raise Invalid(text, {"remind_days": text})
    return wanted


def check_times(opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Raise Invalid, naming the field, unless the round opens before it closes and closes in the future."""
    fields: dict[str, Any] = {}
    for name, at in (("opens_at", opens_at), ("closes_at", closes_at)):
        if at is not None and not clock.is_ours(at):
            raise Invalid(_("Tiderna stämmer inte."), {name: _("Kontrollera året.")})
    if closes_at is not None and closes_at <= clock.now():
        fields["closes_at"] = _("Sluttiden har redan varit. Välj en tid längre fram.")
    elif opens_at is not None and closes_at is not None and closes_at < opens_at + SHORTEST:
        fields["closes_at"] = _("Sluttiden måste ligga efter öppningstiden.")
    if fields:
        raise Invalid(_("Tiderna stämmer inte."), fields)


@transaction.atomic
def schedule_opening(*, round_id: int, by: User) -> ConsultationRound:
    """Let the round open by itself at ``opens_at``. Same conditions as opening it now."""
    round_ = lock_round(round_id)
    if not rules.can_open(fresh(by), round_):
        raise Forbidden(_("Bara processledaren kan öppna ett samråd."))
    ROUND_STATES.check(round_.state, RoundState.OPEN)
    check_ready(round_)
    if round_.opens_at is None or round_.opens_at <= clock.now():
        raise Invalid(_("Ange en öppningstid längre fram."), {"opens_at": _("Tiden har redan varit.")})
    round_.scheduled_at, round_.scheduled_by = clock.now(), by
    round_.save(update_fields=["scheduled_at", "scheduled_by"])
    record(by=by, verb="schedule_opening", obj=round_, strategy_id=round_.version.strategy_id)
    return round_


@transaction.atomic
def cancel_schedule(*, round_id: int, by: User) -> ConsultationRound:
    """Take back that the round opens by itself. Nothing happens when it was not going to."""
    round_ = lock_round(round_id)
    if not rules.can_open(fresh(by), round_):
        raise Forbidden(_("Bara processledaren kan bestämma när samrådet öppnar."))
    if round_.state != RoundState.PREPARING:
        raise WrongState(_("Samrådet har redan öppnat."))
    if round_.scheduled_at is not None:
        round_.scheduled_at = round_.scheduled_by = None
        round_.save(update_fields=["scheduled_at", "scheduled_by"])
        record(by=by, verb="cancel_schedule", obj=round_, strategy_id=round_.version.strategy_id)
    return round_


@transaction.atomic
def open_round(*, round_id: int, by: User) -> ConsultationRound:
    """Open now: everyone on the list is invited at once, may read the version, and gets a personal link by e-mail."""
    round_ = lock_round(round_id)
    if not rules.can_open(fresh(by), round_):
        raise Forbidden(_("Bara processledaren kan öppna ett samråd."))
    ROUND_STATES.check(round_.state, RoundState.OPEN)
    check_ready(round_)
    lock(Version.objects.filter(pk=round_.version_id))
    if ConsultationRound.objects.filter(version=round_.version, state=RoundState.OPEN).exists():
        raise Conflict(_("Det pågår redan ett samråd om den här versionen."))
    now = clock.now()
    round_.state, round_.opened_at, round_.opened_by = RoundState.OPEN, now, by
    round_.opens_at = min(round_.opens_at or now, now)
    round_.save(update_fields=["state", "opened_at", "opened_by", "opens_at"])
    invited = invitations.send_invitations(round_, by=by)
    actors = [invitation.actor for invitation in invited]
    access.grant(version=round_.version, actors=actors, reason=f"round:{round_.pk}", by=by)
    if visibility.is_public_round(round_):
        access.grant(version=round_.version, public=True, reason=f"round:{round_.pk}", by=by)
    if (
        round_.version.forked_from_id
    ):  # where the words of last time's points are now: asked for by everyone who answered
        send_after_commit("strategies.tasks.carry_anchors", round_.version_id)
    push_outcome(round_, "opened", {"invited": len(invited)})
    record(by=by, verb="open_round", obj=round_, strategy_id=round_.version.strategy_id, invited=len(invited))
    return round_


def check_ready(round_: ConsultationRound) -> None:
    """Raise Invalid naming everything that is missing before the round can open."""
    fields: dict[str, Any] = {}
    if not round_.cover_letter.strip():
        fields["cover_letter"] = _("Skriv ett missiv: vad ni vill ha svar på och varför.")
    if round_.closes_at is None:
        fields["closes_at"] = _("Ange när samrådet stänger.")
    if not round_.invitations.exists():
        fields["invitations"] = _("Sändlistan är tom. Lägg till dem som ska svara.")
    if fields:
        raise Invalid(_("Samrådet kan inte öppna än."), fields)
    check_times(None, round_.closes_at)
    check_kind(round_.version, round_.kind)


@transaction.atomic
def close_round(*, round_id: int, by: User | None = None) -> ConsultationRound:
    """Close at the announced hour (``by`` None: the clock), or earlier by the process leader.

    Calling it again, or from several workers at once, changes nothing.
    """
    round_ = lock_round(round_id)
    if by is not None and not rules.can_open(fresh(by), round_):
        raise Forbidden(_("Bara processledaren kan stänga ett samråd."))
    now = clock.now()
    announced = round_.closes_at or now
    if by is None and (round_.state != RoundState.OPEN or announced > now):
        return round_
    ROUND_STATES.check(round_.state, RoundState.CLOSED)
    round_.state = RoundState.CLOSED
    round_.closed_at = min(now, announced)
    round_.closes_at = round_.closed_at
    round_.save(update_fields=["state", "closed_at", "closes_at"])
    if not round_.accepts_late:
        keep_unsent(round_)
    submitted = round_.responses.filter(state=ResponseState.SUBMITTED, stream=Stream.CONSULTEE).count()
    push_outcome(round_, "closed", {"invited": round_.invitations.count(), "submitted": submitted})
    record(by=by, verb="close_round", obj=round_, strategy_id=round_.version.strategy_id, submitted=submitted)
    doorbell.ring_board(round_.pk)
    with own_language():
        notify(
            users=people_with(round_.version.strategy.owner_id, Role.LEADER, Role.EDITOR),
            kind="round_closed",
            text=_("”%(round)s” har stängt. %(n)s svar har kommit in.") % {"round": round_.title, "n": submitted},
            url=f"/samrad/{round_.pk}/",
            by=by,
        )
    return round_


def keep_unsent(round_: ConsultationRound) -> None:
    """Drafts that were never handed in stay with their own organisation, marked as unsent; not theirs who have more time.
    Those that the region enters for somebody came in before and are finished by the region."""
    drafts = Response.objects.filter(round=round_, state__in=IN_WORK, entered_by=None).exclude(
        actor__in=with_time_left(round_).values("actor")
    )
    for response in drafts.select_for_update(of=("self",)):
        RESPONSE_STATES.check(response.state, ResponseState.UNSENT)
        response.state = ResponseState.UNSENT
        response.save(update_fields=["state"])
        doorbell.ring_state(response)


def with_time_left(round_: ConsultationRound) -> QuerySet[Invitation]:
    """Those whose own time has not run out."""
    return round_.invitations.filter(closes_at__gt=clock.now())


@transaction.atomic
def settle_round(*, round_id: int, by: User) -> ConsultationRound:
    """Finish the round: refused while one point has no decision. From now on every respondent sees every answer."""
    round_ = lock_round(round_id)
    if not rules.can_open(fresh(by), round_):
        raise Forbidden(_("Bara processledaren kan avsluta ett samråd."))
    ROUND_STATES.check(round_.state, RoundState.SETTLED)
    settling.check_all_moderated(round_)
    settling.check_none_blank(round_)
    answered = round_.responses.filter(state=ResponseState.SUBMITTED).values("actor")
    waiting = with_time_left(round_).exclude(actor__in=answered).select_related("actor").first()
    if waiting is not None:
        raise WrongState(
            _("Det går inte att avsluta: %(actor)s har anstånd och har inte svarat än.") % {"actor": waiting.actor}
        )
    settling.check_nothing_half_entered(round_)
    keep_unsent(round_)
    round_.state, round_.settled_at, round_.settled_by = RoundState.SETTLED, clock.now(), by
    round_.save(update_fields=["state", "settled_at", "settled_by"])
    points = settling.points_to_answer(round_).count()
    push_outcome(round_, "settled", {"points": points})
    record(by=by, verb="settle_round", obj=round_, strategy_id=round_.version.strategy_id, points=points)
    invitations.announce_settled(round_, by=by)
    return round_


def push_outcome(round_: ConsultationRound, event: str, numbers: dict[str, int]) -> None:
    """Tell the strategy what happened (lower apps never ask)."""
    workflow.record_consultation_outcome(
        version_id=round_.version_id,
        round_key=f"round:{round_.pk}",
        round_title=round_.title,
        round_url=f"/samrad/{round_.pk}/",
        public=round_.kind != RoundKind.SHARING,
        event=event,
        at=clock.now(),
        numbers=numbers,
    )


def follow_the_clock() -> dict[str, int]:
    """Open and close every round whose hour has come, each in its own transaction. Returns counts."""
    now = clock.now()
    due_open = ConsultationRound.objects.filter(scheduled_now(now)).values_list("pk", flat=True)
    opened = sum(_open_if_possible(pk, now) for pk in list(due_open))
    _put_away(now)
    due_close = ConsultationRound.objects.filter(state=RoundState.OPEN, closes_at__lte=now)
    closed = sum(
        close_round(round_id=pk).state == RoundState.CLOSED for pk in list(due_close.values_list("pk", flat=True))
    )
    return {"opened": opened, "closed": closed}


@transaction.atomic
def _put_away(now: datetime) -> None:
    """Where late answers are not taken, the drafts of those whose own time has run out after the closing."""
    over = Invitation.objects.filter(
        round=OuterRef("pk"), closes_at__lte=now, round__responses__state__in=IN_WORK,
        round__responses__actor=F("actor"), round__responses__entered_by=None,
    )  # fmt: skip
    rows = ConsultationRound.objects.filter(Exists(over), state=RoundState.CLOSED, accepts_late=False)
    for round_ in rows.select_for_update(skip_locked=True):
        keep_unsent(round_)


def scheduled_now(now: datetime) -> Q:
    """Rounds that should open by themselves now."""
    return Q(state=RoundState.PREPARING, scheduled_at__isnull=False, opens_at__lte=now)


@transaction.atomic
def _open_if_possible(round_id: int, now: datetime) -> int:
    """Open a scheduled round; when it can't be, take it off the schedule and tell the one who scheduled it.

    Another worker may have been here first: then there is nothing left to do.
    """
    rows = ConsultationRound.objects.filter(scheduled_now(now), pk=round_id).select_related("scheduled_by")
    round_ = rows.select_for_update(of=("self",), skip_locked=True).first()
    if round_ is None or round_.scheduled_by is None:
        return 0
    try:
        with transaction.atomic():
            open_round(round_id=round_.pk, by=round_.scheduled_by)
    except (Invalid, Forbidden, WrongState, Conflict) as refusal:
        round_.scheduled_at, scheduler, round_.scheduled_by = None, round_.scheduled_by, None
        round_.save(update_fields=["scheduled_at", "scheduled_by"])
        notify(
            users=[scheduler],
            kind="round_not_opened",
            text=_("”%(round)s” öppnade inte som planerat: %(why)s") % {"round": round_.title, "why": refusal},
            url=f"/samrad/{round_.pk}/forbered/",
        )
        return 0
    return 1
