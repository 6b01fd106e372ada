"""A table with many senders is taken in by a worker: one organisation at a time, each whole or not at all, seen and stopped on the way."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.notify import notify
from actors.models import User
from consultations.domain import behalf, responses
from consultations.domain.intake.jobs import lock_job, lock_round
from consultations.domain.intake.taking_in import confirmed, done, write
from consultations.models import Channel, ConsultationRound, IntakeItem, IntakeJob, ItemState, Response
from consultations.states import INTAKE_STATES, IntakeState, ResponseState
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, DomainError, Invalid, WrongState
from rus_platform.kit.queue import send_after_commit
from rus_platform.kit.work import SILENT, WAITED, Overtaken, is_at_work, still_mine, teller

logger = logging.getLogger(__name__)
TASK = "consultations.tasks.write_in"


@transaction.atomic
def take_in_many(*, job_id: int, by: User, received_at: datetime, leave_rest: bool = False) -> IntakeJob:
    """Ask that the confirmed rows become entered answers, to be registered by the region. The same again is one.

    ``received_at``: when those came whose rows say no date. Raises Forbidden, WrongState, Invalid; Conflict, naming them, when
    somebody has answered already or is writing an answer of its own.
    """
    job = _locked(job_id, by)
    if job.state in (IntakeState.TAKING, IntakeState.TAKEN_IN):
        return job
    INTAKE_STATES.check(job.state, IntakeState.TAKING)
    if received_at > clock.now():
        words = _("Tiden har inte varit än. Ange när svaren kom in till er.")
        raise Invalid(words, {"received_at": words})
    actors = dict.fromkeys(item.actor_id or 0 for item in confirmed(job, leave_rest))
    refused = [words for actor_id in actors if (words := _taken(job.round, actor_id))]
    if refused:
        raise Conflict(" ".join([*refused, _("Lämna deras rader och ta in resten.")]))
    now = clock.now()
    job.state, job.came_at, job.taking_by = IntakeState.TAKING, received_at, by
    job.started_at, job.heartbeat_at, job.done, job.total, job.stage, job.error = None, now, 0, len(actors), "", ""
    job.save(
        update_fields=["state", "came_at", "taking_by", "started_at", "heartbeat_at", "done", "total", "stage", "error"]
    )
    record(by=by, verb="take_in_many", obj=job, strategy_id=job.round.version.strategy_id, actors=len(actors))
    send_after_commit(TASK, job.pk)
    return job


@transaction.atomic
def stop_taking(*, job_id: int, by: User) -> IntakeJob:
    """Stop where it is. What has become answers stays; the rest waits to be taken in or left. The same again is one."""
    job = _locked(job_id, by)
    if job.state == IntakeState.READY:
        return job
    INTAKE_STATES.check(job.state, IntakeState.READY)
    job.state, job.stage = IntakeState.READY, ""
    job.save(update_fields=["state", "stage"])
    record(by=by, verb="stop_taking", obj=job, strategy_id=job.round.version.strategy_id)
    return job


def _locked(job_id: int, by: User) -> IntakeJob:
    """The round first, then the job: as everywhere."""
    round_id = IntakeJob.objects.filter(pk=job_id).values_list("round_id", flat=True).first()
    lock_round(round_id or 0, by)
    return lock_job(job_id, by)


def _taken(round_: ConsultationRound, actor_id: int) -> str:
    """Why no answer can be entered for the actor, in words; "" when one can."""
    if _entering(round_, actor_id) is not None:
        return ""
    try:
        behalf.free_response(round_, actor_id)
    except Conflict as conflict:
        return str(conflict)
    return ""


def _entering(round_: ConsultationRound, actor_id: int) -> Response | None:
    rows = Response.objects.filter(round=round_, actor_id=actor_id, state=ResponseState.DRAFTING)
    return rows.filter(entered_by__isnull=False).first()


# --- the worker's part


def write_in(*, job_id: int) -> IntakeJob | None:
    """Write the answers in, one organisation after the other; None when there was nothing to do.

    Called by a worker, as often as it likes: of two at once one writes, and what one has written the next does not write again.
    """
    job = _take(job_id)
    if job is None or job.taking_by is None:
        return None
    tell = teller(job, is_news=lambda done, total, before: before is None)
    refused: list[str] = []
    with translation.override(job.language):
        try:
            groups = _groups(job)
            for n, (actor_id, name) in enumerate(groups, 1):
                tell(_("Tar in %(name)s") % {"name": name[:50]}, n, len(groups) + 1)
                if words := _one(job, actor_id):
                    refused.append(f"{name}: {words}")
        except Overtaken:
            return None
        except Exception:  # whatever it was, the person who waits is told, and what is written stays
            logger.exception("Intake %s could not be taken in", job.pk)
            refused.append(
                _("Något gick fel när svaren togs in. Försök igen, och kontakta supporten om det händer igen.")
            )
        return _end(job, refused)


@transaction.atomic
def _take(job_id: int) -> IntakeJob | None:
    rows = IntakeJob.objects.select_for_update(of=("self",)).select_related("round__version__strategy", "taking_by")
    job = rows.filter(pk=job_id, state=IntakeState.TAKING).first()
    if job is None or (job.started_at is not None and is_at_work(job)):
        return None
    job.started_at = job.heartbeat_at = clock.now()
    job.save(update_fields=["started_at", "heartbeat_at"])
    return job


def _groups(job: IntakeJob) -> list[tuple[int, str]]:
    """(actor id, name) of those whose rows are left to take in, in the table's order."""
    rows = job.items.filter(state=ItemState.ACCEPTED, taken_at=None, actor__isnull=False).order_by("position")
    return list(dict.fromkeys(rows.values_list("actor_id", "actor__name")))


