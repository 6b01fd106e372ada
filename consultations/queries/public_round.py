"""A round as everyone may see it: who was asked and who has answered, what has happened, what can be read."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.models import AuditEvent
from consultations.models import ConsultationRound, Response, Stream
from consultations.queries.coverage import state_of, with_state
from consultations.queries.responses import visible_responses

#: States of the coverage board that everyone may know of; the others are the organisation's and the region's own business.
TOLD = ("submitted", "no_objection", "declined")


@dataclass
class Asked:
    """Those asked that have done the same, by name."""

    state: str
    label: str
    rows: list[Any] = field(default_factory=list)


def asked(round_: ConsultationRound, *, over: bool) -> list[Asked]:
    """Answered, no objection, declines, and the rest; empty groups left out. One query."""
    labels = {
        "submitted": _("Har svarat"), "no_objection": _("Ingen erinran"), "declined": _("Avstår från att svara"),
        "missing": _("Svarade inte") if over else _("Har inte svarat än"),
    }  # fmt: skip
    groups = {state: Asked(state, label) for state, label in labels.items()}
    for row in with_state(round_):
        state = state_of(row, over=over)
        groups[state if state in TOLD else "missing"].rows.append(row)
    return [group for group in groups.values() if group.rows]


def answers_by_stream(round_: ConsultationRound, viewer: Any) -> dict[str, list[Response]]:
    """Submitted answers that the viewer may read, by stream. One query, whatever their number."""
    found: dict[str, list[Response]] = {stream.value: [] for stream in Stream}
    for row in visible_responses(round_, viewer).filter(submitted_at__isnull=False, state="submitted"):
        found[row.stream].append(row)
    return found


@dataclass(frozen=True)
class RoundEvent:
    """Something that everyone may know has happened to a round. ``key`` never changes."""

    key: str
    at: datetime
    kind: str
    title: str
    text: str = ""
    round_id: int = 0


def events_of(rounds: list[ConsultationRound]) -> list[RoundEvent]:
    """What has happened to the rounds, newest first, from the trail (which never changes). One query."""
    by_id = {str(row.pk): row for row in rounds}
    rows = AuditEvent.objects.filter(
        object_type=ConsultationRound._meta.label_lower, object_id__in=list(by_id), verb__in=WORDS
    ).order_by("-at", "-id")
    told = [(row, WORDS[row.verb](row.data)) for row in rows]
    return [
        RoundEvent(str(row.pk), row.at, row.verb, words[0], words[1], int(row.object_id))
        for row, words in told
        if words
    ]


def _opened(data: dict[str, Any]) -> tuple[str, str]:
    n = int(data.get("invited", 0))
    return _("Samrådet öppnade"), ngettext("%(n)s tillfrågad", "%(n)s tillfrågade", n) % {"n": n}


def _closed(data: dict[str, Any]) -> tuple[str, str]:
    n = int(data.get("submitted", 0))
    return _("Samrådet stängde"), ngettext("%(n)s svar hade kommit in", "%(n)s svar hade kommit in", n) % {"n": n}


def _settled(data: dict[str, Any]) -> tuple[str, str]:
    n = int(data.get("points", 0))
    words = ngettext("%(n)s synpunkt har fått sitt svar", "%(n)s synpunkter har fått sitt svar", n)
    return _("Alla synpunkter är bemötta"), words % {"n": n}


def _openness(data: dict[str, Any]) -> tuple[str, str] | None:
    """Only what concerns everybody: whether the public may answer, and when the answers are public."""
    was_now = data.get("changed", {}).get("open_to_public")
    if was_now:
        return (_("Allmänheten får svara") if was_now[1] else _("Allmänheten kan inte längre svara")), ""
    return _("Tiden då svaren blir offentliga ändrades"), ""


def _meeting(data: dict[str, Any]) -> tuple[str, str]:
    return _("Dialogmöte: %(title)s") % data, str(data["day"])


WORDS: dict[str, Any] = {
    "open_round": _opened, "close_round": _closed, "settle_round": _settled, "set_openness": _openness,
    "publish_meeting": _meeting,
}  # fmt: skip
