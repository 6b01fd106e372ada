"""Where a letter about a response goes."""

from collections.abc import Iterable

from consultations.models import Invitation, Participant, Response, Stream


def addresses_of(responses: Iterable[Response]) -> dict[int, str]:
    """Response id -> the address of whoever answered, "" when there is none. Three queries whatever their number.

    The public: the confirmed address. One that the region entered: the organisation's own. Otherwise the one who handed
    it in. What was said at a meeting belongs to nobody.
    """
    rows = list(responses)
    actors = [row.actor_id for row in rows]
    found = Participant.objects.filter(actor__in=actors).values_list("actor_id", "email")
    guests = {actor_id: email for actor_id, email in found if actor_id is not None}
    asked = dict(
        Invitation.objects.filter(actor__in=actors, round__in={row.round_id for row in rows}).values_list(
            "actor_id", "email"
        )
    )
    return {row.pk: _address(row, guests, asked) for row in rows}


def _address(row: Response, guests: dict[int, str], asked: dict[int, str]) -> str:
    if row.stream == Stream.MEETING:
        return ""
    if row.stream == Stream.PUBLIC:
        return guests.get(row.actor_id, "")
    if row.entered_by_id is not None:
        return asked.get(row.actor_id) or row.actor.email
    return row.submitted_by.email if row.submitted_by else ""
