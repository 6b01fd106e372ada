"""Opening a round to 200 and to 2,000 consultees, all letters queued in the same transaction; and reminding them all.

The peer is the physical limit: as many rows of letters, links and invitations written by plain bulk inserts.
"""

from __future__ import annotations

from typing import Any


def run(emit: Any, ctx: Any) -> None:
    ctx.setup_django("round")
    from django.db import connection  # all of these once Django is set up
    from django.test.utils import CaptureQueriesContext

    from actors.models import OutgoingMail
    from consultations.domain import reminders, rounds
    from tests.benchmarks.round_world import many_consultees

    queries = {}
    for code, number in (("94", 20), ("92", 200), ("93", 2_000)):
        world = many_consultees(code, number)
        with CaptureQueriesContext(connection) as seen:
            opened = ctx.seconds(lambda: rounds.open_round(round_id=world.round.pk, by=world.leader))  # noqa: B023
        queries[number] = len(seen)
        sent = OutgoingMail.objects.filter(key__startswith="invitation:").count()
        ctx.say(f"{number}: {opened:.2f} s, {sent} letters queued")
        if number == 20:
            continue  # the first one warms up
        peer = ctx.seconds(lambda: plain(number))  # noqa: B023
        against = f"plain bulk inserts of as many rows ({peer:.2f} s)"
        emit("open_seconds", opened, "s", size=f"{number} consultees", peer=against, ratio=opened / peer)
        remind = ctx.seconds(lambda: reminders.remind_missing(round_id=world.round.pk, by=world.leader))  # noqa: B023
        emit("remind_seconds", remind, "s", size=f"{number} consultees")
        emit("queries", queries[number], "queries", size=f"{number} consultees")
    if queries[200] != queries[20]:
        raise AssertionError(f"More consultees make more queries: {queries}")


def plain(number: int) -> None:
    """The same amount of writing with nothing thought."""
    from actors.models import Actor, OutgoingMail, PersonalLink  # once Django is set up
    from rus_platform.kit import clock

    now, actor = clock.now(), Actor.objects.first()
    text = "Till\n\n" + "Vi vill veta vad ni tycker. " * 40
    PersonalLink.objects.bulk_create(
        PersonalLink(
            token_sha256=f"plain-{number}-{n}", actor=actor, email="a@b.example", purpose="plain", target="/", created_at=now,
            expires_at=now,
        )
        for n in range(number)
    )  # fmt: skip
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            key=f"plain-{number}-{n}",
            to="a@b.example",
            subject="Inbjudan",
            text=text,
            next_attempt_at=now,
            created_at=now,
        )
        for n in range(number)
    )