def _one(job: IntakeJob, actor_id: int) -> str:
    """All of one organisation's rows, or none of them; why not, in words. Raises Overtaken when somebody stopped it."""
    assert job.taking_by is not None
    try:
        with transaction.atomic():
            lock_round(job.round_id, job.taking_by)
            if still_mine(job).select_for_update().first() is None:
                raise Overtaken
            rows = job.items.filter(state=ItemState.ACCEPTED, taken_at=None, actor_id=actor_id)
            items = list(rows.select_related("section", "question", "actor"))
            response = _entered(job, actor_id, items)
            for item in items:
                item.job = job
                write(response, item, job.taking_by)
            rows.update(taken_at=clock.now())
    except DomainError as refusal:
        words = " ".join([str(refusal), *(str(more) for more in getattr(refusal, "fields", {}).values())])[:280]
        job.items.filter(state=ItemState.ACCEPTED, taken_at=None, actor_id=actor_id).update(
            state=ItemState.UNDECIDED, certain=False, doubt=words
        )
        return words
    return ""


def _entered(job: IntakeJob, actor_id: int, items: Iterable[IntakeItem]) -> Response:
    """The answer that is being entered for the actor, begun when there is none. The earliest date of its rows is when it came."""
    assert job.taking_by is not None and job.came_at is not None
    known = _entering(job.round, actor_id)
    if known is not None:
        return responses.lock_draft(known.pk, job.taking_by)
    days = [item.received_on for item in items if item.received_on]
    return behalf.start_on_behalf(
        round_id=job.round_id, actor_id=actor_id, by=job.taking_by, channel=Channel.FILE,
        received_at=moment_of(min(days), job.round) if days else job.came_at, note=_("Ur tabellen ”%(name)s”.") % {"name": job.name},
    )  # fmt: skip


def moment_of(day: date, round_: ConsultationRound) -> datetime:
    """A day without an hour, as a moment: noon; on the day the round opened not before it did, on the day it closed
    not after; never later than now."""
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    opened = round_.opened_at
    if opened is not None and timezone.localdate(opened) == day:
        noon = max(noon, opened + timedelta(minutes=1))
    closed = round_.closes_at
    if closed is not None and timezone.localdate(closed) == day:
        noon = min(noon, closed)
    return min(noon, clock.now())


@transaction.atomic
def _end(job: IntakeJob, refused: list[str]) -> IntakeJob | None:
    """Taken in; or back to be looked at, saying whose rows could not be."""
    row = still_mine(job).select_for_update(of=("self",)).select_related("round__version", "taking_by").first()
    if row is None:
        return None
    if not refused and not _groups(row):
        done(row, row.taking_by, row.items.filter(taken_at__isnull=False).count())
    else:
        INTAKE_STATES.check(row.state, IntakeState.READY)
        row.state, row.stage, row.notices = IntakeState.READY, "", [*row.notices, *refused]
        row.save(update_fields=["state", "stage", "notices"])
        record(by=None, verb="stop_taking", obj=row, strategy_id=row.round.version.strategy_id, refused=len(refused))
    words = _("Svaren i ”%(name)s” är intagna.") if not refused else _("Några svar i ”%(name)s” kunde inte tas in.")
    notify(users=[row.taking_by], kind="intake_ready", text=words % {"name": row.name}, url=f"/inlast/{row.pk}/")
    return row


def see_to_taking() -> int:
    """Send again what a worker never began or left unfinished; how many."""
    now = clock.now()
    left = Q(started_at=None, heartbeat_at__lt=now - WAITED) | Q(heartbeat_at__lt=now - SILENT)
    again = list(IntakeJob.objects.filter(left, state=IntakeState.TAKING).values_list("pk", flat=True))
    for pk in again:
        send_after_commit(TASK, pk)
    return len(again)


# --- what became of it


def register_many(*, job_id: int, by: User) -> tuple[int, list[str]]:
    """Register the entered answers that a table became: (how many, what kept the others from it, in words). One by one."""
    job = IntakeJob.objects.get(pk=job_id)
    if job.state != IntakeState.TAKEN_IN:
        raise WrongState(_("Tabellen är inte intagen än."))
    count, refused = 0, []
    for response in responses_of(job).filter(state=ResponseState.DRAFTING):
        try:
            responses.submit_response(response_id=response.pk, by=by)
            count += 1
        except (Invalid, WrongState) as refusal:
            more = " ".join(str(words) for words in getattr(refusal, "fields", {}).values())
            refused.append(f"{response.actor}: {refusal} {more}".strip())
    return count, refused


def responses_of(job: IntakeJob) -> QuerySet[Response]:
    """The entered answers of the organisations in a table whose rows have been taken in."""
    actors = job.items.filter(state=ItemState.ACCEPTED, taken_at__isnull=False).values("actor")
    rows = Response.objects.filter(round=job.round_id, actor__in=actors, entered_by__isnull=False)
    return rows.select_related("actor").order_by("actor__sort_key")


def names_of(job: IntakeJob) -> list[dict[str, object]]:
    """[{"name", "response", "points", "positions", "received_at", "state"}] of what it has become so far. One query."""
    rows = responses_of(job).annotate(n=Count("points", distinct=True), stands=Count("positions", distinct=True))
    return [
        {"name": row.actor.name, "response": row.pk, "points": row.n, "positions": row.stands, "received_at": row.received_at, "registered": row.state != ResponseState.DRAFTING}
        for row in rows
    ]  # fmt: skip
