"""The steps of the wizard that starts a strategy, and the register's forms. Shape only."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actors.domain.register import FREE_KINDS
from actors.models import PASSING_KINDS, ActorKind, County
from rus_platform.kit import clock
from strategies.domain.outline_templates import CHAPTERS

YEAR_WORDS = {"invalid": _("Skriv ett årtal med fyra siffror."), "required": _("Skriv ett årtal.")}


class CountiesForm(forms.Form):
    """Step 1. ``own`` are the codes of the counties whose region one may act for."""

    counties = forms.MultipleChoiceField(
        label=_("Län"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Välj minst ett län."), "invalid_choice": _("Välj bland länen i listan.")},
    )

    def __init__(self, *args: Any, counties: list[County], own: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own
        self.fields["counties"].choices = [(row.code, row.name) for row in counties]  # type: ignore[attr-defined]

    def clean_counties(self) -> list[str]:
        """The own county first: its region will own the strategy."""
        codes = sorted(self.cleaned_data["counties"], key=lambda code: (code not in self.own, code))
        if not self.own & set(codes):
            raise ValidationError(_("Välj också ditt eget län. Regionen där ska äga strategin."))
        return codes


class NameForm(forms.Form):
    """Step 2."""

    title = forms.CharField(
        label=_("Strategins namn"), max_length=160, help_text=_("Så som det ska stå på omslaget."),
        error_messages={"required": _("Skriv strategins namn.")},
    )  # fmt: skip
    horizon_from = forms.IntegerField(label=_("Från år"), min_value=2000, max_value=2100, error_messages=YEAR_WORDS)
    horizon_to = forms.IntegerField(label=_("Till år"), min_value=2000, max_value=2100, error_messages=YEAR_WORDS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("horizon_from"), cleaned.get("horizon_to")
        if first and last and last <= first:
            self.add_error("horizon_to", _("Slutåret ska vara efter startåret."))
        return cleaned


class ChaptersForm(forms.Form):
    """Step 3. Chapters that every strategy has are not asked about."""

    chapters = forms.MultipleChoiceField(
        label=_("Kapitel"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[(chapter.key, chapter.title) for chapter in CHAPTERS if not chapter.always],
        error_messages={"invalid_choice": _("Välj bland kapitlen i listan.")},
    )


def first_guess(county: County) -> dict[str, Any]:
    """What the wizard suggests for step 2."""
    year = clock.today().year
    name = county.name.removesuffix(" län").removesuffix("s")
    return {
        "title": f"Regional utvecklingsstrategi för {name if county.fictional else county.name}",
        "horizon_from": year,
        "horizon_to": (year // 10 + 2) * 10 if year % 10 > 5 else (year // 10 + 1) * 10 + 5,
    }


class RegisterSearchForm(forms.Form):
    """Filter the register."""

    ord = forms.CharField(label=_("Namn eller e-post"), max_length=100, required=False)
    slag = forms.ChoiceField(
        label=_("Slag"),
        choices=[("", _("Alla slag")), *[c for c in ActorKind.choices if c[0] not in PASSING_KINDS]],
        required=False,
    )
    brev = forms.ChoiceField(
        label=_("Adress för brev"), choices=[("", _("Alla")), ("saknas", _("Saknas"))], required=False
    )


class AddActorForm(forms.Form):
    """A new organisation."""

    kind = forms.ChoiceField(label=_("Slag"), choices=[(kind.value, kind.label) for kind in FREE_KINDS])
    name = forms.CharField(label=_("Namn"), max_length=160)
    email = forms.EmailField(
        label=_("E-post för brev"), required=False, help_text=_("Helst en funktionsbrevlåda eller registrator."),
        error_messages={"invalid": _("Skriv en e-postadress, till exempel registrator@kommun.se.")},
    )  # fmt: skip


class ChangeActorForm(forms.Form):
    """Name and address of an organisation in the register."""

    name = forms.CharField(label=_("Namn"), max_length=160)
    email = forms.EmailField(
        label=_("E-post för brev"), required=False, help_text=_("Helst en funktionsbrevlåda eller registrator."),
        error_messages={"invalid": _("Skriv en e-postadress, till exempel registrator@kommun.se.")},
    )  # fmt: skip

    def __init__(self, *args: Any, listed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if listed:
            self.fields["name"].disabled = True
            self.fields["name"].help_text = _("Namnet kommer från det officiella registret.")


class NeighboursForm(forms.Form):
    """Neighbouring regions."""

    counties = forms.MultipleChoiceField(
        label=_("Angränsande regioner"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Välj minst en region."), "invalid_choice": _("Välj bland regionerna i listan.")},
    )  # fmt: skip

    def __init__(self, *args: Any, counties: list[County], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counties"].choices = [(row.code, row.region_name) for row in counties]  # type: ignore[attr-defined]
