"""Something came in as a file: take it, let a worker read it, cancel it, try again. Nothing of it is in a response yet."""

import hashlib
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.notify import notify
from actors.models import Actor, User
from actors.queries.roles import fresh
from consultations import rules
from consultations.domain.intake import kinds
from consultations.domain.intake.draft import Reading, as_rows
from consultations.domain.intake.drawn import keep_drawn
from consultations.domain.intake.pages import pages_of
from consultations.domain.intake.places import Places
from consultations.domain.intake.reading import read_single
from consultations.domain.intake.table import read_many
from consultations.domain.responses import lock_draft
from consultations.models import ConsultationRound, IntakeItem, IntakeJob, IntakeSide, Point
from consultations.states import HANDED_IN, INTAKE_STATES, IntakeState, RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.queue import send_after_commit
from rus_platform.kit.work import Progress, ended, left_behind, outcome, take, teller
from strategies.domain.anchors import comparable
from strategies.domain.importing.jobs import in_words
from strategies.domain.importing.opening import MAX_FILE, refused

UNDER_WAY = (IntakeState.WAITING, IntakeState.RUNNING)
BUSY = (*UNDER_WAY, IntakeState.TAKING)  # a worker's turn: the page follows it
OPEN = (*BUSY, IntakeState.READY, IntakeState.FAILED)
KNOWN = (*BUSY, IntakeState.READY, IntakeState.TAKEN_IN)
MOST_OPEN = 20  # files of one response, or of one round's tables, that wait to be looked at
TASK = "consultations.tasks.read_intake"


# --- taking a file


@transaction.atomic
def send_in(*, response_id: int, by: User, file: BinaryIO, name: str, size: int, again: bool = False) -> IntakeJob:
    """Take a file to read into a response: one's own, or one that the region enters. The original is kept as it is.

    Forbidden, WrongState; Invalid when it is plainly nothing that can be read; Conflict (``job_id``) when the same bytes have
    come in before, unless ``again``.
    """
    data = _data(file, size)
    kinds.kind_of(data, name, kinds.SINGLE)
    response = lock_draft(response_id, by)
    side = IntakeSide.OWN if response.entered_by_id is None else IntakeSide.REGION
    made = IntakeJob(round=response.round, actor=response.actor, response=response, side=side)
    return _kept(made, by, data, name, again)


@transaction.atomic
def send_in_many(*, round_id: int, by: User, file: BinaryIO, name: str, size: int, again: bool = False) -> IntakeJob:
    """Take a table with a point on each row, for the region. Forbidden, WrongState, Invalid, Conflict as ``send_in``."""
    data = _data(file, size)
    kinds.kind_of(data, name, kinds.MANY)
    round_ = lock_round(round_id, by)
    return _kept(IntakeJob(round=round_, side=IntakeSide.REGION), by, data, name, again)


