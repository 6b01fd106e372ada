"""Somebody who answers in an open consultation without belonging to an organisation of the register."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ParticipantKind(models.TextChoices):
    PERSON = "person", _("Privatperson")
    GROUP = "group", _("Förening, företag eller grupp")


class Participant(models.Model):
    """The only place with a private person's name and address. ``actor`` and ``user`` are made when the address has been
    confirmed; they carry the answer and are named by ``public_name``, so that no list, trail or page can tell more.

    Only a hash of the letter's token is kept.
    """

    round = models.ForeignKey("consultations.ConsultationRound", models.PROTECT, related_name="participants")
    kind = models.CharField(_("du svarar som"), max_length=8, choices=ParticipantKind)
    name = models.CharField(_("namn"), max_length=120)
    organisation = models.CharField(_("organisationens namn"), max_length=160, blank=True)
    municipality = models.ForeignKey("actors.Municipality", models.PROTECT, null=True, blank=True, related_name="+")
    email = models.EmailField(_("e-post"))
    token_sha256 = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    actor = models.OneToOneField("actors.Actor", models.PROTECT, null=True, blank=True, related_name="participant")
    user = models.OneToOneField("actors.User", models.PROTECT, null=True, blank=True, related_name="participant")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "email"], name="one_participant_per_address_and_round"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, actor=None, user=None)
                | Q(confirmed_at__isnull=False, actor__isnull=False, user__isnull=False),
                name="a_confirmed_participant_has_an_actor",
            ),
            models.CheckConstraint(
                condition=Q(kind="person", organisation="") | (Q(kind="group") & ~Q(organisation="")),
                name="a_group_has_a_name",
            ),
        ]

    @property
    def public_name(self) -> str:
        """What everyone may read: the group's name, or "Privatperson" and the municipality. Asks for the municipality."""
        if self.kind == ParticipantKind.GROUP:
            return self.organisation
        return f"Privatperson, {self.municipality.name}" if self.municipality else "Privatperson"
