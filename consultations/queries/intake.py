"""What has come in as files, for the pages that show it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from actors.models import Actor, User
from actors.queries.roles import roles_of
from consultations.models import ConsultationRound, IntakeItem, IntakeJob, IntakeSide, ItemState, ItemWhat, Response
from consultations.queries.originals import attached_to
from consultations.states import HANDED_IN, IntakeState
from strategies.queries.outline import Outline, outline


@dataclass(frozen=True)
class Counts:
    """Items of a job by what has been decided about them."""

    total: int
    undecided: int
    certain: int
    accepted: int
    dropped: int


def counts_of(job: IntakeJob) -> Counts:
    """One query."""
    undecided = Q(state=ItemState.UNDECIDED)
    found = job.items.aggregate(
        total=Count("pk"), undecided=Count("pk", undecided), certain=Count("pk", undecided & Q(certain=True)),
        accepted=Count("pk", Q(state=ItemState.ACCEPTED)), dropped=Count("pk", Q(state=ItemState.DROPPED)),
    )  # fmt: skip
    return Counts(**found)


def items_of(job: IntakeJob) -> QuerySet[IntakeItem]:
    """The items in order, with what a page shows of them. One query, however many."""
    return job.items.select_related("section", "question__section", "actor", "point").order_by("position", "pk")


def jobs_of_response(response: Response) -> QuerySet[IntakeJob]:
    """Files of a response, newest first, without their text."""
    return response.intakes.select_related("requested_by").defer("original")


def jobs_of_round(round_: ConsultationRound) -> QuerySet[IntakeJob]:
    """Files that the region has sent in, newest first, without their text."""
    rows = round_.intakes.filter(side=IntakeSide.REGION).select_related("requested_by", "actor", "response")
    return rows.defer("original")


def originals_of(response: Response, viewer: User) -> list[IntakeJob]:
    """Originals that were taken into a response and may be read by this person: its organisation and the region. One query."""
    if not {response.actor_id, response.round.version.strategy.owner_id} & set(roles_of(viewer)):
        return []
    going = attached_to(response)
    if response.actor_id not in roles_of(viewer):
        return list(going)
    own = response.intakes.filter(state=IntakeState.TAKEN_IN, attached=False).defer("original")
    return [*own, *going]


def can_look(user: User, job: IntakeJob) -> bool:
    """What was read and what was decided about it: the organisation's own people, and the region for what it enters itself.

    Once the organisation has taken an entered answer over, that work is its own too.
    """
    roles = set(roles_of(user))
    in_region = job.round.version.strategy.owner_id in roles
    if job.side == IntakeSide.OWN or job.response is not None and job.response.entered_by_id is None:
        return job.actor_id in roles
    return in_region or (job.response is not None and job.actor_id in roles)


def can_see_original(user: User, job: IntakeJob) -> bool:
    """The file itself: for those who work with it while it is looked at; then for those whose response it became part of.

    Never for the public: an original may hold what was left out on purpose.
    """
    roles = set(roles_of(user))
    in_region = job.round.version.strategy.owner_id in roles
    response = job.response
    if response is None or job.side == IntakeSide.REGION:
        return in_region or (response is not None and job.actor_id in roles)
    if job.actor_id in roles:
        return True
    return in_region and response.state in HANDED_IN and job.attached and job.state == IntakeState.TAKEN_IN


def section_choices(tree: Outline) -> list[tuple[int, str]]:
    """(id, "Mål 2 Title") of every section, in reading order."""
    return [(node.section.pk, f"{node.code} {node.title}".strip()) for node in tree]


def outline_of(job: IntakeJob) -> Outline:
    """The consultation version's outline, without its text."""
    return outline(job.round.version)


def actor_choices(round_: ConsultationRound) -> list[tuple[int, str]]:
    """Those that an answer can be from: the register and the distribution list."""
    rows: Any = Actor.objects.filter(taking_part_in=round_.version.strategy) | Actor.objects.filter(
        invitations__round=round_
    )
    return list(
        rows.exclude(pk=round_.version.strategy.owner_id).distinct().order_by("sort_key").values_list("pk", "name")
    )


def decision_facts(response: Response) -> dict[str, str]:
    """What a person has confirmed out of a file about the decision on the response; {} when nothing. One query."""
    rows = IntakeItem.objects.filter(
        job__response=response, job__state=IntakeState.TAKEN_IN, what=ItemWhat.DECISION, state=ItemState.ACCEPTED
    )
    facts = rows.order_by("-job__taken_in_at", "position").values_list("facts", flat=True).first() or {}
    return {name: str(facts[name]) for name in ("body", "decided_on", "paragraph") if facts.get(name)}
