"""Who sees which response, and when. The one place that answers it; lists use the same rule as a filter.

A response that is being written belongs to its own organisation only (the region sees one that it enters itself for
somebody, and the organisation sees that one too). Once submitted the region sees it at once; everyone
does when the round says so. Internal notes never leave the organisation.
"""

from datetime import datetime

from django.db.models import Q

from actors.models import User
from actors.queries.roles import roles_of
from consultations.models import ConsultationRound, DialogueMeeting, Invitation, PublicWhen, Response, RoundKind, Stream
from consultations.states import HANDED_IN, ModerationState, ResponseState, RoundState
from rus_platform.kit import clock
from rus_platform.kit.prepared import Prepared


def deadline_of(round_: ConsultationRound, own: datetime | None = None) -> datetime | None:
    """When answers must be in: the round's closing, or the consultee's ``own`` time (``own_deadline``) when that is later."""
    return max(filter(None, (round_.closes_at, own)), default=None)


_own_times = Prepared(
    lambda round_id, actor_id: Invitation.objects.filter(round_id=round_id, actor_id=actor_id).values_list("closes_at"),
    -1,
    -2,
)


def own_deadline(round_id: int, actor_id: int) -> datetime | None:
    """The time that an extension has given this organisation, None when it has the round's. One query."""
    rows = _own_times(round_id, actor_id)
    return rows[0][0] if rows else None


def is_open(round_: ConsultationRound, at: datetime | None = None, *, own: datetime | None = None) -> bool:
    """Whether an answer is in time now, or was when it came in (``at``). Asks the clock, so a stopped worker changes nothing.

    Without ``own`` for consultees in general; with it for the one who has it. The one place that knows what "in time" is.
    """
    ends = deadline_of(round_, own)
    if round_.state == RoundState.CLOSED and at is None:
        ends = own  # the round's own time is over, whatever the clock says
    running = round_.state in (RoundState.OPEN, RoundState.CLOSED)
    return running and ends is not None and (at or clock.now()) <= ends


def takes_answers(round_: ConsultationRound, at: datetime | None = None, *, own: datetime | None = None) -> bool:
    """Whether an answer that comes now (or ``at``) is taken, in time or late. Late ones until the round is settled."""
    late = round_.accepts_late and round_.state in (RoundState.OPEN, RoundState.CLOSED)
    return late or is_open(round_, at, own=own)


def takes_response(response: Response, at: datetime | None = None) -> bool:
    """Whether this response may be written and handed in now. For one that the region enters, what counts is when it
    reached the region: it is written in afterwards, even when the round has closed, until the round is settled."""
    round_ = response.round
    if response.stream == Stream.PUBLIC:
        return is_open(round_, at)  # the public's answers end with the hour
    if response.stream == Stream.MEETING:
        return round_.state != RoundState.SETTLED  # dialogue begins before the round and ends when it is settled
    own = own_deadline(response.round_id, response.actor_id)
    if response.received_at is None:
        return takes_answers(round_, at, own=own)
    in_time = is_open(round_, response.received_at, own=own)
    return round_.state in (RoundState.OPEN, RoundState.CLOSED) and (in_time or round_.accepts_late)


def is_late(response: Response, arrived: datetime) -> bool:
    """Whether it came after the announced hour, or after the organisation's own: by arrival here, or at the region for one
    that was entered."""
    if response.stream == Stream.MEETING:
        return False
    own = own_deadline(response.round_id, response.actor_id)
    return not is_open(response.round, response.received_at or arrived, own=own)


def is_public_round(round_: ConsultationRound) -> bool:
    """A round is public from its opening: what is asked, of whom, by when. A draft that is shared for comments never is."""
    return round_.state != RoundState.PREPARING and round_.kind != RoundKind.SHARING


def public_rounds() -> Q:
    """``is_public_round`` as a filter on ConsultationRound."""
    return ~Q(state=RoundState.PREPARING) & ~Q(kind=RoundKind.SHARING)


