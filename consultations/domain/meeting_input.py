"""What was said at a meeting, as points in the same flow as everybody's: each gets a decision and a public reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.sorting import sort_key
from actors.models import Actor, ActorKind, User
from consultations.domain import corrections, responses
from consultations.domain.meetings import lock_meeting
from consultations.models import Channel, DialogueMeeting, MeetingGuest, Point, Response, Stream
from consultations.states import MEETING_STATES, MeetingState
from rus_platform.kit import clock
from rus_platform.kit.errors import Invalid, NotFound, WrongState
from rus_platform.kit.wording import own_language


@transaction.atomic
def add_input(
    *, meeting_id: int, by: User, text: str, kind: str = "remark", section_id: int | None = None, said_by_id: int | None = None
) -> Point:  # fmt: skip
    """Write down something that was said; ``said_by_id``: an actor of the register, when it is known who.

    Raises Forbidden, WrongState (not held, handed over), NotFound, Invalid.
    """
    meeting = lock_meeting(meeting_id, by)
    if meeting.state != MeetingState.HELD:
        raise WrongState(_("Synpunkter skrivs in när mötet har hållits, och tills de har lämnats vidare."))
    said_by = None
    if said_by_id is not None:
        said_by = Actor.objects.filter(pk=said_by_id, taking_part_in=meeting.round.version.strategy).first()
        if said_by is None:
            raise NotFound(_("Aktören finns inte i strategins register."))
    response = working_response(meeting) or _begin(meeting, by)
    point = responses.add_point(response_id=response.pk, by=by, text=text, kind=kind, section_id=section_id)
    if said_by is not None:
        point.said_by = said_by
        point.save(update_fields=["said_by"])
        MeetingGuest.objects.get_or_create(meeting=meeting, actor=said_by)
    return point


@own_language()
def _begin(meeting: DialogueMeeting, by: User) -> Response:
    """The response that carries what was said, by the meeting's own name."""
    day = date_format(timezone.localtime(meeting.starts_at), "j F Y")
    name = _("Dialogmöte: %(title)s, %(day)s") % {"title": meeting.title, "day": day}
    actor = Actor(
        kind=ActorKind.MEETING, name=name[:160], sort_key=sort_key(name), fictional=meeting.round.version.strategy.owner.fictional
    )  # fmt: skip
    actor.save()
    response = Response.objects.create(
        round=meeting.round, actor=actor, stream=Stream.MEETING, channel=Channel.MEETING, received_at=meeting.starts_at,
        entered_by=by, created_at=clock.now(), created_by=by,
    )  # fmt: skip
    meeting.response = response
    meeting.save(update_fields=["response"])
    return response


@transaction.atomic
def remove_input(*, meeting_id: int, point_id: int, by: User) -> None:
    """Take away what was written down by mistake, before it is handed on."""
    meeting = lock_meeting(meeting_id, by)
    response = working_response(meeting)
    if response is None or not response.points.filter(pk=point_id, origin=None).exists():
        raise NotFound(_("Synpunkten finns inte längre, eller så är den redan lämnad till bemötandet."))
    responses.remove_point(point_id=point_id, by=by)


@transaction.atomic
def hand_over_input(*, meeting_id: int, by: User) -> DialogueMeeting:
    """What was said goes to the list of points, numbered as the meeting's, to be decided. Fixed from now on.

    After ``take_up_input`` what is new joins what was handed on before, which keeps its decisions; without anything new
    all is as it was. Raises Forbidden, WrongState, Invalid (nothing written down).
    """
    meeting = lock_meeting(meeting_id, by)
    MEETING_STATES.check(meeting.state, MeetingState.HANDED_OVER)
    response = working_response(meeting)
    if response is None or not response.points.exists():
        raise Invalid(_("Skriv in minst en synpunkt från mötet först."))
    meeting.state = MeetingState.HANDED_OVER
    meeting.save(update_fields=["state"])
    if response.supersedes_id is not None and not response.points.filter(origin=None).exists():
        corrections.discard_correction(response_id=response.pk, by=by)
    else:
        meeting.response = responses.submit_response(response_id=response.pk, by=by)
    meeting.save(update_fields=["response"])
    record(by=by, verb="hand_over_input", obj=meeting, strategy_id=meeting.round.version.strategy_id)
    return meeting


@transaction.atomic
def take_up_input(*, meeting_id: int, by: User) -> DialogueMeeting:
    """Something was forgotten: more can be written down and handed over. What was handed over stands meanwhile, and after;
    what is added says who added it and when. Raises Forbidden, WrongState (not handed over, the round is settled).
    """
    meeting = lock_meeting(meeting_id, by)
    MEETING_STATES.check(meeting.state, MeetingState.HELD)
    corrections.start_correction(response_id=meeting.response_id or 0, by=by)
    meeting.state = MeetingState.HELD
    meeting.save(update_fields=["state"])
    record(by=by, verb="take_up_input", obj=meeting, strategy_id=meeting.round.version.strategy_id)
    return meeting


def working_response(meeting: DialogueMeeting) -> Response | None:
    """Where what was said is written down now: the draft after what was handed over, else the meeting's own."""
    response = meeting.response
    if response is None or response.submitted_at is None:
        return response
    return Response.objects.filter(supersedes=response).first() or response
