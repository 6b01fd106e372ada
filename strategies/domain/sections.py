"""The outline: add, rename, move, remove and bring back sections, and the facts of goals and priorities."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import AuditEvent, User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from strategies import rules
from strategies.domain.locks import check_not_locked
from strategies.models import PolicyItem, Section, SectionKind, StrategyActor, TieKind, Version

GAP = 1024  # between siblings' positions
DEEPEST = 6
LONGEST_TITLE = 240
K = SectionKind
#: kind -> kinds it may stand under (None: top level)
PARENTS: dict[str, tuple[str | None, ...]] = {
    K.CHAPTER: (None,),
    K.TEXT: (None, K.CHAPTER, K.TEXT, K.GOAL, K.SUBGOAL, K.PRIORITY),
    K.GOAL: (None, K.CHAPTER, K.TEXT),
    K.SUBGOAL: (K.GOAL,),
    K.PRIORITY: (None, K.CHAPTER, K.TEXT, K.GOAL),
}
WITH_FACTS = (K.GOAL, K.SUBGOAL, K.PRIORITY)


def lock_draft(version_id: int, by: User) -> Version:
    """The locked working version, for somebody who may write in it. Outline changes take turns on it."""
    version = lock(Version.objects.filter(pk=version_id).select_related("strategy"))
    if not rules.can_edit(fresh(by), version.strategy):
        raise Forbidden(_("Du har inte längre rätt att ändra i utkastet."))
    if version.is_frozen:
        raise WrongState(_("Versionen är fryst och kan inte ändras. Börja nästa utkast från den i stället."))
    return version


def lock_section_row(section_id: int, by: User, *, removed: bool = False) -> Section:
    """The version first, then the section: the order in which everything here locks. ``removed``: it may be a removed one."""
    version_id = Section.objects.filter(pk=section_id).values_list("version_id", flat=True).first()
    version = lock_draft(version_id or 0, by)
    section = lock(Section.objects.filter(pk=section_id, version=version).select_related("version__strategy", "parent"))
    if section.removed_at is not None and not removed:
        raise WrongState(_("”%(title)s” är borttaget ur utkastet. Ta tillbaka det först.") % {"title": section})
    return section


@transaction.atomic
def add_section(
    *, version_id: int, kind: str, title: str, by: User, parent_id: int | None = None, after_id: int | None = None
) -> Section:
    """A new section under ``parent_id`` (None: top level), after the sibling ``after_id`` (None: last)."""
    version = lock_draft(version_id, by)
    parent = _live(version, parent_id) if parent_id else None
    check_place(kind, parent)
    siblings = siblings_of(version, parent)
    place = next((n for n, row in enumerate(siblings, 1) if row.pk == after_id), len(siblings))
    section = Section(version=version, kind=kind, title=_checked_title(title), parent=parent, updated_at=clock.now())
    place_section(siblings, section, place)
    record(by=by, verb="add_section", obj=section, strategy_id=version.strategy_id, kind=kind)
    return section


@transaction.atomic
def rename_section(*, section_id: int, title: str, by: User, revision: int | None = None) -> Section:
    """A new heading. With ``revision`` given, Conflict when the heading was changed since."""
    section = lock_section_row(section_id, by)
    title = _checked_title(title)
    if title == section.title:
        return section
    check_not_locked(section)
    if revision is not None and _changed_since(section, revision, "rename_section"):
        raise Conflict(
            _("Någon annan har ändrat rubriken under tiden."),
            mine=title,
            theirs=section.title,
            revision=section.revision,
        )
    before, section.title = section.title, title
    save_section(section, "title")
    record(
        by=by, verb="rename_section", obj=section, strategy_id=section.version.strategy_id, before=before, after=title,
        revision=section.revision,
    )  # fmt: skip
    return section


@transaction.atomic
def move_section(*, section_id: int, by: User, parent_id: int | None = None, after_id: int | None = None) -> Section:
    """Put a section, with all below it, under ``parent_id`` after ``after_id`` (None: first). Refuses cycles in words."""
    section = lock_section_row(section_id, by)
    parent = _live(section.version, parent_id) if parent_id else None
    _check_no_cycle(section, parent)
    check_place(section.kind, parent, levels=levels_of(section))
    siblings = [row for row in siblings_of(section.version, parent) if row.pk != section.pk]
    place = next((n for n, row in enumerate(siblings, 1) if row.pk == after_id), 0)
    section.parent = parent
    place_section(siblings, section, place)
    record(by=by, verb="move_section", obj=section, strategy_id=section.version.strategy_id, parent=parent_id)
    return section


@transaction.atomic
def nudge_section(*, section_id: int, direction: str, by: User) -> Section:
    """Move by one: "up" or "down" among siblings, "in" under the sibling above, "out" to after the parent (keyboard)."""
    section = lock_section_row(section_id, by)
    siblings = siblings_of(section.version, section.parent)
    here = next(n for n, row in enumerate(siblings) if row.pk == section.pk)
    parent_id, after_id = section.parent_id, None
    if direction == "up" and here > 0:
        after_id = siblings[here - 2].pk if here > 1 else None
    elif direction == "down" and here < len(siblings) - 1:
        after_id = siblings[here + 1].pk
    elif direction == "in" and here > 0:
        parent_id = siblings[here - 1].pk
        last = siblings_of(section.version, siblings[here - 1])
        after_id = last[-1].pk if last else None
    elif direction == "out" and section.parent is not None:
        parent_id, after_id = section.parent.parent_id, section.parent_id
    else:
        raise Invalid(_("Avsnittet kan inte flyttas längre åt det hållet."))
    return move_section(section_id=section_id, parent_id=parent_id, after_id=after_id, by=by)


@transaction.atomic
def remove_section(*, section_id: int, by: User) -> Section:
    """Take a section and all below it out of the draft. Nothing is lost: ``restore_section`` brings them back."""
    section = lock_section_row(section_id, by, removed=True)
    if section.removed_at is not None:
        return section
    now = clock.now()
    rows = [row for row in [section, *_below(section)] if row.removed_at is None]
    for row in rows:
        check_not_locked(row)
    for row in rows:
        row.removed_at, row.removed_by = now, by
        save_section(row, "removed_at", "removed_by")
    record(by=by, verb="remove_section", obj=section, strategy_id=section.version.strategy_id)
    return section


@transaction.atomic
def restore_section(*, section_id: int, by: User) -> Section:
    """Undo a removal: the section and what was removed with it. At the top level when its parent is gone."""
    section = lock_section_row(section_id, by, removed=True)
    if section.removed_at is None:
        return section
    if merged := section.ties_from.filter(kind=TieKind.MERGE, undone_at=None).select_related("section").first():
        raise WrongState(
            _("”%(title)s” har slagits ihop med ”%(other)s”. Ångra sammanslagningen i stället.")
            % {"title": section, "other": merged.section}
        )
    together = section.removed_at
    if section.parent is not None and section.parent.removed_at is not None:
        if None not in PARENTS[section.kind]:
            raise WrongState(_("Ta först tillbaka ”%(parent)s”, som avsnittet hör till.") % {"parent": section.parent})
        section.parent = None
        section.position = max((row.position for row in siblings_of(section.version, None)), default=0) + GAP
    for row in [section, *_below(section)]:
        if row.removed_at == together:
            row.removed_at = row.removed_by = None
            save_section(row, "removed_at", "removed_by", "parent", "position")
    record(by=by, verb="restore_section", obj=section, strategy_id=section.version.strategy_id)
    return section


@transaction.atomic
def set_goal_facts(
    *,
    section_id: int,
    by: User,
    revision: int,
    target_year: int | None,
    responsible_ids: Iterable[int],
    policy_item_ids: Iterable[int],
) -> Section:
    """Target year, responsible actors and ties to SDGs, national areas and EU objectives of a goal or priority.

    Everything is checked against the lists; Invalid names the field. Conflict carries both when ``revision`` is old.
    """
    section = lock_section_row(section_id, by)
    if section.kind not in WITH_FACTS:
        raise Invalid(_("Bara mål, delmål och prioriteringar har målår, ansvariga och koppling till globala mål."))
    responsible, items = set(responsible_ids), set(policy_item_ids)
    _check_facts(section, target_year, responsible, items)
    now = {
        "target_year": section.target_year,
        "responsible": sorted(section.responsible.values_list("pk", flat=True)),
        "policy_items": sorted(section.policy_items.values_list("pk", flat=True)),
    }
    mine = {"target_year": target_year, "responsible": sorted(responsible), "policy_items": sorted(items)}
    if now == mine:
        return section
    check_not_locked(section)
    if _changed_since(section, revision, "set_goal_facts"):
        raise Conflict(
            _("Någon annan har ändrat målets uppgifter under tiden."), mine=mine, theirs=now, revision=section.revision
        )
    section.target_year = target_year
    save_section(section, "target_year")
    section.responsible.set(responsible)
    section.policy_items.set(items)
    record(
        by=by, verb="set_goal_facts", obj=section, strategy_id=section.version.strategy_id, before=now, after=mine,
        revision=section.revision,
    )  # fmt: skip
    return section


def _changed_since(section: Section, revision: int, verb: str) -> bool:
    """Whether ``verb`` was done to the section after ``revision``. Moving it, say, makes nobody's heading old."""
    if revision == section.revision:
        return False
    return AuditEvent.objects.filter(
        object_type=section._meta.label_lower, object_id=str(section.pk), verb=verb, data__revision__gt=revision
    ).exists()


