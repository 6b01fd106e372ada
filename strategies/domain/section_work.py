"""Who sees to a section, how far it has come, and the lock while it is reviewed."""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.notify import notify
from actors.models import User
from actors.queries.roles import fresh, people_with
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid
from strategies import rules
from strategies.domain.doorbell import ring_section
from strategies.domain.locks import lock_words
from strategies.domain.sections import lock_draft, lock_section_row
from strategies.models import Section
from strategies.states import SECTION_STATES, WorkStatus

LONGEST_REASON = 200


# --- how far it has come


@transaction.atomic
def begin_section(*, section_id: int, by: User) -> Section:
    """Work with a section has begun. (The first words written in it say so by themselves: ``begun``.)"""
    return _walk(section_id, by, WorkStatus.IN_PROGRESS, "begin_section")


@transaction.atomic
def unbegin_section(*, section_id: int, by: User) -> Section:
    """It was not begun after all."""
    return _walk(section_id, by, WorkStatus.NOT_STARTED, "unbegin_section")


@transaction.atomic
def mark_ready(*, section_id: int, by: User) -> Section:
    """Its authors are done: the section is ready to be reviewed."""
    return _walk(section_id, by, WorkStatus.READY, "mark_ready")


@transaction.atomic
def reopen_section(*, section_id: int, by: User) -> Section:
    """The review gave more to do: back to its authors."""
    return _walk(section_id, by, WorkStatus.IN_PROGRESS, "reopen_section")


def begun(section: Section) -> str:
    """How far a section has come once somebody has written in it: the first words begin it (``begin_section``)."""
    return WorkStatus.IN_PROGRESS if section.work == WorkStatus.NOT_STARTED else section.work


def _walk(section_id: int, by: User, to: str, verb: str) -> Section:
    section = lock_section_row(section_id, by)
    if section.work == to:
        return section  # a double click
    SECTION_STATES.check(section.work, to)
    before, section.work = section.work, to
    section.save(update_fields=["work"])
    record(by=by, verb=verb, obj=section, strategy_id=section.version.strategy_id, before=before, after=str(to))
    return section


VERBS = {
    (start, end): {
        "begin_section": begin_section,
        "unbegin_section": unbegin_section,
        "mark_ready": mark_ready,
        "reopen_section": reopen_section,
    }[path.rsplit(".", 1)[-1]]
    for (start, end), path in SECTION_STATES.edges.items()
}


@transaction.atomic
def set_work(*, version_id: int, section_ids: Iterable[int], work: str, by: User) -> list[Section]:
    """Several sections at once to ``work``, each by the verb of its own edge; those already there are left alone.

    READY to NOT_STARTED goes by way of IN_PROGRESS. Returns those that changed. Forbidden, WrongState, Invalid.
    """
    if work not in WorkStatus.values:
        raise Invalid(_("Välj ett läge i listan."), {"work": _("Välj ett av alternativen.")})
    version = lock_draft(version_id, by)
    rows = Section.objects.filter(pk__in=set(section_ids), version=version, removed_at=None).order_by("pk")
    changed = []
    for row in rows.exclude(work=work):
        start = row.work
        if (start, work) not in VERBS:
            start = reopen_section(section_id=row.pk, by=by).work
        changed.append(VERBS[start, work](section_id=row.pk, by=by))
    return changed


# --- who sees to it


@transaction.atomic
def assign_sections(
    *, version_id: int, section_ids: Iterable[int], owner_ids: Iterable[int], by: User
) -> list[Section]:
    """Let ``owner_ids`` (none: nobody) be the ones who see to the sections. New ones are told.

    Invalid when somebody cannot write in the draft. Returns the sections that changed.
    """
    version = lock_draft(version_id, by)
    wanted = set(owner_ids)
    writers = {person.pk: person for person in people_with(version.strategy.owner_id, *rules.DRAFTERS)}
    if not wanted <= set(writers):
        raise Invalid(
            _("Bara den som får skriva i utkastet kan ansvara för ett avsnitt."),
            {"owners": _("Välj personer i listan.")},
        )
    rows = Section.objects.filter(pk__in=set(section_ids), version=version, removed_at=None)
    changed: list[Section] = []
    given: dict[int, list[Section]] = {}
    for row in rows.order_by("position", "pk").prefetch_related("owners"):
        before = {person.pk for person in row.owners.all()}
        if before == wanted:
            continue
        row.owners.set(wanted)
        changed.append(row)
        for pk in wanted - before:
            given.setdefault(pk, []).append(row)
        record(
            by=by, verb="assign_sections", obj=row, strategy_id=version.strategy_id,
            owners=", ".join(sorted(writers[pk].name for pk in wanted)) or "–",
        )  # fmt: skip
    _tell({writers[pk]: mine for pk, mine in given.items()}, version.strategy_id, by)
    return changed


def _tell(given: dict[User, list[Section]], strategy_id: int, by: User) -> None:
    for person, mine in given.items():
        titles = ", ".join(f"”{row.title}”" for row in mine[:3]) + (" …" if len(mine) > 3 else "")
        url = reverse("strategies:draft", args=[strategy_id]) + "?visa=mina"
        if len(mine) == 1:
            url = reverse("strategies:draft_section", args=[strategy_id, mine[0].uuid])
        text = _("%(who)s gav dig ansvar för %(titles)s") % {"who": by.name, "titles": titles}
        notify(users=[person], kind="assign_sections", text=text, url=url, by=by)


# --- the lock


@transaction.atomic
def lock_section(*, section_id: int, reason: str, by: User) -> Section:
    """Nobody writes in the section until it is unlocked; ``reason`` is shown to everybody who tries.

    Waits for a save that is under way; what comes after is refused and kept in the writer's own window.
    Conflict when somebody else has locked it, Invalid without a reason.
    """
    section = lock_section_row(section_id, by)
    reason = " ".join(reason.replace("\x00", "").split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(
            _("Skriv varför avsnittet låses."),
            {"reason": _("Skriv ett skäl på högst %(n)s tecken.") % {"n": LONGEST_REASON}},
        )
    if section.locked_at is not None:
        if (section.locked_by_id, section.lock_reason) == (by.pk, reason):
            return section  # a double click
        raise Conflict(lock_words(section))
    section.locked_at, section.locked_by, section.lock_reason = clock.now(), by, reason
    section.save(update_fields=["locked_at", "locked_by", "lock_reason"])
    record(by=by, verb="lock_section", obj=section, strategy_id=section.version.strategy_id, reason=reason)
    ring_section(section)
    return section


@transaction.atomic
def unlock_section(*, section_id: int, by: User) -> Section:
    """Let the section be written in again: by whoever locked it, or by a leader. Forbidden otherwise."""
    section = lock_section_row(section_id, by)
    if section.locked_at is None:
        return section
    if section.locked_by_id != by.pk and not rules.can_lead(fresh(by), section.version.strategy):
        raise Forbidden(
            _("Bara %(who)s, som låste avsnittet, eller processledaren kan låsa upp det.") % {"who": section.locked_by}
        )
    section.locked_at, section.locked_by, section.lock_reason = None, None, ""
    section.save(update_fields=["locked_at", "locked_by", "lock_reason"])
    record(by=by, verb="unlock_section", obj=section, strategy_id=section.version.strategy_id)
    ring_section(section)
    return section
