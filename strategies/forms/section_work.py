"""Forms of a section's state, its owners and its lock."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.queries.roles import people_with
from strategies.models import Strategy
from strategies.rules import DRAFTERS
from strategies.states import WorkStatus


def writers(strategy: Strategy) -> list[tuple[int, str]]:
    """Those who may see to a section, by name. One query."""
    return [(person.pk, person.name) for person in people_with(strategy.owner_id, *DRAFTERS).order_by("name", "pk")]


class WorkForm(forms.Form):
    work = forms.ChoiceField(label=_("Läge"), choices=WorkStatus.choices)
    owners = forms.MultipleChoiceField(label=_("Ansvariga"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, strategy: Strategy, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owners"].choices = writers(strategy)  # type: ignore[attr-defined]


class LockForm(forms.Form):
    reason = forms.CharField(
        label=_("Varför låses avsnittet?"),
        max_length=200,
        help_text=_("Visas för alla som öppnar avsnittet, till exempel: Granskas av juristen till fredag."),
        error_messages={"required": _("Skriv varför avsnittet låses.")},
    )
