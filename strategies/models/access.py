"""Access given to actors outside the drafting team. Higher apps push grants down; nothing here asks them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ability(models.TextChoices):
    READ = "read", _("Läsa")


class AccessGrant(models.Model):
    """``actor`` may do ``ability`` with ``version``. ``reason`` names the round that gave it. ``public``: everyone may."""

    version = models.ForeignKey("strategies.Version", models.CASCADE, related_name="grants")
    actor = models.ForeignKey("actors.Actor", models.CASCADE, null=True, related_name="+")
    public = models.BooleanField(default=False)
    ability = models.CharField(max_length=8, choices=Ability)
    reason = models.CharField(max_length=200)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "actor", "ability"],
                condition=models.Q(revoked_at=None),
                nulls_distinct=False,
                name="one_open_grant_per_actor",
            ),
            models.CheckConstraint(
                condition=models.Q(public=True, actor=None) | models.Q(public=False, actor__isnull=False),
                name="a_grant_is_to_an_actor_or_to_all",
            ),
        ]
