"""Dialogue meetings as lists."""

from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Count, Min, OuterRef, QuerySet, Subquery, Sum, When

from actors.models import User
from actors.queries.events import Told, events_of, told
from consultations.models import ConsultationRound, DialogueMeeting, MeetingGuest, MeetingHost, Response
from consultations.states import MeetingState
from strategies.models import StrategyActor


def meetings_of(round_: ConsultationRound) -> QuerySet[DialogueMeeting]:
    """Every meeting of the round in order of time, with ``n_points``, ``n_coming`` and ``is_other`` (somebody else's). One query."""
    coming = MeetingGuest.objects.filter(meeting=OuterRef("pk"), coming__isnull=False).order_by().values("meeting")
    return round_.meetings.annotate(
        n_points=Count("response__points", distinct=True),
        n_coming=Subquery(coming.annotate(n=Sum("coming")).values("n")),
        is_other=Case(When(host=MeetingHost.OTHER, then=True), default=False, output_field=BooleanField()),
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


def coming_in(guests: list[Any]) -> dict[str, int]:
    """What those invited have said: how many organisations say ``yes``, ``no`` or nothing (``silent``), and ``people``."""
    invited = [guest for guest in guests if guest.invited_at]
    said = [guest.answer for guest in invited]
    return {
        "yes": said.count("yes"), "no": said.count("no"), "silent": said.count(""),
        "people": sum(guest.coming or 0 for guest in invited),
    }  # fmt: skip


def first_handed_over(meeting: DialogueMeeting) -> datetime | None:
    """When what was said was handed on for the first time; None: not yet. One query."""
    if meeting.response is None:
        return None
    rows = Response.objects.filter(actor=meeting.response.actor_id, submitted_at__isnull=False)
    return rows.aggregate(first=Min("submitted_at"))["first"]


def added_late(viewer: User, meeting: DialogueMeeting, handed_over: datetime | None) -> list[Told]:
    """What was done with the meeting after that, newest first, in words. One query, or none."""
    if handed_over is None:
        return []
    rows = events_of(viewer, obj=meeting).filter(at__gt=handed_over).exclude(verb="hand_over_input", at=handed_over)
    return [told(event) for event in rows[:50]]


def is_over(meeting: DialogueMeeting) -> bool:
    return meeting.state in (MeetingState.HELD, MeetingState.HANDED_OVER)
