"""The form of a checkpoint."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CheckpointForm(forms.Form):
    label = forms.CharField(
        label=_("Namn på sparpunkten"),
        max_length=120,
        help_text=_("Till exempel: Efter nämndens genomgång."),
        error_messages={"required": _("Skriv ett namn.")},
    )
