"""Work that a worker does for a row: one worker has it at a time, gives signs of life, and is overtaken when silent.

A row of work has ``state`` ("waiting", "running", ...), ``stage``, ``done``, ``total``, ``requested_at``, ``started_at``
and ``heartbeat_at``. What is made and how it ends is the app's own.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from django.db.models import Q

from rus_platform.kit import clock
from rus_platform.kit.errors import DomainError
from rus_platform.kit.states import StateTable

logger = logging.getLogger(__name__)
WAITING, RUNNING = "waiting", "running"
UNDER_WAY = (WAITING, RUNNING)
SILENT = timedelta(seconds=90)  # a worker that has said nothing for so long is gone
WAITED = timedelta(seconds=20)  # a letter to the worker that was lost, is sent again
TELL_EVERY = timedelta(seconds=0.4)

Made = TypeVar("Made")
Progress = Callable[[str, int, int], None]


class Work(Protocol):
    """What is asked of a row here."""

    pk: Any
    state: Any
    started_at: Any
    heartbeat_at: Any


class Overtaken(Exception):
    """The work was cancelled, or another worker has taken it over since this one was silent for too long."""


def is_at_work(row: Work) -> bool:
    """Whether a worker has given a sign of life lately; meant for a running row."""
    return row.heartbeat_at is not None and row.heartbeat_at > clock.now() - SILENT


def still_mine(row: Work) -> Any:
    """The row (a queryset of it), as long as the worker that took it in this state still has it."""
    return type(row)._default_manager.filter(pk=row.pk, state=row.state, started_at=row.started_at)  # type: ignore[attr-defined]


def take(rows: Any, table: StateTable, *, total: int = 0) -> Any | None:
    """The row of ``rows``, locked and marked as this worker's; None when it is made, or another worker is at it. In a transaction."""
    row = rows.select_for_update(of=("self",)).first()
    if row is None or row.state not in UNDER_WAY or (row.state == RUNNING and is_at_work(row)):
        return None
    table.check(row.state, RUNNING)
    now = clock.now()
    row.state, row.started_at, row.heartbeat_at, row.done, row.total = RUNNING, now, now, 0, total
    row.save(update_fields=["state", "started_at", "heartbeat_at", "done", "total"])
    return row


def ended(mine: Work, table: StateTable, state: str, **facts: Any) -> Any | None:
    """The row in its next state, with ``facts`` saved; None when it is no longer this worker's. In a transaction."""
    row = still_mine(mine).select_for_update().first()
    if row is None:
        return None
    table.check(row.state, state)
    for name, value in {"state": state, "finished_at": clock.now(), **facts}.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "finished_at", *facts])
    return row


def outcome(do: Callable[[], Made], in_words: Callable[[Exception], str]) -> tuple[Made | None, str] | None:
    """(what was made, "") or (None, why not in words); None when the work was overtaken. Never raises: somebody waits to be told."""
    try:
        return do(), ""
    except Overtaken:
        return None
    except DomainError as refusal:
        return None, str(refusal)
    except Exception as problem:
        logger.exception("Work could not be done")
        return None, in_words(problem)


def teller(row: Work, *, is_news: Callable[[int, int, int | None], bool]) -> Progress:
    """``progress(stage, done, total)`` writes to the row, at most a few times a second; a sign of life too.

    ``is_news(done, total, before)`` says what is told at once all the same; ``before`` is the ``done`` told last. The
    function raises Overtaken when the row is no longer this worker's.
    """
    told: list[tuple[datetime, int]] = []

    def tell(stage: str, done: int, total: int) -> None:
        now = clock.now()
        before = told[-1][1] if told else None
        if told and now - told[-1][0] < TELL_EVERY and not is_news(done, total, before):
            return
        told[:] = [(now, done)]
        if not still_mine(row).update(stage=stage[:80], done=done, total=total, heartbeat_at=now):
            raise Overtaken

    return tell


def left_behind() -> Q:
    """Rows that no worker ever took, or that one left unfinished."""
    now = clock.now()
    return Q(state="waiting", requested_at__lt=now - WAITED) | Q(state="running", heartbeat_at__lt=now - SILENT)
