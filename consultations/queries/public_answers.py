"""Answers from the public, for the region: apart from every other list and count."""

from django.db.models import Count, Q, QuerySet

from consultations.models import ConsultationRound, Response, Stream
from consultations.states import ModerationState, ResponseState


def public_answers(round_: ConsultationRound) -> QuerySet[Response]:
    """Handed-in answers from the public with who is behind each and how it was moderated; those that wait first."""
    return (
        Response.objects.filter(round=round_, stream=Stream.PUBLIC, state=ResponseState.SUBMITTED)
        .select_related("actor", "moderation", "actor__participant__municipality")
        .annotate(n_points=Count("points"), waits=Q(moderation__state=ModerationState.WAITING))
        .order_by("-waits", "number")
    )


def counts(round_: ConsultationRound) -> dict[str, int]:
    """``waiting``, ``published``, ``held``, ``drafting`` (begun, not handed in) and ``total`` handed in. One query."""
    rows = Response.objects.filter(round=round_, stream=Stream.PUBLIC)
    handed_in = Q(state=ResponseState.SUBMITTED)
    return rows.aggregate(
        total=Count("pk", filter=handed_in),
        drafting=Count("pk", filter=Q(state=ResponseState.DRAFTING)),
        **{state.value: Count("pk", filter=handed_in & Q(moderation__state=state)) for state in ModerationState},
    )
