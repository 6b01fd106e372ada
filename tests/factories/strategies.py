"""Strategies in the states that tests need."""

from itertools import count

from actors.models import Actor, Role, User
from strategies.domain.outline_templates import KEYS
from strategies.domain.spaces import create_strategy
from strategies.models import Strategy, Version
from tests.factories.actors import make_person, make_region

NUMBERS = count(1)


def make_strategy(
    region: Actor | None = None, *, by: User | None = None, title: str = "", chapters: tuple[str, ...] = KEYS
) -> Strategy:
    """A strategy of the region (made when None) with its register and "Utkast 1", created by ``by`` (made: a leader)."""
    region = region or make_region()
    by = by or make_person(region, Role.LEADER)
    return create_strategy(
        by=by, county_codes=[region.county_id], title=title or f"Regional utvecklingsstrategi {next(NUMBERS)}",
        horizon_from=2026, horizon_to=2040, chapters=chapters,
    )  # fmt: skip


def working_version(strategy: Strategy) -> Version:
    """The draft of the strategy."""
    return strategy.versions.get(status="working")
