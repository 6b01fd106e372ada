"""Open consultation: somebody asks to take part, shows by a letter that the address is theirs, and is let in.

Opening the letter's link changes nothing (mail scanners open links too); the button on its page does.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.links import hashed
from actors.domain.mail import queue_mail
from actors.domain.membership import give_role
from actors.domain.register import checked_email, checked_name
from actors.domain.sorting import sort_key
from actors.models import Actor, ActorKind, Municipality, Role, User
from consultations import visibility
from consultations.domain import throttle
from consultations.models import Channel, ConsultationRound, Participant, ParticipantKind, Response, Stream
from rus_platform.kit import clock
from rus_platform.kit.errors import Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language

UNCONFIRMED_LIVES = timedelta(days=3)
LIVES_AFTER_CLOSING = timedelta(days=60)
NO_MAIL = "gast.invalid"  # guests have no account: nothing is ever sent to this domain


@transaction.atomic
def ask_to_take_part(
    *, round_id: int, kind: str, name: str, email: str, place: str, organisation: str = "", municipality: str = ""
) -> Participant | None:
    """Send a letter with a link to the address. Says the same whether the address is known or not.

    ``place`` is the network address that asked (kept nowhere); ``municipality`` a code, or "". Asking again sends a new
    link and ends the old one; None when the address has had its letters for this hour.
    Raises NotFound, WrongState (not open to the public, closed), Invalid (fields), TooOften.
    """
    throttle.check_place(place)
    round_ = lock(ConsultationRound.objects.filter(pk=round_id).select_related("version__strategy__owner"))
    check_open_to_public(round_)
    facts = _checked(kind, name, email, organisation, municipality)
    throttle.check_domain(facts["email"])
    if throttle.mailbox_has_had_enough(facts["email"]):
        return None
    forget_unconfirmed(round_)
    token = secrets.token_urlsafe(24)
    known = Participant.objects.filter(round=round_, email=facts["email"]).first()
    participant = known or Participant(round=round_, **facts)
    if participant.confirmed_at is None:  # whoever has confirmed keeps the name that was confirmed
        for field, value in facts.items():
            setattr(participant, field, value)
    participant.token_sha256, participant.asked_at = hashed(token), clock.now()
    participant.expires_at = expires_for(round_, participant)
    participant.save()
    send_link(participant, token)
    return participant


def check_open_to_public(round_: ConsultationRound) -> None:
    """Raise NotFound or WrongState unless the public may answer now."""
    if not visibility.is_public_round(round_):
        raise NotFound(_("Samrådet finns inte, eller så har det inte öppnat än."))
    if not round_.open_to_public:
        raise WrongState(
            _("Det här samrådet är för inbjudna organisationer. Hör av dig till regionen om du vill svara.")
        )
    if not visibility.is_open(round_):
        raise WrongState(_("Samrådet har stängt och tar inte emot fler svar från allmänheten."))


def _checked(kind: str, name: str, email: str, organisation: str, municipality: str) -> dict[str, Any]:
    """The participant's fields; Invalid naming every one that is wrong."""
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {"kind": kind, "organisation": ""}
    if kind not in ParticipantKind.values:
        fields["kind"] = _("Välj hur du svarar.")
    checks: list[tuple[str, Any]] = [
        ("name", lambda: checked_name(name, 120)), ("email", lambda: checked_email(email, required=True)),
    ]  # fmt: skip
    if kind == ParticipantKind.GROUP:
        checks.append(("organisation", lambda: checked_name(organisation, 160, field="organisation")))
    for field, check in checks:
        try:
            values[field] = check()
        except Invalid as refusal:  # all that is wrong is said at once
            fields |= refusal.fields
    values["municipality"] = Municipality.objects.filter(pk=municipality).first() if municipality else None
    if municipality and values["municipality"] is None:
        fields["municipality"] = _("Välj en kommun i listan.")
    if fields:
        raise Invalid(_("Något saknas."), fields)
    return values


