"""Contacts from a file: read, shown row by row with what each would do, and taken in by a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.register import FREE_KINDS, checked_email, match_names
from actors.models import Actor, ActorKind, User
from actors.queries.roles import fresh
from consultations import rules
from consultations.domain import invitations
from consultations.domain.contact_files import ContactRow, read_contacts
from consultations.domain.rounds import lock_round
from consultations.models import ConsultationRound, ContactImport
from consultations.states import CONTACT_STATES, ContactImportState, RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock
from strategies.domain.register import add_known_to_register, add_to_register

#: What a row would do. The first four change something, when a person says yes.
OUTCOMES = (
    "add",
    "address",
    "register",
    "new",
    "on_list",
    "duplicate",
    "bad_email",
    "no_name",
    "several",
    "formula",
    "closed",
)
DOES = ("add", "address", "register", "new")


@dataclass
class Planned:
    """A row of the file and what it would do. ``actor``: the organisation that it means, None for an unknown one."""

    number: int
    row: ContactRow
    outcome: str
    actor: Actor | None = None
    was: str = ""  # the address that the list or the organisation has now
    kind: str = ""  # for a new one: what the file says it is, "" when it does not

    @property
    def does(self) -> bool:
        return self.outcome in DOES


def _prepared(round_id: int, by: User) -> ConsultationRound:
    round_ = lock_round(round_id)
    if not rules.can_prepare(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan ändra sändlistan."))
    return round_


@transaction.atomic
def read_file(*, round_id: int, file: BinaryIO, name: str, size: int, by: User) -> ContactImport:
    """Keep the rows of a file to be looked at. Nothing else changes. Raises Forbidden, WrongState, Invalid (``file``)."""
    round_ = _prepared(round_id, by)
    if round_.state not in (RoundState.PREPARING, RoundState.OPEN):
        raise WrongState(_("Samrådet har stängt. Sändlistan kan inte ändras."))
    rows = read_contacts(file, name=name, size=size)
    kept = ContactImport.objects.create(
        round=round_, file_name=name.replace("\x00", "")[-160:], rows=rows, created_at=clock.now(), created_by=by
    )
    record(by=by, verb="read_contacts", obj=kept, strategy_id=round_.version.strategy_id, rows=len(rows))
    return kept


def plan(kept: ContactImport, round_: ConsultationRound) -> list[Planned]:
    """What each row would do now, in the order of the file. Constant queries."""
    rows: list[ContactRow] = kept.rows
    known = match_names(row["name"] for row in rows)
    by_address = _by_address(rows)
    listed = dict(round_.invitations.values_list("actor_id", "email"))
    registered = set(round_.version.strategy.taking_part.values_list("actor_id", flat=True))
    seen: set[Any] = set()
    planned = []
    for number, row in enumerate(rows):
        actors = known.get(row["name"], []) or by_address.get(row["email"].lower(), [])
        one = _plan_row(number, row, actors, listed, registered, round_)
        key = one.actor.pk if one.actor else row["name"].casefold()
        if one.does or one.outcome == "on_list":
            if key in seen:
                one.outcome = "duplicate"
            seen.add(key)
        planned.append(one)
    return planned


def _by_address(rows: list[ContactRow]) -> dict[str, list[Actor]]:
    """Organisations by their own mailbox, for rows that only have an address."""
    wanted = {row["email"].lower() for row in rows if not row["name"] and row["email"]}
    found: dict[str, list[Actor]] = {}
    for actor in Actor.objects.filter(email__in=wanted):
        found.setdefault(actor.email, []).append(actor)
    return found


def _plan_row(
    number: int,
    row: ContactRow,
    actors: list[Actor],
    listed: dict[int, str],
    registered: set[int],
    round_: ConsultationRound,
) -> Planned:
    if row["problem"]:
        return Planned(number, row, row["problem"])
    email = _address(row)
    if email is None:
        return Planned(number, row, "bad_email", actors[0] if len(actors) == 1 else None)
    if len(actors) > 1:
        return Planned(number, row, "several")
    if not actors:
        return Planned(number, row, "new" if row["name"] else "no_name", kind=kind_of(row["kind"]))
    actor = actors[0]
    if actor.pk in listed:
        changes = email and email != listed[actor.pk]
        outcome = "on_list" if not changes else "address" if round_.state == RoundState.PREPARING else "closed"
        return Planned(number, row, outcome, actor, was=listed[actor.pk])
    return Planned(number, row, "add" if actor.pk in registered else "register", actor, was=actor.email)


def _address(row: ContactRow) -> str | None:
    """The row's address in lower case; "" when it has none, None when it is no address."""
    try:
        return checked_email(row["email"])
    except Invalid:
        return None


