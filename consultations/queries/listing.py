"""Rounds for the page that lists them: those one is asked in, those one's region holds, and those everyone may read."""

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from actors.models import User
from actors.queries.roles import roles_of
from consultations import visibility
from consultations.models import ConsultationRound, Invitation, Response, Stream
from consultations.queries.responses import counting_first
from consultations.states import ResponseState, RoundState


def invitations_of(user: User) -> QuerySet[Invitation]:
    """Invitations to the organisations that the person works for, with how far the response has come. One query.

    ``response_id`` of the newest version; ``response_state`` of the one that counts, else of the newest; None when nobody has
    begun. Open rounds first, soonest end first.
    """
    response = Response.objects.filter(round_id=OuterRef("round_id"), actor_id=OuterRef("actor_id"))
    return (
        Invitation.objects.filter(actor_id__in=list(roles_of(user)))
        .exclude(round__state=RoundState.PREPARING)
        .select_related("round__version__strategy__owner", "actor")
        .annotate(
            response_id=Subquery(response.order_by("-version").values("pk")[:1]),
            response_state=Subquery(counting_first(response).values("state")[:1]),
            is_over=Q(round__state__in=[RoundState.CLOSED, RoundState.SETTLED]),
        )
        .order_by("is_over", "round__closes_at", "pk")
    )


def with_numbers(rounds: QuerySet[ConsultationRound]) -> QuerySet[ConsultationRound]:
    """``invited`` and ``answered`` on each round, in the same query."""
    invited = Invitation.objects.filter(round=OuterRef("pk")).order_by().values("round")
    handed_in = Response.objects.filter(state=ResponseState.SUBMITTED, stream=Stream.CONSULTEE)
    answered = handed_in.filter(round=OuterRef("pk")).order_by().values("round")
    return rounds.select_related("version__strategy__owner").annotate(
        invited=Coalesce(Subquery(invited.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        answered=Coalesce(Subquery(answered.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
    )


def rounds_of_my_regions(user: User) -> QuerySet[ConsultationRound]:
    """Rounds that the person's own region holds, those in preparation too."""
    return with_numbers(ConsultationRound.objects.filter(version__strategy__owner_id__in=list(roles_of(user))))


def public_rounds(*, over: bool) -> QuerySet[ConsultationRound]:
    """Rounds that are open, soonest end first; or those that are over, latest first."""
    if over:
        states = [RoundState.CLOSED, RoundState.SETTLED]
        rows = ConsultationRound.objects.filter(visibility.public_rounds(), state__in=states)
        return with_numbers(rows.order_by("-closed_at", "-pk"))
    rows = ConsultationRound.objects.filter(visibility.public_rounds(), state=RoundState.OPEN)
    return with_numbers(rows.order_by("closes_at", "pk"))
