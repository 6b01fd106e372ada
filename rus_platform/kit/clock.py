"""What time it is. The demo and clock-driven tests can travel; nothing else may."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_travelled: ContextVar[datetime | None] = ContextVar("travelled", default=None)
_arrived: ContextVar[datetime | None] = ContextVar("arrived", default=None)


def now() -> datetime:
    """The time now, aware."""
    return _travelled.get() or timezone.now()


def arrived() -> datetime:
    """When the request that is being answered had arrived here, whole; now, where there is none. A busy server may take a
    while to come to it: what is counted by arrival is counted by this."""
    return _travelled.get() or _arrived.get() or timezone.now()


def note_arrival() -> None:
    """The request that this context (task, thread) is about has arrived now."""
    _arrived.set(timezone.now())


def today() -> date:
    """Today's date in Sweden."""
    return timezone.localdate(now())


YEARS = range(2000, 2101)


def is_ours(moment: date) -> bool:
    """Whether a date or time is near enough to have been meant: a slip of the finger is not (year 26, year 20266)."""
    return moment.year in YEARS


@contextmanager
def travel(moment: datetime) -> Iterator[None]:
    """Let ``now()`` be ``moment`` within the block (this thread only)."""
    token = _travelled.set(moment)
    try:
        yield
    finally:
        _travelled.reset(token)
