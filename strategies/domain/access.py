"""Access given to actors outside the drafting team. Higher apps push it down."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import Actor, User
from rus_platform.kit import clock
from rus_platform.kit.errors import WrongState
from strategies.models import Ability, AccessGrant, Version


def grant(*, version: Version, reason: str, by: User | None, actors: Iterable[Actor] = (), public: bool = False) -> int:
    """Let ``actors`` (or everyone) read a frozen version because of ``reason``; those who may already are left alone.

    Called inside the caller's transaction and after its own permission check. Returns how many grants are new.
    """
    if not version.is_frozen:
        raise WrongState(_("Utkastet är arbetsmaterial. Frys en version innan någon annan får läsa."))
    now = clock.now()
    known = set(AccessGrant.objects.filter(version=version, revoked_at=None).values_list("actor_id", flat=True))
    wanted: list[Actor | None] = [None] if public else []
    wanted += list(actors)
    rows = AccessGrant.objects.bulk_create(
        AccessGrant(
            version=version,
            actor=actor,
            public=actor is None,
            ability=Ability.READ,
            reason=reason,
            granted_at=now,
            granted_by=by,
        )
        for actor in wanted
        if (actor.pk if actor else None) not in known
    )
    if rows:
        record(
            by=by,
            verb="grant",
            obj=version,
            strategy_id=version.strategy_id,
            reason=reason,
            actors=len(rows),
            public=public,
        )
    return len(rows)


def revoke(*, version: Version, reason: str, by: User | None) -> int:
    """Take back every grant that was given because of ``reason``. Returns how many."""
    ended = AccessGrant.objects.filter(version=version, reason=reason, revoked_at=None).update(revoked_at=clock.now())
    if ended:
        record(by=by, verb="revoke", obj=version, strategy_id=version.strategy_id, reason=reason, actors=ended)
    return ended
