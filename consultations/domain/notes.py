"""Internal notes: threads of the organisation's own, before and after submission. The region never sees one."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.notify import notify
from actors.models import Role, User
from actors.queries.roles import fresh, people_with
from consultations import rules
from consultations.domain.responses import check_text, section_of
from consultations.models import InternalNote, Response
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language


@transaction.atomic
def add_note(
    *, response_id: int, by: User, text: str, section_id: int | None = None, point_id: int | None = None,
    reply_to: int | None = None, mention: Iterable[int] = (),
) -> InternalNote:  # fmt: skip
    """A note, or a reply in the thread of ``reply_to`` (which opens it again). Colleagues in ``mention`` get a notice."""
    response = lock(Response.objects.filter(pk=response_id).select_related("actor", "round__version"))
    if not rules.can_note(fresh(by), response):
        raise Forbidden(_("Du kan inte skriva anteckningar här."))
    text = check_text(text, "text")
    if not text:
        raise Invalid(_("Anteckningen är tom."), {"text": _("Skriv något.")})
    parent = _thread(response, reply_to) if reply_to else None
    section = section_of(response, section_id) if section_id and parent is None else None
    point = response.points.filter(pk=point_id).first() if point_id and parent is None else None
    note = InternalNote.objects.create(
        response=response, section=section, point=point, parent=parent, text=text, created_at=clock.now(), created_by=by
    )
    if parent is not None and parent.resolved_at is not None:
        parent.resolved_at = parent.resolved_by = None
        parent.save(update_fields=["resolved_at", "resolved_by"])
    told = list(people_with(response.actor_id, *Role).filter(pk__in=set(mention)))
    note.mentioned.set(told)
    _tell(note, response, told, by)
    record(by=by, verb="add_note", obj=note, actor=response.actor, private_to=response.actor)
    return note


def _thread(response: Response, note_id: int) -> InternalNote:
    """The locked first note of the thread; of any version of the organisation's response."""
    rows = InternalNote.objects.filter(response__round_id=response.round_id, response__actor_id=response.actor_id)
    return lock(rows.filter(pk=note_id, parent=None))


@own_language()
def _tell(note: InternalNote, response: Response, told: list[User], by: User) -> None:
    """A notice to those who were named, and to those who have written in the thread before."""
    first = note.parent_id or note.pk
    url = f"/svar/{response.pk}/#anteckning-{first}"
    names = {"name": by.name, "round": response.round.title}
    notify(
        users=told,
        kind="mentioned",
        text=_("%(name)s nämnde dig i en anteckning om ”%(round)s”.") % names,
        url=url,
        by=by,
    )
    if note.parent_id:
        writers = User.objects.filter(pk__in=_writers(note), is_active=True).exclude(pk__in=[user.pk for user in told])
        here = people_with(response.actor_id, *Role).filter(pk__in=writers)
        notify(
            users=here,
            kind="note_reply",
            text=_("%(name)s svarade på en anteckning om ”%(round)s”.") % names,
            url=url,
            by=by,
        )


def _writers(note: InternalNote) -> list[int]:
    thread = InternalNote.objects.filter(Q(parent=note.parent) | Q(pk=note.parent_id or 0))
    return list(thread.values_list("created_by_id", flat=True))


@transaction.atomic
def resolve_thread(*, note_id: int, by: User, resolved: bool = True) -> InternalNote:
    """Say that what a thread was about is done, or open it again."""
    response_id = InternalNote.objects.filter(pk=note_id, parent=None).values_list("response_id", flat=True).first()
    if response_id is None:
        raise NotFound(_("Anteckningen finns inte kvar."))
    response = lock(Response.objects.filter(pk=response_id).select_related("actor"))
    if not rules.can_note(fresh(by), response):
        raise Forbidden(_("Du kan inte skriva anteckningar här."))
    note = lock(InternalNote.objects.filter(pk=note_id))
    if (note.resolved_at is not None) != resolved:
        note.resolved_at, note.resolved_by = (clock.now(), by) if resolved else (None, None)
        note.save(update_fields=["resolved_at", "resolved_by"])
        record(
            by=by, verb="resolve_thread", obj=note, actor=response.actor, private_to=response.actor, resolved=resolved
        )
    return note
