"""Answers that reached the region some other way than here: by letter, telephone, meeting, e-mail or as a file.

An officer writes the answer in with the same verbs as everybody (``responses``), in a response that says who entered it,
how it came and when. When it came decides whether it is late. The organisation is told, and sees it from the first word.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import Actor, User
from actors.queries.roles import fresh
from consultations import rules, visibility
from consultations.domain import attachments, corrections
from consultations.domain.doorbell import ring_board, ring_gone
from consultations.domain.responses import check_open_for_writing
from consultations.models import ENTERED, Channel, ConsultationRound, Invitation, Response, ResponseKind, Stream
from consultations.queries.responses import counting_first
from consultations.states import ResponseState, RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock

LONGEST_NOTE = 20_000


@transaction.atomic
def start_on_behalf(
    *, round_id: int, actor_id: int, by: User, channel: str, received_at: datetime, note: str = ""
) -> Response:
    """A response to write an answer into that came by ``channel`` (one of ENTERED) at ``received_at``; ``note`` says where
    the original is, or quotes it.

    The actor is on the distribution list, or in the strategy's register: then it is put on the list, without a letter.
    Raises Forbidden, NotFound, WrongState, Invalid (``channel``, ``received_at``, ``note``), Conflict (it has an answer).
    """
    round_ = lock(ConsultationRound.objects.filter(pk=round_id).select_related("version__strategy"))
    if not rules.can_enter(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan föra in svar åt andra."))
    if round_.state == RoundState.SETTLED:
        raise WrongState(_("Samrådet är avslutat, så inga fler svar kan föras in."))
    if round_.state == RoundState.PREPARING:
        raise WrongState(_("Samrådet har inte öppnat än."))
    note = _check(round_, channel, received_at, note, visibility.own_deadline(round_.pk, actor_id))
    actor = _invited(round_, actor_id, by)
    response = _free(round_, actor) or Response(round=round_, actor=actor, created_at=clock.now(), created_by=by)
    response.channel, response.received_at = channel, received_at
    response.entered_by, response.original_note = by, note
    response.save()
    record(
        by=by, verb="start_on_behalf", obj=response, strategy_id=round_.version.strategy_id, actor=actor,
        channel=channel, received_at=received_at.isoformat(),
    )  # fmt: skip
    ring_board(round_.pk)
    return response


def _check(round_: ConsultationRound, channel: str, received_at: datetime, note: str, own: datetime | None) -> str:
    """The note, trimmed; Invalid naming each field that is wrong. ``own``: the actor's own deadline."""
    fields: dict[str, Any] = {}
    note = note.replace("\x00", "").strip()
    if channel not in ENTERED:
        fields["channel"] = _("Välj hur svaret kom in.")
    if received_at > clock.now():
        fields["received_at"] = _("Tiden har inte varit än. Ange när svaret kom in till er.")
    elif round_.opened_at is not None and received_at < round_.opened_at:
        fields["received_at"] = _("Samrådet hade inte öppnat då. Kontrollera datumet.")
    elif not round_.accepts_late and not visibility.is_open(round_, received_at, own=own):
        fields["received_at"] = _("Samrådet hade stängt då, och det tar inte emot sena svar.")
    if len(note) > LONGEST_NOTE:
        fields["note"] = _("Högst %(n)s tecken.") % {"n": LONGEST_NOTE}
    if fields:
        raise Invalid(_("Svaret kan inte föras in än."), fields)
    return note


def _invited(round_: ConsultationRound, actor_id: int, by: User) -> Actor:
    """The actor, on the distribution list from now on if it wasn't."""
    known = round_.invitations.filter(actor_id=actor_id).select_related("actor").first()
    if known is not None:
        return known.actor
    actor = Actor.objects.filter(pk=actor_id, taking_part_in=round_.version.strategy).first()
    if actor is None:
        raise NotFound(_("Aktören finns inte i strategins register. Lägg till den där först."))
    Invitation.objects.create(round=round_, actor=actor, email=actor.email)
    record(by=by, verb="list_unasked", obj=round_, strategy_id=round_.version.strategy_id, actor=actor)
    return actor


