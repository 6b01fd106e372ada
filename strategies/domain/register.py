"""A strategy's register: which organisations take part in it, and as what."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain import register as organisations
from actors.domain.audit import record
from actors.models import PASSING_KINDS, Actor, ActorKind, User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock
from strategies import rules
from strategies.models import Section, Strategy, StrategyActor


def _open_register(strategy_id: int, by: User) -> Strategy:
    """The locked strategy, for somebody who may change its register."""
    strategy = lock(Strategy.objects.filter(pk=strategy_id).select_related("owner"))
    if not rules.can_edit(fresh(by), strategy):
        raise Forbidden(_("Bara regionens processledare och handläggare kan ändra aktörsregistret."))
    return strategy


@transaction.atomic
def add_to_register(*, strategy_id: int, by: User, kind: str, name: str, email: str = "") -> StrategyActor:
    """A new organisation, in the register. One that the platform knows already is taken in as it is, once.

    Raises Forbidden; Invalid (``kind``, ``name``, ``email``); Conflict when it is in the register.
    """
    strategy = _open_register(strategy_id, by)
    try:
        codes = list(strategy.counties.values_list("code", flat=True)) if kind in LOCAL_KINDS else []
        with transaction.atomic():
            actor = organisations.add_actor(kind=kind, name=name, by=by, email=email, county_codes=codes)
    except Conflict as known:
        actor = Actor.objects.get(pk=known.data["likely"][0])
    return _take_in(strategy, actor, kind if actor.kind in organisations.FREE_KINDS else actor.kind, by)


# These work in the strategy's own counties; the others may work anywhere.
LOCAL_KINDS = frozenset({ActorKind.MUNICIPAL_ASSOCIATION, ActorKind.CIVIL_SOCIETY, ActorKind.BUSINESS})


@transaction.atomic
def add_known_to_register(*, strategy_id: int, by: User, actor_id: int) -> StrategyActor:
    """An organisation that the platform knows. A region from outside is a neighbour. Raises Forbidden, Conflict."""
    strategy = _open_register(strategy_id, by)
    actor = lock(Actor.objects.filter(pk=actor_id).exclude(kind__in=PASSING_KINDS))
    at_home = strategy.counties.filter(code=actor.county_id).exists()
    kind = ActorKind.NEIGHBOUR if actor.kind == ActorKind.REGION and not at_home else actor.kind
    return _take_in(strategy, actor, kind, by)


@transaction.atomic
def add_neighbours(*, strategy_id: int, by: User, county_codes: Iterable[str]) -> list[StrategyActor]:
    """Neighbouring regions, by county; those already there stay. Raises Forbidden, Invalid for the strategy's own county."""
    strategy = _open_register(strategy_id, by)
    codes = list(county_codes)
    counties = {county.pk: county for county in organisations.locked_counties(codes)}
    if strategy.counties.filter(code__in=codes).exists():
        text = _("Det egna länet kan inte vara ett angränsande län.")
        raise Invalid(text, {"counties": text})
    known = set(
        strategy.taking_part.filter(actor__county__in=counties, actor__kind="region").values_list(
            "actor__county_id", flat=True
        )
    )
    wanted = [code for code in codes if code not in known]
    if not wanted:
        return []
    regions = [actor for actor in organisations.actors_of_counties(wanted, by) if actor.kind == ActorKind.REGION]
    return [_take_in(strategy, region, ActorKind.NEIGHBOUR, by) for region in regions]


def _take_in(strategy: Strategy, actor: Actor, kind: str, by: User) -> StrategyActor:
    if StrategyActor.objects.filter(strategy=strategy, actor=actor).exists():
        text = _("%(name)s finns redan i registret.") % {"name": actor.name}
        raise Conflict(text, actor_id=actor.pk)
    row = StrategyActor.objects.create(strategy=strategy, actor=actor, kind=kind, added_at=clock.now(), added_by=by)
    record(by=by, verb="add_to_register", obj=strategy, strategy_id=strategy.pk, actor=strategy.owner, name=actor.name)
    return row


@transaction.atomic
def change_in_register(*, entry_id: int, by: User, name: str, email: str) -> StrategyActor:
    """Correct an organisation's name or address. One with administrators of its own looks after that itself.

    Raises Forbidden, Invalid (``name``, ``email``).
    """
    entry, strategy = _entry(entry_id, by)
    if not rules.can_change_organisation(fresh(by), strategy, entry.actor):
        raise Forbidden(
            _("%(name)s har egna administratörer på plattformen, som själva ändrar uppgifterna.")
            % {"name": entry.actor}
        )
    entry.actor = organisations.change_actor(actor_id=entry.actor_id, by=by, name=name, email=email)
    record(
        by=by, verb="change_in_register", obj=strategy, strategy_id=strategy.pk, actor=strategy.owner, name=entry.actor.name
    )  # fmt: skip
    return entry


@transaction.atomic
def remove_from_register(*, entry_id: int, by: User) -> StrategyActor:
    """Take an organisation out of the register. What it has said and done stays.

    Raises Forbidden; WrongState for the owner and for one that is responsible for a goal in the draft.
    """
    entry, strategy = _entry(entry_id, by)
    if entry.actor_id == strategy.owner_id:
        raise WrongState(_("Regionen som äger strategin är alltid med i registret."))
    goals = Section.objects.filter(
        version__strategy=strategy, version__status="working", removed_at=None, responsible=entry.actor_id
    )
    if goal := goals.first():
        raise WrongState(
            _("%(name)s är ansvarig för ”%(goal)s”. Ändra det först.") % {"name": entry.actor, "goal": goal.title}
        )
    entry.delete()
    record(
        by=by, verb="remove_from_register", obj=strategy, strategy_id=strategy.pk, actor=strategy.owner, name=entry.actor.name
    )  # fmt: skip
    return entry


def _entry(entry_id: int, by: User) -> tuple[StrategyActor, Strategy]:
    """An entry and its strategy, locked in that order: strategy first, as every verb of the register does."""
    found = StrategyActor.objects.filter(pk=entry_id).values_list("strategy_id", flat=True).first()
    strategy = _open_register(found or 0, by)
    return lock(StrategyActor.objects.filter(pk=entry_id).select_related("actor")), strategy
