"""A person reads her notices."""

from django.utils.translation import gettext as _

from actors.models import Notification, User
from rus_platform.kit import clock
from rus_platform.kit.errors import NotFound


def read_notice(*, notice_id: int, by: User) -> Notification:
    """One notice is read. Another person's is not found. Idempotent."""
    mine = Notification.objects.filter(pk=notice_id, user=by)
    mine.filter(read_at=None).update(read_at=clock.now())
    notice = mine.first()
    if notice is None:
        raise NotFound(_("Notisen finns inte."))
    return notice


def read_all_notices(*, by: User) -> int:
    """Every notice is read; how many were not before."""
    return Notification.objects.filter(user=by, read_at=None).update(read_at=clock.now())
