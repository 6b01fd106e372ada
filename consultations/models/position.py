"""Positions per goal and priority, and answers to the round's questions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Stance(models.TextChoices):
    SUPPORTS = "supports", _("Tillstyrker")
    SUPPORTS_WITH_CHANGES = "supports_with_changes", _("Tillstyrker med ändringar")
    OPPOSES = "opposes", _("Avstyrker")
    NO_OPINION = "no_opinion", _("Ingen uppfattning")


class Position(models.Model):
    """What the actor thinks of one goal, sub-goal or priority. A reason is asked for when it does not simply support."""

    response = models.ForeignKey("consultations.Response", models.CASCADE, related_name="positions")
    section = models.ForeignKey("strategies.Section", models.PROTECT, related_name="+")
    stance = models.CharField(_("ställningstagande"), max_length=24, choices=Stance)
    reason = models.TextField(_("skäl"), blank=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "section"], name="one_position_per_section")]


class Answer(models.Model):
    """``text`` for free questions, ``choice`` (index) for choices, ``scale`` 1..5 for scales."""

    response = models.ForeignKey("consultations.Response", models.CASCADE, related_name="answers")
    question = models.ForeignKey("consultations.Question", models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)
    choice = models.PositiveSmallIntegerField(null=True, blank=True)
    scale = models.PositiveSmallIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="one_answer_per_question"),
            models.CheckConstraint(condition=Q(scale=None) | Q(scale__range=(1, 5)), name="scales_go_from_one_to_five"),
        ]

    @property
    def given(self) -> str:
        """The answer as its field has it: the text, the choice's index, or the step of the scale; "" for none."""
        value = next((value for value in (self.choice, self.scale) if value is not None), None)
        return str(value) if value is not None else self.text

    @property
    def words(self) -> str:
        """The answer as a person reads it; "" for none. Asks for its question."""
        if self.choice is not None:
            return str(self.question.choices[self.choice])
        return gettext("%(n)s av 5") % {"n": self.scale} if self.scale is not None else self.text
