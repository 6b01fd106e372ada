"""Forms of the open consultation: asking to take part, consent, moderation, openness."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from actors.models import Municipality
from consultations.models import ConsultationRound, ParticipantKind, PublicWhen
from rus_platform.kit import clock

QUICKEST = 3  # seconds: no person reads and fills the form in less
LONGEST = 24 * 3600
SALT = "take-part"


class TakePartForm(forms.Form):
    """``website`` is a trap: people don't see it. ``shown_at`` is signed, and says when the form was shown."""

    kind = forms.ChoiceField(
        label=_("Hur svarar du?"),
        choices=ParticipantKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj hur du svarar.")},
    )
    name = forms.CharField(
        label=_("Ditt namn"),
        max_length=120,
        help_text=_("Ser bara regionen, om du svarar som privatperson."),
        error_messages={"required": _("Skriv ditt namn.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    organisation = forms.CharField(
        label=_("Organisationens namn"),
        max_length=160,
        required=False,
        help_text=_("Om du svarar för en förening, ett företag eller en grupp. Namnet blir offentligt."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    municipality = forms.ChoiceField(
        label=_("Kommun"), required=False, help_text=_("Den visas i stället för namnet: ”Privatperson, kommunen”.")
    )
    email = forms.EmailField(
        label=_("E-post"),
        help_text=_("Dit skickar vi en länk. Adressen blir aldrig offentlig."),
        error_messages={"required": _("Skriv din e-postadress.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(
        label=_("Lämna det här fältet tomt"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    shown_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, round_: ConsultationRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counties = round_.version.strategy.counties.all()
        rows = Municipality.objects.filter(county__in=counties).order_by("name").values_list("code", "name")
        self.fields["municipality"].choices = [("", _("Någon annanstans, eller vill inte säga")), *rows]  # type: ignore[attr-defined]
        self.initial["shown_at"] = stamp()

    @property
    def is_trapped(self) -> bool:
        """Whether something filled in the field that no person sees."""
        return bool(self.data.get("website"))

    def clean(self) -> dict[str, Any]:
        waited = waited_since(self.cleaned_data.get("shown_at", ""))
        if waited is None or waited > LONGEST:  # a new stamp, so that pressing again is enough
            self.data = self.data.copy()  # type: ignore[union-attr]
            self.data["shown_at"] = stamp()
        if not self.errors and (waited is None or not QUICKEST <= waited <= LONGEST):
            raise forms.ValidationError(
                _("Det gick lite för fort, eller så har sidan stått öppen länge. Tryck en gång till om några sekunder.")
            )
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """What the verb wants."""
        names = ("kind", "name", "organisation", "municipality", "email")
        return {name: self.cleaned_data[name] for name in names}


def stamp() -> str:
    """Now, signed."""
    return signing.dumps(clock.now().timestamp(), salt=SALT)


def waited_since(text: str) -> float | None:
    """Seconds since the form was shown; None when the stamp is not ours."""
    try:
        return clock.now().timestamp() - float(signing.loads(text, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return None


class ConsentForm(forms.Form):
    consent = forms.BooleanField(
        label=_("Jag har läst vad som blir offentligt och vill lämna in mitt svar"),
        error_messages={"required": _("Kryssa för att du har läst vad som blir offentligt.")},
    )


class ModerateForm(forms.Form):
    reason = forms.CharField(
        label=_("Skäl till att svaret inte publiceras"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Skickas till den som svarat. Originalet finns kvar hos regionen."),
    )


class OpennessForm(forms.Form):
    open_to_public = forms.BooleanField(
        label=_("Låt allmänheten svara"),
        required=False,
        help_text=_(
            "Privatpersoner och organisationer utanför sändlistan. De bekräftar sin e-post, granskas av er och räknas för sig."
        ),
    )
    public_when = forms.ChoiceField(
        label=_("Svaren blir offentliga"), choices=PublicWhen.choices, widget=forms.RadioSelect
    )


class RedactForm(forms.Form):
    """``places``: ("part:id", name) of every text in the answer."""

    place = forms.ChoiceField(label=_("Var i svaret"))
    words = forms.CharField(
        label=_("Ord att maska"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Precis som de står. Lämna tomt för att maska hela stycket."),
    )
    reason = forms.CharField(
        label=_("Skäl"), max_length=400, help_text=_("Till exempel: Uppgift om en enskild persons hälsa.")
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What the verb wants."""
        part, _colon, row_id = self.cleaned_data["place"].partition(":")
        return {
            "part": part,
            "row_id": int(row_id),
            "words": self.cleaned_data["words"],
            "reason": self.cleaned_data["reason"],
        }
