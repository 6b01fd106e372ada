"""Who holds which role where. One query per person and request."""

from collections.abc import Iterable

from django.db.models import QuerySet

from actors.models import Actor, Membership, Role, User
from rus_platform.kit.prepared import Prepared

CACHE = "_open_roles"

_open_roles = Prepared(
    lambda user_id: Membership.objects.filter(user_id=user_id, until=None).values_list("actor_id", "role"), -1
)


def roles_of(user: User) -> dict[int, frozenset[str]]:
    """Actor id -> the roles that ``user`` holds there now. Remembered on this user object (one request)."""
    if not user.is_authenticated or not user.is_active:
        return {}
    known: dict[int, frozenset[str]] | None = getattr(user, CACHE, None)
    if known is None:
        gathered: dict[int, set[str]] = {}
        for actor_id, role in _open_roles(user.pk):
            gathered.setdefault(actor_id, set()).add(role)
        known = {actor_id: frozenset(roles) for actor_id, roles in gathered.items()}
        setattr(user, CACHE, known)
    return known


def fresh(user: User) -> User:
    """The same person with nothing remembered: what a verb asks inside its transaction. (A request's user is a lazy
    wrapper around the person: ``delattr`` reaches through it.)"""
    if hasattr(user, CACHE):
        delattr(user, CACHE)
    return user


def has_role(user: User, actor_id: int, *roles: Role) -> bool:
    """Whether ``user`` holds any of ``roles`` in the actor now."""
    return bool(roles_of(user).get(actor_id, frozenset()).intersection(roles))


def people_with(actor: Actor | int, *roles: Role) -> QuerySet[User]:
    """Active people who hold any of ``roles`` in the actor."""
    actor_id = actor if isinstance(actor, int) else actor.pk
    return User.objects.filter(
        is_active=True, memberships__actor_id=actor_id, memberships__role__in=roles, memberships__until=None
    ).distinct()


def people_by_actor(actors: Iterable[int], *roles: Role) -> dict[int, list[User]]:
    """Actor id -> active people who hold any of ``roles`` there; those without anybody left out. One query."""
    rows = Membership.objects.filter(actor__in=list(actors), role__in=roles, until=None, user__is_active=True)
    found: dict[int, dict[int, User]] = {}
    for row in rows.select_related("user").order_by("pk"):
        found.setdefault(row.actor_id, {})[row.user_id] = row.user
    return {actor_id: list(people.values()) for actor_id, people in found.items()}
