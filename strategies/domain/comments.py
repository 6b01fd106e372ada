"""Comments in the draft: say something about words, answer, assign, resolve. Who is told stands in ``telling``."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock, take_turns
from strategies import rules
from strategies.domain import telling
from strategies.domain.carry import create_anchor
from strategies.domain.doorbell import ring_comment
from strategies.domain.following import Trace, carried, steps_after
from strategies.models import Anchor, Comment, Remark, Section, Version
from strategies.queries.comments import people_of
from strategies.states import COMMENT_STATES, CommentState

LONGEST = 5_000


@transaction.atomic
def add_comment(
    *,
    version_id: int,
    by: User,
    text: str,
    key: str,
    section_id: int | None = None,
    words: dict[str, Any] | None = None,
    assignee_id: int | None = None,
) -> Comment:
    """Begin a thread on exact words of a section, on a section (no ``words``) or on the whole draft (neither).

    ``words``: {quote, block_id, prefix, suffix} or {start, end, doc_version, quote}: positions after ``doc_version`` steps.
    The same ``key`` again is one comment (a double click). Raises Forbidden, WrongState (frozen, removed), Invalid.
    """
    version = _commentable(version_id, by)
    take_turns(f"comment:{key}")
    known = Comment.objects.filter(key=key, created_by=by).first()
    if known is not None:
        return known
    said = _checked(text)
    section = _section_of(version, section_id) if section_id else None
    anchor = _anchor(section, words, by) if section and words else None
    now = clock.now()
    comment = Comment.objects.create(
        strategy=version.strategy, section=section, anchor=anchor, created_at=now, created_by=by, key=key
    )
    remark = Remark.objects.create(comment=comment, text=said, created_at=now, created_by=by, key=key)
    record(by=by, verb="add_comment", obj=comment, strategy_id=version.strategy_id, section=str(section or ""))
    telling.of_remark(remark, version.strategy, by)
    if assignee_id:
        _assign(comment, assignee_id, by)
    ring_comment(comment)
    return comment


def _commentable(version_id: int, by: User) -> Version:
    version = Version.objects.select_related("strategy").defer("manifest").filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("Utkastet finns inte."))
    if not rules.can_comment(fresh(by), version.strategy):
        raise Forbidden(_("Bara regionens egna kan kommentera i utkastet."))
    if version.is_frozen:
        raise WrongState(_("Versionen är fryst. Kommentera i nästa utkast."))
    return version


def _section_of(version: Version, section_id: int) -> Section:
    section = version.sections.filter(pk=section_id, removed_at=None).defer("doc").first()
    if section is None:
        raise WrongState(_("Avsnittet har tagits bort ur utkastet."))
    return section


def _anchor(section: Section, words: dict[str, Any], by: User) -> Anchor:
    """Positions of a text that somebody has written in since are carried to where they are now."""
    known = {name: words[name] for name in ("quote", "block_id", "prefix", "suffix") if words.get(name)}
    start, end, upto = words.get("start"), words.get("end"), words.get("doc_version")
    if start is not None and end is not None and upto is not None:
        now = Section.objects.only("doc_version").get(pk=section.pk)
        steps = steps_after([(now, upto)]).get(section.pk, [])
        trace = carried(Trace(start, end, upto), steps, now.doc_version)
        if trace.start < trace.end:
            known |= {"start": trace.start, "end": trace.end}
    return create_anchor(section_id=section.pk, by=by, in_draft=True, **known)


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise Invalid(_("Skriv något först."), {"text": _("Skriv din kommentar.")})
    if len(text) > LONGEST:
        raise Invalid(_("Kommentaren är för lång."), {"text": _("Högst %(n)s tecken.") % {"n": LONGEST}})
    return text


# --- In a thread ----------------------------------------------------------------------------------


def _locked(comment_id: int, by: User) -> Comment:
    """The locked thread, for somebody who may take part in it."""
    comment = lock(Comment.objects.filter(pk=comment_id).select_related("strategy", "section", "assignee"))
    if not rules.can_comment(fresh(by), comment.strategy):
        raise Forbidden(_("Bara regionens egna kan kommentera i utkastet."))
    if comment.removed_at is not None:
        raise WrongState(_("Kommentaren har tagits bort."))
    return comment


def _changed(comment: Comment, *fields: str) -> None:
    comment.revision += 1
    comment.save(update_fields=[*fields, "revision"])
    ring_comment(comment)


@transaction.atomic
def reply(*, comment_id: int, by: User, text: str, key: str) -> Remark:
    """Answer in a thread. WrongState when it has been resolved meanwhile; the same ``key`` again is one answer."""
    comment = _locked(comment_id, by)
    known = comment.remarks.filter(key=key, created_by=by).first()
    if known is not None:
        return known
    if comment.state == CommentState.RESOLVED:
        raise WrongState(_("Kommentaren är löst. Öppna den igen för att svara."))
    remark = Remark.objects.create(comment=comment, text=_checked(text), created_at=clock.now(), created_by=by, key=key)
    record(by=by, verb="reply", obj=comment, strategy_id=comment.strategy_id)
    telling.of_remark(remark, comment.strategy, by)
    _changed(comment)
    return remark


def _own_remark(remark_id: int, by: User) -> Remark:
    """One's own remark, its thread locked. It can be changed as long as the thread is open."""
    thread = Remark.objects.filter(pk=remark_id).values_list("comment_id", flat=True).first()
    comment = _locked(thread or 0, by)
    remark = comment.remarks.get(pk=remark_id)
    if remark.created_by_id != by.pk:
        raise Forbidden(_("Du kan bara ändra det du själv har skrivit."))
    if remark.removed_at is not None:
        raise WrongState(_("Det du skrev är borttaget."))
    if comment.state == CommentState.RESOLVED:
        raise WrongState(_("Kommentaren är löst. Öppna den igen för att ändra."))
    remark.comment = comment
    return remark