def _free(round_: ConsultationRound, actor: Actor) -> Response | None:
    """The actor's response when there is one that nobody has written in; None when there is none; Conflict otherwise."""
    versions = counting_first(Response.objects.filter(round=round_, actor=actor))
    known = versions.select_for_update(of=("self",)).first()
    if known is None:
        return None
    if known.state == ResponseState.SUBMITTED:
        raise Conflict(_("%(actor)s har redan svarat.") % {"actor": actor}, response_id=known.pk)
    if known.entered_by_id is not None:
        raise Conflict(_("Ett svar från %(actor)s förs redan in.") % {"actor": actor}, response_id=known.pk)
    if known.state == ResponseState.DRAFTING and _is_empty(known):
        return known
    raise Conflict(
        _("%(actor)s har börjat skriva ett eget svar här. Be dem lämna in det.") % {"actor": actor}, response_id=None
    )


def free_response(round_: ConsultationRound, actor_id: int) -> Response | None:
    """As ``_free``, for an actor by its id: Conflict, in words, when an answer cannot be entered for it."""
    actor = Actor.objects.filter(pk=actor_id).first()
    return _free(round_, actor) if actor is not None else None


def _is_empty(response: Response) -> bool:
    parts = (response.points, response.positions, response.answers)  # notes stay the organisation's own in any case
    return not response.summary and response.revision == 0 and not any(part.exists() for part in parts)


@transaction.atomic
def drop_entry(*, response_id: int, by: User) -> None:
    """Take away an answer that was being entered, by mistake or twice. Raises Forbidden, WrongState.

    What the organisation has noted about it is the organisation's: it stays with the version before, or in a draft of its
    own with nothing else in it.
    """
    response = _lock_entry(response_id)
    if not rules.can_write(fresh(by), response):
        raise Forbidden(_("Bara regionens handläggare kan ta bort det som förs in."))
    record(
        by=by, verb="drop_entry", obj=response, strategy_id=response.round.version.strategy_id, actor=response.actor,
        channel=response.channel,
    )  # fmt: skip
    attachments.forget(set(response.attachments.values_list("file", flat=True)))
    response.intakes.update(response=None)
    ring_gone(response_id, response.round_id)
    if response.supersedes is not None:
        corrections.keep_notes(response, response.supersedes)
    if response.notes.exists():
        _leave_empty(response)
    else:
        response.delete()


def _leave_empty(response: Response) -> None:
    for rows in (response.points, response.positions, response.answers, response.attachments, response.assignments):
        rows.all().delete()
    response.entered_by, response.received_at, response.channel = None, None, Channel.OWN
    response.original_note = response.summary = response.own_case_number = ""
    response.kind, response.revision = ResponseKind.ANSWER, 0
    response.save()


@transaction.atomic
def take_over(*, response_id: int, by: User) -> Response:
    """The organisation's own people go on writing what the region has begun to enter; the region no longer sees it.

    Raises Forbidden; WrongState when it is registered, or when the round takes no answers now.
    """
    response = _lock_entry(response_id)
    if not rules.can_write_for(fresh(by), response.actor):
        raise Forbidden(_("Du kan inte skriva för den organisationen. Be administratören där om en roll."))
    own = visibility.own_deadline(response.round_id, response.actor_id)
    check_open_for_writing(response.round, own=own, actor=response.actor)
    response.channel = Channel.OWN if by.has_usable_password() else Channel.LINK
    response.entered_by = response.received_at = None
    response.save(update_fields=["channel", "entered_by", "received_at"])
    record(
        by=by, verb="take_over", obj=response, strategy_id=response.round.version.strategy_id, actor=response.actor
    )  # fmt: skip
    ring_gone(response.pk, response.round_id)
    return response


def _lock_entry(response_id: int) -> Response:
    """A response that is being entered, locked."""
    rows = Response.objects.filter(pk=response_id).select_related("actor", "round__version__strategy")
    response = lock(rows)
    entered = response.entered_by_id is not None and response.stream == Stream.CONSULTEE
    if not entered or response.state != ResponseState.DRAFTING:
        raise WrongState(_("Det här svaret förs inte in av regionen, eller så är det redan registrerat."))
    return response


def may_be_entered(round_: ConsultationRound) -> bool:
    """Whether the round is in a state where answers can be entered at all (what each came in at decides the rest)."""
    return visibility.is_public_round(round_) and round_.state != RoundState.SETTLED
