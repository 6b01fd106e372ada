"""A round as it will be once it is open, set up for one page of the preview and then undone.

Everything here happens in a transaction that never commits (``raised``): the round is open, an example organisation is
invited, has people and has begun its answer, all by the verbs that real consultees use. No one else's transaction can see a
row of it, and none is left: no list, count, feed, letter or number series can ever hold it (ADR 13).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.links import hashed
from actors.domain.membership import give_role
from actors.domain.sorting import sort_key
from actors.models import Actor, ActorKind, PersonalLink, Role, User
from actors.queries.roles import fresh
from consultations import rules, visibility
from consultations.domain import invitations, letters, responses, rounds, sharing, signoff, taking_part
from consultations.models import ConsultationRound, Invitation, Participant, ParticipantKind, Response
from consultations.states import RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from strategies.domain import access

TOKEN = "exempel"
MAIL = "exempel.invalid"  # a domain that no letter can ever reach; besides, no letter of a stage is ever sent
ORGANISATION, ASSOCIATION, PUBLIC = "kommun", "forening", "allmanheten"
READY, DECIDED, HANDED_IN = "klart", "beslutat", "inlamnat"
ASKED, LET_IN, BEGUN = "asked", "let_in", "begun"
#: Whom one sees it as -> how far the answer may have come.
SEATS = {ORGANISATION: ("", READY, DECIDED, HANDED_IN), ASSOCIATION: ("", HANDED_IN), PUBLIC: ("", HANDED_IN)}


@dataclass
class Stage:
    """What stands on it. ``person`` None: whoever has not been let in yet; ``response`` None: not begun yet."""

    round: ConsultationRound
    actor: Actor | None = None
    invitation: Invitation | None = None
    person: User | None = None
    response: Response | None = None


@contextmanager
def raised(*, round_id: int, by: User, seat: str, step: str = "", come: str = BEGUN) -> Iterator[Stage]:
    """The stage, for as long as the block runs; then all of it is undone, whatever happened in the block.

    ``seat`` and ``step``: of ``SEATS``. ``come``: how far whoever was asked has come (ASKED, LET_IN or BEGUN).
    Raises Forbidden, NotFound, WrongState, Conflict, Invalid (no closing time yet).
    """
    with transaction.atomic():
        try:
            stage = _open(round_id, by)
            _build(stage, seat, step, come)
            yield stage
        finally:
            transaction.set_rollback(True)


def _open(round_id: int, by: User) -> Stage:
    """The round as it is once it is open. Checks what opening checks, but for the letter and the list."""
    round_ = rounds.lock_round(round_id)
    if not rules.can_prepare(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan förhandsgranska ett samråd."))
    if round_.state != RoundState.PREPARING:
        raise WrongState(_("Samrådet har redan öppnat."))
    if round_.closes_at is None:
        raise Invalid(_("Ange sluttiden först, så att sidorna blir som de ska bli."))
    rounds.check_times(None, round_.closes_at)
    if ConsultationRound.objects.filter(version=round_.version, state=RoundState.OPEN).exists():
        raise Conflict(_("Det pågår redan ett samråd om den här versionen."))
    now = clock.now()
    ConsultationRound.objects.filter(pk=round_.pk).update(
        state=RoundState.OPEN, opened_at=now, opened_by=by, opens_at=now
    )
    stage = Stage(rounds.lock_round(round_id))
    if visibility.is_public_round(stage.round):
        access.grant(version=stage.round.version, public=True, reason="preview", by=by)
    return stage


def _build(stage: Stage, seat: str, step: str, come: str) -> None:
    if step not in SEATS.get(seat, ()):
        raise NotFound(_("Sidan ingår inte i förhandsvisningen."))
    if seat == PUBLIC:
        return _public(stage, step, come)
    name = _("Exempelkommunen") if seat == ORGANISATION else _("Exempelbygdens byalag")
    kind = ActorKind.MUNICIPAL_ASSOCIATION if seat == ORGANISATION else ActorKind.CIVIL_SOCIETY
    actor = stage.actor = Actor.objects.create(kind=kind, name=name, sort_key=sort_key(name), email=f"post@{MAIL}")
    stage.invitation = _invite(stage.round, actor)
    if seat == ORGANISATION:
        return _organisation(stage, step, actor, come)
    return _association(stage, step, actor, come)


def _invite(round_: ConsultationRound, actor: Actor) -> Invitation:
    """The letter's row and its link, without the letter."""
    now = clock.now()
    assert round_.closes_at is not None  # checked
    link = PersonalLink.objects.create(
        token_sha256=hashed(TOKEN), actor=actor, email=actor.email, purpose=letters.PURPOSE, target="/", created_at=now,
        expires_at=round_.closes_at + letters.LINK_LIVES_AFTER_CLOSING,
    )  # fmt: skip
    access.grant(version=round_.version, actors=[actor], reason="preview", by=None)
    return Invitation.objects.create(round=round_, actor=actor, email=actor.email, link=link, invited_at=now)


