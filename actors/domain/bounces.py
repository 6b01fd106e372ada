"""Letters that came back: delivery status notices (RFC 3464), matched to the letter by its return address or Message-ID.

Only what a stranger could not have made up counts: the signature in the return address (VERP), or the whole Message-ID.
"""

import email
import email.policy
import hmac
import re
from collections.abc import Iterator
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

from actors.domain.audit import record
from actors.models import OutgoingMail, User
from rus_platform.kit import clock

LONGEST = 2_000_000  # bytes of a notice that are looked at
MOST = 500  # notices in one go
RETURN = re.compile(r"\+b(\d{1,18})-([0-9a-f]{20})@")
MESSAGE_ID = re.compile(r"<[^<>\s]{3,190}>")


def return_address(letter: OutgoingMail) -> str:
    """Where a notice about this letter is to go (``BOUNCE_ADDRESS`` with the letter's number, signed); "" when none is set."""
    if not settings.BOUNCE_ADDRESS:
        return ""
    name, _at, host = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{name}+b{letter.pk}-{_signature(letter.pk)}@{host}"


def _signature(number: int) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"bounce:{number}".encode(), sha256).hexdigest()[:20]


@transaction.atomic
def note_bounce(*, letter_id: int, why: str, by: User | None = None) -> OutgoingMail:
    """The letter did not arrive. The first word stands; again changes nothing. Permission is the caller's."""
    letter = OutgoingMail.objects.select_for_update(no_key=True).get(pk=letter_id)
    if letter.bounced_at is None:
        letter.bounced_at, letter.bounce = clock.now(), " ".join(why.replace("\x00", "").split())[:400]
        letter.save(update_fields=["bounced_at", "bounce"])
        record(by=by, verb="note_bounce", obj=letter)
    return letter


def take_in(notice: bytes) -> OutgoingMail | None:
    """The letter that a notice is about, now noted as bounced; None for anything else (a delay, an answer, a forgery)."""
    message = email.message_from_bytes(notice[:LONGEST], policy=email.policy.compat32)
    try:
        why = _failure(message)
        letter = _letter_of(message) if why else None
    except (ValueError, LookupError, TypeError, AttributeError):  # what a stranger sends may be broken in any way
        return None
    return note_bounce(letter_id=letter.pk, why=why) if letter else None


def _failure(message: Message) -> str:
    """Why it could not be delivered for good; "" when this is no such notice."""
    if message.get_content_type() != "multipart/report":
        return ""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
                said = str(block.get("Diagnostic-Code") or block.get("Status") or "failed")
                return said.split(";", 1)[-1].strip() or "failed"
    return ""


def _letter_of(message: Message) -> OutgoingMail | None:
    """By the address that the notice came to, else by the Message-ID of the letter it carries."""
    to = [
        str(value)
        for name in ("Delivered-To", "X-Original-To", "To", "X-RcptTo")
        for value in message.get_all(name, [])
    ]
    for _name, address in getaddresses(to):
        found = RETURN.search(address)
        if found and hmac.compare_digest(found[2], _signature(int(found[1]))):
            return OutgoingMail.objects.filter(pk=int(found[1])).first()
    for number in _carried(message):
        letter = OutgoingMail.objects.filter(message_id=number).first()
        if letter is not None:
            return letter
    return None


def _carried(message: Message) -> Iterator[str]:
    """Message-IDs of the letters that a notice carries, whole or only their headers."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and isinstance(part.get_payload(), list):
            yield from MESSAGE_ID.findall(str(part.get_payload()[0].get("Message-ID", "")))  # type: ignore[union-attr, index]
        elif kind == "text/rfc822-headers":
            raw = part.get_payload(decode=True)
            headers = email.message_from_bytes(raw if isinstance(raw, bytes) else b"")
            yield from MESSAGE_ID.findall(str(headers.get("Message-ID", "")))


def take_in_folder(folder: str) -> dict[str, int]:
    """Read the new letters of a Maildir and lay each among those that are read. How many were read, and noted as bounced."""
    new, cur = Path(folder) / "new", Path(folder) / "cur"
    cur.mkdir(parents=True, exist_ok=True)
    read = bounced = 0
    for file in sorted(new.glob("*"))[:MOST] if new.is_dir() else []:
        with file.open("rb") as source:
            bounced += take_in(source.read(LONGEST)) is not None
        file.rename(cur / f"{file.name}:2,S")
        read += 1
    return {"read": read, "bounced": bounced}
