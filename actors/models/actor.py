"""Actors: the organisations that make and carry a strategy, and the areas they belong to."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class County(models.Model):
    """One of the 21 counties (SCB code), or a fictional one for demonstrations."""

    code = models.CharField(max_length=2, primary_key=True)
    letter = models.CharField(max_length=2)
    name = models.CharField(max_length=80, unique=True)
    region_name = models.CharField(max_length=80)
    seat = models.CharField(max_length=80)
    kolada_id = models.CharField(max_length=4)
    fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """One of the 290 municipalities (SCB code), or a fictional one."""

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=80)
    official_name = models.CharField(max_length=100)
    county = models.ForeignKey(County, models.PROTECT, related_name="municipalities")
    fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ActorKind(models.TextChoices):
    REGION = "region", _("Region")
    MUNICIPALITY = "municipality", _("Kommun")
    MUNICIPAL_ASSOCIATION = "municipal_association", _("Kommunalförbund")
    COUNTY_BOARD = "county_board", _("Länsstyrelse")
    STATE_AGENCY = "state_agency", _("Statlig myndighet")
    UNIVERSITY = "university", _("Universitet, högskola eller folkhögskola")
    BUSINESS = "business", _("Näringsliv")
    CIVIL_SOCIETY = "civil_society", _("Civilsamhälle")
    NEIGHBOUR = "neighbour", _("Angränsande region")
    NATIONAL = "national", _("Nationell aktör")
    INTERNATIONAL = "international", _("Internationell aktör")
    PRIVATE_PERSON = "private_person", _("Privatperson")
    UNREGISTERED = "unregistered", _("Förening eller grupp utanför registret")
    MEETING = "meeting", _("Dialogmöte")


#: Made for one answer in an open consultation, or for what was said at a meeting. They stand in no register and on no list.
PASSING_KINDS = frozenset({ActorKind.PRIVATE_PERSON, ActorKind.UNREGISTERED, ActorKind.MEETING})


class Actor(models.Model):
    """An organisation (aktör). One row per organisation on the whole installation.

    ``county`` is set for a region and a county board; ``counties`` says where the organisation works. NEIGHBOUR is never
    an actor's own kind: it is what a region is to another region's strategy (``StrategyActor.kind``). Actors of
    PASSING_KINDS carry one answer each; a private person's is named "Privatperson, <kommun>", never by the person's name.
    """

    kind = models.CharField(_("slag"), max_length=24, choices=ActorKind)
    name = models.CharField(_("namn"), max_length=160)
    email = models.EmailField(_("funktionsbrevlåda"), blank=True)
    counties = models.ManyToManyField(County, related_name="actors", blank=True)
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, related_name="+")
    municipality = models.OneToOneField(Municipality, models.PROTECT, null=True, blank=True, related_name="actor")
    sort_key = models.CharField(max_length=200, db_index=True, editable=False)
    fictional = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("aktör")
        verbose_name_plural = _("aktörer")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["county", "kind"], name="one_region_and_county_board_per_county"),
            models.CheckConstraint(
                condition=models.Q(kind="municipality", municipality__isnull=False)
                | (~models.Q(kind="municipality") & models.Q(municipality__isnull=True)),
                name="municipality_actor_has_a_municipality",
            ),
            models.CheckConstraint(condition=~models.Q(kind="neighbour"), name="neighbour_is_said_of_a_strategy"),
        ]

    def __str__(self) -> str:
        return self.name
