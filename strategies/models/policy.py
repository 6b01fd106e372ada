"""Lists that goals are tied to: SDGs, national areas (2024:99 8 §), EU policy objectives. Data, since they change."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Framework(models.TextChoices):
    SDG = "sdg", _("Globala målen")
    NATIONAL_AREA = "national_area", _("Nationella områden")
    EU_OBJECTIVE = "eu_objective", _("EU:s politiska mål 2021–2027")


class PolicyItem(models.Model):
    framework = models.CharField(max_length=20, choices=Framework)
    code = models.CharField(max_length=8)
    number = models.PositiveSmallIntegerField()
    name_sv = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    color = models.CharField(max_length=7, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["framework", "number"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="one_policy_item_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_sv}"

    @property
    def name(self) -> str:
        """In the reader's language, where the list has it."""
        return self.name_en if self.name_en and get_language() == "en" else self.name_sv
