"""Reading the demo's Maildir: letters that a real SMTP server received. Nothing here changes them."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

KEY = re.compile(r"[A-Za-z0-9._,:=+-]{1,200}\Z")
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
MOST_LISTED = 300
LONGEST = 2_000_000


@dataclass(frozen=True)
class Letter:
    """A letter as the mailbox page shows it. ``pieces``: the text cut into (words, url), url "" where it is only words."""

    key: str
    to: str
    subject: str
    at: datetime | None
    text: str = ""
    pieces: tuple[tuple[str, str], ...] = ()
    attachments: tuple[str, ...] = ()


def letters(to: str = "") -> list[Letter]:
    """The newest letters, to one address when ``to`` is given."""
    files = sorted(_files(), key=lambda file: file.stat().st_mtime, reverse=True)
    found = (_read(file, whole=False) for file in files)
    chosen = [letter for letter in found if not to or to.lower() in letter.to.lower()]
    return chosen[:MOST_LISTED]


def letter(key: str) -> Letter | None:
    """One letter with its text; None when there is none by that name."""
    if not KEY.match(key):
        return None
    return next((_read(file, whole=True) for file in _files() if file.name == key), None)


def _files() -> list[Path]:
    if not settings.LOCAL_MAILDIR:
        return []
    box = Path(settings.LOCAL_MAILDIR)
    return [file for folder in ("new", "cur") for file in (box / folder).glob("*") if file.is_file()]


def _read(file: Path, *, whole: bool) -> Letter:
    with file.open("rb") as source:
        message: EmailMessage = email.message_from_bytes(source.read(LONGEST), policy=email.policy.default)
    text = _text(message) if whole else ""
    return Letter(
        key=file.name,
        to=_header(message, "X-RcptTo") or _header(message, "To"),
        subject=_header(message, "Subject"),
        at=_time(message),
        text=text,
        pieces=tuple(_pieces(text)),
        attachments=tuple(part.get_filename() or "–" for part in message.iter_attachments()) if whole else (),
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header on one line; a broken one is shown as far as it can be read."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, IndexError, LookupError):
        return ""


def _time(message: EmailMessage) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(message["Date"]))
    except (ValueError, TypeError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)  # "-0000": UTC, from a sender who does not say where


def _text(message: EmailMessage) -> str:
    """The plain text; never HTML, which a stranger wrote."""
    part = message.get_body(preferencelist=("plain",))
    if part is None:
        return ""
    try:
        return str(part.get_content()).replace("\r\n", "\n").strip()
    except (LookupError, ValueError, UnicodeError):
        return ""


def _pieces(text: str) -> list[tuple[str, str]]:
    """Only addresses on this installation become links."""
    pieces: list[tuple[str, str]] = []
    end = 0
    for match in ADDRESS.finditer(text):
        address = match[0].rstrip(".,;:!?)")
        if address.startswith(settings.SITE_URL.rstrip("/") + "/"):
            pieces += [(text[end : match.start()], ""), (address, address)]
            end = match.start() + len(address)
    return [piece for piece in [*pieces, (text[end:], "")] if piece[0]]
