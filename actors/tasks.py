"""Background work of the actors app."""

from celery import shared_task
from django.conf import settings

from actors.domain import bounces, mail


@shared_task(name="actors.tasks.send_waiting_mail")
def send_waiting_mail() -> int:
    """Send the letters that are due."""
    return mail.send_waiting()


@shared_task(name="actors.tasks.take_in_bounces")
def take_in_bounces() -> int:
    """Read the notices of undelivered letters that lie in the mailbox for them, where there is one."""
    return bounces.take_in_folder(settings.BOUNCE_MAILDIR)["bounced"] if settings.BOUNCE_MAILDIR else 0
