"""Dialogue meetings as lists."""

from typing import Any

from django.db.models import Count, QuerySet, Sum

from consultations.models import ConsultationRound, DialogueMeeting
from consultations.states import MeetingState
from strategies.models import StrategyActor


def meetings_of(round_: ConsultationRound) -> QuerySet[DialogueMeeting]:
    """Every meeting of the round in order of time, with ``n_guests``, ``n_people`` and ``n_points``. One query."""
    return round_.meetings.annotate(
        n_guests=Count("guests", distinct=True), n_points=Count("response__points", distinct=True)
    ).select_related("response")


def public_meetings(round_: ConsultationRound) -> list[DialogueMeeting]:
    """Those that everyone may know of, with ``n_people`` (None when nobody has counted). One query."""
    rows = round_.meetings.filter(public=True).annotate(n_people=Sum("guests__people"))
    return list(rows)


def meeting_of(meeting_id: int) -> DialogueMeeting | None:
    """A meeting with all that the rules ask about. One query."""
    rows = DialogueMeeting.objects.select_related("round__version__strategy__owner", "response")
    return rows.filter(pk=meeting_id).first()


def register_choices(round_: ConsultationRound) -> list[tuple[int, str]]:
    """(id, name) of every actor in the strategy's register but the region. One query."""
    rows = StrategyActor.objects.filter(strategy_id=round_.version.strategy_id)
    rows = rows.exclude(actor_id=round_.version.strategy.owner_id).select_related("actor").order_by("actor__sort_key")
    return [(row.actor_id, row.actor.name) for row in rows]


def people_in(guests: list[Any]) -> int:
    """How many came, as far as anybody has said."""
    return sum(guest.people or 0 for guest in guests)


def is_over(meeting: DialogueMeeting) -> bool:
    return meeting.state in (MeetingState.HELD, MeetingState.HANDED_OVER)
