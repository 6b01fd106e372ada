"""Every letter of a round to a consultee, in a log."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterKind(models.TextChoices):
    INVITATION = "invitation", _("Inbjudan")
    REMINDER = "reminder", _("Påminnelse")
    EXTENSION = "extension", _("Besked om anstånd")
    REOPENING = "reopening", _("Öppnat igen för förtydligande")
    ADDRESS = "address", _("Besked om ändrad adress")
    RENEWED = "renewed", _("Ny länk")
    PASSED_ON = "passed_on", _("Skickad vidare inom organisationen")


class Letter(models.Model):
    """``mail`` says whether it went, bounced or waits. ``link``: the personal link in it, and when it was first used."""

    invitation = models.ForeignKey("consultations.Invitation", models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=10, choices=LetterKind)
    mail = models.ForeignKey("actors.OutgoingMail", models.PROTECT, related_name="+")
    link = models.ForeignKey("actors.PersonalLink", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["invitation", "mail"], name="a_letter_is_logged_once")]
