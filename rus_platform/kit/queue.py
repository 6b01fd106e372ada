"""The fifth beat, announce: hand work to the worker once the transaction is safe.

Tasks are named, not imported, since a domain module may not import the tasks above it; an
architecture test sees to it that every name is a task.
"""

from typing import Any

from celery import current_app
from django.db import transaction


def send_after_commit(task: str, *args: Any) -> None:
    """Queue ``task`` (its dotted name) with ``args`` when the transaction commits, else never.

    ``robust``: what was committed stays committed when the broker is away; beat's sweepers find the work later.
    """

    def send() -> None:  # a function with a name, not a partial: Django names it in the log when the broker is away
        current_app.send_task(task, args=args, retry=False)

    transaction.on_commit(send, robust=True)
