"""The fourth beat: record. One event per verb, never changed."""

from typing import Any

from django.db.models import Model

from actors.models import Actor, AuditEvent, User
from rus_platform.kit import clock


def record(
    *,
    by: User | None,
    verb: str,
    obj: Model,
    strategy_id: int | None = None,
    actor: Actor | None = None,
    private_to: Actor | None = None,
    **data: Any,
) -> AuditEvent:
    """Append that ``by`` (None: the system itself) did ``verb`` to ``obj``.

    ``verb`` is the domain function's name ("freeze_version"). ``actor`` is the organisation acted for. ``private_to``
    keeps the event to one organisation's people. ``data`` must be JSON; never put text that somebody may not see in it.
    """
    return AuditEvent.objects.create(
        at=clock.now(),
        by=by,
        by_name=by.name if by else "Systemet",
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=str(obj)[:200],
        strategy_id=strategy_id,
        actor=actor,
        private_to=private_to,
        data=data,
    )