def expires_for(round_: ConsultationRound, participant: Participant) -> datetime:
    """Until when a link that is sent now can be used."""
    assert round_.closes_at is not None  # it is open
    if participant.confirmed_at is None:
        return min(clock.now() + UNCONFIRMED_LIVES, round_.closes_at)
    return round_.closes_at + LIVES_AFTER_CLOSING


def forget_unconfirmed(round_: ConsultationRound) -> int:
    """Names and addresses that nobody confirmed in time are not kept. How many there were."""
    old = Participant.objects.filter(round=round_, confirmed_at=None, expires_at__lt=clock.now())
    return old.delete()[0]


@own_language()
def send_link(participant: Participant, token: str) -> None:
    """The letter with the link."""
    round_ = participant.round
    queue_mail(
        to=participant.email,
        subject=_("Bekräfta att du vill svara: %(round)s") % {"round": round_.title},
        template="consultations/take_part",
        context={
            "participant": participant, "round": round_, "region": round_.version.strategy.owner,
            "closes": date_format(timezone.localtime(round_.closes_at), "j F Y \\k\\l. H.i"),
            "link": f"{settings.SITE_URL}/delta/{token}/", "days": UNCONFIRMED_LIVES.days,
        },
        key=f"take-part:{participant.token_sha256}",
    )  # fmt: skip


def participant_of(token: str) -> Participant:
    """Whose link it is. Reading it changes nothing. Raises NotFound, WrongState (expired)."""
    rows = Participant.objects.select_related("round__version__strategy__owner", "municipality", "user", "actor")
    participant = rows.filter(token_sha256=hashed(token)).first()
    if participant is None:
        raise NotFound(
            _("Länken känns inte igen. Kontrollera att hela länken kom med, och att det är det senaste brevet.")
        )
    if participant.expires_at <= clock.now():
        raise WrongState(_("Länken har gått ut. Gå till samrådets sida och be om en ny."))
    return participant


@transaction.atomic
def confirm_participant(*, token: str) -> tuple[User, Response]:
    """Let in whoever reads the mailbox, to their own answer; begun the first time, the same one afterwards.

    Raises NotFound, WrongState (expired; closed before it was confirmed).
    """
    participant = participant_of(token)
    round_ = lock(ConsultationRound.objects.filter(pk=participant.round_id).select_related("version__strategy"))
    participant = lock(Participant.objects.filter(pk=participant.pk).select_related("municipality", "user", "actor"))
    participant.round = round_
    if participant.confirmed_at is None:
        check_open_to_public(round_)
        _begin(participant)
    response = Response.objects.filter(round=round_, actor=participant.actor).order_by("-pk").first()
    assert participant.user is not None and response is not None
    return participant.user, response


def _begin(participant: Participant) -> None:
    """The actor, the guest and the response that carry the answer, all by the public name."""
    round_, name = participant.round, participant.public_name
    person = participant.kind == ParticipantKind.PERSON
    kind = ActorKind.PRIVATE_PERSON if person else ActorKind.UNREGISTERED
    actor = Actor(kind=kind, name=name, sort_key=sort_key(name), fictional=round_.version.strategy.owner.fictional)
    actor.save()
    address = f"{secrets.token_hex(12)}@{NO_MAIL}"
    for role in (Role.EDITOR, Role.SIGNATORY):
        user = give_role(actor_id=actor.pk, email=address, name=name[:120], role=role, by=None).user
    user.guest = True
    user.save(update_fields=["guest"])
    participant.actor, participant.user, participant.confirmed_at = actor, user, clock.now()
    participant.expires_at = expires_for(round_, participant)
    participant.save()
    Response.objects.create(
        round=round_, actor=actor, stream=Stream.PUBLIC, channel=Channel.LINK, created_at=clock.now(), created_by=user
    )
    record(by=user, verb="confirm_participant", obj=round_, strategy_id=round_.version.strategy_id, actor=actor)


@transaction.atomic
def give_consent(*, response_id: int, by: User) -> Participant:
    """Remember that the participant has read what becomes public and what does not. Raises NotFound."""
    participant = lock(Participant.objects.filter(user=by, actor__responses=response_id))
    if participant.consented_at is None:
        participant.consented_at = clock.now()
        participant.save(update_fields=["consented_at"])
    return participant
