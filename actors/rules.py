"""May they? Questions about actors and people. Roles are asked of the database at most once per request."""

from actors.models import Actor, Membership, Role, User
from actors.queries.roles import has_role, roles_of


def belongs_to(user: User, actor: Actor) -> bool:
    """Whether the person holds any role in the actor."""
    return bool(roles_of(user).get(actor.pk))


def can_handle_people(user: User, actor: Actor) -> bool:
    """Give and end roles."""
    return has_role(user, actor.pk, Role.ADMIN)


def can_start_organisation(user: User, actor: Actor) -> bool:
    """Invite the first administrator of an organisation that has none: a region's administrator, for the organisations
    of its county and for those that belong to no county. Another region looks after itself."""
    if actor.kind == "region":
        return False
    if Membership.objects.filter(actor=actor, role=Role.ADMIN, until=None).exists():
        return False
    places = set(actor.counties.values_list("code", flat=True))
    regions = Actor.objects.filter(kind="region", pk__in=administered(user)).values_list("county_id", flat=True)
    return any(not places or code in places for code in regions)


def administered(user: User) -> list[int]:
    """Ids of the actors where the person is administrator."""
    return [actor_id for actor_id, roles in roles_of(user).items() if Role.ADMIN in roles]


def can_end_role(user: User, membership: Membership) -> bool:
    """End a role: the organisation's administrator, and the one who holds it."""
    return can_handle_people(user, membership.actor) or membership.user_id == user.pk


def can_see_people(user: User, actor: Actor) -> bool:
    """See who holds which role."""
    return belongs_to(user, actor)


def can_see_register(user: User) -> bool:
    """See the organisations of the platform: everyone with a role somewhere, but no guest of an open consultation."""
    return bool(roles_of(user)) and not user.guest


def can_create_strategy(user: User, actor: Actor) -> bool:
    """Start a strategy for a region."""
    return actor.kind == "region" and has_role(user, actor.pk, Role.LEADER, Role.ADMIN)
