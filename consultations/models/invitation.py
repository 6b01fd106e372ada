"""An invited consultee (remissinstans)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Invitation(models.Model):
    """One per actor and round. The personal link goes to ``email``."""

    round = models.ForeignKey("consultations.ConsultationRound", models.CASCADE, related_name="invitations")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-post"), blank=True)
    mail = models.ForeignKey("actors.OutgoingMail", models.PROTECT, null=True, blank=True, related_name="+")
    link = models.ForeignKey("actors.PersonalLink", models.PROTECT, null=True, blank=True, related_name="+")
    invited_at = models.DateTimeField(null=True, blank=True)
    first_opened_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "actor"], name="an_actor_is_invited_once")]
