"""People of an organisation, and a person's organisations."""

from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from actors.models import PASSING_KINDS, Actor, Membership, Role, User
from actors.queries.roles import roles_of


@dataclass
class Colleague:
    """A person with her open roles in one actor."""

    user: User
    roles: list[Membership] = field(default_factory=list)

    @property
    def waiting(self) -> bool:
        """Invited, but has neither been here nor chosen a password."""
        return self.user.last_login is None and not self.user.has_usable_password()


def colleagues(actor: Actor) -> list[Colleague]:
    """Everyone with an open role, by name. One query."""
    people: dict[int, Colleague] = {}
    rows = (
        Membership.objects.filter(actor=actor, until=None)
        .select_related("user", "given_by")
        .order_by("user__name", "role")
    )
    for row in rows:
        row.actor = actor
        people.setdefault(row.user_id, Colleague(row.user)).roles.append(row)
    order = list(Role.values)
    for colleague in people.values():
        colleague.roles.sort(key=lambda row: order.index(row.role))
    return list(people.values())


def past_roles(actor: Actor, most: int = 50) -> QuerySet[Membership]:
    """Roles that have ended, newest first."""
    return (
        Membership.objects.filter(actor=actor, until__isnull=False)
        .select_related("user", "ended_by")
        .order_by("-until")[:most]
    )


def memberships_of(user: User) -> QuerySet[Membership]:
    """The person's open roles with their actors."""
    return Membership.objects.filter(user=user, until=None).select_related("actor").order_by("actor__sort_key", "role")


def organisations_of(user: User) -> list[tuple[Actor, list[str]]]:
    """The person's organisations, each with the short names of the roles held there. One query."""
    found: dict[int, tuple[Actor, list[str]]] = {}
    for row in memberships_of(user):
        found.setdefault(row.actor_id, (row.actor, []))[1].append(short(row.get_role_display()))
    return list(found.values())


def short(role: object) -> str:
    """The name of a role without its explanation."""
    return str(role).split(" – ")[0]


def actors_visible_to(user: User, *, words: str = "", kind: str = "") -> QuerySet[Actor]:
    """The organisations of the platform with the number of their people; nothing for somebody without a role."""
    if user.guest or not roles_of(user):
        return Actor.objects.none()
    rows = Actor.objects.exclude(kind__in=PASSING_KINDS).annotate(
        people=Count("memberships__user", filter=Q(memberships__until=None), distinct=True)
    )
    if words:
        rows = rows.filter(name__icontains=words)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("sort_key", "pk")
