"""The organisation's own chain: the officers are done, a body decides, somebody hands in. Small ones skip the middle."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.notify import notify
from actors.models import Role, User
from actors.queries.roles import fresh, people_with
from consultations import rules
from consultations.domain.completeness import check_complete
from consultations.domain.doorbell import ring_state
from consultations.domain.responses import check_takes, check_text, lock_draft
from consultations.models import OwnDecision, Response
from consultations.states import IN_WORK, RESPONSE_STATES, ResponseState
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language


def _lock_own(response_id: int, by: User, **options: Any) -> Response:
    """The locked draft of the organisation's own; one that the region enters has no chain, it is registered."""
    response = lock_draft(response_id, by, **options)
    if response.entered_by_id is not None:
        raise WrongState(_("Svaret förs in av regionen, och registreras när det är färdigt."))
    return response


@transaction.atomic
def choose_sign_off(*, response_id: int, by: User, political: bool) -> Response:
    """Say whether a body of the organisation decides on the response before it is handed in."""
    response = _lock_own(response_id, by)
    if response.political != political:
        response.political = political
        response.save(update_fields=["political"])
        record(
            by=by, verb="choose_sign_off", obj=response, actor=response.actor, private_to=response.actor,
            political=political,
        )  # fmt: skip
    return response


@transaction.atomic
def mark_ready(*, response_id: int, by: User) -> Response:
    """The officers are done: the words stand still until they are decided on, handed in or taken back.

    Raises Forbidden, WrongState, Invalid (what is missing).
    """
    response = _lock_own(response_id, by)
    check_complete(response)
    RESPONSE_STATES.check(response.state, ResponseState.READY)
    response.state, response.ready_at, response.ready_by = ResponseState.READY, clock.now(), by
    response.returned_reason, response.returned_by = "", None
    response.save(update_fields=["state", "ready_at", "ready_by", "returned_reason", "returned_by"])
    record(by=by, verb="mark_ready", obj=response, actor=response.actor, private_to=response.actor)
    text = _("Svaret på ”%(round)s” är klart och väntar på beslut.") if response.political else _(
        "Svaret på ”%(round)s” är klart att lämna in."
    )  # fmt: skip
    _tell(response, "response_ready", text, by, Role.SIGNATORY, Role.SECRETARY)
    ring_state(response)
    return response


@transaction.atomic
def return_to_drafting(*, response_id: int, by: User, reason: str) -> Response:
    """Take the response back to be written in, saying why. A decision on it falls. Raises Forbidden, WrongState, Invalid."""
    response = lock_draft(response_id, by, states=IN_WORK)
    RESPONSE_STATES.check(response.state, ResponseState.DRAFTING)
    reason = check_text(reason, "reason")
    if not reason:
        raise Invalid(_("Säg varför."), {"reason": _("Skriv varför, så att kollegorna vet vad som ska ändras.")})
    OwnDecision.objects.filter(response=response).delete()
    response.state, response.returned_reason, response.returned_by = ResponseState.DRAFTING, reason, by
    response.ready_at = response.ready_by = None
    response.save(update_fields=["state", "returned_reason", "returned_by", "ready_at", "ready_by"])
    record(
        by=by, verb="return_to_drafting", obj=response, actor=response.actor, private_to=response.actor, reason=reason
    )
    _tell(response, "response_returned", _("Svaret på ”%(round)s” är tillbaka som utkast."), by, *rules.WRITERS)
    ring_state(response)
    return response


@transaction.atomic
def record_decision(
    *,
    response_id: int,
    by: User,
    body: str,
    decided_on: date,
    paragraph: str = "",
    reservations: str = "",
    own_case_number: str | None = None,
) -> Response:
    """Write in what the body decided about the response as it stands. Raises Forbidden, WrongState, Invalid.

    ``own_case_number`` None leaves the one that is there.
    """
    response = lock(Response.objects.filter(pk=response_id).select_related("actor", "round__version"))
    if not rules.can_record_decision(fresh(by), response):
        raise Forbidden(_("Du kan inte skriva in beslut för organisationen. Be er administratör om en roll."))
    if not response.political:
        raise WrongState(_("Ni har sagt att svaret inte ska beslutas politiskt."))
    RESPONSE_STATES.check(response.state, ResponseState.DECIDED)
    check_takes(response)
    kept = {
        "body": " ".join(body.replace("\x00", "").split())[:120],
        "decided_on": _checked_day(decided_on),
        "paragraph": " ".join(paragraph.replace("\x00", "").split())[:20],
        "reservations": check_text(reservations, "reservations"),
    }
    if not kept["body"]:
        raise Invalid(
            _("Beslutet kunde inte sparas."), {"body": _("Skriv vem som beslutade, till exempel kommunstyrelsen.")}
        )
    OwnDecision.objects.update_or_create(
        response=response, defaults={**kept, "recorded_at": clock.now(), "recorded_by": by}
    )
    response.state = ResponseState.DECIDED
    if own_case_number is not None:
        response.own_case_number = own_case_number.replace("\x00", "").strip()[:40]
    response.save(update_fields=["state", "own_case_number"])
    record(
        by=by, verb="record_decision", obj=response, actor=response.actor, private_to=response.actor,
        body=kept["body"], on=decided_on.isoformat(), paragraph=kept["paragraph"],
    )  # fmt: skip
    _tell(response, "response_decided", _("Svaret på ”%(round)s” är beslutat och kan lämnas in."), by, Role.SIGNATORY)
    ring_state(response)
    return response


def _checked_day(day: date) -> date:
    if day > clock.today():
        raise Invalid(_("Beslutet kunde inte sparas."), {"decided_on": _("Beslutsdagen har inte varit än.")})
    return day


@own_language()
def _tell(response: Response, kind: str, text: str, by: User, *roles: Role) -> None:
    """A notice to colleagues."""
    notify(
        users=people_with(response.actor_id, *roles), kind=kind, text=text % {"round": response.round.title},
        url=f"/svar/{response.pk}/", by=by,
    )  # fmt: skip
