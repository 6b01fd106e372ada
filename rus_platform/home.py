"""What the start page gathers from the apps below."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from actors.models import User
from actors.queries.notices import notices_of
from actors.queries.people import organisations_of
from consultations.queries import tasks as consultation_tasks
from consultations.queries.listing import public_rounds
from rus_platform.kit.tasks import in_order
from strategies.queries import tasks as strategy_tasks
from strategies.queries.spaces import listed, published, visible_to

MOST = 6


def for_everyone() -> dict[str, Any]:
    """The front of the house: what one may answer now, and the adopted strategies."""
    return {"published": list(published()[:MOST]), "open_rounds": list(public_rounds(over=False)[:MOST])}


def for_person(user: User) -> dict[str, Any]:
    """What awaits the person, her strategies and organisations, and what is new."""
    mine = listed(visible_to(user), user)
    return {
        "tasks": in_order([*consultation_tasks.waiting_for(user), *strategy_tasks.waiting_for(user)]),
        "strategies": list(mine[:MOST]),
        "organisations": organisations_of(user)[:MOST],
        "notices": list(notices_of(user, unread=True)[:MOST]),
    }


def start_page(user: User | AnonymousUser) -> dict[str, Any]:
    """Whatever the start page needs for this reader."""
    return for_person(user) if isinstance(user, User) else for_everyone()