def answers_are_public(round_: ConsultationRound) -> bool:
    """Whether everyone may read the submitted responses."""
    if round_.kind == RoundKind.SHARING:
        return False
    if round_.public_when == PublicWhen.CLOSED:
        return round_.state in (RoundState.CLOSED, RoundState.SETTLED)
    return round_.public_when == PublicWhen.SETTLED and round_.state == RoundState.SETTLED


def can_see_round(user: User, round_: ConsultationRound) -> bool:
    """Before the opening only the region's own people; a draft that is shared for comments also those it is shared with."""
    roles = roles_of(user)
    if is_public_round(round_) or round_.version.strategy.owner_id in roles:
        return True
    opened = round_.state != RoundState.PREPARING
    return opened and bool(roles) and round_.invitations.filter(actor_id__in=list(roles)).exists()


def is_published(response: Response) -> bool:
    """Whether the region has let it through. Only what the public answers waits for that; a corrected answer waits anew, and
    the one it replaces is no longer shown."""
    if response.stream == Stream.MEETING:
        meeting = getattr(
            response, "meeting", None
        )  # what was handed over again has taken the place of what was before
        return meeting is not None and meeting.public
    if response.stream != Stream.PUBLIC:
        return True
    return response.state == ResponseState.SUBMITTED and response.moderation.state == ModerationState.PUBLISHED


def is_in_region(user: User, round_: ConsultationRound) -> bool:
    """Whether the person belongs to the region that holds the round."""
    return round_.version.strategy.owner_id in roles_of(user)


def can_see_participant(user: User, round_: ConsultationRound) -> bool:
    """The name and address of somebody who answers as the public: the region's own people, nobody else."""
    return is_in_region(user, round_)


def can_see_response(user: User, response: Response) -> bool:
    """See the docstring of this module: own organisation, region when submitted, everyone when public."""
    roles = roles_of(user)
    if response.actor_id in roles:
        return True
    in_region = response.round.version.strategy.owner_id in roles
    if response.state not in HANDED_IN:
        return in_region and response.entered_by_id is not None
    return in_region or (answers_are_public(response.round) and is_published(response))


def can_see_notes(user: User, response: Response) -> bool:
    """Internal notes: the organisation's own people, whatever the state."""
    return response.actor_id in roles_of(user)


def can_see_redacted(user: User, response: Response) -> bool:
    """Words that are masked for the public: the region, and whoever wrote them."""
    return can_see_original(user, response)


def can_see_meeting(user: User, meeting: DialogueMeeting) -> bool:
    """The region, and everyone when the meeting is shown to all and the round is public."""
    return is_in_region(user, meeting.round) or (meeting.public and is_public_round(meeting.round))


def can_see_original(user: User, response: Response) -> bool:
    """The note about the original of an entered answer: the region, and the organisation it is from."""
    roles = roles_of(user)
    return response.actor_id in roles or response.round.version.strategy.owner_id in roles


def can_see_dispositions(user: User, round_: ConsultationRound) -> bool:
    """Decisions are the region's own work until the round is settled; then everyone sees them."""
    return round_.state == RoundState.SETTLED or round_.version.strategy.owner_id in roles_of(user)


PUBLISHED = (
    Q(stream=Stream.CONSULTEE)
    | Q(stream=Stream.MEETING, meeting__public=True)
    | Q(stream=Stream.PUBLIC, state=ResponseState.SUBMITTED, moderation__state=ModerationState.PUBLISHED)
)


def visible_responses(user: User) -> Q:
    """``can_see_response`` as a filter on Response."""
    mine = list(roles_of(user))
    public = Q(round__public_when=PublicWhen.CLOSED, round__state__in=[RoundState.CLOSED, RoundState.SETTLED]) | Q(
        round__public_when=PublicWhen.SETTLED, round__state=RoundState.SETTLED
    )
    submitted = Q(state__in=HANDED_IN)
    public &= ~Q(round__kind=RoundKind.SHARING)
    in_region = Q(round__version__strategy__owner_id__in=mine)
    return (
        Q(actor_id__in=mine)
        | (in_region & Q(entered_by__isnull=False))
        | (submitted & (in_region | (public & PUBLISHED)))
    )