def _check_facts(section: Section, target_year: int | None, responsible: set[int], items: set[int]) -> None:
    fields: dict[str, Any] = {}
    strategy = section.version.strategy
    if target_year is not None and not strategy.horizon_from <= target_year <= strategy.horizon_to + 25:
        fields["target_year"] = _("Målåret ska ligga mellan %(first)s och %(last)s.") % {
            "first": strategy.horizon_from,
            "last": strategy.horizon_to + 25,
        }
    known = StrategyActor.objects.filter(strategy=strategy, actor__in=responsible).count()
    if known != len(responsible):
        fields["responsible"] = _("Någon av aktörerna finns inte i strategins register.")
    if PolicyItem.objects.filter(pk__in=items).count() != len(items):
        fields["policy_items"] = _("Det finns inget sådant mål i listan. De globala målen är 1 till 17.")
    if fields:
        raise Invalid(_("Uppgifterna stämmer inte."), fields)


def _checked_title(title: str) -> str:
    title = " ".join(title.replace("\x00", "").split())
    if not title:
        raise Invalid(_("Avsnittet behöver en rubrik."), {"title": _("Skriv en rubrik.")})
    if len(title) > LONGEST_TITLE:
        raise Invalid(_("Rubriken är för lång."), {"title": _("Högst %(n)s tecken.") % {"n": LONGEST_TITLE}})
    return title


