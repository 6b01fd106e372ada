"""The distribution list and the letters to it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.links import open_link
from actors.domain.mail import queue_mail, queue_mails
from actors.domain.membership import give_role
from actors.domain.notify import notify_each
from actors.domain.register import checked_email
from actors.models import Actor, Membership, PersonalLink, Role, User
from actors.queries.roles import fresh, people_by_actor, roles_of
from consultations import rules, visibility
from consultations.domain import letters
from consultations.domain.addresses import addresses_of
from consultations.domain.doorbell import ring_board
from consultations.models import ConsultationRound, Invitation, Letter, LetterKind, PassedOn
from consultations.queries.passed_on import let_in_at, roles_by
from consultations.states import ResponseState, RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language
from strategies.domain import access

PURPOSE = letters.PURPOSE


def _lock_row(invitation_id: int, by: User) -> tuple[Invitation, ConsultationRound]:
    """Round first, then the invitation: the order in which everything here locks."""
    round_id = Invitation.objects.filter(pk=invitation_id).values_list("round_id", flat=True).first()
    round_ = _prepared(round_id or 0, by)
    rows = Invitation.objects.filter(pk=invitation_id, round=round_).select_related("actor", "link")
    return lock(rows), round_


def _prepared(round_id: int, by: User) -> ConsultationRound:
    """The locked round, in preparation, for somebody who may prepare it."""
    round_ = lock(ConsultationRound.objects.filter(pk=round_id).select_related("version__strategy__owner"))
    if not rules.can_prepare(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan ändra sändlistan."))
    if round_.state != RoundState.PREPARING and not visibility.is_open(round_):
        raise WrongState(_("Samrådet har stängt. Sändlistan kan inte ändras."))
    return round_


@transaction.atomic
def invite_actors(
    *, round_id: int, actor_ids: Iterable[int], by: User, emails: Mapping[int, str] | None = None
) -> list[Invitation]:
    """Put actors of the strategy's register on the list; those already there stay as they are.

    Letters go to the organisation's own mailbox, or where ``emails`` (actor id -> address) says.
    While the round is open the new ones are invited at once. Returns the new invitations.
    """
    round_ = _prepared(round_id, by)
    wanted = set(actor_ids)
    actors = list(Actor.objects.filter(pk__in=wanted, taking_part_in=round_.version.strategy).order_by("sort_key"))
    if len(actors) != len(wanted):
        raise Invalid(
            _("Någon av aktörerna finns inte i strategins register."),
            {"actors": _("Lägg till aktören i registret först.")},
        )
    known = set(round_.invitations.filter(actor__in=wanted).values_list("actor_id", flat=True))
    rows = [
        Invitation(round=round_, actor=actor, email=(emails or {}).get(actor.pk) or actor.email)
        for actor in actors
        if actor.pk not in known
    ]
    Invitation.objects.bulk_create(rows)
    if rows:
        record(by=by, verb="invite_actors", obj=round_, strategy_id=round_.version.strategy_id, added=len(rows))
    if rows and round_.state == RoundState.OPEN:
        send_invitations(round_, by=by)
        access.grant(version=round_.version, actors=[row.actor for row in rows], reason=f"round:{round_.pk}", by=by)
    return rows


@transaction.atomic
def remove_invitation(*, invitation_id: int, by: User) -> None:
    """Take an actor off the list before the round opens."""
    invitation, round_ = _lock_row(invitation_id, by)
    if round_.state != RoundState.PREPARING:
        raise WrongState(_("Inbjudan har redan skickats och kan inte tas tillbaka."))
    record(
        by=by,
        verb="remove_invitation",
        obj=invitation,
        strategy_id=round_.version.strategy_id,
        name=invitation.actor.name,
    )
    invitation.delete()


@transaction.atomic
def set_address(*, invitation_id: int, email: str, by: User) -> Invitation:
    """Where the invitation goes. Changed after the opening, a new letter with a new link is sent and every old one ends.

    Whoever holds the new address can answer for the organisation: the old address and those of the organisation who have
    accounts are therefore told who changed it, and the response shows it.
    """
    invitation, round_ = _lock_row(invitation_id, by)
    old, new = invitation.email, checked_email(email, required=True)
    if old == new:
        return invitation
    invitation.email = new
    invitation.save(update_fields=["email"])
    record(
        by=by, verb="set_address", obj=invitation, strategy_id=round_.version.strategy_id, actor=invitation.actor,
        old=old, new=new, opened=round_.state == RoundState.OPEN,
    )  # fmt: skip
    if round_.state == RoundState.OPEN:
        _invite_anew(invitation, round_, by)
        _tell_of_address(invitation, round_, old, by)
    return invitation


@own_language()
def _tell_of_address(invitation: Invitation, round_: ConsultationRound, old: str, by: User) -> None:
    """A letter to the old address, and a notice to the organisation's own people."""
    facts = {
        "actor": invitation.actor,
        "round": round_,
        "who": by.name,
        "new": invitation.email,
        "strategy": round_.version.strategy,
    }
    if old:
        letter = queue_mail(
            to=old, subject=letters.subject_of(LetterKind.ADDRESS) % {"round": round_.title},
            template="consultations/address", context=facts, key=f"address:{invitation.pk}:{invitation.link_id}",
        )  # fmt: skip
        letters.log_once(invitation, LetterKind.ADDRESS, [letter])
    letters.tell_writers(
        [invitation], kind="address_changed",
        text=_("%(who)s på regionen ändrade adressen för er inbjudan till ”%(round)s” till %(new)s.")
        % {"who": by.name, "round": round_.title, "new": invitation.email},
        url=f"/samrad/{round_.pk}/", by=None,
    )  # fmt: skip


