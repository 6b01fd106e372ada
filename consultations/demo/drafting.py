"""Writes a corpus into a draft through the verbs of the outline and of the text."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from actors.models import User
from consultations.demo.casting import CODE, NEIGHBOURS, Cast
from consultations.demo.corpus import Section as Wanted
from consultations.demo.corpus import with_uuids
from rus_platform.kit import clock
from strategies.domain import register
from strategies.domain import sections as outline
from strategies.domain.spaces import create_strategy
from strategies.domain.text import replace_text
from strategies.models import PolicyItem, Section, StepVia, Strategy, Version

Drafted = dict[str, Section]  # key of the corpus -> the section of the version at hand

# Who the shorthands of the texts stand for.
RESPONSIBLE = {
    "region": ["region"], "kommuner": ["kommun:Älvstad", "kommun:Sundhamn", "kommun:Tallmo", "kommun:Kornslätt"],
    "civil": ["bygderadet", "idrotten"], "bildning": ["bildning"], "arbetsmarknad": ["arbetsmarknad"], "naringsliv": ["foretagarforeningen"],
    "innovation": ["innovationsradet", "sciencepark"], "lantbruk": ["lantbrukarforbundet"], "trafik": ["trafikverk"],
    "digital": ["digitaliseringsnamnden", "fiber"], "energi": ["elnat", "energiverket"], "skog": ["skogsmynd", "skogsagarna"],
    "beredskap": ["beredskapsnamnden"],
}  # fmt: skip


def new_strategy(cast: Cast, title: str, first: int, last: int) -> Strategy:
    """A strategy with all 120 consultees in its register and an empty draft."""
    by = cast.leader
    strategy = create_strategy(
        by=by, county_codes=[CODE], title=title, horizon_from=first, horizon_to=last, chapters=()
    )
    for section in Section.objects.filter(version__strategy=strategy, parent=None):
        outline.remove_section(section_id=section.pk, by=by)
    register.add_neighbours(strategy_id=strategy.pk, by=by, county_codes=[code for code, _name in NEIGHBOURS.values()])
    known = set(strategy.taking_part.values_list("actor_id", flat=True))
    for actor in cast.actors.values():
        if actor.pk not in known:
            register.add_known_to_register(strategy_id=strategy.pk, by=by, actor_id=actor.pk)
    return strategy


def copies_of(drafted: Drafted, draft: Version) -> Drafted:
    """The same keys, for the sections of a draft that was forked from the version of ``drafted``."""
    keys = {section.uuid: key for key, section in drafted.items()}
    return {keys[section.uuid]: section for section in draft.sections.all()}


def write_draft(
    *, version: Version, wanted: list[Wanted], before: Drafted, cast: Cast, times: tuple[datetime, datetime], seed: int
) -> Drafted:
    """Make the draft be ``wanted``. Sections that stood there (``before``, by key) are rewritten, the others removed."""
    rng = random.Random(f"{seed}/drafting/{version.pk}")
    writers = [cast.leader, *cast.editors]
    drafted: Drafted = {}
    with clock.travel(times[0]):
        for row in wanted:
            drafted[row["key"]] = _outlined(version, row, drafted, before, cast.leader)
        kept = {section.pk for section in drafted.values()}
        for section in before.values():
            if section.pk not in kept:
                outline.remove_section(section_id=section.pk, by=cast.leader)
    uuids = {row["uuid"]: str(drafted[row["key"]].uuid) for row in wanted}
    moments = sorted(rng.random() for _row in wanted)
    for row, share in zip(wanted, moments, strict=True):
        by = rng.choice(writers)
        with clock.travel(working_hour(times[0] + (times[1] - times[0]) * share, rng)):
            if row["doc"]["content"]:
                replace_text(
                    section_id=drafted[row["key"]].pk, by=by, doc=with_uuids(row["doc"], uuids), via=StepVia.IMPORT
                )
            _set_facts(row, drafted[row["key"]], cast, by)
    return {key: Section.objects.get(pk=section.pk) for key, section in drafted.items()}


def _outlined(version: Version, row: Wanted, drafted: Drafted, before: Drafted, by: User) -> Section:
    parent = drafted[row["parent"]].pk if row["parent"] else None
    known = before.get(row["key"])
    if known is None or known.kind != row["kind"]:
        return outline.add_section(version_id=version.pk, kind=row["kind"], title=row["title"], by=by, parent_id=parent)
    if known.title != row["title"]:
        outline.rename_section(section_id=known.pk, title=row["title"], by=by)
    siblings = [section.pk for key, section in drafted.items() if section.parent_id == parent]
    return outline.move_section(
        section_id=known.pk, by=by, parent_id=parent, after_id=siblings[-1] if siblings else None
    )


def _set_facts(row: Wanted, section: Section, cast: Cast, by: User) -> None:
    if not (row["target_year"] or row["responsible"] or row["policy"]):
        return
    responsible = _responsible(row["responsible"], cast)
    items = [item.pk for item in _items(row["policy"])]
    fresh = Section.objects.get(pk=section.pk)
    outline.set_goal_facts(
        section_id=section.pk, by=by, revision=fresh.revision, target_year=row["target_year"], responsible_ids=responsible,
        policy_item_ids=items,
    )  # fmt: skip


def _responsible(keys: Sequence[str], cast: Cast) -> list[int]:
    found = []
    for key in keys:
        for consultee in RESPONSIBLE.get(key, [key]):
            found.append(cast.region.pk if consultee == "region" else cast.actors[consultee].pk)
    return found


def _items(policy: Sequence[tuple[str, str]]) -> list[PolicyItem]:
    """The items; codes in the texts are the bare numbers."""
    return [PolicyItem.objects.get(framework=framework, number=int(number)) for framework, number in policy]


def working_hour(moment: datetime, rng: random.Random) -> datetime:
    """The same day (Monday to Friday) between eight and five."""
    weekend = max(0, moment.weekday() - 4)
    return (moment - timedelta(days=weekend)).replace(
        hour=rng.randint(7, 15), minute=rng.randint(0, 59), second=rng.randint(0, 59)
    )
