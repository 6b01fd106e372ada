"""More time for one consultee: asked for and decided, given unasked, or given again after the closing for a clarification."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.mail import queue_mail
from actors.domain.notify import notify
from actors.models import Actor, Role, User
from actors.queries.roles import fresh, people_with
from consultations import rules, visibility
from consultations.domain import doorbell, invitations, letters
from consultations.models import ConsultationRound, Extension, ExtensionKind, Invitation, LetterKind, Response
from consultations.states import EXTENSION_STATES, RESPONSE_STATES, ExtensionState, ResponseState, RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language

LONGEST_REASON = 2_000


def _lock_round(round_id: int) -> ConsultationRound:
    return lock(ConsultationRound.objects.filter(pk=round_id).select_related("version__strategy__owner"))


@transaction.atomic
def request_extension(*, round_id: int, actor_id: int, until: datetime, reason: str, by: User) -> Extension:
    """An organisation asks for more time. Raises Forbidden, WrongState, Conflict (one waits already), Invalid."""
    round_ = _lock_round(round_id)
    actor = Actor.objects.filter(pk=actor_id).first()
    if actor is None or not rules.can_write_for(fresh(by), actor):
        raise Forbidden(_("Du kan inte begära anstånd för den organisationen."))
    invitation = lock(round_.invitations.filter(actor=actor).select_related("actor"))
    if round_.state not in (RoundState.OPEN, RoundState.CLOSED):
        raise WrongState(_("Det går inte att begära anstånd nu."))
    if Response.objects.filter(round=round_, actor=actor, state=ResponseState.SUBMITTED).exists():
        raise WrongState(_("Ert svar är redan inlämnat."))
    if invitation.extensions.filter(state=ExtensionState.REQUESTED).exists():
        raise Conflict(_("Ni har redan begärt anstånd. Regionen har inte beslutat än."))
    reason = _checked(round_, invitation, until, reason, "reason")
    extension = Extension.objects.create(
        invitation=invitation, wanted_until=until, reason=reason, requested_at=clock.now(), requested_by=by
    )
    record(by=by, verb="request_extension", obj=extension, strategy_id=round_.version.strategy_id, actor=actor)
    doorbell.ring_board(round_.pk)
    _tell_region(round_, extension)
    return extension


def _checked(
    round_: ConsultationRound, invitation: Invitation, until: datetime, reason: str, name: str, *, needed: bool = True
) -> str:
    """The reason, trimmed; Invalid when there is none, or when the time is not later than what they have."""
    fields: dict[str, Any] = {}
    reason = reason.replace("\x00", "").strip()
    if (needed and not reason) or len(reason) > LONGEST_REASON:
        fields[name] = _("Skriv ett skäl på högst %(n)s tecken.") % {"n": LONGEST_REASON}
    if not clock.is_ours(until):
        fields["until"] = _("Kontrollera året.")
    elif until <= clock.now():
        fields["until"] = _("Tiden har redan varit. Välj en tid längre fram.")
    elif until <= (visibility.deadline_of(round_, invitation.closes_at) or until):
        fields["until"] = _("Välj en tid efter den som redan gäller för er.")
    if fields:
        raise Invalid(_("Tiden kunde inte sparas."), fields)
    return reason


@own_language()
def _tell_region(round_: ConsultationRound, extension: Extension) -> None:
    """A letter and a notice to those who prepare the round."""
    people = list(people_with(round_.version.strategy.owner_id, Role.LEADER, Role.EDITOR))
    actor, link = extension.invitation.actor, f"/samrad/{round_.pk}/anstand/"
    for person in people:
        queue_mail(
            to=person.email, subject=_("%(actor)s begär anstånd") % {"actor": actor}, template="consultations/extension_request",
            context={
                "actor": actor, "round": round_, "why": extension.reason, "wanted": letters.in_words(extension.wanted_until),
                "link": settings.SITE_URL + link,
            },
            key=f"extension-request:{extension.pk}:{person.pk}",
        )  # fmt: skip
    text = _("%(actor)s begär anstånd med sitt svar på ”%(round)s”.") % {"actor": actor, "round": round_.title}
    notify(users=people, kind="extension_requested", text=text, url=link)


@transaction.atomic
def withdraw_extension(*, extension_id: int, by: User) -> Extension:
    """The organisation that asked takes its request back before it is decided. The region is told.

    Raises Forbidden, WrongState (it is decided; the same again is one).
    """
    found = Extension.objects.filter(pk=extension_id).values_list("invitation__round_id", flat=True).first()
    round_ = _lock_round(found or 0)
    extension = lock(Extension.objects.filter(pk=extension_id).select_related("invitation__actor", "requested_by"))
    actor = extension.invitation.actor
    if not rules.can_write_for(fresh(by), actor):
        raise Forbidden(_("Bara den som begärde anståndet kan ta tillbaka begäran."))
    if extension.state == ExtensionState.WITHDRAWN:
        return extension  # pressed twice
    EXTENSION_STATES.check(extension.state, ExtensionState.WITHDRAWN)
    extension.state, extension.decided_at, extension.decided_by = ExtensionState.WITHDRAWN, clock.now(), by
    extension.save(update_fields=["state", "decided_at", "decided_by"])
    record(by=by, verb="withdraw_extension", obj=extension, strategy_id=round_.version.strategy_id, actor=actor)
    with own_language():
        text = _("%(actor)s har tagit tillbaka sin begäran om anstånd i ”%(round)s”.")
        notify(
            users=people_with(round_.version.strategy.owner_id, Role.LEADER, Role.EDITOR), kind="extension_withdrawn",
            text=text % {"actor": actor, "round": round_.title}, url=f"/samrad/{round_.pk}/anstand/", by=by,
        )  # fmt: skip
    return extension


@transaction.atomic
def decide_extension(
    *, extension_id: int, granted: bool, by: User, until: datetime | None = None, reason: str = ""
) -> Extension:
    """Grant a request (``until``, else the time that was asked for) or refuse it with a reason. Told by letter and notice."""
    found = Extension.objects.filter(pk=extension_id).values_list("invitation__round_id", flat=True).first()
    round_ = _lock_round(found or 0)
    if not rules.can_decide(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan besluta om anstånd."))
    extension = lock(Extension.objects.filter(pk=extension_id).select_related("invitation__actor", "requested_by"))
    EXTENSION_STATES.check(extension.state, ExtensionState.GRANTED if granted else ExtensionState.REFUSED)
    if round_.state == RoundState.SETTLED:
        raise WrongState(_("Samrådet är avslutat."))
    until = (until or extension.wanted_until) if granted else None
    if until is not None:
        reason = _checked(round_, extension.invitation, until, reason, "decision_reason", needed=False)
    elif not reason.strip():
        raise Invalid(_("Skriv varför."), {"decision_reason": _("Skriv varför begäran avslås.")})
    extension.state = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
    extension.decided_at, extension.decided_by, extension.until = clock.now(), by, until
    extension.decision_reason = reason.strip()[:LONGEST_REASON]
    extension.save(update_fields=["state", "decided_at", "decided_by", "until", "decision_reason"])
    record(
        by=by, verb="grant_extension" if granted else "refuse_extension", obj=extension,
        strategy_id=round_.version.strategy_id, actor=extension.invitation.actor,
    )  # fmt: skip
    if granted:
        _give_time(round_, [extension], by, LetterKind.EXTENSION)
    else:
        _tell_refused(round_, extension, by)
    doorbell.ring_board(round_.pk)
    return extension


@own_language()
def _tell_refused(round_: ConsultationRound, extension: Extension, by: User) -> None:
    invitation = extension.invitation
    asked = extension.requested_by
    to = {invitation.email, asked.email if asked else ""} - {""}
    text = _("Er begäran om anstånd för ”%(round)s” har avslagits.") % {"round": round_.title}
    url = f"/samrad/{round_.pk}/svara/{invitation.actor_id}/"
    mails = [
        queue_mail(
            to=address, subject=_("Anstånd avslaget: %(round)s") % {"round": round_.title},
            template="consultations/extension_refused",
            context=letters.letter_context(round_, invitation, "") | {"why": extension.decision_reason, "link": settings.SITE_URL + url},
            key=f"extension-refused:{extension.pk}:{address}",
        )
        for address in sorted(to)
    ]  # fmt: skip
    letters.log_once(invitation, LetterKind.EXTENSION, mails)
    letters.tell_writers([invitation], kind="extension_refused", text=text, url=url, by=by)


@transaction.atomic
def grant_extension(
    *, round_id: int, actor_ids: Iterable[int], until: datetime, by: User, reason: str = ""
) -> list[Extension]:
    """The region gives more time unasked, to one or several. A request that waits is granted by it. Raises Invalid, WrongState."""
    round_ = _lock_round(round_id)
    if not rules.can_decide(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan ge anstånd."))
    if round_.state not in (RoundState.OPEN, RoundState.CLOSED):
        raise WrongState(_("Anstånd kan ges medan samrådet pågår eller synpunkterna bemöts."))
    return _grant_many(round_, actor_ids, until, reason, by, ExtensionKind.UNASKED)


@transaction.atomic
def reopen_for(*, round_id: int, actor_ids: Iterable[int], until: datetime, reason: str, by: User) -> list[Extension]:
    """Open a closed round again for named consultees, for a clarification: why, and until when. Raises Invalid, WrongState."""
    round_ = _lock_round(round_id)
    if not rules.can_open(fresh(by), round_):
        raise Forbidden(_("Bara processledaren kan öppna ett samråd igen."))
    if round_.state != RoundState.CLOSED:
        raise WrongState(_("Ett samråd kan öppnas igen när det har stängt och innan det är avslutat."))
    return _grant_many(round_, actor_ids, until, reason, by, ExtensionKind.REOPENING)


def _grant_many(
    round_: ConsultationRound, actor_ids: Iterable[int], until: datetime, reason: str, by: User, kind: str
) -> list[Extension]:
    wanted = set(actor_ids)
    rows = list(
        round_.invitations.filter(actor_id__in=wanted)
        .select_related("actor")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    if not rows or len(rows) != len(wanted):
        raise Invalid(_("Välj minst en remissinstans."), {"actors": _("Välj minst en som står på sändlistan.")})
    needed = kind == ExtensionKind.REOPENING
    for row in rows:
        reason = _checked(round_, row, until, reason, "reason", needed=needed)
    now = clock.now()
    answered = {"state": ExtensionState.GRANTED, "decided_at": now, "decided_by": by, "until": until}
    Extension.objects.filter(invitation__in=rows, state=ExtensionState.REQUESTED).update(
        **answered, decision_reason=reason
    )
    made = Extension.objects.bulk_create(
        Extension(invitation=row, kind=kind, reason=reason, **answered) for row in rows
    )
    verb = "reopen_for" if needed else "grant_extension"
    for row in rows:
        record(by=by, verb=verb, obj=round_, strategy_id=round_.version.strategy_id, actor=row.actor)
    _give_time(round_, made, by, LetterKind.REOPENING if needed else LetterKind.EXTENSION)
    doorbell.ring_board(round_.pk)
    return made


@own_language()
def _give_time(round_: ConsultationRound, granted: list[Extension], by: User, kind: LetterKind) -> None:
    """Set each consultee's own time, take up what was put away unsent, and tell them. Constant queries."""
    now = clock.now()
    rows = [extension.invitation for extension in granted]
    why = {extension.invitation_id: _why(extension) for extension in granted}
    for extension in granted:
        row = extension.invitation
        row.closes_at = extension.until
        row.next_reminder_at = invitations.reminder_after(round_, row, now)
    Invitation.objects.bulk_update(rows, ["closes_at", "next_reminder_at"])
    take_up_again(round_, rows)
    letters.write_letters(
        round_, rows, kind=kind, subject=letters.subject_of(kind),
        key=lambda row, link: f"{kind}:{row.pk}:{link.pk}", facts=lambda row: {"why": why[row.pk]},
    )  # fmt: skip
    letters.tell_writers(
        rows, kind=kind, by=by, url=f"/samrad/{round_.pk}/",
        text=_("Ni har tid att svara på ”%(round)s” till %(until)s.")
        % {"round": round_.title, "until": letters.in_words(granted[0].until)},
    )  # fmt: skip


def _why(extension: Extension) -> str:
    return extension.decision_reason if extension.kind == ExtensionKind.REQUESTED else extension.reason


def take_up_again(round_: ConsultationRound, rows: Iterable[Invitation]) -> None:
    """Drafts that were put away when the round closed can be written in again by those who have got more time."""
    RESPONSE_STATES.check(ResponseState.UNSENT, ResponseState.DRAFTING)
    actors = [row.actor_id for row in rows]
    drafts = Response.objects.filter(round=round_, actor_id__in=actors, state=ResponseState.UNSENT).select_for_update()
    for response in drafts:
        response.state = ResponseState.DRAFTING
        response.save(update_fields=["state"])
        doorbell.ring_state(response)
