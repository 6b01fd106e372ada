"""What awaits a person in consultations: answers to write, rounds to finish."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from actors.models import Role, User
from actors.queries.roles import roles_of
from consultations.models import ConsultationRound, Disposition, Invitation, Point, Response, Stream
from consultations.states import ModerationState, ResponseState, RoundState
from consultations.visibility import deadline_of
from rus_platform.kit import clock
from rus_platform.kit.tasks import Task

WRITING = {Role.EDITOR, Role.SIGNATORY, Role.ADMIN}
DRAFTING = {Role.EDITOR, Role.LEADER}


def waiting_for(user: User) -> list[Task]:
    """Answers that the person's organisations have not handed in, and closed rounds that wait for decisions. Two queries."""
    roles = roles_of(user)
    writes_for = [actor for actor, held in roles.items() if WRITING & held]
    drafts_for = [actor for actor, held in roles.items() if DRAFTING & held]
    return [*_answers(writes_for), *_rounds(drafts_for)]


def _answers(actors: list[int]) -> list[Task]:
    submitted = Response.objects.filter(round=OuterRef("round"), actor=OuterRef("actor"), state=ResponseState.SUBMITTED)
    running = Q(round__state=RoundState.OPEN) | Q(round__state=RoundState.CLOSED, closes_at__gt=clock.now())
    open_ = Invitation.objects.filter(running, ~Exists(submitted), actor_id__in=actors)
    return [
        Task(
            title=_("Svara på ”%(round)s”") % {"round": row.round.title},
            url=reverse("consultations:begin", args=[row.round_id, row.actor_id]),
            kind="open",
            label=_("Öppen"),
            hint=row.actor.name,
            due=deadline_of(row.round, row.closes_at),
        )
        for row in open_.select_related("round", "actor").order_by("round__closes_at")
    ]


def _rounds(actors: list[int]) -> list[Task]:
    closed = ConsultationRound.objects.filter(state=RoundState.CLOSED, version__strategy__owner_id__in=actors)
    rows = closed.annotate(has_undecided=Exists(_undecided())).select_related("version__strategy")
    return [
        Task(
            title=(_("Besluta om synpunkterna i ”%(round)s”") if row.has_undecided else _("Avsluta ”%(round)s”"))
            % {"round": row.title},
            url=reverse("consultations:points", args=[row.pk]) + "?status=undecided"
            if row.has_undecided
            else reverse("consultations:settle", args=[row.pk]),
            kind="closed",
            label=row.get_state_display(),
            hint=row.version.strategy.title,
        )
        for row in rows.order_by("closed_at")
    ]


def _undecided() -> QuerySet[Point]:
    """Points of a round (outer) that wait for a decision; the public's once they are published."""
    decided = Disposition.objects.filter(point=OuterRef("pk"), current=True)
    to_answer = ~Q(response__stream=Stream.PUBLIC) | Q(response__moderation__state=ModerationState.PUBLISHED)
    here = Point.objects.filter(to_answer, response__round=OuterRef("pk"), response__state=ResponseState.SUBMITTED)
    return here.filter(~Exists(decided))
