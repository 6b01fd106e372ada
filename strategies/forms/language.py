"""Forms of find and replace and of the glossary."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from strategies.domain.searching import LONGEST, Words


class SearchForm(forms.Form):
    """Sent by GET. Without ``whole_given`` nobody has chosen yet: whole words are the usual."""

    words = forms.CharField(label=_("Sök efter"), max_length=LONGEST, required=False)
    new = forms.CharField(label=_("Byt mot"), max_length=500, required=False)
    whole = forms.BooleanField(label=_("Bara hela ord"), required=False)
    match_case = forms.BooleanField(label=_("Skilj på stora och små bokstäver"), required=False)

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        data = data.copy()
        if "words" not in data or ("new" not in data and "whole" not in data):
            data["whole"] = "on"
        super().__init__(data, *args, **kwargs)

    def sought(self) -> Words:
        """What the search is for."""
        return Words((self.cleaned_data["words"],), self.cleaned_data["whole"], self.cleaned_data["match_case"])


class TermForm(forms.Form):
    preferred = forms.CharField(label=_("Ordet vi använder"), max_length=LONGEST)
    variants = forms.CharField(
        label=_("I stället för"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ett ord på varje rad. Skriv även böjda former."),
    )
    note = forms.CharField(label=_("Förklaring"), max_length=500, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """What the verb wants."""
        data = self.cleaned_data
        return {"preferred": data["preferred"], "variants": data["variants"].splitlines(), "note": data["note"]}
