"""Dialogue meetings: planned, invited to by letter, held, and what was said there handed on to be decided."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.mail import queue_mails
from actors.domain.notify import notify
from actors.domain.register import checked_name
from actors.models import Actor, User
from actors.queries.roles import fresh
from consultations import rules
from consultations.domain.calendar import calendar_of
from consultations.domain.meeting_answers import token_of
from consultations.domain.revisions import check_revision
from consultations.models import ConsultationRound, DialogueMeeting, MeetingGuest, MeetingHost
from consultations.states import MEETING_STATES, MeetingState, RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language

LONGEST = 50_000
FACTS = ("title", "host", "host_name", "place", "link", "starts_at", "ends_at", "about")
TOLD = ("title", "place", "link", "starts_at", "ends_at")  # when one of these changes, the guests get a new letter


@transaction.atomic
def plan_meeting(*, round_id: int, by: User, **facts: Any) -> DialogueMeeting:
    """A new meeting of the round, one's own or somebody else's arena; ``facts``: see FACTS.

    Raises Forbidden, WrongState (settled), Invalid (fields).
    """
    round_ = lock(ConsultationRound.objects.filter(pk=round_id).select_related("version__strategy"))
    _check_round(round_, by)
    values = _checked(facts)
    meeting = DialogueMeeting.objects.create(round=round_, created_at=clock.now(), created_by=by, **values)
    _record("plan_meeting", meeting, by)
    return meeting


@transaction.atomic
def change_meeting(*, meeting_id: int, by: User, revision: int, **facts: Any) -> DialogueMeeting:
    """Other facts about a meeting that has not been held. Those invited get a letter when time or place changes.

    Raises Forbidden, WrongState, Invalid, Conflict.
    """
    meeting = lock_meeting(meeting_id, by)
    if meeting.state != MeetingState.PLANNED:
        raise WrongState(_("Mötet är inte längre planerat. Skriv i minnesanteckningarna i stället."))
    values = _checked(facts)
    check_revision(meeting, revision, values)
    told = any(getattr(meeting, name) != values[name] for name in TOLD)
    for name, value in values.items():
        setattr(meeting, name, value)
    meeting.revision += 1
    meeting.sequence += int(told)
    meeting.save(update_fields=[*values, "revision", "sequence"])
    _record("change_meeting", meeting, by)
    if told:
        _write(meeting, meeting.guests.filter(invited_at__isnull=False).select_related("actor"))
    return meeting


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts, trimmed; Invalid naming every field that is wrong."""
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {name: facts.get(name) for name in FACTS}
    for name in ("title", "host_name", "place", "link", "about"):
        values[name] = (values[name] or "").replace("\x00", "").strip()
    for name, longest in (("title", 120), ("host_name", 160), ("place", 200), ("link", 500), ("about", LONGEST)):
        if len(values[name]) > longest:
            fields[name] = _("Högst %(n)s tecken.") % {"n": longest}
    if not values["title"]:
        fields["title"] = _("Skriv vad mötet heter.")
    if values["host"] not in MeetingHost.values:
        fields["host"] = _("Välj vems möte det är.")
    if values["host"] == MeetingHost.OTHER and not values["host_name"]:
        fields["host_name"] = _("Skriv vem som höll mötet.")
    if values["link"] and not _is_link(values["link"]):
        fields["link"] = _("Skriv hela adressen, den börjar med https://.")
    if not isinstance(values["starts_at"], datetime):
        fields["starts_at"] = _("Ange när mötet börjar.")
    elif not all(clock.is_ours(at) for at in (values["starts_at"], values["ends_at"]) if at is not None):
        fields["starts_at"] = _("Kontrollera året.")
    elif values["ends_at"] is not None and values["ends_at"] <= values["starts_at"]:
        fields["ends_at"] = _("Mötet måste sluta efter att det börjat.")
    if fields:
        raise Invalid(_("Mötet är inte sparat än."), fields)
    return values


def _is_link(text: str) -> bool:
    try:
        URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        return False
    return True


