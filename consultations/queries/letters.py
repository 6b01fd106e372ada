"""The log of letters to a consultee, and of changes of its address."""

from typing import Any

from django.db.models import QuerySet

from actors.models import AuditEvent
from consultations.models import Invitation, Letter, Response


def letters_of(invitation: Invitation) -> QuerySet[Letter]:
    """Every letter, the latest first, with its fate and whether its link has been used. One query."""
    return invitation.letters.select_related("mail", "link").order_by("-pk")


def address_changes(invitation: Invitation) -> list[AuditEvent]:
    """Who changed the address after the opening, when, from what and to what (``data``), the latest first. One query."""
    events = AuditEvent.objects.filter(
        verb="set_address", object_type=invitation._meta.label_lower, object_id=str(invitation.pk)
    )
    return [event for event in events.order_by("-pk") if event.data.get("opened")]


def invitation_facts(response: Response) -> dict[str, Any]:
    """What a response's own page says of its invitation: ``extension`` (the latest, or None) and ``address_changes``."""
    row = Invitation.objects.filter(round_id=response.round_id, actor_id=response.actor_id).first()
    if row is None:
        return {"extension": None, "address_changes": []}
    return {"extension": row.extensions.first(), "address_changes": address_changes(row)}
