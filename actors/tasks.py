"""Background work of the actors app."""

from celery import shared_task

from actors.domain import mail


@shared_task(name="actors.tasks.send_waiting_mail")
def send_waiting_mail() -> int:
    """Send the letters that are due."""
    return mail.send_waiting()
