"""Reading a strategy's register."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from actors.domain.sorting import sort_key
from actors.models import PASSING_KINDS, Actor, ActorKind, County, Membership
from strategies.models import Strategy, StrategyActor

FIRST = (ActorKind.REGION, ActorKind.COUNTY_BOARD, ActorKind.MUNICIPALITY)
ORDER = (*FIRST, *(kind for kind in ActorKind if kind not in FIRST))


@dataclass(frozen=True)
class Group:
    """The actors of one kind, in Swedish order."""

    kind: str
    label: str
    entries: list[StrategyActor]


def entries_of(
    strategy: Strategy, *, words: str = "", kind: str = "", missing: bool = False
) -> QuerySet[StrategyActor]:
    """The register with actor, number of people and people; filtered by words in name or address, kind, and missing address."""
    rows = strategy.taking_part.select_related("actor")
    if words:
        rows = rows.filter(
            Q(actor__name__icontains=words)
            | Q(actor__email__icontains=words)
            | Q(actor__sort_key__contains=sort_key(words) or "-")
        )
    if kind:
        rows = rows.filter(kind=kind)
    if missing:
        rows = rows.filter(actor__email="")
    people = Membership.objects.filter(until=None).select_related("user").order_by("user__name", "role")
    return rows.prefetch_related(Prefetch("actor__memberships", people, to_attr="people")).order_by(
        "actor__sort_key", "pk"
    )


def grouped(entries: QuerySet[StrategyActor]) -> list[Group]:
    """The entries by kind, in the order of the kinds; kinds without entries are left out."""
    by_kind: dict[str, list[StrategyActor]] = {}
    for entry in entries:
        by_kind.setdefault(entry.kind, []).append(entry)
    return [Group(kind.value, str(kind.label), by_kind[kind]) for kind in ORDER if kind in by_kind]


def counts_of(strategy: Strategy) -> dict[str, int]:
    """How many actors of each kind."""
    return dict(strategy.taking_part.values_list("kind").annotate(n=Count("pk")))


def possible_neighbours(strategy: Strategy) -> QuerySet[County]:
    """Counties whose region is not in the register yet, outside the strategy's own; fictional ones only among their like."""
    own = strategy.counties.all()
    there = strategy.taking_part.filter(actor__kind="region").values("actor__county_id")
    return County.objects.exclude(pk__in=own).exclude(pk__in=there).order_by("name")


def known_elsewhere(strategy: Strategy, words: str, most: int = 10) -> list[Actor]:
    """Organisations that the platform knows but this register lacks, whose name holds the words."""
    rows = Actor.objects.exclude(pk__in=strategy.taking_part.values("actor_id"))
    rows = rows.exclude(kind__in=[ActorKind.MUNICIPALITY, *PASSING_KINDS])
    return list(rows.filter(name__icontains=words)[:most]) if len(words) > 1 else []
