"""Background work of the strategies app."""

from celery import shared_task

from strategies.domain import carry, checkpoints, publish
from strategies.domain.importing import jobs
from strategies.publishing.pdf import render_pdf as typeset
from strategies.publishing.tree import book_of


@shared_task(name="strategies.tasks.carry_anchors")
def carry_anchors(version_id: int) -> int:
    """Say where the words of every comment are in a draft that has just begun."""
    return carry.resolve_anchors(version_id=version_id)


@shared_task(name="strategies.tasks.refresh_drafts")
def refresh_drafts() -> int:
    """Look again in drafts that have been written in since. A missed run is caught up by the next."""
    return carry.refresh_drafts()


@shared_task(name="strategies.tasks.keep_quiet_drafts")
def keep_quiet_drafts() -> int:
    """Sent by beat: a checkpoint of each draft after an hour's quiet."""
    return checkpoints.keep_quiet_drafts()


@shared_task(name="strategies.tasks.render_pdf")
def render_pdf(publication_id: int) -> None:
    """Make one PDF. Sent twice, or to two workers at once, it is made once."""
    publish.render_publication(
        publication_id=publication_id, render=lambda version, progress: typeset(book_of(version), progress=progress)
    )


@shared_task(name="strategies.tasks.see_to_publications")
def see_to_publications() -> int:
    """Sent by beat: PDFs that adopted versions lack, and work that a worker lost."""
    return publish.see_to_publications()


@shared_task(name="strategies.tasks.read_document")
def read_document(job_id: int) -> None:
    """Read one document that somebody sent. Sent twice, or to two workers at once, it is read once."""
    jobs.read_document(job_id=job_id)


@shared_task(name="strategies.tasks.see_to_imports")
def see_to_imports() -> int:
    """Sent by beat: documents that a worker never took or left unfinished."""
    return jobs.see_to_imports()