@transaction.atomic
def send_again(*, invitation_id: int, by: User) -> Invitation:
    """A new letter with a new link; the old link stops working."""
    invitation, round_ = _lock_row(invitation_id, by)
    if round_.state != RoundState.OPEN or not invitation.email:
        raise WrongState(_("Inbjudan kan skickas igen när samrådet är öppet och aktören har en e-postadress."))
    record(by=by, verb="send_again", obj=invitation, strategy_id=round_.version.strategy_id)
    _invite_anew(invitation, round_, by)
    return invitation


def _invite_anew(invitation: Invitation, round_: ConsultationRound, by: User) -> None:
    """End every link that was sent, and send a new one."""
    PersonalLink.objects.filter(
        Q(pk=invitation.link_id) | Q(pk__in=invitation.letters.values("link")), revoked_at=None
    ).update(revoked_at=clock.now())
    invitation.invited_at = invitation.link = invitation.mail = None
    invitation.save(update_fields=["invited_at", "link", "mail"])
    send_invitations(round_, by=by)
    invitation.refresh_from_db()


@own_language()
def send_invitations(round_: ConsultationRound, *, by: User) -> list[Invitation]:
    """Invite everyone on the list who has not been: link, letter, notice to those with accounts. Constant queries.

    Returns every invitation of the round.
    """
    everyone = list(round_.invitations.select_related("actor").order_by("actor__sort_key"))
    fresh_ones = [invitation for invitation in everyone if invitation.invited_at is None]
    written = letters.write_letters(
        round_, fresh_ones, kind=LetterKind.INVITATION, subject=letters.subject_of(LetterKind.INVITATION),
        key=lambda row, link: f"invitation:{row.pk}:{link.pk}",
    )  # fmt: skip
    for row, letter in written:
        row.link, row.mail = letter.link, letter.mail
    now = clock.now()
    for row in fresh_ones:
        row.invited_at, row.next_reminder_at = now, reminder_after(round_, row, now)
    Invitation.objects.bulk_update(fresh_ones, ["link", "mail", "invited_at", "next_reminder_at"])
    letters.tell_writers(
        fresh_ones, kind="invited", text=_("Ni är inbjudna att svara på ”%(round)s”.") % {"round": round_.title},
        url=f"/samrad/{round_.pk}/", by=by,
    )  # fmt: skip
    return everyone


def reminder_after(round_: ConsultationRound, invitation: Invitation, moment: datetime) -> datetime | None:
    """The next time, after ``moment``, that the round's schedule reminds this consultee; None when there is none left."""
    ends = visibility.deadline_of(round_, invitation.closes_at)
    times = [ends - timedelta(days=days) for days in round_.remind_days] if ends else []
    return min((at for at in times if at > moment), default=None)


def by_link(link: PersonalLink) -> QuerySet[Invitation]:
    """The invitation that a link belongs to, whichever of its letters it came in."""
    return Invitation.objects.filter(Q(link=link) | Exists(Letter.objects.filter(invitation=OuterRef("pk"), link=link)))


