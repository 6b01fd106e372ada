"""Addresses that letters come back from."""

from collections.abc import Iterable

from django.db.models import F, Max

from consultations.models import Invitation, Letter


def bounced_ids(invitations: Iterable[int]) -> set[int]:
    """Those of the invitations (ids) whose address now is one that a letter has come back from, with none sent there since.

    Another address, or the invitation sent anew to the same, is a new try. One query.
    """
    sent_there = Letter.objects.filter(invitation__in=list(invitations), mail__to=F("invitation__email")).order_by()
    last = sent_there.values("invitation").annotate(bounced=Max("mail__bounced_at"), sent=Max("created_at"))
    return {row["invitation"] for row in last if row["bounced"] is not None and row["bounced"] >= row["sent"]}


def mark_bounced_addresses(rows: Iterable[Invitation]) -> None:
    """Set ``address_bounced`` on each. One query."""
    rows = list(rows)
    found = bounced_ids(row.pk for row in rows)
    for row in rows:
        row.address_bounced = row.pk in found  # type: ignore[attr-defined]
