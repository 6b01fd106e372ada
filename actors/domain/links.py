"""Personal, expiring links: they prove that somebody reads a mailbox. Only a hash of the token is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.register import checked_name
from actors.models import Actor, PersonalLink, User
from rus_platform.kit import clock
from rus_platform.kit.errors import NotFound, WrongState
from rus_platform.kit.locking import lock


@dataclass(frozen=True)
class LinkRequest:
    """For whom a link is, what it is for ("invitation"), the path it leads to and how long it lives."""

    actor: Actor
    email: str
    purpose: str
    target: str
    expires_at: datetime


def issue_link(
    *, actor: Actor, email: str, purpose: str, target: str, expires_at: datetime
) -> tuple[PersonalLink, str]:
    """One link and its token; see ``issue_links``."""
    return issue_links([LinkRequest(actor=actor, email=email, purpose=purpose, target=target, expires_at=expires_at)])[
        0
    ]


def issue_links(requests: Sequence[LinkRequest]) -> list[tuple[PersonalLink, str]]:
    """One link per request, in order, with its token (shown once, in the letter). One query."""
    now = clock.now()
    tokens = [secrets.token_urlsafe(24) for _request in requests]
    links = PersonalLink.objects.bulk_create(
        PersonalLink(
            token_sha256=hashed(token),
            actor=request.actor,
            email=request.email.strip().lower(),
            purpose=request.purpose,
            target=request.target,
            created_at=now,
            expires_at=request.expires_at,
        )
        for request, token in zip(requests, tokens, strict=True)
    )
    return list(zip(links, tokens, strict=True))


def open_link(*, token: str, purpose: str) -> PersonalLink:
    """The valid link behind a token. Reading it changes nothing (mail scanners open links).

    Raises NotFound when unknown, WrongState when expired or revoked, in words that say what to do.
    """
    link = PersonalLink.objects.select_related("actor").filter(token_sha256=hashed(token), purpose=purpose).first()
    if link is None:
        raise NotFound(_("Länken känns inte igen. Kontrollera att hela länken kom med från brevet."))
    if link.revoked_at is not None:
        raise WrongState(_("Länken gäller inte längre. Ett nyare brev med en ny länk har skickats."))
    if link.expires_at <= clock.now():
        raise WrongState(_("Länken har gått ut. Be avsändaren om en ny."))
    return link


@transaction.atomic
def accept_link(*, token: str, purpose: str, name: str = "") -> tuple[User, PersonalLink]:
    """The person of the link's own address (created with ``name`` when unknown), and that the link has been used.

    Gives no role and signs nobody in: that is the caller's. Raises what ``open_link`` raises, Invalid without a name,
    WrongState when the account is closed.
    """
    link = lock(PersonalLink.objects.filter(pk=open_link(token=token, purpose=purpose).pk).select_related("actor"))
    user = User.objects.filter(email=link.email).first()
    if user is None:
        user = User.objects.create_user(link.email, None, name=checked_name(name, 120))
    if not user.is_active:
        raise WrongState(_("Kontot är avstängt. Hör av dig till den som skickade länken."))
    link.user = user
    link.first_opened_at = link.first_opened_at or clock.now()
    link.save(update_fields=["user", "first_opened_at"])
    record(by=user, verb="accept_link", obj=user, actor=link.actor, purpose=purpose)
    return user, link


def revoke_links(*, actor: Actor, email: str, purpose: str) -> int:
    """Let the links of an address end, since a newer letter replaces them. How many there were."""
    links = PersonalLink.objects.filter(actor=actor, email=email.strip().lower(), purpose=purpose, revoked_at=None)
    return links.update(revoked_at=clock.now())


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
