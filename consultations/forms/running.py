"""Forms of a round that runs: reminders, more time, what came back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms.rounds import days_field, moment


class RemindersForm(forms.Form):
    remind_days = days_field()


class AskForTimeForm(forms.Form):
    until = moment(_("Ny sista dag"), _("När ni kan lämna ert svar. Svensk tid."), required=True)
    reason = forms.CharField(
        label=_("Skäl"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Till exempel när nämnden eller styrelsen sammanträder. Läses av regionen."),
    )


class DecideExtensionForm(forms.Form):
    until = moment(_("Ny sista dag"), _("Ni kan bevilja kortare eller längre tid än den som begärs. Svensk tid."))
    decision_reason = forms.CharField(
        label=_("Motivering"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Står i beskedet. Behövs vid avslag."),
    )


class GiveTimeForm(forms.Form):
    """``actors``: the consultees of the round that it may be for."""

    actors = forms.MultipleChoiceField(label=_("Remissinstanser"), widget=forms.CheckboxSelectMultiple)
    until = moment(_("Ny sista dag"), _("Gäller bara dem ni väljer. Svensk tid."), required=True)
    reason = forms.CharField(
        label=_("Skäl"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Står i brevet till dem."),
    )  # fmt: skip

    def __init__(self, choices: list[tuple[int, str]], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["actors"].choices = choices  # type: ignore[attr-defined]


class BouncedForm(forms.Form):
    why = forms.CharField(
        label=_("Vad hände?"), required=False, max_length=300, help_text=_("Till exempel: brevlådan finns inte längre.")
    )
