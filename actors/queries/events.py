"""The trail, as somebody may read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet

from actors.models import AuditEvent, Role, User
from actors.queries.people import short
from actors.queries.roles import roles_of
from rus_platform.kit.wording import sentence

PER_PAGE = 25


@dataclass(frozen=True)
class Told:
    """An event in words."""

    at: datetime
    text: str
    verb: str
    private: bool


def events_of(
    viewer: User, *, obj: Model | None = None, strategy_id: int | None = None, actor_id: int | None = None
) -> QuerySet[AuditEvent]:
    """Events about an object, of a strategy, or done for an actor, newest first; those private to organisations that the
    viewer doesn't belong to are left out. Whether the viewer may see the object itself is the caller's question.
    """
    rows = AuditEvent.objects.filter(Q(private_to=None) | Q(private_to__in=list(roles_of(viewer))))
    if obj is not None:
        rows = rows.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))
    if strategy_id is not None:
        rows = rows.filter(strategy_id=strategy_id)
    if actor_id is not None:
        rows = rows.filter(actor_id=actor_id)
    return rows.select_related("actor").order_by("-at", "-id")


def told_page(rows: QuerySet[AuditEvent], number: str | int | None, per_page: int = PER_PAGE) -> Page[Any]:
    """One page of events as sentences. Two queries. A number out of range gives the nearest page."""
    page: Page[Any] = Paginator(rows, per_page).get_page(number)
    page.object_list = [told(event) for event in page.object_list]
    return page


def told(event: AuditEvent) -> Told:
    """The event in the reader's language."""
    data = (
        {**event.data, "role": short(Role(event.data["role"]).label)}
        if event.data.get("role") in Role.values
        else event.data
    )
    actor = event.actor.name if event.actor else "–"
    words = sentence(event.verb, who=event.by_name, what=event.object_label, actor=actor, data=data)
    return Told(at=event.at, text=words, verb=event.verb, private=event.private_to_id is not None)
