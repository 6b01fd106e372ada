"""Background work of the strategies app."""

from celery import shared_task

from strategies.domain import carry


@shared_task(name="strategies.tasks.carry_anchors")
def carry_anchors(version_id: int) -> int:
    """Say where the words of every comment are in a draft that has just begun."""
    return carry.resolve_anchors(version_id=version_id)


@shared_task(name="strategies.tasks.refresh_drafts")
def refresh_drafts() -> int:
    """Look again in drafts that have been written in since. A missed run is caught up by the next."""
    return carry.refresh_drafts()
