"""The last minutes of a round about an 80-page strategy, pressed together into one: 300 people of 120 organisations write, and all
120 answers are handed in, on two web processes that share two cores with the clients and the database. The round closes
towards the end.

The pattern is what browsers send. A person's page saves her piece (the summary, a position or an answer) by itself about
every five seconds (3.5 to 6.5, at random, counted from the answer) and looks for colleagues' news every eight, as it does where
websockets are blocked: the heavier case. The writing goes on until the answer has been handed in. A signatory opens the page for handing in, and hands in; the 120 come during the last two
thirds, more and more towards the end. Nobody waits for anybody else.

``saturated_``: before that, 40 people who save without a pause for some seconds: what the machine can do, not what people do.
The peer is the physical limit: one durable transaction that writes the same rows with plain SQL on one connection.

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
from tests.benchmarks.cpu_share import used
from tests.benchmarks.storm_people import Storm, Writer

ORGANISATIONS, MUNICIPALITIES, PEOPLE = 120, 90, 300
SECONDS = 45.0  # of saving; the answers are handed in during the last two thirds
CLOSES = 40.0  # seconds after the beginning: the last ones are late, and are told so
PAUSE = 5.0  # seconds between a person's saves
LOOK = 8.0  # seconds between a page's looks for news
GREEDY, GREEDY_SECONDS = 40, 8.0
PIECES = ("summary", "answer", "position")


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
    greedy = asyncio.run(saturate(world, ports))
    set_hour(world, CLOSES)
    before, started = used(), time.perf_counter()
    storm = asyncio.run(play(world, ports))
    use, seconds = used().since(before), time.perf_counter() - started
    limit = durable_write(ctx)
    for error in sorted({*storm.errors, *greedy.errors})[:10]:
        ctx.say(f"error: {error}")
    lost = lost_of(world, storm)
    for line in lost[:10]:
        ctx.say(f"lost: {line}")
    size = f"{PEOPLE} people, {ORGANISATIONS} answers handed in"
    rate = len(storm.saves) / SECONDS
    ctx.say(f"{len(storm.saves)} saves ({rate:.0f}/s), {storm.refused} refused after handing in")
    p50 = 1000 * statistics.median(storm.saves)
    emit("p50_ms", p50, "ms", size=size, peer=f"durable write in plain SQL ({limit:.1f} ms)", ratio=p50 / limit)
    emit("p99_ms", 1000 * percentile(storm.saves, 99), "ms", size=size)
    emit("submit_p50_ms", 1000 * statistics.median(storm.submits), "ms", size=size)
    emit("submit_p99_ms", 1000 * percentile(storm.submits, 99), "ms", size=size)
    emit("look_p50_ms", 1000 * statistics.median(storm.looks), "ms", size=size)
    emit("look_p99_ms", 1000 * percentile(storm.looks, 99), "ms", size=size)
    emit("saves_per_s", rate, "1/s", size=size)
    asked = len(storm.saves) + len(storm.looks) + 2 * len(storm.submits) + storm.refused
    emit("web_cpu_ms_per_request", 1000 * use.started / asked, "ms", size=size)
    emit("database_cpu_ms_per_request", 1000 * use.database / asked, "ms", size=size)
    emit("clients_cores", use.own / seconds, "cores", size=size)
    emit("others_cores", use.others / seconds, "cores", size="what else this machine did meanwhile")
    without_pause = f"{GREEDY} people without a pause"
    emit("saturated_saves_per_s", len(greedy.saves) / GREEDY_SECONDS, "1/s", size=without_pause)
    emit("saturated_p50_ms", 1000 * statistics.median(greedy.saves), "ms", size=without_pause)
    emit("errors", len(storm.errors) + len(greedy.errors), "", size=size)
    emit("lost", len(lost), "", size=size)


async def play(world: Any, ports: list[int]) -> Storm:
    """Everybody writes; the signatories hand in, more and more towards the end."""
    storm, chance = Storm(), random.Random(1)
    until = time.perf_counter() + SECONDS
    tasks = []
    for number, (person, place, piece) in enumerate(world.writers):
        cookie, token = person
        writer = Writer(ports[number % 2], cookie, token, place, piece, storm)
        if piece == "summary" and hasattr(place, "began"):
            writer.revision, writer.base = place.began
        tasks += [writer.write(until, PAUSE, chance), writer.look(until, LOOK, chance)]
    for number, (person, place) in enumerate(world.signatories):
        at = until - SECONDS * 2 / 3 * (1 - chance.random() ** 0.6)
        signatory = Writer(ports[number % 2], *person, place, "summary", storm)
        tasks.append(signatory.hand_in(at))
    await asyncio.gather(*tasks)
    return storm


async def saturate(world: Any, ports: list[int]) -> Storm:
    """Some people save again and again without a pause. What they wrote is begun anew afterwards."""
    storm, chance = Storm(), random.Random(2)
    until = time.perf_counter() + GREEDY_SECONDS
    chosen = [row for row in world.writers if row[2] == "summary"][:GREEDY]
    writers = [
        Writer(ports[number % 2], *person, place, piece, storm) for number, (person, place, piece) in enumerate(chosen)
    ]
    await asyncio.gather(*(writer.write(until, 0.0, chance) for writer in writers))
    for writer, (_person, place, _piece) in zip(writers, chosen, strict=True):
        place.began = (writer.revision, writer.base)
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
    world = make.make_round("95", municipalities=MUNICIPALITIES, long=True)
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


def durable_write(ctx: Any) -> float:
    """Milliseconds, the median: lock a row, change it, add two rows of about the same size, and let it be durable."""
    from django.db import connection, transaction  # once Django is set up

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plain (id int PRIMARY KEY, text text); CREATE TABLE trail (id serial, text text)")
        cursor.execute("INSERT INTO plain VALUES (1, '')")

    @transaction.atomic
    def write() -> None:
        words = "Vi vill att tåget byggs ut. " * 16
        with connection.cursor() as cursor:
            cursor.execute("SELECT text FROM plain WHERE id = 1 FOR NO KEY UPDATE")
            cursor.execute("UPDATE plain SET text = %s WHERE id = 1", [words])
            cursor.execute("INSERT INTO trail (text) VALUES (%s)", [words])
            cursor.execute("INSERT INTO trail (text) VALUES (%s)", [words])

    return 1000 * statistics.median(ctx.seconds(write) for _ in range(200))


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
        kept[pk, "answer"] = text
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
