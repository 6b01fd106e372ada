"""What a strategy is called, which years it is for, and whom to ask."""

from django import forms
from django.utils.translation import gettext_lazy as _

from strategies.forms.space import NameForm


class FactsForm(NameForm):
    case_number = forms.CharField(label=_("Diarienummer"), max_length=40, required=False)
    contact = forms.CharField(
        label=_("Kontakt"),
        max_length=200,
        required=False,
        help_text=_("Står i PDF:en och på den offentliga sidan. En funktionsbrevlåda håller längre än ett namn."),
    )
