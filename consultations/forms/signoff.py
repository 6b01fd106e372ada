"""Forms of the organisation's own chain: who decides, the decision, back with a reason, files, handing in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SignOffForm(forms.Form):
    political = forms.TypedChoiceField(
        label=_("Hur beslutas svaret?"),
        choices=[
            ("no", _("Den som är behörig lämnar in det utan politiskt beslut")),
            ("yes", _("En nämnd eller styrelse beslutar först")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Varför ska det tillbaka?"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DecisionForm(forms.Form):
    body = forms.CharField(label=_("Vem beslutade?"), max_length=120, help_text=_("Till exempel kommunstyrelsen."))
    decided_on = forms.DateField(label=_("Beslutsdag"), widget=forms.DateInput(attrs={"type": "date"}))
    paragraph = forms.CharField(label=_("Paragraf"), max_length=20, required=False)
    own_case_number = forms.CharField(label=_("Ert diarienummer"), max_length=40, required=False)
    reservations = forms.CharField(
        label=_("Reservationer och särskilda yttranden"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    minutes = forms.FileField(
        label=_("Protokollsutdrag"), required=False, help_text=_("PDF, Word eller en bild, högst 20 MB.")
    )


class AttachmentForm(forms.Form):
    file = forms.FileField(label=_("Fil"), help_text=_("PDF, Word (.docx), ODT eller en bild, högst 20 MB."))


class StandInForm(forms.Form):
    """``colleagues``: (id, name) of those who can stand in; ``people``: those for whom one may be named."""

    person = forms.TypedChoiceField(label=_("För vem?"), coerce=int)
    stand_in = forms.TypedChoiceField(label=_("Ersättare"), coerce=int)
    until = forms.DateField(
        label=_("Till och med"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Lämna tomt om det gäller tills vidare."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, people: list[tuple[int, str]], colleagues: list[tuple[int, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = people  # type: ignore[attr-defined]
        self.fields["stand_in"].choices = [("", _("Välj en kollega")), *colleagues]  # type: ignore[attr-defined]