@transaction.atomic
def accept_invitation(*, token: str, name: str, by: User | None = None) -> tuple[User, Invitation]:
    """Whoever reads the invited mailbox says their name, and may then write and hand in for the organisation.

    The person signed in is always the one of the invited address, never one typed in: a link proves that address and no
    other. Colleagues get links of their own (``invite_colleague``). ``by``: who is signed in already. Raises NotFound,
    WrongState (expired, revoked), Invalid, Forbidden (an account that wants its password).
    """
    link = open_link(token=token, purpose=PURPOSE)
    known = User.objects.filter(email=link.email).first()
    if known is not None and not known.is_active:
        raise WrongState(_("Kontot är avstängt. Hör av dig till den som skickade inbjudan."))
    if known is not None and known != by and not rules.lets_in(fresh(known), link.actor):
        raise Forbidden(_("Logga in med ditt lösenord först, och öppna sedan länken igen."))
    if known is None and not name.strip():
        raise Invalid(_("Skriv ditt namn."), {"name": _("Skriv ditt namn, så att kollegorna ser vem som skriver.")})
    invitation = lock(by_link(link).select_related("actor", "round__version__strategy"))
    link = open_link(token=token, purpose=PURPOSE)  # nobody has ended it meanwhile
    # Whoever comes first can let colleagues in; later ones ask the administrator that there is.
    first = not Membership.objects.filter(actor_id=invitation.actor_id, role=Role.ADMIN, until=None).exists()
    # A role that the organisation has taken back since the letter was sent does not return by it.
    mine = Membership.objects.filter(actor_id=invitation.actor_id, user__email=link.email)
    ended = set(mine.filter(until__gt=let_in_at(link)).values_list("role", flat=True)) - set(
        mine.filter(until=None).values_list("role", flat=True)
    )
    given = roles_by(link)  # None: it is the organisation's own invitation
    wanted = (Role.EDITOR, Role.SIGNATORY, *([Role.ADMIN] if first else [])) if given is None else given
    roles = [role for role in wanted if role not in ended]
    if not roles:
        raise WrongState(
            _("Din roll i %(actor)s har avslutats sedan inbjudan skickades. Be administratören där om en ny.")
            % {"actor": invitation.actor}
        )
    for role in roles:
        membership = give_role(actor_id=invitation.actor_id, email=link.email, name=name.strip(), role=role, by=None)
    if invitation.first_opened_at is None:
        invitation.first_opened_at = clock.now()
        invitation.save(update_fields=["first_opened_at"])
    if link.first_opened_at is None:
        link.first_opened_at, link.user = clock.now(), membership.user
        link.save(update_fields=["first_opened_at", "user"])
    PassedOn.objects.filter(link=link, accepted_at=None).update(accepted_at=clock.now())
    record(
        by=membership.user, verb="accept_invitation", obj=invitation, actor=invitation.actor,
        strategy_id=invitation.round.version.strategy_id,
    )  # fmt: skip
    ring_board(invitation.round_id)
    return membership.user, invitation


@transaction.atomic
def note_opened(*, round_id: int, by: User) -> None:
    """Remember that somebody of the invited actor has opened the round (once)."""
    rows = Invitation.objects.filter(round_id=round_id, actor_id__in=roles_of(by), first_opened_at=None)
    for invitation in rows.select_related("actor").select_for_update(of=("self",)).order_by("pk"):
        invitation.first_opened_at = clock.now()
        invitation.save(update_fields=["first_opened_at"])
        record(by=by, verb="open_invitation", obj=invitation, actor=invitation.actor)
        ring_board(round_id)


@own_language()
def announce_settled(round_: ConsultationRound, *, by: User) -> None:
    """Tell each respondent that every view now has its answer. Constant queries."""
    responses = list(
        round_.responses.filter(state=ResponseState.SUBMITTED)
        .select_related("actor", "submitted_by")
        .order_by("number")
    )
    addresses = addresses_of(responses)
    queue_mails(
        {
            "to": addresses[response.pk],
            "subject": (
                _("Så blev det med dina synpunkter: %(round)s")
                if response.alone
                else _("Så blev det med era synpunkter: %(round)s")
            )
            % {"round": round_.title},
            "template": "consultations/settled",
            "context": {
                "round": round_,
                "actor": response.actor,
                "link": f"{settings.SITE_URL}/svar/{response.pk}/",
                "alone": response.alone,
            },  # fmt: skip
            "key": f"settled:{response.pk}",
        }
        for response in responses
        if addresses[response.pk]
    )
    people = people_by_actor([response.actor_id for response in responses], *rules.WRITERS)
    one = _("Dina synpunkter på ”%(round)s” har fått svar.") % {"round": round_.title}
    many = _("Era synpunkter på ”%(round)s” har fått svar.") % {"round": round_.title}
    notify_each(
        [
            (people.get(response.actor_id, []), one if response.alone else many, f"/svar/{response.pk}/")
            for response in responses
        ],
        kind="settled", by=by,
    )  # fmt: skip
