"""A meeting as a calendar file (RFC 5545): one event, lines folded at 75 octets, text escaped, times in UTC."""

from datetime import UTC, datetime, timedelta

from django.conf import settings

from consultations.models import DialogueMeeting
from consultations.states import MeetingState
from rus_platform.kit import clock

SHORTEST = timedelta(hours=1)  # for a meeting that doesn't say when it ends


def calendar_of(meeting: DialogueMeeting) -> str:
    """The file. A newer ``sequence`` with the same UID replaces the event in the guest's calendar; cancelled takes it away."""
    cancelled = meeting.state == MeetingState.CANCELLED
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//RUS//Dialogmoten//SV",
        "METHOD:CANCEL" if cancelled else "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{meeting.uid}@rus",
        f"SEQUENCE:{meeting.sequence}",
        f"DTSTAMP:{_moment(clock.now())}",
        f"DTSTART:{_moment(meeting.starts_at)}",
        f"DTEND:{_moment(meeting.ends_at or meeting.starts_at + SHORTEST)}",
        f"SUMMARY:{_text(meeting.title)}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        f"URL:{settings.SITE_URL}/samrad/{meeting.round_id}/",
    ]
    where = " ".join(part for part in (meeting.place, meeting.link) if part)
    if where:
        lines.append(f"LOCATION:{_text(where)}")
    if meeting.about:
        lines.append(f"DESCRIPTION:{_text(meeting.about)}")
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """Escaped as RFC 5545 3.3.11 says, without control characters."""
    text = "".join(letter for letter in text.replace("\r\n", "\n") if letter >= " " or letter == "\n")
    for letter in "\\;,":
        text = text.replace(letter, f"\\{letter}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Pieces of at most 75 octets, never through the middle of a letter; every piece after the first begins with a blank."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > 75:
            pieces.append(piece)
            piece = " "
        piece += letter
    return [*pieces, piece]
