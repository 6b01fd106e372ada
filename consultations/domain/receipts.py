"""What was handed in, in one canonical form, and the proof of it."""

import hashlib
import json
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actors.domain.mail import queue_mails
from actors.domain.notify import notify
from actors.models import Role
from actors.queries.roles import people_with
from consultations.models import Invitation, OwnDecision, Participant, Response, Stream
from consultations.queries.originals import attached_to
from rus_platform.kit import clock
from rus_platform.kit.wording import own_language

WAITS = timedelta(hours=1)  # at most, for the enclosed PDF; then the letter goes with its link


def content(response: Response) -> dict[str, Any]:
    """Everything that was handed in, as JSON: who, when, positions, answers and points. Never internal notes."""
    points = response.points.select_related("section", "anchor").order_by("number")
    return {
        "format": 2,
        "round": response.round_id,
        "version_sha256": response.round.version.sha256,
        "actor": response.actor.name,
        "number": response.number,
        "version": response.version,
        "supersedes": response.supersedes.sha256 if response.supersedes else None,
        "preliminary": response.preliminary,
        "decision": _decision(response),
        "kind": response.kind,
        "summary": response.summary,
        "own_case_number": response.own_case_number,
        "submitted_at": response.submitted_at.isoformat() if response.submitted_at else None,
        "submitted_by": response.submitted_by.name if response.submitted_by else None,
        "late": response.late,
        "channel": response.channel,
        "received_at": response.received_at.isoformat() if response.received_at else None,
        "positions": [
            {"section": str(row.section.uuid), "stance": row.stance, "reason": row.reason}
            for row in response.positions.select_related("section").order_by("section__uuid")
        ],
        "answers": [
            {"question": row.question_id, "text": row.text, "choice": row.choice, "scale": row.scale}
            for row in response.answers.order_by("question_id")
        ],
        "points": [
            {
                "number": row.number,
                "kind": row.kind,
                "section": str(row.section.uuid) if row.section else None,
                "quote": row.anchor.quote if row.anchor else None,
                "text": row.text,
                "suggested_wording": row.suggested_wording,
            }
            for row in points
        ],
        "attachments": [
            {"name": row.name, "sha256": row.sha256, "size": row.size, "is_minutes": row.is_minutes}
            for row in response.attachments.order_by("pk")
        ],
        **_originals(response),
    }


def _originals(response: Response) -> dict[str, Any]:
    """Files that the answer was read from and that go with it; the key is left out when there are none."""
    found = [{"name": row.name, "sha256": row.sha256, "size": row.size} for row in attached_to(response)]
    return {"originals": found} if found else {}


def _decision(response: Response) -> dict[str, str] | None:
    """What the organisation's own body decided."""
    row = OwnDecision.objects.filter(response=response).first()
    if row is None:
        return None
    return {
        "body": row.body,
        "decided_on": row.decided_on.isoformat(),
        "paragraph": row.paragraph,
        "reservations": row.reservations,
    }


def sha256(receipt: dict[str, Any]) -> str:
    """SHA-256 (hex) of the canonical form: sorted keys, no blanks, NFC, UTF-8."""
    text = json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


def letter_key(response_id: int, address: str) -> str:
    """What makes a receipt's letter one of a kind; without an address how they all begin."""
    return f"receipt:{response_id}:{address}"[:120]