def lock_round(round_id: int, by: User) -> ConsultationRound:
    """The locked round, in which answers may be entered, for somebody of the region who may."""
    round_ = lock(ConsultationRound.objects.filter(pk=round_id).select_related("version__strategy__owner"))
    if not rules.can_enter(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan läsa in svar åt andra."))
    if round_.state in (RoundState.PREPARING, RoundState.SETTLED):
        raise WrongState(_("Svar läses in medan samrådet är öppet och tills det är avslutat."))
    return round_


def _data(file: BinaryIO, size: int) -> bytes:
    if size > MAX_FILE:
        raise refused(_("Filen är större än 20 MB. Minska bilderna i den, eller dela upp den."))
    return file.read(MAX_FILE + 1)


def _kept(job: IntakeJob, by: User, data: bytes, name: str, again: bool) -> IntakeJob:
    digest = hashlib.sha256(data).hexdigest()
    same = IntakeJob.objects.filter(round=job.round, side=job.side, sha256=digest, state__in=KNOWN)
    if job.side == IntakeSide.OWN:
        same = same.filter(actor=job.actor)
    known = same.order_by("pk").first()
    if known is not None and not again:
        if known.response_id == job.response_id and known.state in UNDER_WAY:
            return known  # a double press
        raise Conflict(
            _("Samma fil har redan kommit in (%(name)s). Se efter där först, så att inget tas in två gånger.")
            % {"name": known.name},
            job_id=known.pk,
        )
    waiting = IntakeJob.objects.filter(round=job.round, response=job.response, side=job.side, state__in=OPEN).count()
    if waiting >= MOST_OPEN:
        raise Invalid(_("Det ligger redan många filer och väntar. Ta in eller avbryt några av dem först."))
    clean = kinds.clean_name(name)
    job.name, job.size, job.sha256 = clean or _("Fil"), len(data), digest
    job.requested_at, job.requested_by, job.language = clock.now(), by, (get_language() or "sv")[:8]
    job.file.save(f"{digest}.bin", ContentFile(data), save=False)
    job.file.close()
    job.save()
    _note(job, "send_in", by, sha256=digest, size=job.size)
    send_after_commit(TASK, job.pk)
    return job


def _note(job: IntakeJob, verb: str, by: User | None, **facts: object) -> None:
    """In the trail: of the organisation alone when it is its own, else of the region's strategy."""
    own = job.side == IntakeSide.OWN
    record(
        by=by, verb=verb, obj=job, actor=job.actor, private_to=job.actor if own else None,
        strategy_id=None if own else job.round.version.strategy_id, **facts,
    )  # fmt: skip


def may_work_with(user: User, job: IntakeJob) -> bool:
    """Look at what was read, decide on it, take it in or leave it."""
    if job.response is not None:
        return rules.can_write(user, job.response)
    return job.side == IntakeSide.REGION and rules.can_enter(user, job.round)


def lock_job(job_id: int, by: User) -> IntakeJob:
    """The locked job, for somebody who may work with it. Raises Forbidden."""
    rows = IntakeJob.objects.select_related(
        "round__version__strategy__owner", "actor", "response__round__version__strategy", "response__actor"
    )
    job = lock(rows.filter(pk=job_id))
    if not may_work_with(fresh(by), job):
        raise Forbidden(_("Du kan inte arbeta med det som kom in här."))
    return job


@transaction.atomic
def cancel_intake(*, job_id: int, by: User) -> IntakeJob:
    """Leave it: nothing of it comes into a response. The original and what was read stay to be seen. The same again is one."""
    job = lock_job(job_id, by)
    if job.state == IntakeState.CANCELLED:
        return job
    INTAKE_STATES.check(job.state, IntakeState.CANCELLED)
    job.state, job.finished_at = IntakeState.CANCELLED, clock.now()
    job.save(update_fields=["state", "finished_at"])
    _note(job, "cancel_intake", by)
    return job


@transaction.atomic
def read_again(*, job_id: int, by: User) -> IntakeJob:
    """Try once more to read what could not be read."""
    job = lock_job(job_id, by)
    if job.state in UNDER_WAY:
        return job
    INTAKE_STATES.check(job.state, IntakeState.WAITING)
    job.state, job.error, job.done, job.stage, job.requested_at = IntakeState.WAITING, "", 0, "", clock.now()
    job.save(update_fields=["state", "error", "done", "stage", "requested_at"])
    _note(job, "read_intake_again", by)
    send_after_commit(TASK, job.pk)
    return job


# --- reading


def read_intake(*, job_id: int) -> IntakeJob | None:
    """Read what was sent and say that it can be looked at; a refusal is kept in the sender's words. None: nothing to do.

    Called by a worker, as often as it likes: of two at once one reads.
    """
    job = _take(job_id)
    if job is None:
        return None
    with translation.override(job.language):
        tell = teller(job, is_news=lambda done, total, before: before is None)
        came = outcome(lambda: _read(job, tell), in_words)
        if came is None:
            return None
        found, why = came
        return _finish(job, found) if found is not None else _fail(job, why)


def _read(job: IntakeJob, tell: Progress) -> Reading:
    tell(_("Öppnar"), 0, 3)
    with job.file.open("rb") as file:
        data = file.read(MAX_FILE + 1)
    places = Places(job.round.version, pages_of(job.round.version))
    if job.response_id or job.actor_id:
        return read_single(data, job.name, job.round, places, tell, job.actor.name if job.actor else "")
    actors = Actor.objects.filter(taking_part_in=job.round.version.strategy) | Actor.objects.filter(
        invitations__round=job.round
    )
    return read_many(data, job.name, actors.distinct(), places, _said(job.round), tell)


def _said(round_: ConsultationRound) -> dict[int, set[str]]:
    """What is in the responses that the region may see already, so that nothing is entered twice."""
    found: dict[int, set[str]] = {}
    seen = Q(response__state__in=HANDED_IN) | Q(response__entered_by__isnull=False)
    rows = Point.objects.filter(seen, response__round=round_)
    for actor_id, text in rows.values_list("response__actor_id", "text"):
        found.setdefault(actor_id, set()).add(comparable(text).casefold())
    return found


@transaction.atomic
def _take(job_id: int) -> IntakeJob | None:
    """The job, marked as being read by this worker; None when it is read, or another worker is at it."""
    rows = IntakeJob.objects.select_related("round__version__strategy", "requested_by", "actor")
    job: IntakeJob | None = take(rows.filter(pk=job_id), INTAKE_STATES, total=3)
    return job


@transaction.atomic
def _finish(job: IntakeJob, found: Reading) -> IntakeJob | None:
    row: IntakeJob | None = ended(
        job, INTAKE_STATES, IntakeState.READY, stage="", done=1, total=1, kind=found.kind, original=found.original,
        notices=found.notices, pages=found.pages, attached=job.side == IntakeSide.REGION,
    )  # fmt: skip
    if row is None:
        return None
    row.items.all().delete()
    IntakeItem.objects.bulk_create(as_rows(row, found.items), batch_size=500)
    keep_drawn(row, found.pictures)
    _note(row, "read_intake", None, items=len(found.items))
    _announce(row, "intake_ready", _("”%(name)s” är läst och klar att granska."))
    return row


@transaction.atomic
def _fail(job: IntakeJob, words: str) -> IntakeJob | None:
    row: IntakeJob | None = ended(job, INTAKE_STATES, IntakeState.FAILED, error=words[:400])
    if row is None:
        return None
    _note(row, "fail_intake", None)
    _announce(row, "intake_failed", _("”%(name)s” kunde inte läsas."))
    return row


def _announce(job: IntakeJob, kind: str, words: str) -> None:
    notify(users=[job.requested_by], kind=kind, text=words % {"name": job.name}, url=f"/inlast/{job.pk}/")


def see_to_intakes() -> int:
    """Send again what a worker never took or left unfinished; how many."""
    again = list(IntakeJob.objects.filter(left_behind()).values_list("pk", flat=True))
    for pk in again:
        send_after_commit(TASK, pk)
    return len(again)
