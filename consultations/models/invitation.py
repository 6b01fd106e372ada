"""An invited consultee (remissinstans)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Invitation(models.Model):
    """One per actor and round. The personal link goes to ``email``.

    ``closes_at`` is a time of their own, by an extension (None: the round's). ``next_reminder_at``: when the clock reminds them.
    """

    round = models.ForeignKey("consultations.ConsultationRound", models.CASCADE, related_name="invitations")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-post"), blank=True)
    mail = models.ForeignKey("actors.OutgoingMail", models.PROTECT, null=True, blank=True, related_name="+")
    link = models.ForeignKey("actors.PersonalLink", models.PROTECT, null=True, blank=True, related_name="+")
    invited_at = models.DateTimeField(null=True, blank=True)
    first_opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(_("egen sluttid"), null=True, blank=True)
    next_reminder_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    bounce_told_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "actor"], name="an_actor_is_invited_once")]
        indexes = [
            models.Index(
                fields=["next_reminder_at"],
                name="invitation_next_reminder",
                condition=models.Q(next_reminder_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor}"