def _organisation(stage: Stage, step: str, actor: Actor, come: str) -> None:
    """Several people and a board: an officer writes, a secretary records the decision, a manager hands in."""
    people = {
        role: give_role(actor_id=actor.pk, email=f"{name}@{MAIL}", name=full, role=role, by=None, title=title).user
        for role, name, full, title in (
            (Role.EDITOR, "kim", "Kim Exempel", _("Handläggare")),
            (Role.SECRETARY, "robin", "Robin Exempel", _("Nämndsekreterare")),
            (Role.SIGNATORY, "charlie", "Charlie Exempel", _("Kommundirektör")),
        )
    }
    for user in people.values():
        user.password = (
            "preview"  # they have accounts; nobody can sign in with what is no hash, nor with what is undone
        )
        user.save(update_fields=["password"])
    officer, secretary, manager = people[Role.EDITOR], people[Role.SECRETARY], people[Role.SIGNATORY]
    give_role(actor_id=actor.pk, email=officer.email, name=officer.name, role=Role.ADMIN, by=None)
    stage.person = {READY: secretary, DECIDED: manager}.get(step, officer) if come != ASKED else None
    if come != BEGUN:
        return
    response = responses.start_response(round_id=stage.round.pk, actor_id=actor.pk, by=officer)
    sharing.share_out(response_id=response.pk, by=officer, person_id=officer.pk)
    if step:
        _sign_off(response, step, officer, secretary, manager)
    stage.response = response


def _sign_off(response: Response, step: str, officer: User, secretary: User, manager: User) -> None:
    """As far as ``step`` along the organisation's own chain."""
    _write_something(response, officer)
    signoff.choose_sign_off(response_id=response.pk, by=officer, political=True)
    signoff.mark_ready(response_id=response.pk, by=officer)
    if step in (DECIDED, HANDED_IN):
        day = clock.now().date() - timedelta(days=1)
        facts = {"body": _("Kommunstyrelsen"), "paragraph": "§ 12", "own_case_number": "KS 2030-123"}
        signoff.record_decision(response_id=response.pk, by=secretary, decided_on=day, reservations="", **facts)
    if step == HANDED_IN:
        responses.submit_response(response_id=response.pk, by=manager)


def _write_something(response: Response, by: User) -> None:
    responses.save_summary(
        response_id=response.pk, by=by, revision=response.revision, kind="answer", own_case_number="",
        summary=_("Här står det som ni har skrivit. Det här är ett exempel."),
    )  # fmt: skip


def _association(stage: Stage, step: str, actor: Actor, come: str) -> None:
    """One person who comes by the letter's link and has no account."""
    if come == ASKED:
        return
    stage.person, _row = invitations.accept_invitation(token=TOKEN, name="Sam Exempel")
    if come == LET_IN:
        return
    stage.response = responses.start_response(round_id=stage.round.pk, actor_id=actor.pk, by=stage.person)
    if step == HANDED_IN:
        _write_something(stage.response, stage.person)
        responses.submit_response(response_id=stage.response.pk, by=stage.person)


def _public(stage: Stage, step: str, come: str) -> None:
    """A private person who has confirmed her address."""
    taking_part.check_open_to_public(stage.round)
    now = clock.now()
    Participant.objects.create(
        round=stage.round, kind=ParticipantKind.PERSON, name="Alex Exempel", email=f"alex@{MAIL}", token_sha256=hashed(TOKEN),
        asked_at=now, expires_at=now + taking_part.UNCONFIRMED_LIVES,
    )  # fmt: skip
    if come != BEGUN:
        return
    stage.person, stage.response = taking_part.confirm_participant(token=TOKEN)
    stage.actor = stage.response.actor
    if step == HANDED_IN:
        _write_something(stage.response, stage.person)
        taking_part.give_consent(response_id=stage.response.pk, by=stage.person)
        responses.submit_response(response_id=stage.response.pk, by=stage.person)
