"""Forms of splitting a section and of making one of two."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

Choice = tuple[str, str]


class SplitForm(forms.Form):
    block = forms.ChoiceField(
        label=_("Var börjar den andra delen?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Välj ett stycke."),
            "invalid_choice": _("Stycket finns inte längre. Välj igen."),
        },
    )
    title = forms.CharField(
        label=_("Rubrik för den andra delen"),
        max_length=240,
        required=False,
        help_text=_("Lämna tomt om delen börjar med en mellanrubrik: då blir den rubrik."),
    )

    def __init__(self, blocks: list[Choice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["block"].choices = blocks  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    other = forms.ChoiceField(
        label=_("Slå ihop med"), widget=forms.RadioSelect, error_messages={"required": _("Välj ett avsnitt.")}
    )
    keep_heading = forms.BooleanField(
        label=_("Behåll den andra rubriken som mellanrubrik"), required=False, initial=True
    )

    def __init__(self, others: list[Choice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = others  # type: ignore[attr-defined]
