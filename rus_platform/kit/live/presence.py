"""Who is where: one Valkey hash per room (a draft, a response), one field per live session, each with the time it was last alive.

No database, and nothing to clean up: a session that stops beating (a killed process, a lost network) is not counted
any more after ``GONE`` seconds, and the hash itself goes when nobody beats.
"""

import asyncio
import json
import time
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from redis import asyncio as aioredis

BEAT = 5.0  # seconds between signs of life
GONE = 17.0
PATIENCE = 2.0
COLOURS = 8

Row = dict[str, Any]

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, aioredis.Redis] = WeakKeyDictionary()


def colour_of(user_id: int) -> int:
    """One of eight colours (each with a pattern of its own in the style sheet); the same for a person everywhere."""
    return user_id % COLOURS


async def note(room: str, session: str, row: Row) -> list[Row]:
    """A sign of life: the session's row is now ``row``. Everybody who is there, oldest session first."""
    async with asyncio.timeout(PATIENCE):
        pipe = _client().pipeline(transaction=False)
        pipe.hset(_key(room), session, json.dumps({**row, "at": time.time()}))
        pipe.expire(_key(room), int(GONE * 2))
        pipe.hgetall(_key(room))
        found = (await pipe.execute())[2]
    return await _alive(room, found)


async def leave(room: str, session: str) -> list[Row]:
    """The session is over. Those who remain."""
    async with asyncio.timeout(PATIENCE):
        pipe = _client().pipeline(transaction=False)
        pipe.hdel(_key(room), session)
        pipe.hgetall(_key(room))
        found = (await pipe.execute())[1]
    return await _alive(room, found)


async def close() -> None:
    """Let go of this event loop's connections."""
    client = _clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()


async def _alive(room: str, found: dict[bytes, bytes]) -> list[Row]:
    rows = {session.decode(): json.loads(row) for session, row in found.items()}
    since = time.time() - GONE
    gone = [session for session, row in rows.items() if row["at"] < since]
    if gone:
        await _client().hdel(_key(room), *gone)
    alive = [{"id": session, **row} for session, row in rows.items() if row["at"] >= since and row.get("person")]
    for row in alive:
        del row["at"]
    return sorted(alive, key=lambda row: (row["since"], row["id"]))


def _key(room: str) -> str:
    return f"{settings.LIVE_PREFIX}:here:{room}"


def _client() -> aioredis.Redis:
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = aioredis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)
    return _clients[loop]
