"""Distribution lists that a region keeps, and files of contacts on their way in."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from consultations.states import ContactImportState


class DistributionList(models.Model):
    """A region's list by name, to be used in round after round."""

    owner = models.ForeignKey("actors.Actor", models.PROTECT, related_name="distribution_lists")
    name = models.CharField(_("namn"), max_length=120)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("sändlista")
        ordering = ["name"]
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="a_list_has_a_name_of_its_own")]

    def __str__(self) -> str:
        return self.name


class ListedContact(models.Model):
    """One organisation on a saved list; ``email`` empty: the organisation's own mailbox."""

    list = models.ForeignKey(DistributionList, models.CASCADE, related_name="contacts")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, related_name="+")
    email = models.EmailField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "actor"], name="an_actor_is_listed_once")]


class ContactImport(models.Model):
    """A file of contacts that somebody has sent in. ``rows``: [{line, name, email, kind}] as read, nothing more.

    What each row would do is worked out when it is shown, so that it is true when somebody says yes.
    """

    round = models.ForeignKey("consultations.ConsultationRound", models.CASCADE, related_name="contact_imports")
    file_name = models.CharField(max_length=160)
    rows = models.JSONField()
    state = models.CharField(max_length=10, choices=ContactImportState, default=ContactImportState.READY)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    taken = models.JSONField(null=True, blank=True)  # {added, addresses, made}: how many

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready", ended_at=None, ended_by=None)
                | (~Q(state="ready") & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="an_ended_import_says_who_and_when",
            )
        ]

    def __str__(self) -> str:
        return self.file_name
