"""Background work of the consultations app."""

from celery import shared_task

from consultations.domain import rounds


@shared_task(name="consultations.tasks.follow_the_clock")
def follow_the_clock() -> dict[str, int]:
    """Open and close the rounds whose hour has come. Runs every few seconds; a missed run is caught up by the next."""
    return rounds.follow_the_clock()
