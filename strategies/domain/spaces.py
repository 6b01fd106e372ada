"""A region's space: a new strategy, with its actors and an outline to begin in."""

import uuid
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from actors import rules as actor_rules
from actors.domain.audit import record
from actors.domain.register import actors_of_counties, checked_name
from actors.models import Actor, AuditEvent, County, User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid
from rus_platform.kit.locking import lock
from strategies import rules
from strategies.domain.outline_templates import KEYS, Chapter, chosen
from strategies.models import Section, SectionKind, Strategy, StrategyActor, Version

FIRST_YEAR, LAST_YEAR = 2000, 2100
GAP = 1024  # between siblings' positions


@transaction.atomic
def create_strategy(
    *,
    by: User,
    county_codes: Sequence[str],
    title: str,
    horizon_from: int,
    horizon_to: int,
    chapters: Collection[str] = KEYS,
    key: str = "",
) -> Strategy:
    """A strategy for the counties, with region, county board and municipalities in its register, and "Utkast 1".

    The owner is the region of the first of the counties whose strategy ``by`` may start. ``key``: whatever names one
    filled-in form; the same key again gives the strategy that it gave before (a double click makes one).
    Raises Invalid (``title``, ``horizon_from``, ``horizon_to``, ``counties``, ``chapters``) and Forbidden.
    """
    actors = actors_of_counties(county_codes, by)
    owner = lock(Actor.objects.filter(pk=owner_of(county_codes, actors, by).pk))
    if again := made_with(key=key, by=by):  # the owner is locked: nobody is making it now
        return again
    title, (first, last) = checked_name(title, field="title"), checked_horizon(horizon_from, horizon_to)
    _check_new(owner, title, chapters)
    strategy = Strategy.objects.create(
        owner=owner, title=title, slug=_free_slug(title), horizon_from=first, horizon_to=last,
        created_at=clock.now(), created_by=by, contact=by.email,
    )  # fmt: skip
    strategy.counties.set(County.objects.filter(code__in=county_codes))
    _fill_register(strategy, actors, by)
    version = Version.objects.create(
        strategy=strategy, number=1, label="Utkast 1", created_at=clock.now(), created_by=by
    )
    _lay_out(version, chosen(set(chapters)), by)
    record(
        by=by, verb="create_strategy", obj=strategy, strategy_id=strategy.pk, actor=owner, key=key, actors=len(actors)
    )
    return strategy


@transaction.atomic
def change_strategy(
    *,
    strategy_id: int,
    by: User,
    title: str,
    horizon_from: int,
    horizon_to: int,
    case_number: str = "",
    contact: str = "",
) -> Strategy:
    """Correct a strategy's name, years, case number and contact. Frozen versions keep the name they were frozen with.

    Raises Forbidden, Invalid (``title``, ``horizon_from``, ``horizon_to``).
    """
    strategy = lock(Strategy.objects.filter(pk=strategy_id).select_related("owner"))
    if not rules.can_lead(fresh(by), strategy):
        raise Forbidden(_("Bara processledaren kan ändra strategins uppgifter."))
    title, (first, last) = checked_name(title, field="title"), checked_horizon(horizon_from, horizon_to)
    if Strategy.objects.filter(owner=strategy.owner, title__iexact=title).exclude(pk=strategy.pk).exists():
        text = _("%(owner)s har redan en strategi som heter så.") % {"owner": strategy.owner.name}
        raise Invalid(text, {"title": text})
    strategy.title, strategy.horizon_from, strategy.horizon_to = title, first, last
    strategy.case_number, strategy.contact = case_number.strip()[:40], contact.strip()[:200]
    strategy.save(update_fields=["title", "horizon_from", "horizon_to", "case_number", "contact"])
    record(by=by, verb="change_strategy", obj=strategy, strategy_id=strategy.pk)
    return strategy


def owner_of(county_codes: Sequence[str], actors: Sequence[Actor], by: User) -> Actor:
    """The region that will own a strategy for these counties. Forbidden when ``by`` may start it for none."""
    regions = {actor.county_id: actor for actor in actors if actor.kind == "region"}
    for code in county_codes:
        if code in regions and actor_rules.can_create_strategy(fresh(by), regions[code]):
            return regions[code]
    raise Forbidden(_("Bara regionens processledare eller administratör kan skapa en strategi för länet."))


def checked_horizon(first: int, last: int) -> tuple[int, int]:
    """The years, or Invalid in words."""
    if not FIRST_YEAR <= first <= LAST_YEAR:
        text = _("Skriv ett år mellan %(first)s och %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise Invalid(text, {"horizon_from": text})
    if not first < last <= LAST_YEAR:
        text = _("Slutåret ska vara efter %(first)s och senast %(last)s.") % {"first": first, "last": LAST_YEAR}
        raise Invalid(text, {"horizon_to": text})
    return first, last


def _check_new(owner: Actor, title: str, chapters: Collection[str]) -> None:
    if Strategy.objects.filter(owner=owner, title__iexact=title).exists():
        text = _("%(owner)s har redan en strategi som heter så.") % {"owner": owner.name}
        raise Invalid(text, {"title": text})
    if not set(chapters) <= set(KEYS):
        text = _("Välj kapitel i listan.")
        raise Invalid(text, {"chapters": text})


def made_with(*, key: str, by: User) -> Strategy | None:
    """What the same filled-in form gave before; the trail remembers it."""
    event = AuditEvent.objects.filter(verb="create_strategy", by=by, data__key=key).first() if key.isalnum() else None
    return Strategy.objects.filter(pk=event.strategy_id or 0).first() if event else None


def _free_slug(title: str) -> str:
    """A readable address that nobody else has."""
    slug = slugify(title)[:60] or "strategi"
    taken = set(Strategy.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    if slug not in taken:
        return slug
    number = next(n for n in range(2, 1000) if f"{slug}-{n}" not in taken)
    return f"{slug}-{number}"


def _fill_register(strategy: Strategy, actors: Sequence[Actor], by: User) -> None:
    now = clock.now()
    StrategyActor.objects.bulk_create(
        StrategyActor(strategy=strategy, actor=actor, kind=actor.kind, added_at=now, added_by=by) for actor in actors
    )


def _lay_out(version: Version, chapters: Sequence[Chapter], by: User) -> None:
    """The chapters and their first headings, without text. Two queries, and two for their history."""
    now = clock.now()

    def section(kind: SectionKind, title: str, place: int, parent: Section | None = None) -> Section:
        return Section(
            version=version,
            uuid=uuid.uuid4(),
            kind=kind,
            title=title,
            parent=parent,
            position=place * GAP,
            updated_at=now,
        )

    tops = [section(SectionKind.CHAPTER, chapter.title, place) for place, chapter in enumerate(chapters, 1)]
    bulk_create_with_history(tops, Section, default_user=by)
    parts = [
        section(SectionKind.TEXT, title, place, parent)
        for parent, chapter in zip(tops, chapters, strict=True)
        for place, title in enumerate(chapter.parts, 1)
    ]
    bulk_create_with_history(parts, Section, default_user=by)
