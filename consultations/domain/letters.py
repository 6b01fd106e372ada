"""Letters to consultees: each with a personal link, each in the log, sent once. Constant queries whatever their number."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actors.domain.links import LinkRequest, issue_links
from actors.domain.mail import queue_mails
from actors.domain.notify import notify
from actors.models import PersonalLink, User
from consultations import rules
from consultations.models import ConsultationRound, Invitation, Letter, LetterKind
from consultations.visibility import deadline_of
from rus_platform.kit import clock

LINK_LIVES_AFTER_CLOSING = timedelta(days=60)
PURPOSE = "invitation"

Written = tuple[Invitation, Letter]


def in_words(moment: datetime | None) -> str:
    """A moment as a letter says it, in Swedish time."""
    return date_format(timezone.localtime(moment), "j F Y \\k\\l. H.i") if moment else ""


def write_letters(
    round_: ConsultationRound,
    rows: Sequence[Invitation],
    *,
    kind: str,
    subject: str,
    key: Callable[[Invitation, PersonalLink], str],
    facts: Callable[[Invitation], dict[str, Any]] = lambda row: {},
) -> list[Written]:
    """A letter with a link of its own to each of ``rows`` that has an address (their actors loaded). Returns what was written.

    ``key`` makes a letter one of a kind; a letter whose key has been used is neither sent nor logged again. Links that were
    sent before go on working.
    """
    rows = [row for row in rows if row.email]
    links = issue_links([_link_request(round_, row) for row in rows])
    pairs = list(zip(rows, links, strict=True))
    mails = queue_mails(
        {
            "to": row.email,
            "subject": subject % {"round": round_.title},
            "template": f"consultations/{kind}",
            "context": letter_context(round_, row, token) | facts(row),
            "key": key(row, link),
        }
        for row, (link, token) in pairs
    )
    now = clock.now()
    letters = [
        Letter(invitation=row, kind=kind, mail=mail, link=link, created_at=now)
        for (row, (link, _token)), mail in zip(pairs, mails, strict=True)
    ]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    return list(zip(rows, letters, strict=True))


def _link_request(round_: ConsultationRound, row: Invitation) -> LinkRequest:
    ends = deadline_of(round_, row.closes_at)
    assert ends is not None  # checked before the opening
    return LinkRequest(
        actor=row.actor,
        email=row.email,
        purpose=PURPOSE,
        target=f"/samrad/{round_.pk}/svara/{row.actor_id}/",
        expires_at=ends + LINK_LIVES_AFTER_CLOSING,
    )


def letter_context(round_: ConsultationRound, invitation: Invitation, token: str) -> dict[str, object]:
    """What every letter about a round can say."""
    return {
        "round": round_,
        "actor": invitation.actor,
        "strategy": round_.version.strategy,
        "closes": in_words(deadline_of(round_, invitation.closes_at)),
        "link": f"{settings.SITE_URL}/inbjudan/{token}/",
    }


def tell_writers(rows: Sequence[Invitation], *, kind: str, text: str, url: str, by: User | None) -> None:
    """A notice to everybody with an account who may write for these organisations. One notice each."""
    notify(
        users=User.objects.filter(
            is_active=True, memberships__until=None, memberships__actor_id__in=[row.actor_id for row in rows],
            memberships__role__in=rules.WRITERS,
        ).distinct(),
        kind=kind,
        text=text,
        url=url,
        by=by,
    )  # fmt: skip


def log_once(invitation: Invitation, kind: LetterKind, mails: Sequence[Any]) -> None:
    """Put letters without a personal link in the log."""
    now = clock.now()
    rows = [Letter(invitation=invitation, kind=kind, mail=mail, created_at=now) for mail in mails]
    Letter.objects.bulk_create(rows, ignore_conflicts=True)


def subject_of(kind: str) -> str:
    """The subject line, with %(round)s."""
    return {
        LetterKind.INVITATION: _("Inbjudan att svara: %(round)s"),
        LetterKind.REMINDER: _("Påminnelse: %(round)s"),
        LetterKind.EXTENSION: _("Ny sista dag för ert svar: %(round)s"),
        LetterKind.REOPENING: _("Öppnat igen för er: %(round)s"),
        LetterKind.ADDRESS: _("Ändrad adress: %(round)s"),
        LetterKind.RENEWED: _("Ny länk: %(round)s"),
        LetterKind.PASSED_ON: _("Inbjudan att svara: %(round)s"),
    }[LetterKind(kind)]
