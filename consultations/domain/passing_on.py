"""Without an account: a link that has run out is sent anew to its own mailbox, and passed on within the organisation.

Whoever passes on gives away no more than she has, and all of it is in the log that the organisation's administrator and
the region see.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.links import hashed, issue_link
from actors.domain.mail import queue_mail
from actors.domain.notify import notify
from actors.domain.register import checked_email
from actors.models import OutgoingMail, PersonalLink, Role, User
from actors.queries.roles import fresh, has_role, people_with
from consultations import rules
from consultations.domain import invitations, letters
from consultations.models import Invitation, Letter, LetterKind, PassedOn
from consultations.states import RoundState
from consultations.visibility import deadline_of
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language

RENEWED_LIVES = timedelta(days=14)  # at least, when the round's own time has run out
MOST_RENEWED = 3  # a day and link
MOST_PASSED = 10  # a day and invitation
A_DAY = timedelta(days=1)


def has_run_out(token: str) -> bool:
    """Whether a token is that of a link whose time is over, and that nothing else has ended."""
    link = PersonalLink.objects.filter(token_sha256=hashed(token), purpose=letters.PURPOSE).first()
    return link is not None and link.revoked_at is None and link.expires_at <= clock.now()


@transaction.atomic
@own_language()
def renew_link(*, token: str) -> PersonalLink:
    """A new letter, to the mailbox that the link went to and to no other. A few times a day; one that was passed on once.

    Raises NotFound (unknown), WrongState (taken back, or the round is settled), Invalid (too often).
    """
    old = (
        PersonalLink.objects.select_related("actor").filter(token_sha256=hashed(token), purpose=letters.PURPOSE).first()
    )
    if old is None:
        raise NotFound(_("Länken känns inte igen. Kontrollera att hela länken kom med från brevet."))
    if old.revoked_at is not None:
        raise WrongState(_("Länken gäller inte längre. Ett nyare brev med en ny länk har skickats."))
    row = lock(invitations.by_link(old).select_related("actor", "round__version__strategy__owner"))
    old = lock(PersonalLink.objects.filter(pk=old.pk))
    if old.revoked_at is not None:  # meanwhile
        raise WrongState(_("Länken gäller inte längre. Ett nyare brev med en ny länk har skickats."))
    if row.round.state == RoundState.SETTLED:
        raise WrongState(_("Samrådet är avslutat. Svaren går att läsa på samrådets sida."))
    return send_new_link(row, old, by=None)


def send_new_link(row: Invitation, old: PersonalLink, *, by: User | None) -> PersonalLink:
    """A letter with a new link to the mailbox that ``old`` went to; it gives what the old one gave. Invalid: too often.

    Called inside the caller's transaction, with the invitation locked.
    """
    lately = Letter.objects.filter(
        invitation=row, kind=LetterKind.RENEWED, mail__to=old.email, created_at__gt=clock.now() - A_DAY
    )
    if lately.count() >= MOST_RENEWED:
        raise Invalid(_("Nya länkar har redan skickats i dag. Titta i brevlådan, också i skräpposten."))
    link, _mail = _send(row, old.email, LetterKind.RENEWED, {})
    if PassedOn.objects.filter(link=old).update(link=link):
        PersonalLink.objects.filter(pk=old.pk).update(revoked_at=clock.now())  # what it gives has moved
    record(by=by, verb="renew_link", obj=row, actor=row.actor, strategy_id=row.round.version.strategy_id)
    return link


def _send(row: Invitation, email: str, kind: LetterKind, facts: dict[str, object]) -> tuple[PersonalLink, OutgoingMail]:
    """A letter with a link of its own, in the log."""
    ends: datetime = deadline_of(row.round, row.closes_at) or clock.now()
    link, token = issue_link(
        actor=row.actor, email=email, purpose=letters.PURPOSE, target=f"/samrad/{row.round_id}/svara/{row.actor_id}/",
        expires_at=max(ends + letters.LINK_LIVES_AFTER_CLOSING, clock.now() + RENEWED_LIVES),
    )  # fmt: skip
    mail = queue_mail(
        to=link.email, subject=letters.subject_of(kind) % {"round": row.round.title}, template=f"consultations/{kind}",
        context=letters.letter_context(row.round, row, token) | facts, key=f"{kind}:{row.pk}:{link.pk}",
    )  # fmt: skip
    Letter.objects.create(invitation=row, kind=kind, mail=mail, link=link, created_at=clock.now())
    return link, mail


@transaction.atomic
@own_language()
def pass_on(*, invitation_id: int, email: str, by: User, words: str = "") -> PassedOn:
    """Send the invitation on to a colleague, with a link of her own. She gets the roles that ``by`` has, and no more.

    Raises Forbidden, WrongState, Invalid (``email``, too often).
    """
    rows = Invitation.objects.filter(pk=invitation_id).select_related("actor", "round__version__strategy__owner")
    row = lock(rows)
    if not rules.can_write_for(fresh(by), row.actor):
        raise Forbidden(_("Bara den som får skriva för organisationen kan skicka inbjudan vidare."))
    if row.round.state in (RoundState.PREPARING, RoundState.SETTLED):
        raise WrongState(_("Samrådet tar inte emot svar, så inbjudan kan inte skickas vidare."))
    address = checked_email(email, required=True)
    if people_with(row.actor, *rules.WRITERS).filter(email=address).exists():
        raise Invalid(_("Personen kan redan skriva i svaret."), {"email": _("Personen kan redan skriva i svaret.")})
    if row.passed_on.filter(passed_at__gt=clock.now() - A_DAY).count() >= MOST_PASSED:
        raise Invalid(_("Inbjudan har skickats vidare många gånger i dag. Försök igen i morgon."))
    words = " ".join(words.replace("\x00", "").split())[:400]
    link, mail = _send(row, address, LetterKind.PASSED_ON, {"who": by.name, "words": words})
    made = PassedOn.objects.create(
        invitation=row, email=address, words=words, link=link, mail=mail, passed_at=clock.now(), passed_by=by
    )
    record(
        by=by, verb="pass_on", obj=row, actor=row.actor, strategy_id=row.round.version.strategy_id, email=address
    )  # fmt: skip
    notify(
        users=people_with(row.actor, Role.ADMIN), kind="passed_on", by=by, url=f"/inbjudningar/{row.pk}/vidare/",
        text=_("%(name)s skickade inbjudan till ”%(round)s” vidare till %(email)s.")
        % {"name": by.name, "round": row.round.title, "email": address},
    )  # fmt: skip
    return made


@transaction.atomic
def take_back(*, passed_on_id: int, by: User) -> PassedOn:
    """End a link that was passed on. Roles that it has given are ended on the organisation's page.

    By the one who passed it on, or the organisation's administrator.
    """
    invitation_id = PassedOn.objects.filter(pk=passed_on_id).values_list("invitation_id", flat=True).first()
    invitation = lock(Invitation.objects.filter(pk=invitation_id or 0).select_related("actor", "round__version"))
    row = lock(PassedOn.objects.filter(pk=passed_on_id).select_related("link"))
    is_admin = has_role(fresh(by), invitation.actor_id, Role.ADMIN)
    if not is_admin and not (by.pk == row.passed_by_id and rules.can_write_for(by, invitation.actor)):
        raise Forbidden(_("Bara den som skickade vidare eller er administratör kan ta tillbaka det."))
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = clock.now(), by
        row.save(update_fields=["revoked_at", "revoked_by"])
        PersonalLink.objects.filter(pk=row.link_id, revoked_at=None).update(revoked_at=row.revoked_at)
        record(
            by=by, verb="take_back", obj=invitation, actor=invitation.actor,
            strategy_id=invitation.round.version.strategy_id, email=row.email,
        )  # fmt: skip
    return row
