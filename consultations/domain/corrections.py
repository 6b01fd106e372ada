"""A new version of a response that has been handed in: to correct it, or to hand in the adopted one after the preliminary."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from consultations import rules, visibility
from consultations.domain import attachments
from consultations.domain.doorbell import ring_gone
from consultations.domain.intake.jobs import OPEN, cancel_intake
from consultations.domain.responses import check_open_for_writing, check_takes, lock_draft
from consultations.domain.sealing import share_round
from consultations.models import Answer, Assignment, Attachment, InternalNote, Point, Position, Response
from consultations.states import ResponseState
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, WrongState
from rus_platform.kit.locking import lock


@transaction.atomic
def start_correction(*, response_id: int, by: User) -> Response:
    """Begin the next version of a handed-in response, with all that it says. Begun already, it is that one.

    The one that was handed in counts until the new one is. Raises Forbidden, WrongState (replaced, closed).
    """
    share_round(response_id)
    earlier = lock(Response.objects.filter(pk=response_id).select_related("actor", "round__version__strategy"))
    if not rules.can_correct(fresh(by), earlier):
        raise Forbidden(_("Du kan inte skriva för den organisationen. Be administratören där om en roll."))
    known = Response.objects.filter(supersedes=earlier).first()
    if known is not None and not rules.can_write(by, known):
        raise WrongState(_("Organisationen skriver själv på en ny version."))
    if known is not None:
        return known
    if earlier.state != ResponseState.SUBMITTED:
        raise WrongState(_("Det finns ett senare svar. Ändra det i stället."))
    _check_takes(earlier, by)
    response = Response.objects.create(
        round=earlier.round, actor=earlier.actor, version=earlier.version + 1, supersedes=earlier, kind=earlier.kind,
        summary=earlier.summary, own_case_number=earlier.own_case_number, political=earlier.political,
        stream=earlier.stream, created_at=clock.now(), created_by=by, **_entered(earlier, by),
    )  # fmt: skip
    _copy_content(earlier, response)
    record(
        by=by, verb="start_correction", obj=response, actor=response.actor, private_to=response.actor,
        version=response.version,
    )  # fmt: skip
    return response


def _check_takes(earlier: Response, by: User) -> None:
    """Raise WrongState unless the next version can be written in and handed in: by whoever writes it, and from now."""
    if not _takes_over(earlier, by):
        check_takes(earlier)
        return
    own = visibility.own_deadline(earlier.round_id, earlier.actor_id)
    check_open_for_writing(earlier.round, own=own, actor=earlier.actor)


def _takes_over(earlier: Response, by: User) -> bool:
    """Whether the organisation's own people go on with an answer that the region entered for them."""
    return earlier.entered_by_id is not None and rules.can_write_for(by, earlier.actor)


def _entered(earlier: Response, by: User) -> dict[str, Any]:
    """The organisation's own people take over an answer that the region entered for them; the region goes on entering."""
    if earlier.entered_by_id is None or _takes_over(earlier, by):
        return {}
    return {
        "entered_by": by,
        "channel": earlier.channel,
        "received_at": earlier.received_at,
        "original_note": earlier.original_note,
    }


def _copy_content(earlier: Response, response: Response) -> None:
    """Everything that was handed in, as a draft; and who had taken on what."""
    for model in (Position, Answer, Attachment, Assignment):
        rows: Any = model.objects.filter(response=earlier).order_by("pk")
        model.objects.bulk_create([_again(row, response) for row in rows])
    points = earlier.points.order_by("number")
    Point.objects.bulk_create([_again(row, response, origin_id=row.pk, change="") for row in points])


def _again(row: Any, response: Response, **changes: Any) -> Any:
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    return type(row)(**{**values, "response_id": response.pk, **changes})


@transaction.atomic
def discard_correction(*, response_id: int, by: User) -> Response:
    """Give up a later version that was begun; what was handed in stands. Notes stay. Returns the one that stands."""
    response = lock_draft(response_id, by)
    earlier = response.supersedes
    if earlier is None:
        raise WrongState(_("Det här är ert första svar. Det finns inget tidigare att gå tillbaka till."))
    files = set(response.attachments.values_list("file", flat=True))
    keep_notes(response, earlier)
    for job_id in response.intakes.filter(state__in=OPEN).values_list("pk", flat=True):
        cancel_intake(job_id=job_id, by=by)
    response.intakes.update(response=earlier, attached=False)  # kept, but no part of what was handed in
    record(by=by, verb="discard_correction", obj=earlier, actor=response.actor, private_to=response.actor)
    try:
        with transaction.atomic():
            response.delete()
    except ProtectedError as error:
        raise WrongState(_("Ett dokument har lästs in i den här versionen, så den kan inte tas bort.")) from error
    attachments.forget(files)
    ring_gone(response_id, response.round_id)
    return earlier


def keep_notes(response: Response, earlier: Response) -> None:
    """Notes of a version that is given up stay, with the version before it."""
    for note in InternalNote.objects.filter(response=response).select_related("point"):
        note.response_id, note.point_id = earlier.pk, note.point.origin_id if note.point else None
        note.save(update_fields=["response", "point"])
