"""Where an organisation is with its response, and who does what next."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from actors.models import Membership, Role, User
from consultations import rules
from consultations.models import Response
from consultations.states import ResponseState

PLACES = {ResponseState.DRAFTING: 0, ResponseState.READY: 1, ResponseState.DECIDED: 2}


@dataclass
class Chain:
    """``steps`` for the component of that name; ``what`` is done next, by ``who`` (may be empty: then ``nobody`` says so)."""

    steps: list[dict[str, str]] = field(default_factory=list)
    what: str = ""
    who: list[User] = field(default_factory=list)


def people_by_role(actor_id: int) -> dict[str, list[User]]:
    """Role -> active people who hold it in the actor. One query."""
    rows = Membership.objects.filter(actor_id=actor_id, until=None, user__is_active=True).select_related("user")
    found: dict[str, list[User]] = {}
    for row in rows.order_by("user__name", "pk"):
        found.setdefault(row.role, []).append(row.user)
    return found


def everyone(people: dict[str, list[User]], roles: Iterable[Role]) -> list[User]:
    """Each person once, by name."""
    found = {user.pk: user for role in roles for user in people.get(role, [])}
    return sorted(found.values(), key=lambda user: (user.name, user.pk))


def chain_of(response: Response, people: dict[str, list[User]]) -> Chain:
    """The steps of a response in work, and the next deed. No queries."""
    labels = [_("Skriv"), _("Klart"), *([_("Politiskt beslut")] if response.political else []), _("Lämna in")]
    place = PLACES[ResponseState(response.state)]
    here = 0 if place == 0 else min(place + 1, len(labels) - 1)
    steps = [
        {"label": label, "state": "done" if n < here else "current" if n == here else "todo"}
        for n, label in enumerate(labels)
    ]
    return Chain(steps, *_next(response, people))


def _next(response: Response, people: dict[str, list[User]]) -> tuple[str, list[User]]:
    if response.state == ResponseState.DRAFTING:
        return _("Skriv färdigt och säg sedan att svaret är klart."), everyone(people, rules.WRITERS)
    if response.state == ResponseState.READY and response.political:
        who = everyone(people, [Role.SECRETARY]) or everyone(people, rules.WRITERS)
        return _("Svaret väntar på politiskt beslut. När det är fattat skrivs det in här."), who
    return _("Svaret kan lämnas in."), everyone(people, [Role.SIGNATORY])
