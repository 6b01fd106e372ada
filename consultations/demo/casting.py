"""Who is in the story: the fictional counties, the organisations and the people with their roles."""

import random
from dataclasses import dataclass, field

from actors.domain.membership import give_role
from actors.domain.people import choose_password
from actors.domain.register import actors_of_counties, add_actor, change_actor
from actors.models import Actor, County, Municipality, Role, User
from consultations.demo.consultees import Consultee, address, consultees, person
from consultations.demo.facts import COUNTY, REGION, places
from consultations.demo.swedish import municipality_name

CODE = "90"  # SCB's codes end at 25
NEIGHBOURS = {
    "vasterfjall": ("91", "Västerfjälls län"),
    "nordskog": ("92", "Nordskogs län"),
    "sormark": ("93", "Sörmarks län"),
}
HOST = "regionalvmark.example"
PASSWORD = "alvmark-demo-2040"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody whom a visitor can sign in as."""

    email: str
    name: str
    about: str
    password: str = PASSWORD


@dataclass(slots=True)
class Cast:
    """Everyone, once they exist. ``actors`` by the consultee's key, ``writers`` and ``signers`` likewise."""

    region: Actor
    leader: User
    editors: list[User]
    secretary: User
    actors: dict[str, Actor] = field(default_factory=dict)
    writers: dict[str, User] = field(default_factory=dict)
    signers: dict[str, User] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)


# Named people of organisations that a visitor can act for: key -> (name, title, roles, what they can do in the demo).
NAMED = {
    "kommun:Tallmo": [
        ("Lena Forslind", "utredare", (Role.EDITOR,), "Handläggare i Tallmo kommun: skriver på kommunens svar i det öppna samrådet"),
        ("Ali Rezaei", "samhällsplanerare", (Role.EDITOR,), "Handläggare i Tallmo kommun: skriver på samma svar som Lena"),
        ("Birgitta Ohlén", "kommunsekreterare", (Role.SIGNATORY, Role.EDITOR, Role.ADMIN), "Lämnar in svaret för Tallmo kommun"),
    ],
    "kommun:Granfjärd": [
        ("Sofia Bergvik", "utvecklingschef", (Role.EDITOR, Role.SIGNATORY, Role.ADMIN),
         "Granfjärds kommun: har inte börjat svara i det öppna samrådet, och har svarat i det stängda"),
    ],
    "naturforeningen": [
        ("Hassan Myrhed", "ordförande", (Role.EDITOR, Role.SIGNATORY, Role.ADMIN), "Naturvännerna Älvmark: en förening med ett lämnat svar"),
    ],
}  # fmt: skip


def make_counties(seed: int) -> None:
    """The fictional county with 33 municipalities and three neighbours. Reference data: there is no verb for them."""
    County.objects.create(
        code=CODE,
        letter="ÄM",
        name=f"{COUNTY} (påhittat län)",
        region_name=REGION,
        seat="Älvstad",
        kolada_id=f"00{CODE}",
        fictional=True,
    )
    for key, (code, name) in NEIGHBOURS.items():
        region = next(who.name for who in consultees(seed) if who.key == key)
        County.objects.create(
            code=code, letter=name[:2].upper(), name=f"{name} (påhittat län)", region_name=region, seat="–", kolada_id=f"00{code}",
            fictional=True,
        )  # fmt: skip
    Municipality.objects.bulk_create(
        Municipality(
            code=f"{CODE}{n:02}", name=p.name, official_name=municipality_name(p.name), county_id=CODE, fictional=True
        )
        for n, p in enumerate(sorted(places(seed), key=lambda p: p.name), 1)
    )