@transaction.atomic
def invite_to_meeting(*, meeting_id: int, actor_ids: Iterable[int], by: User) -> list[MeetingGuest]:
    """Letters, with a calendar file, to actors of the strategy's register; those invited before get none. The new guests."""
    meeting = lock_meeting(meeting_id, by)
    if meeting.state != MeetingState.PLANNED:
        raise WrongState(_("Mötet är inte längre planerat, så ingen kan bjudas in."))
    wanted = set(actor_ids)
    actors = list(Actor.objects.filter(pk__in=wanted, taking_part_in=meeting.round.version.strategy))
    if not wanted or len(actors) != len(wanted):
        raise Invalid(_("Välj aktörer ur strategins register."), {"actor": _("Välj minst en aktör ur registret.")})
    known = set(meeting.guests.filter(invited_at__isnull=False).values_list("actor_id", flat=True))
    new = [actor for actor in actors if actor.pk not in known]
    guests = [MeetingGuest.objects.get_or_create(meeting=meeting, actor=actor)[0] for actor in new]
    now = clock.now()
    for guest in guests:
        guest.invited_at = now
    MeetingGuest.objects.bulk_update(guests, ["invited_at"])
    _write(meeting, guests)
    _tell(meeting, guests, by)
    _record("invite_to_meeting", meeting, by, invited=len(guests))
    return guests


@own_language()
def _tell(meeting: DialogueMeeting, guests: Iterable[MeetingGuest], by: User) -> None:
    """A notice to everybody with an account who may write for one of them."""
    people = User.objects.filter(
        is_active=True, memberships__until=None, memberships__role__in=rules.WRITERS,
        memberships__actor_id__in=[guest.actor_id for guest in guests],
    )  # fmt: skip
    text = _("Ni är inbjudna till mötet ”%(title)s”. Svara om ni kommer.") % {"title": meeting.title}
    notify(users=people.distinct(), kind="meeting", text=text, url=f"/moten/{meeting.pk}/inbjudan/", by=by)


@own_language()
def _write(meeting: DialogueMeeting, guests: Iterable[MeetingGuest]) -> None:
    """A letter with the calendar file to each guest with an address."""
    rows = [row for row in guests if row.actor and row.actor.email]
    cancelled = meeting.state == MeetingState.CANCELLED
    start = _("Inställt: %(title)s") if cancelled else _("Inbjudan: %(title)s")
    method = "CANCEL" if cancelled else "PUBLISH"
    file = {"name": "mote.ics", "mime": f"text/calendar; method={method}", "text": calendar_of(meeting)}
    letters = queue_mails(
        {
            "to": row.actor.email if row.actor else "",
            "subject": start % {"title": meeting.title},
            "template": "consultations/meeting",
            "context": {
                "meeting": meeting, "guest": row, "round": meeting.round, "cancelled": cancelled,
                "region": meeting.round.version.strategy.owner, "changed": meeting.sequence and not cancelled,
                "when": date_format(timezone.localtime(meeting.starts_at), "j F Y \\k\\l. H.i"),
                "link": f"{settings.SITE_URL}/samrad/{meeting.round_id}/",
                "answer_link": f"{settings.SITE_URL}/mote/{token_of(row)}/",
            },
            "key": f"meeting:{row.pk}:{meeting.sequence}:{meeting.state}",
            "attachments": [file],
        }
        for row in rows
    )  # fmt: skip
    for row, letter in zip(rows, letters, strict=True):
        row.mail = letter
    MeetingGuest.objects.bulk_update(rows, ["mail"])


@transaction.atomic
def cancel_meeting(*, meeting_id: int, by: User) -> DialogueMeeting:
    """It will not be held; those invited are told, and it leaves their calendars."""
    meeting = lock_meeting(meeting_id, by)
    _walk(meeting, MeetingState.CANCELLED)
    meeting.sequence += 1
    meeting.save(update_fields=["state", "sequence"])
    _record("cancel_meeting", meeting, by)
    _write(meeting, meeting.guests.filter(invited_at__isnull=False).select_related("actor"))
    return meeting


@transaction.atomic
def hold_meeting(*, meeting_id: int, by: User) -> DialogueMeeting:
    """It has been held: who came and what was said can be written down. WrongState before it has begun."""
    meeting = lock_meeting(meeting_id, by)
    if meeting.starts_at > clock.now():
        raise WrongState(_("Mötet har inte börjat än."))
    _walk(meeting, MeetingState.HELD)
    meeting.save(update_fields=["state"])
    _record("hold_meeting", meeting, by)
    return meeting


