"""Colleagues: invited by letter, let in by the letter's link, and their own account."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from actors import rules
from actors.domain.audit import record
from actors.domain.links import accept_link, issue_link, open_link, revoke_links
from actors.domain.mail import queue_mail
from actors.domain.membership import give_role
from actors.domain.notify import notify
from actors.domain.register import checked_name
from actors.models import Membership, PersonalLink, Role, User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language

WELCOME = "welcome"
WELCOME_LIVES = timedelta(days=14)


@transaction.atomic
def invite_colleague(*, actor_id: int, email: str, name: str, role: str, by: User, title: str = "") -> Membership:
    """Give a role and tell the person by letter: with a link to choose a password, or, to somebody who has one, where to
    sign in. Raises what ``give_role`` raises. The same role again sends no new letter.
    """
    had = Membership.objects.filter(
        actor_id=actor_id, user__email=email.strip().lower(), role=role, until=None
    ).exists()
    membership = give_role(actor_id=actor_id, email=email, name=name, role=role, by=by, title=title)
    if had:
        text = _("%(name)s har redan den rollen.") % {"name": membership.user.name}
        raise Invalid(text, {"role": text})
    if membership.user.has_usable_password():
        _tell(membership, by)
    else:
        _welcome(membership, by)
    return membership


@transaction.atomic
def send_welcome_again(*, membership_id: int, by: User) -> Membership:
    """A new letter with a new link to somebody who has not chosen a password yet; older links end."""
    membership = lock(Membership.objects.filter(pk=membership_id, until=None).select_related("actor", "user"))
    actor = membership.actor
    if not (rules.can_handle_people(fresh(by), actor) or membership.given_by_id == by.pk):
        raise Forbidden(_("Du kan inte bjuda in till %(actor)s.") % {"actor": actor})
    if membership.user.has_usable_password():
        raise WrongState(
            _("%(name)s har redan ett konto och loggar in med sitt lösenord.") % {"name": membership.user.name}
        )
    _welcome(membership, by)
    record(by=by, verb="send_welcome_again", obj=membership, actor=actor, person=membership.user.name)
    return membership


def _welcome(membership: Membership, by: User) -> None:
    user, actor = membership.user, membership.actor
    revoke_links(actor=actor, email=user.email, purpose=WELCOME)
    link, token = issue_link(
        actor=actor,
        email=user.email,
        purpose=WELCOME,
        target=f"/aktorer/{actor.pk}/",
        expires_at=clock.now() + WELCOME_LIVES,
    )
    _letter(membership, by, "actors/welcome", f"{settings.SITE_URL}/valkommen/{token}/", f"welcome:{link.pk}")


@own_language()
def _tell(membership: Membership, by: User) -> None:
    path = f"/aktorer/{membership.actor_id}/"
    _letter(membership, by, "actors/role_given", f"{settings.SITE_URL}{path}", f"role:{membership.pk}")
    text = _("Du har fått en roll i %(actor)s: %(role)s") % {
        "actor": membership.actor,
        "role": membership.get_role_display(),
    }
    notify(users=[membership.user], kind="role_given", text=text, url=path, by=by)


@own_language()
def _letter(membership: Membership, by: User, template: str, link: str, key: str) -> None:
    queue_mail(
        to=membership.user.email,
        subject=_("Du är inbjuden att arbeta för %(actor)s") % {"actor": membership.actor},
        template=template,
        context={
            "person": membership.user, "by": by, "actor": membership.actor, "role": Role(membership.role).label,
            "link": link, "days": WELCOME_LIVES.days,
        },
        key=key,
    )  # fmt: skip


def open_welcome(*, token: str) -> PersonalLink:
    """The link of a welcome letter, still unused. Reading changes nothing."""
    link = open_link(token=token, purpose=WELCOME)
    if link.first_opened_at is not None:
        raise WrongState(_("Länken har redan använts. Logga in med din e-postadress och ditt lösenord."))
    return link


@transaction.atomic
def accept_welcome(*, token: str, name: str, password: str) -> tuple[User, PersonalLink]:
    """The invited person says her name, chooses a password and may be signed in. The link works once.

    Raises NotFound, WrongState (expired, revoked, used), Invalid (``name``, ``password``).
    """
    lock(PersonalLink.objects.filter(pk=open_welcome(token=token).pk))
    open_welcome(token=token)  # again, now that nobody else can use it
    user, link = accept_link(token=token, purpose=WELCOME, name=name)
    user.name = checked_name(name, 120)
    set_password(user, password)
    user.save(update_fields=["name", "password"])
    return user, link


def set_password(user: User, password: str) -> None:
    """Keep a new password on the row (the caller saves). Invalid (``password``) when it is too weak."""
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        text = " ".join(refusal.messages)
        raise Invalid(text, {"password": text}) from None
    user.set_password(password)


@transaction.atomic
def choose_password(*, user_id: int, password: str) -> User:
    """A new password for one's own account; every other browser is signed out by it. Raises Invalid, NotFound (a guest)."""
    user = lock(User.objects.filter(pk=user_id, is_active=True, guest=False))
    set_password(user, password)
    user.save(update_fields=["password"])
    record(by=user, verb="choose_password", obj=user)
    return user


@transaction.atomic
def change_account(*, by: User, name: str, title: str) -> User:
    """One's own name and title. Raises Invalid, NotFound (a guest has no account)."""
    user = lock(User.objects.filter(pk=by.pk, guest=False))
    user.name, user.title = checked_name(name, 120), " ".join(title.replace("\x00", "").split())[:120]
    user.save(update_fields=["name", "title"])
    record(by=user, verb="change_account", obj=user)
    return user