def _live(version: Version, section_id: int) -> Section:
    section = Section.objects.filter(pk=section_id, version=version, removed_at=None).first()
    if section is None:
        raise NotFound(_("Avsnittet som det skulle ligga under finns inte längre."))
    return section


def levels_of(section: Section) -> int:
    """How many levels a section and what is left below it take."""
    levels, layer = 0, [section.pk]
    while layer:
        levels += 1
        layer = list(Section.objects.filter(parent_id__in=layer, removed_at=None).values_list("pk", flat=True))
    return levels


def check_place(kind: str, parent: Section | None, levels: int = 1) -> None:
    """Raise Invalid in words when a section of ``kind``, ``levels`` deep, can't stand under ``parent``."""
    if kind not in PARENTS:
        raise Invalid(_("Det finns inget sådant slag av avsnitt."), {"kind": _("Välj ett slag i listan.")})
    if (parent.kind if parent else None) not in PARENTS[kind]:
        where = SectionKind(parent.kind).label if parent else _("översta nivån")
        raise Invalid(
            _("%(kind)s kan inte ligga under %(where)s.")
            % {"kind": SectionKind(kind).label, "where": str(where).lower()}
        )
    depth, above = levels, parent
    while above is not None:
        depth, above = depth + 1, above.parent
    if depth > DEEPEST:
        raise Invalid(_("Avsnitt kan ligga i högst %(n)s nivåer.") % {"n": DEEPEST})


def _check_no_cycle(section: Section, parent: Section | None) -> None:
    while parent is not None:
        if parent.pk == section.pk:
            raise Invalid(_("Ett avsnitt kan inte läggas under sig självt."))
        parent = parent.parent


def siblings_of(version: Version, parent: Section | None) -> list[Section]:
    """Sections under ``parent`` that are left, in order."""
    return list(version.sections.filter(parent=parent, removed_at=None).order_by("position", "pk"))


def _below(section: Section) -> list[Section]:
    """Everything under a section, removed or not."""
    found: list[Section] = []
    layer = [section.pk]
    while layer:
        rows = list(Section.objects.filter(version_id=section.version_id, parent_id__in=layer).select_for_update())
        found += rows
        layer = [row.pk for row in rows]
    return found


def place_section(siblings: list[Section], section: Section, place: int) -> None:
    """Save ``section`` as number ``place`` (from 0) among ``siblings``; they are renumbered only when there is no gap."""
    before = siblings[place - 1].position if place > 0 else None
    after = siblings[place].position if place < len(siblings) else None
    if before is None:
        section.position = (after - GAP) if after is not None else GAP
    elif after is None:
        section.position = before + GAP
    elif after - before > 1:
        section.position = (before + after) // 2
    else:
        for n, row in enumerate(siblings):
            row.position = (n + 1 if n < place else n + 2) * GAP
        Section.objects.bulk_update(siblings, ["position"])
        section.position = (place + 1) * GAP
    save_section(section, "position", "parent")


def save_section(section: Section, *names: str) -> None:
    """Save named columns, counting the change."""
    section.updated_at = clock.now()
    if section.pk is None:
        section.save()
        return
    section.revision += 1
    section.save(update_fields=[*names, "updated_at", "revision"])
