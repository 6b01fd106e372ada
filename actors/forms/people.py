"""People, organisations and one's own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from actors.models import PASSING_KINDS, ActorKind, Role


class InviteForm(forms.Form):
    """Invite a colleague."""

    name = forms.CharField(label=_("Namn"), max_length=120)
    email = forms.EmailField(
        label=_("E-postadress"), error_messages={"invalid": _("Skriv en e-postadress, till exempel anna.ek@kommun.se.")}
    )
    title = forms.CharField(label=_("Befattning"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Roll"), choices=Role.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, only_admin: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only_admin:
            self.fields["role"].choices = [(Role.ADMIN.value, Role.ADMIN.label)]  # type: ignore[attr-defined]
            self.fields["role"].initial = Role.ADMIN.value


class AccountForm(forms.Form):
    """One's own account."""

    name = forms.CharField(label=_("Namn"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    title = forms.CharField(label=_("Befattning"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Språk"), choices=settings.LANGUAGES, widget=forms.RadioSelect)


class ActorSearchForm(forms.Form):
    """Find an organisation."""

    ord = forms.CharField(label=_("Sök namn"), max_length=100, required=False)
    slag = forms.ChoiceField(
        label=_("Slag"),
        required=False,
        choices=[("", _("Alla slag")), *[c for c in ActorKind.choices if c[0] not in {"neighbour", *PASSING_KINDS}]],
    )
