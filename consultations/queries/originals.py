"""Files that an answer was read from and that go with it."""

from django.db.models import QuerySet

from consultations.models import IntakeJob, Response
from consultations.states import IntakeState


def attached_to(response: Response) -> QuerySet[IntakeJob]:
    """Originals that go with a response: those taken into it, and into the versions that it follows. Without their text."""
    rows = IntakeJob.objects.filter(
        response__round=response.round_id, response__actor=response.actor_id, response__version__lte=response.version,
        state=IntakeState.TAKEN_IN, attached=True,
    )  # fmt: skip
    return rows.defer("original").order_by("pk")
