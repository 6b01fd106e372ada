"""Durable commits of a step through the verb, in a small and in a 95,000-character section, by one writer.

The peer is the physical limit: the same number of transactions in the same PostgreSQL that each update one small row
and insert another, with nothing else done.
"""

import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

SECONDS = 4.0


def run(emit: Any, ctx: Any) -> None:
    ctx.setup_django("commit")
    from actors.models import Role  # models can be imported once Django is set up
    from strategies.domain import markup
    from tests.factories.actors import make_person, make_region
    from tests.factories.strategies import make_strategy, working_version
    from tests.factories.texts import make_section, write

    region = make_region("97")
    anna = make_person(region, Role.LEADER)
    version = working_version(make_strategy(region, by=anna))
    sentence = "Länets invånare ska ha goda villkor att bo, arbeta och utbilda sig i hela länet. "
    large = "\n\n".join(f"Stycke {n}. {sentence * 3}" for n in range(380))
    for size, text in (("small section", sentence), ("95,000 characters", large)):
        section = make_section(version, text, by=anna)
        length = sum(len(part) for part in markup.to_markup(section.doc).split("\n"))
        ctx.say(f"{size}: {length} characters")
        step = {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": [{"type": "text", "text": "x"}]}}
        ours = per_second(partial(write, section, anna, step))
        peer = per_second(plain_transaction())
        emit("commits_per_s", ours, "1/s", size=size, peer="plain UPDATE + INSERT per transaction", ratio=ours / peer)


def per_second(call: Callable[[], Any]) -> float:
    """How often ``call`` can be made in a second, after a warm-up."""
    for _ in range(5):
        call()
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        call()
        count += 1
    return count / (time.perf_counter() - started)


def plain_transaction() -> Callable[[], None]:
    """One row updated and one row inserted, committed."""
    from django.db import connection, transaction  # once Django is set up

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_row (id int PRIMARY KEY, n int)")
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_step (id uuid PRIMARY KEY, step text)")
        cursor.execute("INSERT INTO bench_row VALUES (1, 0) ON CONFLICT DO NOTHING")

    def commit() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE bench_row SET n = n + 1 WHERE id = 1")
            cursor.execute("INSERT INTO bench_step VALUES (%s, %s)", [uuid.uuid4(), "x" * 160])

    return commit
