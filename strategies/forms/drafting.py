"""Forms of the outline, of goals' facts, and of versions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from strategies.models import PolicyItem, SectionKind, Strategy
from strategies.states import TextStatus


class NewSectionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Slag"), choices=SectionKind.choices, initial=SectionKind.TEXT)
    title = forms.CharField(label=_("Rubrik"), max_length=240)
    parent = forms.IntegerField(widget=forms.HiddenInput, required=False)
    near = forms.IntegerField(widget=forms.HiddenInput, required=False)


class RenameForm(forms.Form):
    title = forms.CharField(label=_("Rubrik"), max_length=240)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class GoalFactsForm(forms.Form):
    """Choices are those of the strategy's register and of the lists; anything else is refused in words."""

    target_year = forms.IntegerField(label=_("Målår"), required=False, min_value=2000, max_value=2100)
    responsible = forms.MultipleChoiceField(
        label=_("Ansvariga aktörer"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sdg = forms.MultipleChoiceField(label=_("Globala målen"), required=False, widget=forms.CheckboxSelectMultiple)
    national_area = forms.MultipleChoiceField(
        label=_("Nationella områden"), required=False, widget=forms.CheckboxSelectMultiple
    )
    eu_objective = forms.MultipleChoiceField(
        label=_("EU:s politiska mål"), required=False, widget=forms.CheckboxSelectMultiple
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, strategy: Strategy, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actors = strategy.taking_part.select_related("actor").order_by("kind", "actor__sort_key")
        self.fields["responsible"].choices = [(row.actor_id, row.actor.name) for row in actors]  # type: ignore[attr-defined]
        for item in PolicyItem.objects.all():
            self.fields[item.framework].choices += [(item.pk, f"{item.number}. {item.name}")]  # type: ignore[attr-defined]

    def policy_item_ids(self) -> list[int]:
        """Chosen items of all three lists."""
        return [int(pk) for name in ("sdg", "national_area", "eu_objective") for pk in self.cleaned_data[name]]


class FreezeForm(forms.Form):
    status = forms.ChoiceField(
        label=_("Vad är versionen till för?"),
        choices=[
            (TextStatus.CONSULTATION, _("Samrådsversion – går ut på remiss")),
            (TextStatus.SHARED, _("Delad för synpunkter – visas för några, innan remissen")),
        ],
        widget=forms.RadioSelect,
        initial=TextStatus.CONSULTATION,
    )
    label = forms.CharField(label=_("Versionens namn"), max_length=120)


class SubmitForm(forms.Form):
    label = forms.CharField(label=_("Versionens namn"), max_length=120, initial=_("Beslutsförslag"))
    case_number = forms.CharField(label=_("Diarienummer"), max_length=40, required=False)
    summary = forms.CharField(
        label=_("Sammanfattning av ärendet"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class DecisionForm(forms.Form):
    """Reservations come as rows of their own (``kind``, ``by_whom``, ``text``), read by the view."""

    body = forms.CharField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Beslut"), widget=forms.RadioSelect)
    decided_on = forms.DateField(
        label=_("Beslutsdatum"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    paragraph = forms.CharField(
        label=_("Paragraf"), max_length=20, help_text=_("Som i protokollet, till exempel § 45.")
    )
    note = forms.CharField(
        label=_("Beslutets lydelse"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
