"""The organisation's own decision about its response, and files that go with it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """A file that goes with the response, checked by its content. ``is_minutes``: the extract of the deciding body's minutes.

    The same stored file may serve several versions of a response; it is never changed.
    """

    response = models.ForeignKey("consultations.Response", models.CASCADE, related_name="attachments")
    name = models.CharField(_("namn"), max_length=200)
    file = models.FileField(upload_to="attachments/")
    mime = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    is_minutes = models.BooleanField(_("protokollsutdrag"), default=False)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("bilaga")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class OwnDecision(models.Model):
    """The deciding body's decision on the response: body, date, paragraph, reservations. One per version."""

    response = models.OneToOneField("consultations.Response", models.CASCADE, related_name="decision")
    body = models.CharField(_("beslutande organ"), max_length=120)
    decided_on = models.DateField(_("beslutsdag"))
    paragraph = models.CharField(_("paragraf"), max_length=20, blank=True)
    reservations = models.TextField(_("reservationer"), blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("beslut om svaret")

    def __str__(self) -> str:
        return f"{self.body} {self.decided_on:%Y-%m-%d} {self.paragraph}".strip()
