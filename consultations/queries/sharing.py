"""Who has taken on what in a response, and whose share one answers for."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from actors.models import User
from consultations.models import Assignment, Response, StandIn
from rus_platform.kit import clock

Shares = dict[str, Assignment]


def key_of(*, section_id: int | None = None, question_id: int | None = None) -> str:
    """The name of a part: "s12", "q3", or "summary" for the answer in short."""
    return f"s{section_id}" if section_id else f"q{question_id}" if question_id else "summary"


def shares_of(response: Response) -> Shares:
    """Part -> who has it. One query."""
    rows = response.assignments.select_related("person", "section", "question")
    return {key_of(section_id=row.section_id, question_id=row.question_id): row for row in rows}


def stand_ins_of(actor_id: int) -> QuerySet[StandIn]:
    """Those who stand in now, with names."""
    rows = StandIn.objects.filter(Q(until=None) | Q(until__gte=clock.today()), actor_id=actor_id, ended_at=None)
    return rows.select_related("person", "stand_in").order_by("person__name")


def answers_for(user: User, stand_ins: Iterable[StandIn]) -> set[int]:
    """Ids of the people whose share is ``user``'s now: her own, and that of those she stands in for."""
    return {user.pk} | {row.person_id for row in stand_ins if row.stand_in_id == user.pk}
