"""The first person of a region: how a new installation gets somebody who can let the others in."""

from django.db import transaction

from actors.domain.membership import give_role
from actors.domain.register import actors_of_counties, checked_email, checked_name
from actors.models import Actor, Membership, Role


@transaction.atomic
def make_first_officer(*, county_code: str, email: str, name: str) -> list[Membership]:
    """Administrator and process leader of the county's region (made, with the county's actors, when missing).

    Raises Invalid for an unknown county or a bad address. Run by the installation itself, hence nobody's act.
    """
    email, name = checked_email(email, required=True), checked_name(name, 120)
    actors_of_counties([county_code], None)
    region = Actor.objects.get(kind="region", county_id=county_code)
    return [
        give_role(actor_id=region.pk, email=email, name=name, role=role, by=None) for role in (Role.ADMIN, Role.LEADER)
    ]
