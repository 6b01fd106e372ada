"""More time for one consultee: asked for, given unasked, or given again after the closing to make something clear."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from consultations.states import ExtensionState


class ExtensionKind(models.TextChoices):
    REQUESTED = "requested", _("Begärt anstånd")
    UNASKED = "unasked", _("Anstånd på regionens initiativ")
    REOPENING = "reopening", _("Öppnat igen för förtydligande")


class Extension(models.Model):
    """``reason`` is the consultee's for a request, the region's for the other kinds. ``decision_reason`` answers a request.

    What counts is ``Invitation.closes_at``, set when an extension is granted: this row tells why.
    """

    invitation = models.ForeignKey("consultations.Invitation", models.CASCADE, related_name="extensions")
    kind = models.CharField(max_length=10, choices=ExtensionKind, default=ExtensionKind.REQUESTED)
    state = models.CharField(max_length=10, choices=ExtensionState, default=ExtensionState.REQUESTED)
    wanted_until = models.DateTimeField(_("önskad tid"), null=True, blank=True)
    reason = models.TextField(_("skäl"), blank=True)
    requested_at = models.DateTimeField(null=True, blank=True)
    requested_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    decision_reason = models.TextField(_("motivering"), blank=True)
    until = models.DateTimeField(_("ny sista dag"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("anstånd")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation"], condition=Q(state="requested"), name="one_waiting_request_per_invitation"
            ),
            models.CheckConstraint(
                condition=~Q(kind="requested") | Q(requested_at__isnull=False, requested_by__isnull=False),
                name="a_request_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", decided_at=None, decided_by=None)
                | (~Q(state="requested") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="a_decided_extension_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state="granted", until__isnull=False) | (~Q(state="granted") & Q(until=None)),
                name="a_granted_extension_says_until_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.invitation)