@transaction.atomic
def edit_remark(*, remark_id: int, by: User, text: str) -> Remark:
    """Change one's own words. What they were stands in the trail; who is named for the first time is told."""
    remark = _own_remark(remark_id, by)
    before, remark.text = remark.text, _checked(text)
    if remark.text == before:
        return remark
    remark.edited_at = clock.now()
    remark.save(update_fields=["text", "edited_at"])
    record(by=by, verb="edit_remark", obj=remark.comment, strategy_id=remark.comment.strategy_id, before=before)
    telling.of_remark(remark, remark.comment.strategy, by, only_named=True)
    _changed(remark.comment)
    return remark


@transaction.atomic
def remove_remark(*, remark_id: int, by: User) -> Remark:
    """Take back one's own words; they stand in the trail. A thread in which nothing is left is removed with them."""
    remark = _own_remark(remark_id, by)
    comment, now = remark.comment, clock.now()
    remark.removed_at = now
    remark.save(update_fields=["removed_at"])
    record(by=by, verb="remove_remark", obj=comment, strategy_id=comment.strategy_id, before=remark.text)
    if not comment.remarks.filter(removed_at=None).exists():
        comment.removed_at = now
    _changed(comment, "removed_at")
    return remark


@transaction.atomic
def assign_comment(*, comment_id: int, by: User, assignee_id: int | None) -> Comment:
    """Give the thread to a person of the region (None: to nobody). The person is told."""
    comment = _locked(comment_id, by)
    if comment.state == CommentState.RESOLVED:
        raise WrongState(_("Kommentaren är löst. Öppna den igen för att ge den till någon."))
    if comment.assignee_id != assignee_id:
        _assign(comment, assignee_id, by)
        _changed(comment)
    return comment


def _assign(comment: Comment, assignee_id: int | None, by: User) -> None:
    person = next((one for one in people_of(comment.strategy) if one.pk == assignee_id), None)
    if assignee_id and person is None:
        raise Invalid(_("Välj någon som arbetar i regionen."), {"assignee": _("Välj någon i listan.")})
    comment.assignee = person
    comment.save(update_fields=["assignee"])
    record(
        by=by, verb="assign_comment", obj=comment, strategy_id=comment.strategy_id, to=person.name if person else "–"
    )
    if person is not None:
        telling.of_assignment(comment, person, by)


@transaction.atomic
def resolve_comment(*, comment_id: int, by: User) -> Comment:
    """Done. Says who and when. The same again is one."""
    comment = _locked(comment_id, by)
    _check_may_settle(comment, by)
    if comment.state == CommentState.RESOLVED:
        return comment
    COMMENT_STATES.check(comment.state, CommentState.RESOLVED)
    comment.state, comment.resolved_at, comment.resolved_by = CommentState.RESOLVED, clock.now(), by
    record(by=by, verb="resolve_comment", obj=comment, strategy_id=comment.strategy_id)
    telling.of_resolving(comment, by)
    _changed(comment, "state", "resolved_at", "resolved_by")
    return comment


@transaction.atomic
def reopen_comment(*, comment_id: int, by: User) -> Comment:
    """It was not done after all."""
    comment = _locked(comment_id, by)
    _check_may_settle(comment, by)
    if comment.state == CommentState.OPEN:
        return comment
    COMMENT_STATES.check(comment.state, CommentState.OPEN)
    comment.state, comment.resolved_at, comment.resolved_by = CommentState.OPEN, None, None
    record(by=by, verb="reopen_comment", obj=comment, strategy_id=comment.strategy_id)
    _changed(comment, "state", "resolved_at", "resolved_by")
    return comment


def _check_may_settle(comment: Comment, by: User) -> None:
    if not rules.can_settle_comment(by, comment):
        raise Forbidden(
            _("Den som skrev kommentaren, den som har fått den och de som skriver i utkastet kan avgöra den.")
        )
