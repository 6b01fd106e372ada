"""May they? Questions about actors and people. Roles are asked of the database at most once per request."""

from actors.models import Actor, Role, User
from actors.queries.roles import has_role, roles_of


def belongs_to(user: User, actor: Actor) -> bool:
    """Whether the person holds any role in the actor."""
    return bool(roles_of(user).get(actor.pk))


def can_handle_people(user: User, actor: Actor) -> bool:
    """Give and end roles."""
    return has_role(user, actor.pk, Role.ADMIN)


def can_see_people(user: User, actor: Actor) -> bool:
    """See who holds which role."""
    return belongs_to(user, actor)


def can_create_strategy(user: User, actor: Actor) -> bool:
    """Start a strategy for a region."""
    return actor.kind == "region" and has_role(user, actor.pk, Role.LEADER, Role.ADMIN)
