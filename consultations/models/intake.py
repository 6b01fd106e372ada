"""Something that came in on paper, in Word or by e-mail: the original, what was read out of it, what a person said of each part."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.models.point import PointKind
from consultations.models.position import Stance
from consultations.models.response import ResponseKind
from consultations.states import IntakeState


class IntakeKind(models.TextChoices):
    UNKNOWN = "", _("Inte läst än")
    FORM = "form", _("Svarsformulär")
    MARGIN = "margin", _("Samrådsversion med kommentarer")
    TEXT = "text", _("Word-dokument")
    PDF = "pdf", _("PDF")
    MAIL = "mail", _("E-brev")
    TABLE = "table", _("Tabell med många svar")
    PICTURE = "picture", _("Bild")


class IntakeSide(models.TextChoices):
    OWN = "own", _("Organisationen själv")
    REGION = "region", _("Regionen, för organisationens räkning")


class IntakeJob(models.Model):
    """``original`` is the file's text for reading beside: [{"text", "kind", "page"}]. ``actor``: None for a table with many.

    ``attached``: whether the original goes with the response. What nobody has taken in has changed nothing.
    """

    round = models.ForeignKey("consultations.ConsultationRound", models.PROTECT, related_name="intakes")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="intakes")
    response = models.ForeignKey(
        "consultations.Response", models.SET_NULL, null=True, blank=True, related_name="intakes"
    )
    side = models.CharField(max_length=6, choices=IntakeSide)
    kind = models.CharField(_("slag"), max_length=8, choices=IntakeKind, blank=True, default=IntakeKind.UNKNOWN)
    channel = models.CharField(max_length=12, blank=True)
    name = models.CharField(_("namn"), max_length=200)
    file = models.FileField(upload_to="intakes/")
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=8, default="sv")  # of the person who sent it: refusals are in her words
    pages = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(_("läge"), max_length=9, choices=IntakeState, default=IntakeState.WAITING)
    stage = models.CharField(max_length=80, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=400, blank=True)
    notices = models.JSONField(default=list)
    original = models.JSONField(default=list)
    attached = models.BooleanField(_("originalet följer med svaret"), default=False)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    came_at = models.DateTimeField(null=True, blank=True)  # of a table: when those came whose rows say no date
    taking_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    taken_in_at = models.DateTimeField(null=True)
    taken_in_by = models.ForeignKey("actors.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("inkommet svar")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="taken_in", taken_in_at__isnull=False, taken_in_by__isnull=False)
                | (~Q(state="taken_in") & Q(taken_in_at=None, taken_in_by=None)),
                name="an_intake_taken_in_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(side="region") | Q(actor__isnull=False, response__isnull=False),
                name="an_own_intake_has_its_response",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class IntakePage(models.Model):
    """A page of an original that is a picture, drawn anew as a JPEG to type beside. ``number`` orders them within the job;
    ``page`` is its number in the file, ``name`` the attachment that it stands in."""

    job = models.ForeignKey(IntakeJob, models.CASCADE, related_name="drawn")
    number = models.PositiveSmallIntegerField()
    page = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    file = models.FileField(upload_to="intakes/pages/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["job_id", "number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="drawn_pages_are_numbered")]


class ItemWhat(models.TextChoices):
    SUMMARY = "summary", _("Svaret i korthet")
    POSITION = "position", _("Ställningstagande")
    ANSWER = "answer", _("Svar på en fråga")
    POINT = "point", _("Synpunkt")
    KIND = "kind", _("Svarets slag")
    DECISION = "decision", _("Organisationens beslut")


class ItemState(models.TextChoices):
    UNDECIDED = "undecided", _("Inte granskad")
    ACCEPTED = "accepted", _("Bekräftad")
    DROPPED = "dropped", _("Tas inte in")


class IntakeItem(models.Model):
    """One thing that the original says, as it is proposed to be taken in.

    ``text`` is the view, the reason of a position, the answer's value or the summary. ``first``..``last`` are the lines of the
    job's ``original``. ``quote`` with ``start``..``end`` in ``section`` is where it holds on to the text; ``score`` 0..1 how
    surely; ``alternatives`` other places: [{"section", "start", "end", "text"}]. ``doubt`` says in words why a person
    should look. ``standing`` is what stood in the response when it was confirmed.
    ``facts`` of a decision: {"body", "decided_on" (ISO), "paragraph", "case_number"}, those that were found. ``received_on``: what
    a table says about when it came.
    """

    job = models.ForeignKey(IntakeJob, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    what = models.CharField(max_length=8, choices=ItemWhat)
    state = models.CharField(_("läge"), max_length=9, choices=ItemState, default=ItemState.UNDECIDED)
    certain = models.BooleanField(default=False)
    doubt = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="+")
    actor_name = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=120, blank=True)
    section = models.ForeignKey("strategies.Section", models.PROTECT, null=True, blank=True, related_name="+")
    question = models.ForeignKey("consultations.Question", models.PROTECT, null=True, blank=True, related_name="+")
    stance = models.CharField(_("ställningstagande"), max_length=24, choices=Stance, blank=True)
    kind = models.CharField(_("slag"), max_length=10, choices=PointKind, default=PointKind.REMARK)
    text = models.TextField(_("synpunkt"), blank=True)
    suggested_wording = models.TextField(_("föreslagen lydelse"), blank=True)
    quote = models.TextField(blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    score = models.FloatField(default=0)
    alternatives = models.JSONField(default=list)
    first = models.PositiveIntegerField(null=True, blank=True)
    last = models.PositiveIntegerField(null=True, blank=True)
    page = models.PositiveIntegerField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    received_on = models.DateField(_("kom in den"), null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)  # of a table, whose organisations are taken in one by one
    standing = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    point = models.ForeignKey(
        "consultations.Point", models.SET_NULL, null=True, blank=True, related_name="intake_items"
    )

    class Meta:
        ordering = ["job_id", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(section__isnull=False, start__isnull=False, end__isnull=False),
                name="an_item_with_a_place_has_its_section",
            ),
        ]

    @property
    def kind_of_answer(self) -> str:
        """The kind of the whole answer that it proposes, in words."""
        return str(dict(ResponseKind.choices).get(self.text, "")) if self.what == ItemWhat.KIND else ""
