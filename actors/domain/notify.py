"""The fifth beat: announce, inside the platform."""

from collections.abc import Iterable

from actors.models import Notification, User
from rus_platform.kit import clock


def notify(*, users: Iterable[User], kind: str, text: str, url: str, by: User | None = None) -> None:
    """Give each of ``users`` one notice, but never the person who did it."""
    now = clock.now()
    people = {user.pk: user for user in users if by is None or user.pk != by.pk}
    Notification.objects.bulk_create(
        Notification(user=user, kind=kind, text=text[:400], url=url, created_at=now) for user in people.values()
    )
