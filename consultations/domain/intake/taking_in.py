"""What a person has confirmed becomes positions, answers and points of a response, all of it or nothing, and once."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from consultations.domain import responses
from consultations.domain.intake.jobs import lock_job
from consultations.domain.intake.review import check_item, key_of, said_words, standing_of
from consultations.models import (
    Answer,
    IntakeItem,
    IntakeJob,
    IntakeSide,
    ItemState,
    ItemWhat,
    Position,
    Response,
)
from consultations.states import INTAKE_STATES, IntakeState
from rus_platform.kit import clock
from rus_platform.kit.errors import Invalid, WrongState


@transaction.atomic
def take_in(*, job_id: int, by: User, leave_rest: bool = False, attach: bool | None = None) -> IntakeJob:
    """Write the confirmed items into the response, as the person's own writing. The same again is one.

    What is not looked at stops it, unless ``leave_rest``. ``attach``: whether the original goes with the response. If a
    colleague has changed what an item replaces since it was confirmed, that item is undecided again and nothing is taken
    in: the returned job is still ready. Raises Forbidden, WrongState, Invalid.
    """
    response_id = IntakeJob.objects.filter(pk=job_id).values_list("response_id", flat=True).first()
    response = responses.lock_draft(response_id, by) if response_id else None  # the response first, as everywhere
    job = lock_job(job_id, by)
    if job.state == IntakeState.TAKEN_IN:
        return job
    INTAKE_STATES.check(job.state, IntakeState.TAKEN_IN)
    if response is None:
        raise WrongState(_("Svaret som filen lästes in till finns inte längre."))
    items = confirmed(job, leave_rest)
    if _changed_meanwhile(job, items):
        return job
    for item in items:
        write(response, item, by)
    if attach is not None and job.side == IntakeSide.OWN:
        job.attached = attach
    return done(job, by, len(items))


def confirmed(job: IntakeJob, leave_rest: bool) -> list[IntakeItem]:
    """What is to be written, each thing checked. What is not looked at is left out with ``leave_rest``; else Invalid."""
    rows = list(job.items.filter(taken_at=None).select_related("section", "question", "actor"))
    waiting = [row for row in rows if row.state == ItemState.UNDECIDED]
    if waiting and not leave_rest:
        raise Invalid(
            _("%(n)s saker är inte granskade än. Bekräfta dem, eller välj att de inte tas in.") % {"n": len(waiting)}
        )
    job.items.filter(pk__in=[row.pk for row in waiting]).update(state=ItemState.DROPPED)
    found = [row for row in rows if row.state == ItemState.ACCEPTED]
    for row in found:
        row.job = job
        check_item(row)
    if not found and waiting and not job.items.filter(taken_at__isnull=False).exists():
        raise Invalid(_("Inget är bekräftat än."))
    return found


def _changed_meanwhile(job: IntakeJob, items: Iterable[IntakeItem]) -> bool:
    known = standing_of(job)
    stale = [
        item.pk
        for item in items
        if item.what != ItemWhat.POINT and known.get(key_of(item), "") not in (item.standing, said_words(item))
    ]
    doubt = _("En kollega har skrivit här sedan det bekräftades. Se efter vad som ska gälla.")
    job.items.filter(pk__in=stale).update(state=ItemState.UNDECIDED, doubt=doubt)
    return bool(stale)


def done(job: IntakeJob, by: User, count: int) -> IntakeJob:
    """The job is taken in, by whom and when."""
    job.state, job.taken_in_at, job.taken_in_by = IntakeState.TAKEN_IN, clock.now(), by
    job.save(update_fields=["state", "taken_in_at", "taken_in_by", "attached"])
    own = job.side == IntakeSide.OWN
    record(
        by=by, verb="take_in_answers", obj=job, actor=job.actor, private_to=job.actor if own else None,
        strategy_id=None if own else job.round.version.strategy_id, items=count, sha256=job.sha256,
    )  # fmt: skip
    return job


# --- writing


def write(response: Response, item: IntakeItem, by: User) -> None:
    """One item into the response, as the person's own writing. Invalid says which."""
    try:
        _WRITE[item.what](response, item, by)
    except Invalid as refusal:
        raise Invalid(_("Nr %(n)s: %(why)s") % {"n": item.position, "why": refusal}) from refusal


def _point(response: Response, item: IntakeItem, by: User) -> None:
    selection: dict[str, Any] | None = None
    if item.start is not None:
        selection = {"quote": item.quote, "start": item.start, "end": item.end}
    item.point = responses.add_point(
        response_id=response.pk, by=by, text=item.text, kind=item.kind, section_id=item.section_id, selection=selection,
        suggested_wording=item.suggested_wording,
    )  # fmt: skip
    item.save(update_fields=["point"])


def _position(response: Response, item: IntakeItem, by: User) -> None:
    known = Position.objects.filter(response=response, section=item.section).first()
    responses.set_position(
        response_id=response.pk, section_id=item.section_id or 0, by=by, stance=item.stance, reason=item.text,
        revision=known.revision if known else 0,
    )  # fmt: skip


def _answer(response: Response, item: IntakeItem, by: User) -> None:
    known = Answer.objects.filter(response=response, question=item.question).first()
    responses.save_answer(
        response_id=response.pk, question_id=item.question_id or 0, by=by, value=item.text, revision=known.revision if known else 0
    )  # fmt: skip


def _summary(response: Response, item: IntakeItem, by: User) -> None:
    _whole(response, by, summary=item.text)


def _kind(response: Response, item: IntakeItem, by: User) -> None:
    _whole(response, by, kind=item.text)


def _decision(response: Response, item: IntakeItem, by: User) -> None:
    """The case number is the response's; body, day and paragraph wait in the item for whoever records the decision."""
    if number := item.facts.get("case_number"):
        _whole(response, by, own_case_number=number)


def _whole(response: Response, by: User, **changes: str) -> None:
    response.refresh_from_db(fields=["revision", "kind", "own_case_number", "summary"])
    kept = {"summary": response.summary, "kind": response.kind, "own_case_number": response.own_case_number} | changes
    responses.save_summary(
        response_id=response.pk, by=by, revision=response.revision, summary=kept["summary"], kind=kept["kind"], own_case_number=kept["own_case_number"]
    )  # fmt: skip


_WRITE: dict[str, Callable[[Response, IntakeItem, User], None]] = {
    ItemWhat.POINT: _point,
    ItemWhat.POSITION: _position,
    ItemWhat.ANSWER: _answer,
    ItemWhat.SUMMARY: _summary,
    ItemWhat.KIND: _kind,
    ItemWhat.DECISION: _decision,
}
