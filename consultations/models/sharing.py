"""Who writes what in a response, who stands in for whom, and who was given the invitation by a colleague."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Assignment(models.Model):
    """A goal, section or question of the response that a colleague has taken on; with neither, the answer in short."""

    response = models.ForeignKey("consultations.Response", models.CASCADE, related_name="assignments")
    section = models.ForeignKey("strategies.Section", models.PROTECT, null=True, blank=True, related_name="+")
    question = models.ForeignKey("consultations.Question", models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(section=None) | Q(question=None), name="an_assignment_is_about_one_thing"
            ),
            models.UniqueConstraint(
                fields=["response", "section", "question"], nulls_distinct=False, name="one_assignment_per_thing"
            ),
        ]


class StandIn(models.Model):
    """Somebody of the organisation who answers for a colleague's share, until a day or until it is ended."""

    actor = models.ForeignKey("actors.Actor", models.CASCADE, related_name="+")
    person = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    stand_in = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    until = models.DateField(_("till och med"), null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "person"], condition=Q(ended_at=None), name="one_stand_in_per_person"
            ),
            models.CheckConstraint(condition=~Q(person=models.F("stand_in")), name="nobody_stands_in_for_themselves"),
        ]


class PassedOn(models.Model):
    """An invitation that one of the organisation's people has sent on to a colleague: the log of who let whom in."""

    invitation = models.ForeignKey("consultations.Invitation", models.CASCADE, related_name="passed_on")
    email = models.EmailField(_("kollegans e-post"))
    words = models.CharField(_("hälsning"), max_length=400, blank=True)
    link = models.OneToOneField("actors.PersonalLink", models.PROTECT, related_name="+")
    mail = models.ForeignKey("actors.OutgoingMail", models.PROTECT, null=True, blank=True, related_name="+")
    passed_at = models.DateTimeField()
    passed_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="what_was_taken_back_says_who_and_when",
            ),
        ]
