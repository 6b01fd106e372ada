"""Dialogue meetings: invitation, attendance, minutes, and what was said there, in the same flow as the answers."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from consultations.states import MeetingState


class MeetingHost(models.TextChoices):
    OWN = "own", _("Vi bjuder in")
    OTHER = "other", _("Någon annans möte, där strategin togs upp")


class DialogueMeeting(models.Model):
    """``response`` carries what was said there as points (stream "meeting"); made with the first of them. ``sequence``
    counts the changes that calendars have been told of. ``public``: everyone may see when and where, and what was said."""

    round = models.ForeignKey("consultations.ConsultationRound", models.PROTECT, related_name="meetings")
    title = models.CharField(_("namn"), max_length=120)
    host = models.CharField(_("vems möte"), max_length=6, choices=MeetingHost, default=MeetingHost.OWN)
    host_name = models.CharField(_("arrangör"), max_length=160, blank=True)
    place = models.CharField(_("plats"), max_length=200, blank=True)
    link = models.URLField(_("länk till mötet"), max_length=500, blank=True)
    starts_at = models.DateTimeField(_("börjar"))
    ends_at = models.DateTimeField(_("slutar"), null=True, blank=True)
    about = models.TextField(_("vad mötet handlar om"), blank=True)
    minutes = models.TextField(_("minnesanteckningar"), blank=True)
    state = models.CharField(max_length=12, choices=MeetingState, default=MeetingState.PLANNED)
    public = models.BooleanField(_("visas för alla"), default=False)
    response = models.OneToOneField(
        "consultations.Response", models.PROTECT, null=True, blank=True, related_name="meeting"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("dialogmöte")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="a_meeting_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(host="own") | ~Q(host_name=""), name="anothers_meeting_says_whose"),
        ]

    def __str__(self) -> str:
        return self.title


class GuestAnswer(models.TextChoices):
    YES = "yes", _("Kommer")
    NO = "no", _("Kommer inte")


class MeetingGuest(models.Model):
    """An organisation, or somebody named, that is invited or came. ``people``: how many came from there.

    ``answer``: what they said before the meeting, with how many (``coming``) and ``who``, which only the region sees;
    ``answered_by`` None: by the letter's link; ``answered_sequence``: the meeting's then (another: time or place has changed since).
    """

    meeting = models.ForeignKey(DialogueMeeting, models.CASCADE, related_name="guests")
    actor = models.ForeignKey("actors.Actor", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("namn"), max_length=160, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    mail = models.ForeignKey("actors.OutgoingMail", models.PROTECT, null=True, blank=True, related_name="+")
    people = models.PositiveSmallIntegerField(_("antal som kom"), null=True, blank=True)
    answer = models.CharField(_("svar på inbjudan"), max_length=3, choices=GuestAnswer, blank=True, db_default="")
    coming = models.PositiveSmallIntegerField(_("antal som kommer"), null=True, blank=True)
    who = models.TextField(_("vilka som kommer"), blank=True, db_default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    answered_sequence = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["actor__sort_key", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "actor"], name="an_actor_is_a_guest_once"),
            models.CheckConstraint(
                condition=Q(actor__isnull=False, name="") | (Q(actor=None) & ~Q(name="")), name="a_guest_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, coming=None)
                | Q(answer="yes", answered_at__isnull=False, coming__gt=0)
                | Q(answer="no", answered_at__isnull=False, coming=None),
                name="a_guest_who_comes_says_how_many",
            ),
        ]

    def __str__(self) -> str:
        return self.actor.name if self.actor else self.name
