"""Support staff close and reopen accounts."""

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from rus_platform.kit.bell import person_group, ring_after_commit
from rus_platform.kit.errors import Forbidden, Invalid
from rus_platform.kit.locking import lock


@transaction.atomic
def close_account(*, user_id: int, by: User) -> User:
    """Nobody signs in to it any more, and open sessions end at their next request. What was written stays."""
    return _set(user_id, by, active=False)


@transaction.atomic
def reopen_account(*, user_id: int, by: User) -> User:
    """The account may be used again, with the roles it had."""
    return _set(user_id, by, active=True)


def _set(user_id: int, by: User, *, active: bool) -> User:
    user = lock(User.objects.filter(pk=user_id))
    if not (by.is_active and by.is_staff):
        raise Forbidden(_("Bara supportpersonal kan stänga och öppna konton."))
    if user.pk == by.pk:
        raise Invalid(_("Du kan inte stänga ditt eget konto."))
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        record(by=by, verb="reopen_account" if active else "close_account", obj=user)
        ring_after_commit(person_group(user.pk), "rights")
    return user
