"""How often something has happened lately, for brakes on what strangers may do.

Counted in the cache, for all web processes together. While the cache is away each process counts by itself: the brakes are
weaker then, by as many times as there are processes, but they hold, and nobody is stopped who should not be.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from redis.exceptions import RedisError

T = TypeVar("T")
log = logging.getLogger(__name__)
own = LocMemCache("brakes", {"OPTIONS": {"MAX_ENTRIES": 20_000}})


def count(key: str, seconds: int) -> int:
    """How many times within the window that began with the first; this time included."""

    def counted(where: BaseCache) -> int:
        if where.add(key, 1, seconds):
            return 1
        try:
            return int(where.incr(key))
        except ValueError:  # the window ended just now
            where.set(key, 1, seconds)
            return 1

    return _somewhere(counted)


def counted(key: str) -> int:
    """How many times so far, this one not included."""
    return _somewhere(lambda where: int(where.get(key, 0)))


def forget(key: str) -> None:
    """Begin anew."""
    own.delete(key)
    _somewhere(lambda where: where.delete(key))


def _somewhere(call: Callable[[BaseCache], T]) -> T:
    try:
        return call(cache)
    except (RedisError, OSError):
        log.warning("The cache does not answer: this process counts by itself.")
        return call(own)
