"""The fifth beat, announce, for those who have a page open: ring a group of live sessions once the transaction is safe.

Fire and forget. A ring is sent by one thread of its own, so that nobody who writes waits for Valkey, and is dropped
when Valkey is away: every page also looks for itself now and then.
"""

import asyncio
import logging
import os
from collections import deque
from threading import Condition, Thread
from typing import Any

from channels.layers import get_channel_layer
from django.db import transaction

logger = logging.getLogger(__name__)

MOST_WAITING = 2000
PATIENCE = 2.0  # seconds

Ring = tuple[str, dict[str, Any]]


def person_group(user_id: int) -> str:
    """The group of all live sessions of one person."""
    return f"person.{user_id}"


def ring_after_commit(group: str, kind: str, **facts: Any) -> None:
    """Send ``{"type": kind, **facts}`` to every live session in ``group`` when the transaction commits, else never."""

    def ring() -> None:  # a function with a name: Django names it in the log
        _bell.ring(group, {"type": kind, **facts})

    transaction.on_commit(ring, robust=True)


class Bell:
    """A queue and the thread that empties it, made at the first ring of a process (a forked one makes its own)."""

    def __init__(self) -> None:
        self._owner = 0
        self._ready = Condition()
        self._waiting: deque[Ring] = deque(maxlen=MOST_WAITING)

    def ring(self, group: str, message: dict[str, Any]) -> None:
        """Put it in the queue; the oldest falls out of a full one."""
        if self._owner != os.getpid():
            self._begin()
        with self._ready:
            self._waiting.append((group, message))
            self._ready.notify()

    def _begin(self) -> None:
        self._ready, self._waiting = Condition(), deque(maxlen=MOST_WAITING)
        self._owner = os.getpid()
        Thread(target=self._work, args=[self._ready, self._waiting], name="bell", daemon=True).start()

    @staticmethod
    def _work(ready: Condition, waiting: deque[Ring]) -> None:
        with asyncio.Runner() as runner:
            while True:
                with ready:
                    ready.wait_for(lambda: waiting)
                    rings = list(waiting)
                    waiting.clear()
                try:
                    runner.run(_send(rings))
                except Exception as error:
                    logger.warning("%d rings were lost: %s", len(rings), error)


async def _send(rings: list[Ring]) -> None:
    layer = get_channel_layer()
    async with asyncio.timeout(PATIENCE):
        for group, message in rings:
            await layer.group_send(group, message)


_bell = Bell()
