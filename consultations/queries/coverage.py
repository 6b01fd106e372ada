"""How far the consultees have come: every number opens into the names behind it."""

from dataclasses import dataclass, field

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from consultations.models import ConsultationRound, Invitation, Response, ResponseKind
from consultations.queries.responses import counting_first
from consultations.states import ResponseState, RoundState

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


HUES = {
    "submitted": "pine", "no_objection": "moss", "declined": "plum", "awaiting": "lake", "drafting": "lake", "opened": "amber", "invited": "berry",
    "not_sent": "neutral", "unsent": "neutral",
}  # fmt: skip
ANSWERS = ("submitted", "no_objection", "declined")


@dataclass
class CoverageGroup:
    """One state of the board with the invitations in it."""

    state: str
    label: str
    invitations: list[Invitation] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.invitations)

    @property
    def is_answer(self) -> bool:
        return self.state in ANSWERS

    @property
    def hue(self) -> str:
        return HUES[self.state]


def with_state(round_: ConsultationRound) -> QuerySet[Invitation]:
    """Invitations of the round with actor, mail and the facts ``state_of`` needs. One query."""
    response = counting_first(Response.objects.filter(round_id=OuterRef("round_id"), actor_id=OuterRef("actor_id")))
    return (
        round_.invitations.select_related("actor", "mail")
        .annotate(
            response_id=Subquery(response.values("pk")[:1]),
            response_state=Subquery(response.values("state")[:1]),
            response_kind=Subquery(response.values("kind")[:1]),
            response_late=Subquery(response.values("late")[:1]),
            response_number=Subquery(response.values("number")[:1]),
            response_entered=Subquery(response.values("entered_by")[:1]),
            response_at=Subquery(response.values("submitted_at")[:1]),
        )
        .order_by("actor__sort_key", "pk")
    )


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
    if over:
        return "unsent"
    if invitation.first_opened_at is not None:
        return "opened"
    return "invited" if invitation.invited_at is not None else "not_sent"


def coverage_of(round_: ConsultationRound) -> list[CoverageGroup]:
    """The board: groups in fixed order, empty ones left out. One query whatever the number of actors."""
    groups = {state: CoverageGroup(state, str(label)) for state, label in COVERAGE_STATES.items()}
    over = round_.state in (RoundState.CLOSED, RoundState.SETTLED)
    for invitation in with_state(round_):
        invitation.board_state = state_of(invitation, over=over)  # type: ignore[attr-defined]
        groups[invitation.board_state].invitations.append(invitation)  # type: ignore[attr-defined]
    return [group for group in groups.values() if group.invitations]


def bar_of(groups: list[CoverageGroup]) -> list[dict[str, object]]:
    """The board as parts of a whole."""
    return [{"name": group.label, "value": group.count, "hue": group.hue} for group in groups]
