"""Writing together on two real web processes: how soon a colleague sees a keystroke, and how many durable commits a second.

``keystroke_p50`` and ``_p95`` include the editor's batching delay (300 ms), ``beyond_batching_p95`` does not; each person sends a
batch every 300 ms. ``commits_per_s``: everybody sends the next batch as soon as the last is answered. The clients share
the two cores with the servers. The peer is the physical limit in the same run: as many writers that each update one small row
and insert another in PostgreSQL, durably, with no web, no rights, no text and nobody who hears of it.
"""

import asyncio
import statistics
import time
import uuid
from pathlib import Path
from typing import Any

import psycopg

from rus_platform.local.processes import Child
from rus_platform.local.servers import free_port
from rus_platform.local.stack import wait_for_web, web_command
from tests.benchmarks.live_clients import BATCHING, Editor, Tally, write_for

SECONDS = 8.0
LIMIT_SECONDS = 3.0
SHAPES = ((1, 1), (5, 1), (10, 1), (20, 20))  # writers, sections
OPEN = 200  # sessions open at once, for the memory


def run(emit: Any, ctx: Any) -> None:
    ctx.setup_django("live")
    from tests.benchmarks.live_world import make_world  # models can be imported once Django is set up

    world = make_world(people=20, sections=20)
    ports = [free_port(), free_port()]
    env = {**ctx.env, "ALLOWED_HOSTS": "127.0.0.1", "LOG_LEVEL": "ERROR"}
    webs = []
    for port in ports:
        command = [*web_command("127.0.0.1", port), "--no-access-log"]
        webs.append(ctx.supervisor.start(f"web {port}", command, env=env, log=Path(ctx.state) / f"web{port}.log"))
    for port in ports:
        wait_for_web(ctx.supervisor, f"http://127.0.0.1:{port}/halsa/")
    asyncio.run(measure(emit, ctx, world, ports, webs))


async def measure(emit: Any, ctx: Any, world: Any, ports: list[int], webs: list[Child]) -> None:
    for writers, sections in SHAPES:
        size = f"{writers} writers, {sections} sections" if sections > 1 else f"{writers} writers, 1 section"
        paced = await play(world, ports, writers, sections, pause=BATCHING)
        flat = await play(world, ports, writers, sections, pause=0)
        ctx.say(f"{size}: {flat.commits} commits, {flat.conflicts} conflicts")
        emit("keystroke_p50", 1000 * (BATCHING + statistics.median(paced.arrival)), "ms", size=size)
        emit("keystroke_p95", 1000 * (BATCHING + p95(paced.arrival)), "ms", size=size)
        emit("beyond_batching_p95", 1000 * p95(paced.arrival), "ms", size=size)
        emit("answer_p95", 1000 * p95(paced.answer), "ms", size=size)
        ours, most = flat.commits / flat.seconds, await limit(ctx.env["DATABASE_URL"], writers, sections)
        emit("commits_per_s", ours, "1/s", size=size, peer=f"plain transactions: {most:.0f}/s", ratio=ours / most)
        emit("conflicts_per_commit", flat.conflicts / flat.commits, "", size=size)
    await memory(emit, world, ports, webs)


async def play(world: Any, ports: list[int], writers: int, sections: int, *, pause: float) -> Any:
    """So many writers, each with a colleague who only looks on, on the other web process."""
    tally = Tally()
    pens = [editor(world, ports, number, number % sections, tally) for number in range(writers)]
    colleagues = [editor(world, ports, number + 1, number % sections, tally) for number in range(max(1, sections))]
    listening = [asyncio.create_task(each.listen()) for each in colleagues]
    await asyncio.gather(*(each.begin() for each in pens), *(each.ready.wait() for each in colleagues))
    await write_for(pens, 1.0, pause=pause)
    for kept in (tally.arrival, tally.answer):
        kept.clear()
    tally.commits = tally.conflicts = 0
    tally.seconds = await write_for(pens, SECONDS, pause=pause)
    await asyncio.sleep(0.5)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    for each in (*pens, *colleagues):
        each.http.close()
    return tally


def editor(world: Any, ports: list[int], person: int, section: int, tally: Tally) -> Editor:
    cookie, token = world.signed_in[person % len(world.signed_in)]
    return Editor(ports[person % 2], cookie, token, world.version, world.sections[section], tally)


async def limit(database: str, writers: int, sections: int) -> float:
    """Plain durable transactions a second by ``writers`` connections over ``sections`` rows."""
    until = time.perf_counter() + LIMIT_SECONDS
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as setting_up:
        await setting_up.execute("DROP TABLE IF EXISTS bench_row, bench_step")
        await setting_up.execute("CREATE TABLE bench_row AS SELECT id, 0 AS n FROM generate_series(0, 99) AS id")
        await setting_up.execute("ALTER TABLE bench_row ADD PRIMARY KEY (id)")
        await setting_up.execute("CREATE TABLE bench_step (id uuid PRIMARY KEY, step text)")

    async def one(number: int) -> int:
        count = 0
        async with await psycopg.AsyncConnection.connect(database) as connection:
            while time.perf_counter() < until:
                await connection.execute("UPDATE bench_row SET n = n + 1 WHERE id = %s", [number % sections])
                await connection.execute("INSERT INTO bench_step VALUES (%s, %s)", [uuid.uuid4(), "x" * 160])
                await connection.commit()
                count += 1
        return count

    return sum(await asyncio.gather(*(one(number) for number in range(writers)))) / LIMIT_SECONDS


async def memory(emit: Any, world: Any, ports: list[int], webs: list[Child]) -> None:
    """What each open section more costs the web processes."""
    before = resident(webs)
    watchers = [editor(world, ports, number, number % 20, Tally()) for number in range(OPEN)]
    tasks = [asyncio.create_task(each.listen()) for each in watchers]
    await asyncio.wait_for(asyncio.gather(*(each.ready.wait() for each in watchers)), 60)
    await asyncio.sleep(1)
    emit("memory_per_open_section", (resident(webs) - before) / OPEN / 1024, "kB", size=f"{OPEN} open at once")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def resident(webs: list[Child]) -> int:
    """Bytes of resident memory of the web processes."""
    pages = [int(Path(f"/proc/{web.process.pid}/statm").read_text().split()[1]) for web in webs]
    return sum(pages) * 4096


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
