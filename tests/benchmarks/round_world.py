"""A round with very many consultees, made by the real verbs, for the benchmarks of a round."""

from typing import Any


def many_consultees(code: str, number: int) -> Any:
    """A described round in preparation whose list holds ``number`` organisations with addresses."""
    from actors.domain.sorting import sort_key  # all of these once Django is set up
    from actors.models import Actor
    from consultations.domain import invitations
    from rus_platform.kit import clock
    from strategies.models import StrategyActor
    from tests.factories import consultations as make

    world = make.make_round(code)
    rows = Actor.objects.bulk_create(
        Actor(
            kind="civil_society", name=f"Förening {code}-{n:04}", email=f"f{n}@sago{code}.example",
            sort_key=sort_key(f"Förening {code}-{n:04}"),
        )
        for n in range(number - 1)
    )  # fmt: skip
    Actor.counties.through.objects.bulk_create(Actor.counties.through(actor_id=row.pk, county_id=code) for row in rows)
    StrategyActor.objects.bulk_create(
        StrategyActor(strategy=world.strategy, actor=row, kind=row.kind, added_at=clock.now()) for row in rows
    )
    invitations.invite_actors(round_id=world.round.pk, actor_ids=[row.pk for row in rows], by=world.leader)
    return world
