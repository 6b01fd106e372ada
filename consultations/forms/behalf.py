"""Form of an answer that is entered for somebody."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms.rounds import moment
from consultations.models import ENTERED, Channel


class EnterForm(forms.Form):
    """``actors``: groups of (id, name), as a select shows them."""

    actor_id = forms.TypedChoiceField(label=_("Vems svar är det?"), coerce=int)
    channel = forms.ChoiceField(
        label=_("Hur kom svaret in?"),
        choices=[(value, Channel(value).label) for value in ENTERED],
        widget=forms.RadioSelect,
    )
    received_at = moment(
        _("När kom det in till er?"),
        _("Den tiden avgör om svaret räknas som sent, inte när du för in det. Svensk tid."),
        required=True,
    )
    note = forms.CharField(
        label=_("Originalet"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Var originalet finns (till exempel diarienummer), vem du talade med, eller ordagrant vad som sades."
        ),
    )

    def __init__(self, *args: Any, actors: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor_id"].choices = [("", _("Välj")), *actors]  # type: ignore[attr-defined]
