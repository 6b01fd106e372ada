"""Every letter the platform sends: kept before it is sent, sent once, and its fate shown."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    WAITING = "waiting", _("Väntar")
    SENT = "sent", _("Skickat")
    FAILED = "failed", _("Kunde inte skickas")


class OutgoingMail(models.Model):
    """``key`` makes queueing idempotent: the same event never gives two letters."""

    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    attachments = models.JSONField(default=list)  # [{name, mime, text}], or base64 until it is sent
    state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)  # refused at the door, or returned afterwards
    bounce = models.CharField(max_length=400, blank=True)  # what the other side said

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"]),
            models.Index(fields=["message_id"], name="mail_message_id"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at=None)),
                name="sent_mail_has_a_time",
            )
        ]
