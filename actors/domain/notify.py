"""The fifth beat: announce, inside the platform."""

from collections.abc import Iterable

from actors.models import Notification, User
from rus_platform.kit import clock


def notify(*, users: Iterable[User], kind: str, text: str, url: str, by: User | None = None) -> None:
    """Give each of ``users`` one notice, but never the person who did it."""
    notify_each([(users, text, url)], kind=kind, by=by)


def notify_each(notices: Iterable[tuple[Iterable[User], str, str]], *, kind: str, by: User | None = None) -> None:
    """Several notices of a kind, each to its own people with its own text and address. One query."""
    now = clock.now()
    rows = []
    for users, text, url in notices:
        people = {user.pk: user for user in users if by is None or user.pk != by.pk}
        rows += [
            Notification(user=user, kind=kind, text=text[:400], url=url, created_at=now) for user in people.values()
        ]
    Notification.objects.bulk_create(rows)
