"""How far the consultees have come: every number opens into the names behind it."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from actors.models import ActorKind, County
from consultations.models import ConsultationRound, Extension, Invitation, Response, ResponseKind, Stream
from consultations.queries.responses import counting_first
from consultations.states import ExtensionState, ResponseState, RoundState
from rus_platform.kit import clock

#: State of an invitation -> its label, in the order of the board. ``drafting`` says only that somebody has begun.
COVERAGE_STATES = {
    "submitted": _("Svarat"),
    "no_objection": _("Ingen erinran"),
    "declined": _("Avstår"),
    "awaiting": _("Väntar på eget beslut"),
    "drafting": _("Skriver"),
    "opened": _("Har öppnat"),
    "invited": _("Har inte öppnat"),
    "not_sent": _("Utan inbjudan"),
    "unsent": _("Svarade inte"),
}
#: What may be true of an invitation beside its state.
MARKS = {
    "preliminary": _("Preliminärt svar"),
    "late": _("Sent svar"),
    "bounced": _("Brevet kom inte fram"),
    "extension": _("Anstånd"),
}

HUES = {
    "submitted": "pine", "no_objection": "moss", "declined": "plum", "awaiting": "lake", "drafting": "lake", "opened": "amber", "invited": "berry",
    "not_sent": "neutral", "unsent": "neutral",
}  # fmt: skip
ANSWERS = ("submitted", "no_objection", "declined")
FACTS = ("pk", "state", "kind", "late", "number", "submitted_at", "entered_by", "preliminary")


@dataclass
class CoverageGroup:
    """One state of the board with the invitations in it."""

    state: str
    label: str
    invitations: list[Invitation] = field(default_factory=list)
    most: int | None = None  # names shown until the group is opened

    @property
    def shown(self) -> list[Invitation]:
        return self.invitations[: self.most]

    @property
    def count(self) -> int:
        return len(self.invitations)

    @property
    def is_answer(self) -> bool:
        return self.state in ANSWERS

    @property
    def hue(self) -> str:
        return HUES[self.state]


def with_state(round_: ConsultationRound, *, kind: str = "", county: str = "") -> list[Invitation]:
    """Invitations of the round with actor, mail and what ``state_of`` asks about (``response_*``, ``asks_for_time``).

    ``kind``, ``county``: only those of an actor kind, or that work in a county. Three queries.
    """
    rows = round_.invitations.select_related("actor", "mail").order_by("actor__sort_key", "pk")
    if kind:
        rows = rows.filter(actor__kind=kind)
    if county:
        rows = rows.filter(actor__counties=county)
    written = _counting(round_)
    asked = Extension.objects.filter(invitation__round=round_, state=ExtensionState.REQUESTED)
    waiting = set(asked.values_list("invitation_id", flat=True))
    found = list(rows)
    for row in found:
        facts = written.get(row.actor_id, {})
        vars(row).update({f"response_{'id' if name == 'pk' else name}": facts.get(name) for name in FACTS})
        vars(row).update(response_at=facts.get("submitted_at"), response_entered=facts.get("entered_by"))
        vars(row).update(asks_for_time=row.pk in waiting)
    return found


def _counting(round_: ConsultationRound) -> dict[int, dict[str, Any]]:
    """Actor id -> the facts of the version of its response that counts, or that is being written. One query."""
    found: dict[int, dict[str, Any]] = {}
    rows = counting_first(Response.objects.filter(round=round_, stream=Stream.CONSULTEE))
    for row in rows.values("actor_id", *FACTS):
        found.setdefault(row["actor_id"], row)
    return found


def state_of(invitation: Invitation, *, over: bool = False) -> str:
    """A key of ``COVERAGE_STATES`` for an invitation from ``with_state``; ``over``: the round has closed."""
    facts = vars(invitation)
    if facts["response_state"] == ResponseState.SUBMITTED:
        special = {ResponseKind.NO_OBJECTION.value: "no_objection", ResponseKind.DECLINES.value: "declined"}
        return special.get(facts["response_kind"], "submitted")
    if facts["response_state"] == ResponseState.UNSENT:
        return "unsent"
    if facts["response_state"] in (ResponseState.READY, ResponseState.DECIDED):
        return "awaiting"
    if facts["response_state"] == ResponseState.DRAFTING:
        return "drafting"
    if over and not has_time(invitation):
        return "unsent"
    if invitation.first_opened_at is not None:
        return "opened"
    return "invited" if invitation.invited_at is not None else "not_sent"


def has_time(invitation: Invitation) -> bool:
    """Whether a time of their own is still running."""
    return invitation.closes_at is not None and invitation.closes_at >= clock.now()


def marks_of(invitation: Invitation) -> list[str]:
    """Keys of ``MARKS`` for an invitation from ``with_state``. A letter that bounced says nothing once they have answered."""
    facts = vars(invitation)
    answered = facts["response_state"] == ResponseState.SUBMITTED
    true = {
        "preliminary": answered and facts["response_preliminary"],
        "late": answered and facts["response_late"],
        "bounced": not answered and invitation.mail is not None and invitation.mail.bounced_at is not None,
        "extension": invitation.closes_at is not None or facts["asks_for_time"],
    }
    return [mark for mark in MARKS if true[mark]]


def coverage_of(round_: ConsultationRound, *, kind: str = "", county: str = "") -> list[CoverageGroup]:
    """The board: groups in fixed order, empty ones left out. Constant queries whatever the number of actors."""
    groups = {state: CoverageGroup(state, str(label)) for state, label in COVERAGE_STATES.items()}
    over = round_.state in (RoundState.CLOSED, RoundState.SETTLED)
    for invitation in with_state(round_, kind=kind, county=county):
        state = state_of(invitation, over=over)
        vars(invitation).update(board_state=state, marks=marks_of(invitation))
        groups[state].invitations.append(invitation)
    return [group for group in groups.values() if group.invitations]


def bar_of(groups: list[CoverageGroup]) -> list[dict[str, object]]:
    """The board as parts of a whole."""
    return [{"name": group.label, "value": group.count, "hue": group.hue} for group in groups]


def marks_in(groups: list[CoverageGroup]) -> list[dict[str, object]]:
    """How many have each mark: {mark, label, count}, those that nobody has left out."""
    counted = Counter(mark for group in groups for row in group.invitations for mark in vars(row)["marks"])
    return [{"mark": mark, "label": label, "count": counted[mark]} for mark, label in MARKS.items() if counted[mark]]


def only_marked(groups: list[CoverageGroup], mark: str) -> list[CoverageGroup]:
    """The groups with only those who have the mark."""
    kept = [
        CoverageGroup(group.state, group.label, [row for row in group.invitations if mark in vars(row)["marks"]])
        for group in groups
    ]
    return [group for group in kept if group.invitations]


def by_kind(groups: list[CoverageGroup]) -> list[dict[str, object]]:
    """Answered and invited per kind of actor: {kind, label, answered, invited}, in the order of the kinds."""
    invited: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for group in groups:
        for row in group.invitations:
            invited[row.actor.kind] += 1
            answered[row.actor.kind] += group.is_answer
    return [
        {"kind": kind, "label": label, "answered": answered[kind], "invited": invited[kind]}
        for kind, label in ActorKind.choices
        if invited[kind]
    ]


def by_county(round_: ConsultationRound, groups: list[CoverageGroup]) -> list[dict[str, object]]:
    """The same per county: {code, name, answered, invited}. An actor that works in several counties counts in each."""
    answered = {row.actor_id for group in groups if group.is_answer for row in group.invitations}
    shown = {row.actor_id for group in groups for row in group.invitations}
    counties = County.objects.filter(actors__invitations__round=round_).values_list("code", "name", "actors")
    found: dict[str, dict[str, Any]] = {}
    for code, name, actor in counties.order_by("name", "code").distinct():
        if actor in shown:
            row = found.setdefault(code, {"code": code, "name": name, "answered": 0, "invited": 0})
            row["invited"] += 1
            row["answered"] += actor in answered
    return list(found.values())


def quick_stamp(round_: ConsultationRound) -> str:
    """While this is the same, so is every board of the round: asked often, by every open page. Three cheap queries."""
    invited = round_.invitations.order_by("pk").values_list(
        "pk", "email", "invited_at", "first_opened_at", "closes_at", "reminded_at", "mail__state", "mail__bounced_at"
    )
    written = Response.objects.filter(round=round_).order_by("pk")
    asked = Extension.objects.filter(invitation__round=round_, state=ExtensionState.REQUESTED).order_by("pk")
    facts = (
        round_.state, list(invited), list(written.values_list("pk", "state", "kind", "late", "preliminary")),
        list(asked.values_list("pk", flat=True)), round_.invitations.filter(closes_at__gte=clock.now()).count(),
    )  # fmt: skip
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def stamp_of(groups: list[CoverageGroup]) -> str:
    """Another stamp, another board."""
    facts = [
        (row.pk, group.state, *vars(row)["marks"], row.mail.state if row.mail else "", row.email)
        for group in groups
        for row in group.invitations
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
