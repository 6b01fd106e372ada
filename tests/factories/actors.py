"""People and organisations."""

from itertools import count

from actors.domain.membership import give_role
from actors.domain.register import actors_of_counties, add_actor
from actors.models import Actor, County, Municipality, Role, User
from actors.queries.roles import fresh

PASSWORD = "en-lang-och-lugn-losenfras"
NUMBERS = count(1)


def make_county(code: str = "98", municipalities: int = 3) -> County:
    """A fictional county with municipalities ("Sagokommun 1" and so on); the same code again is the same county."""
    county, new = County.objects.get_or_create(
        code=code,
        defaults={
            "letter": "Q", "name": f"Sago{code} län", "region_name": f"Region Sago{code}", "seat": "Sagostad",
            "kolada_id": f"00{code}", "fictional": True,
        },
    )  # fmt: skip
    if new:
        Municipality.objects.bulk_create(
            Municipality(
                code=f"{code}{n:02}",
                name=f"Sago{code}kommun {n}",
                official_name=f"Sago{code}kommun {n}",
                county=county,
                fictional=True,
            )
            for n in range(1, municipalities + 1)
        )
    return county


def make_region(code: str = "98", municipalities: int = 3) -> Actor:
    """The region of a (fictional) county; its county board and municipalities are there too."""
    make_county(code, municipalities)
    actors_of_counties([code], None)
    return Actor.objects.get(kind="region", county_id=code)


def make_municipality(code: str = "98", number: int = 1) -> Actor:
    """A municipality of the county."""
    make_region(code)
    return Actor.objects.get(municipality_id=f"{code}{number:02}")


def make_organisation(kind: str = "state_agency", name: str = "", email: str = "") -> Actor:
    """An organisation that is in no list of counties."""
    return add_actor(kind=kind, name=name or f"Myndigheten {next(NUMBERS)} för prov", by=None, email=email)


def make_person(actor: Actor | None = None, *roles: str, name: str = "", email: str = "", password: str = "") -> User:
    """A person who holds ``roles`` in ``actor`` (none: an outsider). ``password`` only where a test signs in for real."""
    number = next(NUMBERS)
    name, email = name or f"Person {number}", email or f"person{number}@sago.example"
    if actor is None or not roles:
        user = User.objects.create_user(email, None, name=name)
    for role in roles if actor else ():
        user = give_role(actor_id=actor.pk, email=email, name=name, role=Role(role), by=None).user
    if password:
        user.set_password(password)
        user.save(update_fields=["password"])
    return fresh(user)
