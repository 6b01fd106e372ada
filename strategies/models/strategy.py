"""A region's strategy: the space in which editions, rounds and decisions live."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actors.models import ActorKind


class Strategy(models.Model):
    """``owner`` is the region that is responsible (lag 2010:630 5 §)."""

    owner = models.ForeignKey("actors.Actor", models.PROTECT, related_name="strategies")
    counties = models.ManyToManyField("actors.County", related_name="strategies")
    actors = models.ManyToManyField("actors.Actor", through="strategies.StrategyActor", related_name="taking_part_in")
    title = models.CharField(_("namn"), max_length=160)
    slug = models.SlugField(max_length=80, unique=True)
    horizon_from = models.PositiveSmallIntegerField(_("från år"))
    horizon_to = models.PositiveSmallIntegerField(_("till år"))
    case_number = models.CharField(_("diarienummer"), max_length=40, blank=True)
    contact = models.CharField(_("kontakt"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("strategi")
        verbose_name_plural = _("strategier")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(horizon_to__gt=models.F("horizon_from")), name="horizon_goes_forward"
            ),
            models.CheckConstraint(
                condition=models.Q(horizon_from__gte=2000, horizon_to__lte=2100), name="horizon_is_reasonable"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StrategyActor(models.Model):
    """An actor in the strategy's register, and what kind it is to this strategy."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="taking_part")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, related_name="+")
    kind = models.CharField(_("slag"), max_length=24, choices=ActorKind)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["strategy", "actor"], name="an_actor_takes_part_once")]
