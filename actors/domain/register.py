"""The register of organisations: those of a county, and those that somebody adds."""

import re
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from actors.domain.audit import record
from actors.domain.sorting import sort_key
from actors.models import PASSING_KINDS, Actor, ActorKind, County, Municipality, User
from rus_platform.kit.errors import Conflict, Invalid
from rus_platform.kit.locking import lock, take_turns

# These come from the lists of counties and municipalities; nobody types them in.
LISTED_KINDS = frozenset({ActorKind.REGION, ActorKind.MUNICIPALITY, ActorKind.COUNTY_BOARD, ActorKind.NEIGHBOUR})
FREE_KINDS = [kind for kind in ActorKind if kind not in LISTED_KINDS | PASSING_KINDS]
MANY = 500


@transaction.atomic
def actors_of_counties(codes: Sequence[str], by: User | None) -> list[Actor]:
    """Region, county board and every municipality of the counties, made when they are missing. Constant queries.

    The counties are locked, so that two callers never make the same actor twice.
    Raises Invalid for an unknown county.
    """
    counties = locked_counties(codes)
    municipalities = list(Municipality.objects.filter(county__in=counties))
    known = set(Actor.objects.filter(county__in=counties).values_list("county_id", "kind"))
    at_home = set(Actor.objects.filter(municipality__in=municipalities).values_list("municipality_id", flat=True))
    new = [
        _row(county, kind)
        for county in counties
        for kind in ("region", "county_board")
        if (county.pk, kind) not in known
    ]
    new += [_municipality_row(row) for row in municipalities if row.pk not in at_home]
    _create_actors(new, by)
    return list(
        (Actor.objects.filter(county__in=counties) | Actor.objects.filter(municipality__in=municipalities)).order_by(
            "sort_key"
        )
    )


def locked_counties(codes: Sequence[str]) -> list[County]:
    """The counties in the order of ``codes``, locked in the order of their own codes. Invalid when one is unknown."""
    rows = {
        row.code: row for row in County.objects.filter(code__in=codes).order_by("code").select_for_update(no_key=True)
    }
    if not codes or len(rows) != len(set(codes)):
        raise Invalid(_("Välj minst ett län i listan."), {"counties": _("Välj minst ett län i listan.")})
    return [rows[code] for code in dict.fromkeys(codes)]


def _row(county: County, kind: str) -> Actor:
    name = county.region_name if kind == "region" else f"Länsstyrelsen i {county.name}"
    return Actor(kind=kind, name=name, county=county, fictional=county.fictional, sort_key=sort_key(name))


def _municipality_row(row: Municipality) -> Actor:
    name = row.official_name
    return Actor(
        kind=ActorKind.MUNICIPALITY, name=name, municipality=row, fictional=row.fictional, sort_key=sort_key(name)
    )  # fmt: skip


def _create_actors(rows: list[Actor], by: User | None) -> None:
    """Keep the actors and where they work."""
    if not rows:
        return
    made = bulk_create_with_history(rows, Actor, batch_size=MANY, default_user=by)
    places = [(actor.pk, actor.county_id or actor.municipality.county_id) for actor in made]
    Actor.counties.through.objects.bulk_create(
        Actor.counties.through(actor_id=actor_id, county_id=county_id) for actor_id, county_id in places
    )


def likely_same(name: str) -> list[Actor]:
    """Actors whose name reads the same, whatever its case, spaces, punctuation or legal form ("AB")."""
    wanted = _bare(name)
    first = sort_key(name)[:3]
    near = (
        Actor.objects.filter(sort_key__startswith=first).exclude(kind__in=PASSING_KINDS)
        if first
        else Actor.objects.none()
    )
    return [actor for actor in near[:MANY] if _bare(actor.name) == wanted]


def match_names(names: Iterable[str]) -> dict[str, list[Actor]]:
    """Name -> the actors whose names read the same (see ``likely_same``). Two queries whatever their number."""
    wanted = {name: _bare(name) for name in names if name}
    known: dict[str, list[int]] = {}
    for pk, name in Actor.objects.values_list("pk", "name"):
        known.setdefault(_bare(name), []).append(pk)
    found = {pk for bare in wanted.values() if bare for pk in known.get(bare, ())}
    actors = Actor.objects.in_bulk(found)
    return {name: [actors[pk] for pk in known.get(bare, ())] if bare else [] for name, bare in wanted.items()}


def _bare(name: str) -> str:
    """A name reduced to what makes it another name."""
    words = [word for word in re.split(r"\W+", name.casefold()) if word and word not in {"ab", "ek", "för", "i", "the"}]
    return " ".join(words)


@transaction.atomic
def add_actor(
    *, kind: str, name: str, by: User | None, email: str = "", county_codes: Iterable[str] = (), fictional: bool = False
) -> Actor:
    """A new organisation of one of the free kinds. Permission is the caller's: see ``strategies.domain.register``.

    Raises Invalid (fields), and Conflict with ``likely`` (ids) when the organisation is already known.
    """
    if kind not in FREE_KINDS:
        raise Invalid(_("Välj ett slag i listan."), {"kind": _("Välj ett slag i listan.")})
    name, email = checked_name(name), checked_email(email)
    take_turns("add_actor")  # so that two who add the same organisation don't both find it missing
    if likely := likely_same(name):
        raise Conflict(_("%(name)s finns redan.") % {"name": likely[0].name}, likely=[actor.pk for actor in likely])
    actor = Actor(kind=kind, name=name, email=email, fictional=fictional, sort_key=sort_key(name))
    actor.save()
    actor.counties.set(County.objects.filter(code__in=list(county_codes)))
    record(by=by, verb="add_actor", obj=actor, actor=actor, kind=kind)
    return actor


@transaction.atomic
def change_actor(*, actor_id: int, by: User | None, name: str | None = None, email: str | None = None) -> Actor:
    """Correct an organisation's name or its address for letters. Permission is the caller's. Raises Invalid."""
    actor = lock(Actor.objects.filter(pk=actor_id))
    changed = {}
    if email is not None and (email := checked_email(email)) != actor.email:
        changed["email"] = [actor.email, email]
        actor.email = email
    if name is not None and (name := checked_name(name)) != actor.name:
        if actor.kind in LISTED_KINDS:
            raise Invalid(_("Namnet kommer från det officiella registret."), {"name": _("Namnet kan inte ändras.")})
        changed["name"] = [actor.name, name]
        actor.name, actor.sort_key = name, sort_key(name)
    if changed:
        actor.save(update_fields=["name", "email", "sort_key"])
        record(by=by, verb="change_actor", obj=actor, actor=actor, changed=changed)
    return actor


def checked_name(name: str, longest: int = 160, *, field: str = "name") -> str:
    """A name on one line. Invalid when it is empty or too long."""
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > longest:
        text = _("Skriv ett namn på högst %(n)s tecken.") % {"n": longest}
        raise Invalid(text, {field: text})
    return name


def checked_email(email: str, *, required: bool = False) -> str:
    """An address in lower case, or "" when it may be missing. Invalid when it is none."""
    email = email.strip().lower()
    if not email and not required:
        return ""
    try:
        validate_email(email)
    except ValidationError:
        text = _("Skriv en e-postadress, till exempel anna.ek@kommun.se.")
        raise Invalid(text, {"email": text}) from None
    return email
