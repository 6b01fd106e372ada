"""Background work of the consultations app."""

from celery import shared_task

from consultations.domain import bounced, papers, reminders, rounds
from consultations.domain.intake import jobs, taking_many
from consultations.publishing.papers import render


@shared_task(name="consultations.tasks.follow_the_clock")
def follow_the_clock() -> dict[str, int]:
    """Open and close the rounds whose hour has come. Runs every few seconds; a missed run is caught up by the next."""
    return rounds.follow_the_clock()


@shared_task(name="consultations.tasks.read_intake")
def read_intake(job_id: int) -> None:
    """Read one file that came in. Sent twice, or to two workers at once, it is read once."""
    jobs.read_intake(job_id=job_id)


@shared_task(name="consultations.tasks.see_to_intakes")
def see_to_intakes() -> int:
    """Sent by beat: files that a worker never took or left unfinished."""
    return jobs.see_to_intakes() + taking_many.see_to_taking()


@shared_task(name="consultations.tasks.write_in")
def write_in(job_id: int) -> None:
    """Write the answers of a table in. Sent twice, or to two workers at once, each is written once."""
    taking_many.write_in(job_id=job_id)


@shared_task(name="consultations.tasks.remind")
def remind() -> int:
    """Remind those whose time on the schedule has come, and say which letters came back. A missed run is caught up by the next."""
    bounced.tell_bounced()
    return reminders.send_due_reminders()


@shared_task(name="consultations.tasks.make_paper")
def make_paper(paper_id: int) -> None:
    """Make one PDF of a response or a receipt. Sent twice, or to two workers at once, it is made once."""
    papers.make_paper(paper_id=paper_id, render=render)


@shared_task(name="consultations.tasks.see_to_papers")
def see_to_papers() -> int:
    """Sent by beat: papers that a worker never took or left unfinished; those that nobody asks for are cleared away."""
    return papers.see_to_papers()
