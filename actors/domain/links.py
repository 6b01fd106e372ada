"""Personal, expiring links: they prove that somebody reads a mailbox. Only a hash of the token is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from actors.models import Actor, PersonalLink
from rus_platform.kit import clock
from rus_platform.kit.errors import NotFound, WrongState


@dataclass(frozen=True)
class LinkRequest:
    """For whom a link is, what it is for ("invitation"), the path it leads to and how long it lives."""

    actor: Actor
    email: str
    purpose: str
    target: str
    expires_at: datetime


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


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
