"""300 people write 120 answers together, each with a live connection open, on two web processes that share two cores with the
clients. A save is seen when a colleague, who is rung for, has fetched the words.

``seen_p50_ms`` and ``_p95``: from sending a save until a colleague has its words (the page waits at most 0.7 s more after the last
key before it saves). ``errors``: answers that are not what was asked for, connections that were closed; ``unseen``: saves that no
colleague was rung for.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect

from rus_platform.local.processes import Child
from rus_platform.local.servers import free_port
from rus_platform.local.stack import wait_for_web, web_command
from tests.benchmarks.bench_storm import make_storm
from tests.benchmarks.storm_people import Storm, Writer

SECONDS = 40.0
PAUSE = 5.0  # seconds between a person's saves
IDLE = 10.0  # of only being there
QUIET = 3.0  # seconds for what is still on its way


@dataclass
class Seen:
    """What is counted beside the storm's own figures."""

    sent: dict[tuple[int, str, int], float] = field(
        default_factory=dict
    )  # (response, piece, revision) -> when it was sent
    rung: set[tuple[int, str, int]] = field(default_factory=set)
    seen: list[float] = field(default_factory=list)
    open: int = 0
    closed: list[str] = field(default_factory=list)
    idle = busy = 0.0  # processors that the web servers use: with all connections open, and while everybody writes


class Colleague(Writer):
    """Somebody who writes, and who has the page's live connection open."""

    seen: Seen
    cookie: str
    port: int

    async def write(self, until: float, pause: float, chance: random.Random) -> None:
        """Save now and then; note when each revision was sent."""
        await asyncio.sleep(pause * chance.random())
        while time.perf_counter() < until:
            started = time.perf_counter()
            if not await self.save():
                return
            self.seen.sent[self.place.response, self.name, self.revision] = started
            await asyncio.sleep(pause * chance.uniform(0.7, 1.3))

    async def listen(self, until: float) -> None:
        """Fetch what one is rung for, unless it is one's own."""
        url = f"ws://127.0.0.1:{self.port}/live/svar/{self.place.response}/"
        headers, origin = {"Cookie": self.cookie}, f"http://127.0.0.1:{self.port}"
        async with connect(url, origin=origin, additional_headers=headers, compression=None) as socket:  # type: ignore[arg-type]
            self.seen.open += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(until - time.perf_counter()):
                    async for message in socket:
                        await self.hear(json.loads(message), socket)
                    self.seen.closed.append(f"{socket.close_code}")

    async def hear(self, heard: dict[str, Any], socket: Any) -> None:
        """As the page does."""
        if heard["type"] == "welcome":
            await socket.send(json.dumps({"type": "at", "piece": self.name}))
        if heard["type"] == "closed":
            self.seen.closed.append(heard["reason"])
        if heard["type"] != "piece" or heard["piece"] == self.name:
            return
        name, revision = heard["piece"], heard["revision"]
        status, _head, body = await self.ask("GET", f"/svar/{self.place.response}/nytt/?{name}={revision - 1}&rung=1")
        if status != 200:
            self.storm.errors.append(f"news: {status}")
            return
        now = time.perf_counter()
        self.seen.rung.add((self.place.response, name, revision))
        arrived = json.loads(body)["newer"][name]["revision"]
        sent = self.seen.sent.get((self.place.response, name, arrived))
        if sent is not None:
            self.seen.seen.append(now - sent)


def run(emit: Any, ctx: Any) -> None:
    ctx.setup_django("answers")
    world = make_storm(ctx)
    ports = [free_port(), free_port()]
    env = {**ctx.env, "ALLOWED_HOSTS": "127.0.0.1", "LOG_LEVEL": "ERROR"}
    webs = []
    for port in ports:
        command = [*web_command("127.0.0.1", port), "--no-access-log"]
        webs.append(ctx.supervisor.start(f"web {port}", command, env=env, log=Path(ctx.state) / f"web{port}.log"))
    for port in ports:
        wait_for_web(ctx.supervisor, f"http://127.0.0.1:{port}/halsa/")
    for people in (world.writers[-3:], world.writers[:-3]):  # three colleagues on their own, then everybody else
        storm, seen = asyncio.run(play(people, ports, webs))
        tell(emit, ctx, storm, seen)


def tell(emit: Any, ctx: Any, storm: Storm, seen: Seen) -> None:
    for error in sorted({*storm.errors, *(f"closed: {reason}" for reason in seen.closed)})[:10]:
        ctx.say(f"error: {error}")
    size = f"{seen.open} people, a save each {PAUSE:.0f} s"
    ctx.say(f"{size}: {len(storm.saves)} saves in {SECONDS:.0f} s")
    emit("seen_p50_ms", 1000 * statistics.median(seen.seen), "ms", size=size)
    emit("seen_p95_ms", 1000 * statistics.quantiles(seen.seen, n=20)[-1], "ms", size=size)
    emit("save_p50_ms", 1000 * statistics.median(storm.saves), "ms", size=size)
    emit("save_p99_ms", 1000 * statistics.quantiles(storm.saves, n=100)[-1], "ms", size=size)
    emit("processors_idle", seen.idle, "", size=size)
    emit("processors_busy", seen.busy, "", size=size)
    emit("unseen", len(set(seen.sent) - seen.rung), "", size=size)
    emit("errors", len(storm.errors) + len(seen.closed), "", size=size)


async def play(writers: list[Any], ports: list[int], webs: list[Child]) -> tuple[Storm, Seen]:
    """Everybody connects; then everybody writes."""
    storm, seen, chance = Storm(), Seen(), random.Random(1)
    people = []
    for number, (person, place, piece) in enumerate(writers):
        port = ports[number % 2]
        each = Colleague(port, *person, place, piece, storm)
        each.seen, each.cookie, each.port = seen, person[0], port
        people.append(each)
    ends = time.perf_counter() + 60 + IDLE + SECONDS + QUIET
    listening = [asyncio.create_task(each.listen(ends)) for each in people]
    async with asyncio.timeout(60):
        while seen.open < len(people):
            await asyncio.sleep(0.2)
    before = worked(webs)
    await asyncio.sleep(IDLE)
    seen.idle = (worked(webs) - before) / IDLE
    before, until = worked(webs), time.perf_counter() + SECONDS
    await asyncio.gather(*(each.write(until, PAUSE, chance) for each in people))
    seen.busy = (worked(webs) - before) / SECONDS
    await asyncio.sleep(QUIET)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return storm, seen


def worked(webs: list[Child]) -> float:
    """Seconds of processor time that the web processes have used."""
    fields = [Path(f"/proc/{web.process.pid}/stat").read_text().rsplit(")", 1)[1].split() for web in webs]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")
