"""The last minute of a round: 300 people of 120 organisations save every few seconds and all 120 answers are handed in, on two web
processes that share two cores with the clients. The round closes in the middle of it.

``lost``: words that were said to be saved and are not there, answers said to be handed in and not, receipts that are missing or
doubled. ``errors``: answers that are neither what was asked for nor a refusal in words because the answer had been handed in.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rus_platform.local.servers import free_port
from rus_platform.local.stack import wait_for_web, web_command
from tests.benchmarks.storm_people import Storm, Writer

ORGANISATIONS, MUNICIPALITIES, PEOPLE = 120, 90, 300
SECONDS = 45.0  # of saving; the answers are handed in during the last two thirds
CLOSES = 40.0  # seconds after the beginning: the last ones are late, and are told so
PAUSE = 5.0  # seconds between a person's saves
PIECES = ("summary", "question", "position")


def run(emit: Any, ctx: Any) -> None:
    ctx.setup_django("storm")
    world = make_storm(ctx)
    ports = [free_port(), free_port()]
    env = {**ctx.env, "ALLOWED_HOSTS": "127.0.0.1", "LOG_LEVEL": "ERROR"}
    for port in ports:
        command = [*web_command("127.0.0.1", port), "--no-access-log"]
        ctx.supervisor.start(f"web {port}", command, env=env, log=Path(ctx.state) / f"web{port}.log")
    for port in ports:
        wait_for_web(ctx.supervisor, f"http://127.0.0.1:{port}/halsa/")
    set_hour(world, CLOSES)
    storm = asyncio.run(play(world, ports))
    for error in sorted(set(storm.errors))[:10]:
        ctx.say(f"error: {error}")
    lost = lost_of(world, storm)
    for line in lost[:10]:
        ctx.say(f"lost: {line}")
    size = f"{PEOPLE} people, {ORGANISATIONS} answers handed in"
    rate = len(storm.saves) / SECONDS
    ctx.say(f"{len(storm.saves)} saves ({rate:.0f}/s), {storm.refused} refused after handing in")
    emit("p50_ms", 1000 * statistics.median(storm.saves), "ms", size=size)
    emit("p99_ms", 1000 * percentile(storm.saves, 99), "ms", size=size)
    emit("submit_p50_ms", 1000 * statistics.median(storm.submits), "ms", size=size)
    emit("submit_p99_ms", 1000 * percentile(storm.submits, 99), "ms", size=size)
    emit("saves_per_s", rate, "1/s", size=size)
    emit("errors", len(storm.errors), "", size=size)
    emit("lost", len(lost), "", size=size)


async def play(world: Any, ports: list[int]) -> Storm:
    """Everybody writes; the signatories hand in, more and more towards the end."""
    storm, chance = Storm(), random.Random(1)
    until = time.perf_counter() + SECONDS
    tasks = []
    for number, (person, place, piece) in enumerate(world.writers):
        cookie, token = person
        writer = Writer(ports[number % 2], cookie, token, place, piece, storm)
        tasks.append(writer.write(until, PAUSE, chance))
    for number, (person, place) in enumerate(world.signatories):
        at = until - SECONDS * 2 / 3 * (1 - chance.random() ** 0.6)
        signatory = Writer(ports[number % 2], *person, place, "summary", storm)
        tasks.append(signatory.hand_in(at))
    await asyncio.gather(*tasks)
    return storm


def make_storm(ctx: Any) -> Any:
    """An open round with 120 answers begun, and everybody signed in."""
    from consultations.domain import invitations, responses, rounds  # all of these once Django is set up
    from rus_platform.kit import clock
    from strategies.models import StrategyActor
    from tests.benchmarks.live_world import sign_in
    from tests.factories import consultations as make
    from tests.factories.actors import make_municipality, make_organisation, make_person

    ctx.say(f"{ORGANISATIONS} organisations and {PEOPLE} people")
    world = make.make_round("95", municipalities=MUNICIPALITIES)
    actors = [make_municipality("95", number) for number in range(1, MUNICIPALITIES + 1)]
    actors += [
        make_organisation(email=f"post{number}@sago.example") for number in range(ORGANISATIONS - MUNICIPALITIES)
    ]
    StrategyActor.objects.bulk_create(
        StrategyActor(strategy=world.strategy, actor=actor, kind=actor.kind, added_at=clock.now())
        for actor in actors[MUNICIPALITIES:]
    )
    invitations.invite_actors(round_id=world.round.pk, actor_ids=[actor.pk for actor in actors], by=world.leader)
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    writers, signatories, handing_in = [], [], set()
    for number, actor in enumerate(actors):
        people = [
            make_person(actor, "editor", *(["signatory"] if n == 0 else [])) for n in range(3 if number % 2 else 2)
        ]
        response = responses.start_response(round_id=world.round.pk, actor_id=actor.pk, by=people[0])
        place = SimpleNamespace(
            response=response.pk, section=world.goal.pk, question=world.questions[0].pk, handing_in=handing_in
        )
        signed_in = [sign_in(person) for person in people]
        writers += [(person, place, piece) for person, piece in zip(signed_in, PIECES, strict=False)]
        signatories.append((signed_in[0], place))
    return SimpleNamespace(round=world.round.pk, writers=writers[:PEOPLE], signatories=signatories)


def set_hour(world: Any, seconds: float) -> None:
    """The announced hour comes in so many seconds, which no page would let a region say."""
    from consultations.models import ConsultationRound  # once Django is set up
    from rus_platform.kit import clock

    ConsultationRound.objects.filter(pk=world.round).update(closes_at=clock.now() + timedelta(seconds=seconds))


def lost_of(world: Any, storm: Storm) -> list[str]:
    """Everything that was promised and is not so, in words."""
    from actors.models import OutgoingMail  # once Django is set up
    from consultations.models import Answer, Position, Response

    kept: dict[tuple[int, str], str] = {}
    responses = Response.objects.filter(round_id=world.round)
    for pk, summary in responses.values_list("pk", "summary"):
        kept[pk, "summary"] = summary
    for pk, text in Answer.objects.filter(response__in=responses).values_list("response_id", "text"):
        kept[pk, "question"] = text
    for pk, reason in Position.objects.filter(response__in=responses).values_list("response_id", "reason"):
        kept[pk, "position"] = reason
    lost = [f"words: {key}" for key, words in storm.words.items() if kept.get(key) != words]
    submitted = set(responses.filter(state="submitted").exclude(sha256="").values_list("pk", flat=True))
    lost += [f"handed in: {pk}" for pk in storm.handed_in - submitted]
    numbers = list(responses.filter(pk__in=submitted).values_list("number", flat=True))
    lost += [] if sorted(numbers) == list(range(1, len(numbers) + 1)) else ["numbers are not 1, 2, 3 ..."]
    receipts = OutgoingMail.objects.filter(key__startswith="receipt:").values_list("key", flat=True)
    lost += [f"receipt: {pk}" for pk in submitted if not any(key.split(":")[1] == str(pk) for key in receipts)]
    return lost


def percentile(values: list[float], which: int) -> float:
    return statistics.quantiles(values, n=100)[which - 1]
