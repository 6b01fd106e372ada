"""Whose answers can be entered."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from consultations.models import ConsultationRound, Response
from consultations.states import ResponseState
from strategies.models import StrategyActor


def actors_to_enter(round_: ConsultationRound) -> list[tuple[str, list[tuple[int, str]]]]:
    """Groups of (actor id, name) for a select: those invited who have not answered, and the rest of the register.

    Whoever is being entered already is left out. Two queries.
    """
    taken = Response.objects.filter(round=round_, actor=OuterRef("actor")).exclude(
        state=ResponseState.DRAFTING, entered_by=None
    )
    invited = round_.invitations.select_related("actor").annotate(taken=Exists(taken)).order_by("actor__sort_key")
    rows = list(invited)
    known = {row.actor_id for row in rows} | {round_.version.strategy.owner_id}
    others = StrategyActor.objects.filter(strategy_id=round_.version.strategy_id).exclude(actor_id__in=known)
    rest: Any = others.select_related("actor").order_by("actor__sort_key")
    groups = [
        (_("På sändlistan"), [(row.actor_id, row.actor.name) for row in rows if not row.taken]),
        (_("I registret, men inte tillfrågade"), [(row.actor_id, row.actor.name) for row in rest]),
    ]
    return [(label, members) for label, members in groups if members]