@transaction.atomic
def publish_meeting(*, meeting_id: int, by: User, public: bool) -> DialogueMeeting:
    """Show the meeting to everyone, or no longer. Nothing happens when it is so already."""
    meeting = lock_meeting(meeting_id, by)
    if meeting.public != public:
        meeting.public = public
        meeting.save(update_fields=["public"])
        day = date_format(timezone.localtime(meeting.starts_at), "j F Y")
        verb = "publish_meeting" if public else "unpublish_meeting"
        strategy_id = meeting.round.version.strategy_id
        record(by=by, verb=verb, obj=meeting.round, strategy_id=strategy_id, title=meeting.title, day=day)
    return meeting


@transaction.atomic
def save_minutes(*, meeting_id: int, by: User, revision: int, minutes: str) -> DialogueMeeting:
    """The notes of the meeting. Raises Forbidden, Invalid, Conflict."""
    meeting = lock_meeting(meeting_id, by)
    minutes = minutes.replace("\x00", "").strip()
    if len(minutes) > LONGEST:
        raise Invalid(_("Texten är för lång."), {"minutes": _("Högst %(n)s tecken.") % {"n": LONGEST}})
    check_revision(meeting, revision, {"minutes": minutes})
    meeting.minutes, meeting.revision = minutes, meeting.revision + 1
    meeting.save(update_fields=["minutes", "revision"])
    _record("save_minutes_late" if _is_handed_over(meeting) else "save_minutes", meeting, by)
    return meeting


@transaction.atomic
def note_attendance(
    *, meeting_id: int, by: User, people: int | None, guest_id: int | None = None, actor_id: int | None = None, name: str = ""
) -> MeetingGuest:  # fmt: skip
    """How many came from a guest on the list (``guest_id``), from an actor of the register, or from somebody by ``name``.

    ``people`` None: nobody has said. Raises Forbidden, NotFound, WrongState, Invalid (``people``, ``name``).
    """
    meeting = lock_meeting(meeting_id, by)
    if meeting.state not in (MeetingState.HELD, MeetingState.HANDED_OVER):
        raise WrongState(_("Mötet har inte hållits än."))
    if people is not None and not 0 <= people <= 10_000:
        raise Invalid(_("Antalet stämmer inte."), {"people": _("Skriv ett antal mellan 0 och 10 000.")})
    if guest_id is not None:
        guest = lock(MeetingGuest.objects.filter(pk=guest_id, meeting=meeting))
    elif actor_id is not None:
        actor = lock(Actor.objects.filter(pk=actor_id, taking_part_in=meeting.round.version.strategy))
        guest, _new = MeetingGuest.objects.get_or_create(meeting=meeting, actor=actor)
    else:
        guest, _new = MeetingGuest.objects.get_or_create(meeting=meeting, actor=None, name=checked_name(name))
    guest.people = people
    guest.save(update_fields=["people"])
    verb = "note_attendance_late" if _is_handed_over(meeting) else "note_attendance"
    _record(verb, meeting, by, guest=str(guest), people=people if people is not None else "–")
    return guest


def _is_handed_over(meeting: DialogueMeeting) -> bool:
    """Whether what was said has been handed on, once or more: what is added from then on leaves its own trace."""
    return meeting.response is not None and meeting.response.submitted_at is not None


def lock_meeting(meeting_id: int, by: User) -> DialogueMeeting:
    """Round first, then the meeting, for somebody who may work with it."""
    round_id = DialogueMeeting.objects.filter(pk=meeting_id).values_list("round_id", flat=True).first()
    round_ = lock(ConsultationRound.objects.filter(pk=round_id or 0).select_related("version__strategy__owner"))
    _check_round(round_, by)
    meeting = lock(DialogueMeeting.objects.filter(pk=meeting_id))
    meeting.round = round_
    return meeting


def _check_round(round_: ConsultationRound, by: User) -> None:
    if not rules.can_enter(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan arbeta med dialogmöten."))
    if round_.state == RoundState.SETTLED:
        raise WrongState(_("Samrådet är avslutat, så mötena ligger fast."))


def _walk(meeting: DialogueMeeting, state: str) -> None:
    MEETING_STATES.check(meeting.state, state)
    meeting.state = state


def _record(verb: str, meeting: DialogueMeeting, by: User, **data: Any) -> None:
    record(by=by, verb=verb, obj=meeting, strategy_id=meeting.round.version.strategy_id, **data)