@own_language()
def send(response: Response) -> None:
    """The receipt by mail to the person who handed in and to the organisation's own mailbox. The letters wait for the PDF
    that is enclosed (``papers``), but not for ever."""
    invitation = Invitation.objects.filter(round_id=response.round_id, actor_id=response.actor_id).first()
    submitted_by, submitted_at = response.submitted_by, response.submitted_at
    assert submitted_by is not None and submitted_at is not None
    entered = response.entered_by_id is not None  # the officer who wrote it in needs no receipt; the organisation does
    if response.stream != Stream.CONSULTEE:
        send_to_the_public(response)
        return
    own = "" if entered else submitted_by.email
    addresses = {own, response.actor.email, invitation.email if invitation else ""} - {""}
    wait = clock.now() + WAITS
    queue_mails(
        {
            "to": address,
            "subject": _("Kvitto: svar på %(round)s") % {"round": response.round.title},
            "template": "consultations/entered" if entered else "consultations/receipt",
            "context": {
                "response": response,
                "round": response.round,
                "actor": response.actor,
                "region": response.round.version.strategy.owner,
                "said": said(response) if entered else [],
                "received": moment(response.received_at) if response.received_at else "",
                "when": date_format(timezone.localtime(submitted_at), "j F Y \\k\\l. H.i.s"),
                "link": f"{settings.SITE_URL}/svar/{response.pk}/kvitto/",
            },
            "key": letter_key(response.pk, address),
            "not_before": wait,
        }
        for address in sorted(addresses)
    )


@own_language()
def announce(response: Response) -> None:
    """A notice to the region's people; to the organisation's, when the region entered the answer for them."""
    round_, officers = response.round, (Role.LEADER, Role.EDITOR)
    region = round_.version.strategy.owner
    if response.stream == Stream.PUBLIC:
        notify(
            users=people_with(region, *officers),
            kind="public_answer",
            text=_("Ett svar från allmänheten på ”%(round)s” väntar på granskning.") % {"round": round_.title},
            url=f"/samrad/{response.round_id}/allmanheten/",
        )
    if response.stream != Stream.CONSULTEE:
        return
    told: dict[str, Any] = {"url": f"/svar/{response.pk}/", "by": response.submitted_by}
    notify(
        users=people_with(region, *officers),
        kind="response_submitted",
        text=_("%(actor)s har lämnat sitt svar på ”%(round)s”.") % {"actor": response.actor, "round": round_.title},
        **told,
    )
    if response.entered_by_id is not None:
        notify(
            users=people_with(response.actor_id, *Role),
            kind="response_entered",
            text=_("%(region)s har fört in ert svar på ”%(round)s”. Se efter att det stämmer.")
            % {"region": region, "round": round_.title},
            **told,
        )


def send_to_the_public(response: Response) -> None:
    """The receipt to the confirmed address; a meeting gets none."""
    submitted_at = response.submitted_at
    if response.stream == Stream.PUBLIC and submitted_at is not None:
        participant = Participant.objects.get(actor_id=response.actor_id)
        queue_mails(
            [
                {
                    "to": participant.email,
                    "subject": _("Kvitto: ditt svar på %(round)s") % {"round": response.round.title},
                    "template": "consultations/public_receipt",
                    "context": {
                        "response": response,
                        "round": response.round,
                        "participant": participant,
                        "when": moment(submitted_at),
                        "link": f"{settings.SITE_URL}/samrad/{response.round_id}/",
                    },
                    "key": letter_key(response.pk, participant.email),
                    "not_before": clock.now() + WAITS,
                }
            ]
        )


def moment(at: datetime) -> str:
    """A point in time as a letter says it."""
    return date_format(timezone.localtime(at), "j F Y \\k\\l. H.i")


def said(response: Response) -> list[tuple[str, str]]:
    """What was entered, as (heading, words), so that the organisation can check it without an account."""
    rows = [(_("Svaret i korthet"), response.summary)] if response.summary else []
    for position in response.positions.select_related("section").order_by("section__position", "pk"):
        words = f"{position.get_stance_display()}. {position.reason}".strip()
        rows.append((position.section.title, words))
    for answer in response.answers.select_related("question__section").order_by("question__position"):
        if words := answer.words:
            rows.append((answer.question.asked, words))
    for point in response.points.select_related("section").order_by("number"):
        place = point.section.title if point.section else _("Allmän synpunkt")
        rows.append(
            (f"{point.number}. {place}", "\n".join(part for part in (point.text, point.suggested_wording) if part))
        )
    return rows
