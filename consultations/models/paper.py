"""A response, or its receipt, on paper: a PDF that a worker makes, kept until its words change or nobody has asked for a week."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.states import PaperState


class PaperKind(models.TextChoices):
    ANSWER = "answer", _("Svaret")
    RECEIPT = "receipt", _("Kvittot")


class Paper(models.Model):
    """``content_sha256`` covers every word that the file shows and how it looks: the same content is not made again."""

    response = models.ForeignKey("consultations.Response", models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=8, choices=PaperKind)
    language = models.CharField(max_length=8)
    content_sha256 = models.CharField(max_length=64)
    state = models.CharField(_("läge"), max_length=8, choices=PaperState, default=PaperState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=400, blank=True)
    file = models.FileField(upload_to="papers/", blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")  # None: the platform
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "kind", "language"], name="one_paper_of_a_kind"),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(file="") & ~Q(file_sha256="") & Q(finished_at__isnull=False)),
                name="a_done_paper_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.response_id}"