def kind_of(words: str) -> str:
    """The kind of organisation that a file means by a word, "" when it is none that can be added."""
    wanted = words.casefold().strip()
    for kind in FREE_KINDS:
        if wanted in (kind.value, str(kind.label).casefold()):
            return kind.value
    return ""


@transaction.atomic
def take_in_contacts(*, import_id: int, chosen: Mapping[int, str], by: User) -> ContactImport:
    """Do what the chosen rows say: number -> kind of organisation (needed for new ones, else ""). Once.

    What a row does is worked out anew, so that it is true now; a row that no longer does anything is left. Raises Forbidden,
    WrongState, Invalid.
    """
    found = ContactImport.objects.filter(pk=import_id).values_list("round_id", flat=True).first()
    round_ = _prepared(found or 0, by)
    kept = lock(ContactImport.objects.filter(pk=import_id))
    CONTACT_STATES.check(kept.state, ContactImportState.TAKEN_IN)
    todo = [one for one in plan(kept, round_) if one.does and one.number in chosen]
    if not todo:
        raise Invalid(_("Välj minst en rad att ta in."))
    made = {one.number: _organisation(one, chosen[one.number], round_, by) for one in todo}
    invited = invitations.invite_actors(
        round_id=round_.pk, actor_ids=list(made.values()), by=by, emails=_emails(todo, made)
    )
    changed = [one for one in todo if one.outcome == "address"]
    rows = dict(round_.invitations.filter(actor__in=[one.actor for one in changed]).values_list("actor_id", "pk"))
    for one in changed:
        if one.actor is not None:
            invitations.set_address(invitation_id=rows[one.actor.pk], email=one.row["email"], by=by)
    kept.taken = {
        "added": len(invited), "addresses": len(changed), "made": sum(one.outcome == "new" for one in todo),
    }  # fmt: skip
    _end(kept, ContactImportState.TAKEN_IN, by)
    record(by=by, verb="take_in_contacts", obj=kept, strategy_id=round_.version.strategy_id, **kept.taken)
    return kept


def _organisation(one: Planned, kind: str, round_: ConsultationRound, by: User) -> int:
    """The row's organisation, put in the register when it is not there."""
    strategy_id = round_.version.strategy_id
    if one.outcome == "new":
        if kind not in FREE_KINDS:
            raise Invalid(
                _("Välj slag för %(name)s (rad %(n)s), eller låt bli att ta in raden.")
                % {"name": one.row["name"], "n": one.row["line"]}
            )
        entry = add_to_register(
            strategy_id=strategy_id, by=by, kind=ActorKind(kind), name=one.row["name"], email=_address(one.row) or ""
        )
        return entry.actor_id
    assert one.actor is not None
    if one.outcome == "register":
        add_known_to_register(strategy_id=strategy_id, by=by, actor_id=one.actor.pk)
    return one.actor.pk


def _emails(todo: list[Planned], made: Mapping[int, int]) -> dict[int, str]:
    """Where each invitation goes, when the file says; an organisation's own mailbox stays as it is."""
    return {made[one.number]: email for one in todo if (email := _address(one.row))}


@transaction.atomic
def cancel_contacts(*, import_id: int, by: User) -> ContactImport:
    """Leave the file. Nothing in it is taken in."""
    found = ContactImport.objects.filter(pk=import_id).values_list("round_id", flat=True).first()
    round_ = _prepared(found or 0, by)
    kept = lock(ContactImport.objects.filter(pk=import_id))
    CONTACT_STATES.check(kept.state, ContactImportState.CANCELLED)
    _end(kept, ContactImportState.CANCELLED, by)
    record(by=by, verb="cancel_contacts", obj=kept, strategy_id=round_.version.strategy_id)
    return kept


def _end(kept: ContactImport, state: str, by: User) -> None:
    """Its rows are personal data and are no longer needed."""
    kept.state, kept.ended_at, kept.ended_by, kept.rows = state, clock.now(), by, []
    kept.save(update_fields=["state", "ended_at", "ended_by", "rows", "taken"])
