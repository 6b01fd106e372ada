"""Roles: what a person may do on behalf of an actor, and for how long."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actors.models.actor import Actor


class Role(models.TextChoices):
    ADMIN = "admin", _("Administratör – lägger till och tar bort personer")
    LEADER = "leader", _("Processledare – leder arbetet, fryser versioner och öppnar samråd")
    EDITOR = "editor", _("Handläggare – skriver")
    SIGNATORY = "signatory", _("Behörig att lämna svar för organisationen")
    SECRETARY = "secretary", _("Nämndsekreterare – för in beslut")
    REVIEWER = "reviewer", _("Granskare – föreslår ändringar i utkastet, som handläggarna avgör")
    READER = "reader", _("Läsare")


class Membership(models.Model):
    """A role held by a person in an actor from ``since`` until ``until`` (open while null)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="memberships")
    role = models.CharField(_("roll"), max_length=12, choices=Role)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "actor", "role"], condition=Q(until__isnull=True), name="one_open_membership_per_role"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended_by__isnull=True) | Q(until__isnull=False),
                name="membership_ended_by_needs_until",
            ),
        ]
        indexes = [models.Index(fields=["actor", "role"])]

    def __str__(self) -> str:
        return f"{self.user} – {self.actor} ({self.role})"


class PersonalLink(models.Model):
    """A personal, expiring link that lets somebody in without a password. Only the token's hash is kept."""

    token_sha256 = models.CharField(max_length=64, unique=True)
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="personal_links")
    email = models.EmailField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=40)
    target = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    first_opened_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
