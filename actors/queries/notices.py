"""A person's notices."""

from django.db.models import QuerySet

from actors.models import Notification, User


def notices_of(user: User, *, unread: bool = False) -> QuerySet[Notification]:
    """Newest first."""
    rows = Notification.objects.filter(user=user).order_by("-created_at", "-id")
    return rows.filter(read_at=None) if unread else rows
