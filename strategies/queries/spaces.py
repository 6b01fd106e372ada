"""Which strategies a person knows of, and what stands about them in lists."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from actors.models import User
from actors.queries.roles import roles_of
from strategies.models import Strategy, Version
from strategies.rules import readable_versions


def visible_to(user: User) -> QuerySet[Strategy]:
    """The strategies of one's own region, and those with a version that one may read."""
    readable = Version.objects.filter(readable_versions(user)).values("strategy_id")
    return Strategy.objects.filter(Q(owner_id__in=list(roles_of(user))) | Q(pk__in=readable))


def listed(rows: QuerySet[Strategy], user: User) -> QuerySet[Strategy]:
    """With owner, number of actors, and ``latest_id``/``_status``/``_label`` of the newest version that ``user`` may read."""
    newest = Version.objects.filter(readable_versions(user), strategy=OuterRef("pk")).order_by("-number")
    return (
        rows.select_related("owner")
        .prefetch_related("counties")
        .annotate(
            latest_id=Subquery(newest.values("pk")[:1]),
            latest_status=Subquery(newest.values("status")[:1]),
            latest_label=Subquery(newest.values("label")[:1]),
            actor_count=Count("taking_part", distinct=True),
        )
        .order_by("owner__sort_key", "-created_at")
    )


def published() -> QuerySet[Strategy]:
    """Strategies that have an adopted version, for everyone, with the day it was adopted and its name."""
    adopted = Version.objects.filter(strategy=OuterRef("pk"), status="adopted")
    return (
        Strategy.objects.filter(versions__status="adopted")
        .distinct()
        .select_related("owner")
        .annotate(adopted_on=Subquery(adopted.values("adopted_on")[:1]), edition=Subquery(adopted.values("label")[:1]))
        .order_by("owner__sort_key")
    )
