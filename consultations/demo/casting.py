"""Who is in the story: the fictional counties, the organisations and the people with their roles."""

import random
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop

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
    """Somebody whom a visitor can sign in as. ``group``: the organisation; ``about``: what there is to see and do."""

    email: str
    name: str
    group: str
    about: str
    password: str = PASSWORD


@dataclass(slots=True)
class Cast:
    """Everyone, once they exist. ``actors`` by the consultee's key; ``writers``, ``signers`` and the ``others`` of those that have
    more people likewise."""

    region: Actor
    leader: User
    editors: list[User]
    secretary: User
    reviewer: User
    actors: dict[str, Actor] = field(default_factory=dict)
    writers: dict[str, User] = field(default_factory=dict)
    signers: dict[str, User] = field(default_factory=dict)
    others: dict[str, list[User]] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)


# Named people: key -> (name, title, roles, what there is to see and do; nothing for those that a visitor can't sign in as).
WRITES, SIGNS = (Role.EDITOR,), (Role.SIGNATORY, Role.EDITOR, Role.ADMIN)
NAMED = {
    "kommun:Tallmo": [
        ("Lena Forslind", "utredare", WRITES,
         gettext_noop("Skriver kommunens svar på energiremissen: delar att fylla i, frågor från kollegor, ett mejl att läsa in.")),
        ("Ali Rezaei", "samhällsplanerare", WRITES, gettext_noop("Skriver i samma svar. Öppna Lena i ett annat fönster och skriv samtidigt.")),
        ("Birgitta Ohlén", "kommunsekreterare", SIGNS, gettext_noop("Fördelar arbetet, utser ersättare och lämnar in. Har begärt anstånd.")),
    ],
    "kommun:Sundhamn": [
        ("Tomas Klintmark", "utredare", WRITES, ""),
        ("Ulrika Hagfalk", "kommunsekreterare", SIGNS,
         gettext_noop("Svaret på energiremissen är klart och väntar på kommunstyrelsen. Skriv in beslutet.")),
    ],
    "kommun:Kornslätt": [
        ("Agneta Backlid", "miljöstrateg", WRITES, ""),
        ("Henrik Månsdal", "kanslichef", SIGNS, gettext_noop("Kommunstyrelsen har beslutat om svaret. Lämna in det och få kvittot.")),
    ],
    "kommun:Älvstad": [
        ("Emil Granath", "energistrateg", WRITES, ""),
        ("Malin Sjöhed", "utredare", SIGNS,
         gettext_noop("Lämnade ett preliminärt svar i tid och det antagna efteråt. Se vad som skiljer dem åt.")),
    ],
    "kommun:Granfjärd": [
        ("Sofia Bergvik", "utvecklingschef", SIGNS,
         gettext_noop("Har fått anstånd med energiremissen och inte börjat. Svarade i samrådet om strategin.")),
    ],
    "naturforeningen": [
        ("Hassan Myrhed", "ordförande", SIGNS,
         gettext_noop("En förening som svarade i den tidiga dialogen, i samrådet och på remissen. Se vad det blev av synpunkterna.")),
    ],
}  # fmt: skip


AT_THE_REGION = [
    gettext_noop(
        "Processledare: underhandsremissen är färdig att avsluta, och samrådet om strategin har synpunkter kvar att bemöta."
    ),
    gettext_noop(
        "Handläggare, håller i energiremissen: anstånd att besluta om, allmänhetens svar att granska, ett brev att läsa in."
    ),
    gettext_noop(
        "Handläggare, skriver utkastet: ändringsförslag att ta ställning till, en kommentar att svara på, ord att bekräfta."
    ),
    gettext_noop("Nämndsekreterare: för in nämndernas beslut."),
    gettext_noop("Språkvårdare: läser utkastet och föreslår ändringar, som handläggarna avgör."),
    gettext_noop("Läsare: ser allt, ändrar inget."),
]


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
    reviewer = _employee(region, "Elsa Norrhem", "språkvårdare", Role.REVIEWER)
    reader = _employee(region, "Mats Dahlkvist", "kommunikatör", Role.READER)
    cast = Cast(region, leader, [jonas, aino], secretary, reviewer)
    change_actor(actor_id=region.pk, by=None, email=f"registrator@{HOST}")
    cast.accounts = [
        Account(user.email, user.name, region.name, about)
        for user, about in zip((leader, aino, jonas, secretary, reviewer, reader), AT_THE_REGION, strict=True)
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
    taken = {cast.leader.name, *(name for people in NAMED.values() for name, *_rest in people)}
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
    told = [cast.actors[key].name for key in NAMED]  # in the order of the story
    cast.accounts.sort(key=lambda account: told.index(account.group) if account.group in told else -1)


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
        if about:
            choose_password(user_id=user.pk, password=PASSWORD)
            cast.accounts.append(Account(user.email, user.name, actor.name, about))
        known = who.key in cast.writers
        cast.writers.setdefault(who.key, user)
        if Role.SIGNATORY in roles:
            cast.signers[who.key] = user
        elif known:
            cast.others.setdefault(who.key, []).append(user)


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