def make_cast(seed: int) -> Cast:
    """The organisations with their addresses, and the people of the region."""
    make_counties(seed)
    everyone = actors_of_counties([CODE, *(code for code, _name in NEIGHBOURS.values())], None)
    region = next(actor for actor in everyone if actor.kind == "region" and actor.county_id == CODE)
    leader = _employee(region, "Karin Sandell", "processledare", Role.LEADER, Role.ADMIN)
    jonas, aino = (_employee(region, name, "strateg", Role.EDITOR) for name in ("Jonas Ekhage", "Aino Laitala"))
    secretary = _employee(region, "Petra Nyhem", "nämndsekreterare", Role.SECRETARY)
    reader = _employee(region, "Mats Dahlkvist", "kommunikatör", Role.READER)
    cast = Cast(region, leader, [jonas, aino], secretary)
    change_actor(actor_id=region.pk, by=None, email=f"registrator@{HOST}")
    cast.accounts = [
        Account(
            leader.email,
            leader.name,
            "Region Älvmark, processledare: fryser, öppnar samråd, avslutar och lämnar till beslut",
        ),
        Account(jonas.email, jonas.name, "Region Älvmark, handläggare: skriver i utkastet och bemöter synpunkter"),
        Account(aino.email, aino.name, "Region Älvmark, handläggare: skriver samtidigt med Jonas"),
        Account(secretary.email, secretary.name, "Region Älvmark, nämndsekreterare: för in nämndernas beslut"),
        Account(reader.email, reader.name, "Region Älvmark, läsare: ser allt, ändrar inget"),
    ]
    _make_consultees(cast, {actor.name: actor for actor in everyone}, seed)
    return cast


def _employee(region: Actor, name: str, title: str, *roles: Role) -> User:
    for role in roles:
        user = give_role(actor_id=region.pk, email=address(name, HOST), name=name, role=role, by=None, title=title).user
    return choose_password(user_id=user.pk, password=PASSWORD)


def _make_consultees(cast: Cast, known: dict[str, Actor], seed: int) -> None:
    """The 120 organisations; those that no list of counties has are added."""
    rng = random.Random(f"{seed}/people")
    taken = {cast.leader.name}
    for who in consultees(seed):
        actor = known.get(who.name) or _board(who, known)
        if actor is None:
            actor = add_actor(
                kind=who.kind, name=who.name, by=None, email=who.mailbox, county_codes=[CODE], fictional=True
            )
        else:
            change_actor(actor_id=actor.pk, by=None, email=who.mailbox)
        cast.actors[who.key] = actor
        if who.key in NAMED:
            _named_people(cast, who, actor)
        else:
            _unnamed_people(cast, who, actor, rng, taken)


def _board(who: Consultee, known: dict[str, Actor]) -> Actor | None:
    """The county board, whatever its county's name in the register."""
    if who.kind != "county_board":
        return None
    return next(actor for actor in known.values() if actor.kind == "county_board" and actor.county_id == CODE)


def _named_people(cast: Cast, who: Consultee, actor: Actor) -> None:
    for name, title, roles, about in NAMED[who.key]:
        for role in roles:
            user = give_role(
                actor_id=actor.pk, email=address(name, who.host), name=name, role=role, by=None, title=title
            ).user
        choose_password(user_id=user.pk, password=PASSWORD)
        cast.accounts.append(Account(user.email, user.name, about))
        cast.writers.setdefault(who.key, user)
        if Role.SIGNATORY in roles:
            cast.signers[who.key] = user


def _unnamed_people(cast: Cast, who: Consultee, actor: Actor, rng: random.Random, taken: set[str]) -> None:
    """Somebody who signs, and in a municipality somebody else who writes."""

    def somebody(title: str, *roles: Role) -> User:
        name = person(rng)
        while name in taken:
            name = person(rng)
        taken.add(name)
        for role in roles:
            user = give_role(
                actor_id=actor.pk, email=address(name, who.host), name=name, role=role, by=None, title=title
            ).user
        return user

    if who.kind == "municipality":
        cast.writers[who.key] = somebody("utredare", Role.EDITOR)
        cast.signers[who.key] = somebody("kommunsekreterare", Role.SIGNATORY, Role.EDITOR)
    else:
        cast.signers[who.key] = cast.writers[who.key] = somebody("handläggare", Role.SIGNATORY, Role.EDITOR)
