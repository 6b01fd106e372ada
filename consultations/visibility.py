"""Who sees which response, and when. The one place that answers it; lists use the same rule as a filter.

A response that is being written belongs to its own organisation only. Once submitted the region sees it at once; everyone
does when the round says so. Internal notes never leave the organisation.
"""

from datetime import datetime

from django.db.models import Q

from actors.models import User
from actors.queries.roles import roles_of
from consultations.models import ConsultationRound, PublicWhen, Response
from consultations.states import HANDED_IN, RoundState
from rus_platform.kit import clock


def is_open(round_: ConsultationRound, at: datetime | None = None) -> bool:
    """Whether answers are in time now. Asks the clock, so a stopped worker changes nothing."""
    at = at or clock.now()
    return round_.state == RoundState.OPEN and round_.closes_at is not None and at <= round_.closes_at


def takes_answers(round_: ConsultationRound, at: datetime | None = None) -> bool:
    """Whether an answer that comes now (or ``at``) is taken, in time or late. Late ones until the round is settled."""
    late = round_.accepts_late and round_.state in (RoundState.OPEN, RoundState.CLOSED)
    return is_open(round_, at) or late


def is_public_round(round_: ConsultationRound) -> bool:
    """A round is public from its opening: what is asked, of whom, by when."""
    return round_.state != RoundState.PREPARING


def answers_are_public(round_: ConsultationRound) -> bool:
    """Whether everyone may read the submitted responses."""
    if round_.public_when == PublicWhen.CLOSED:
        return round_.state in (RoundState.CLOSED, RoundState.SETTLED)
    return round_.public_when == PublicWhen.SETTLED and round_.state == RoundState.SETTLED


def can_see_round(user: User, round_: ConsultationRound) -> bool:
    """Before the opening only the region's own people."""
    return is_public_round(round_) or round_.version.strategy.owner_id in roles_of(user)


def can_see_response(user: User, response: Response) -> bool:
    """See the class docstring of this module: own organisation, region when submitted, everyone when public."""
    roles = roles_of(user)
    if response.actor_id in roles:
        return True
    if response.state not in HANDED_IN:
        return False
    return response.round.version.strategy.owner_id in roles or answers_are_public(response.round)


def can_see_notes(user: User, response: Response) -> bool:
    """Internal notes: the organisation's own people, whatever the state."""
    return response.actor_id in roles_of(user)


def can_see_dispositions(user: User, round_: ConsultationRound) -> bool:
    """Decisions are the region's own work until the round is settled; then everyone sees them."""
    return round_.state == RoundState.SETTLED or round_.version.strategy.owner_id in roles_of(user)


def visible_responses(user: User) -> Q:
    """``can_see_response`` as a filter on Response."""
    mine = list(roles_of(user))
    public = Q(round__public_when=PublicWhen.CLOSED, round__state__in=[RoundState.CLOSED, RoundState.SETTLED]) | Q(
        round__public_when=PublicWhen.SETTLED, round__state=RoundState.SETTLED
    )
    submitted = Q(state__in=HANDED_IN)
    return Q(actor_id__in=mine) | (submitted & (Q(round__version__strategy__owner_id__in=mine) | public))
