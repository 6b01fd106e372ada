"""Forms of the region's side: prepare a round, its list, its questions, decide on points."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.models import DispositionDecision, PublicWhen, QuestionKind, RoundKind
from consultations.wording import KINDS
from rus_platform.kit import clock


class MomentInput(forms.DateTimeInput):
    """The browser's own picker; the time is Swedish."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A point in time near ours."""

    def __init__(self, **named: Any) -> None:
        super().__init__(widget=MomentInput(), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **named)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is not None and not clock.is_ours(found):
            raise forms.ValidationError(_("Kontrollera året."))
        return found


def moment(label: Any, help_text: Any = "", *, required: bool = False) -> MomentField:
    """A point in time."""
    return MomentField(label=label, help_text=help_text, required=required)


class DaysField(forms.CharField):
    """Days before the closing, written as "14, 3"; a list of whole numbers. Empty: none."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        words = str(super().clean(value) or "").replace(";", ",").replace(" ", ",").split(",")
        wanted = [word for word in words if word]
        if not all(word.isascii() and word.isdigit() and len(word) < 5 for word in wanted):
            raise forms.ValidationError(_("Skriv antal dagar med komma emellan, till exempel 14, 3."))
        return [int(word) for word in wanted]


def days_field() -> DaysField:
    return DaysField(
        label=_("Påminn dem som inte har svarat"),
        required=False,
        max_length=60,
        help_text=_(
            "Antal dagar före sluttiden, med komma emellan: 14, 3. Lämna tomt om ingen ska påminnas av sig självt."
        ),
    )


def kinds_in_words() -> list[tuple[str, Any]]:
    """Every kind of round with what it means."""
    return [(kind, f"{label}. {KINDS[kind]}") for kind, label in RoundKind.choices]


class NewRoundForm(forms.Form):
    """``earlier``: [(id, title)] of rounds that a new one can be made from."""

    title = forms.CharField(label=_("Namn på samrådet"), max_length=160, help_text=_("Till exempel: Remiss våren 2027"))
    kind = forms.ChoiceField(
        label=_("Slag"), choices=kinds_in_words, widget=forms.RadioSelect, initial=RoundKind.CONSULTATION
    )
    earlier = forms.ChoiceField(
        label=_("Gör som ett tidigare samråd"), required=False,
        help_text=_("Missiv, frågor och sändlista följer med. Tiderna anger ni på nytt."),
    )  # fmt: skip

    def __init__(self, earlier: list[tuple[int, str]], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if earlier:
            self.fields["earlier"].choices = [("", _("Nej, börja från början")), *earlier]  # type: ignore[attr-defined]
        else:
            del self.fields["earlier"]


class DescribeRoundForm(forms.Form):
    title = forms.CharField(label=_("Namn på samrådet"), max_length=160)
    kind = forms.ChoiceField(label=_("Slag"), choices=kinds_in_words, widget=forms.RadioSelect)
    case_number = forms.CharField(label=_("Diarienummer"), max_length=40, required=False)
    cover_letter = forms.CharField(
        label=_("Missiv"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "Brevet till dem som ska svara: varför ni frågar, vad ni särskilt vill ha svar på och vad som händer sedan."
        ),
    )
    opens_at = moment(_("Öppnar"), _("Lämna tomt om ni vill öppna för hand. Svensk tid."))
    closes_at = moment(_("Stänger"), _("Samrådet stänger av sig självt den här tiden. Svensk tid."))
    public_when = forms.ChoiceField(
        label=_("Svaren blir offentliga"), choices=PublicWhen.choices, widget=forms.RadioSelect
    )
    accepts_late = forms.BooleanField(label=_("Ta emot sena svar och stämpla dem som sena"), required=False)
    remind_days = days_field()
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["kind"].required = not self.is_bound or "kind" in self.data

    def clean_kind(self) -> str | None:
        """What is not sent stays as it is."""
        return self.cleaned_data["kind"] or None

    def clean_remind_days(self) -> list[int] | None:
        """What is not sent stays as it is; sent empty it is nothing."""
        return self.cleaned_data["remind_days"] if "remind_days" in self.data else None


class QuestionForm(forms.Form):
    text = forms.CharField(label=_("Fråga"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label=_("Svarstyp"), choices=QuestionKind.choices)
    choices = forms.CharField(
        label=_("Svarsalternativ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ett på varje rad. Bara för frågor med ett val."),
    )
    of = forms.MultipleChoiceField(
        label=_("Ställ frågan om varje"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Välj inget om frågan gäller helheten. Annars ställs den en gång om varje mål eller prioritering ni väljer."),
    )  # fmt: skip

    def __init__(self, places: list[tuple[int, str]], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["of"].choices = places  # type: ignore[attr-defined]
        if not places:
            del self.fields["of"]

    def clean_of(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["of"]]

    def clean_choices(self) -> list[str]:
        return self.cleaned_data["choices"].splitlines()


class ContactFileForm(forms.Form):
    file = forms.FileField(
        label=_("Fil med kontakter"), max_length=160,
        help_text=_("CSV eller Excel (.xlsx), högst 2 MB. En rad per organisation: namn, e-post och gärna slag. Inget tas in förrän ni har sett det."),
    )  # fmt: skip


class AddressForm(forms.Form):
    email = forms.EmailField(label=_("E-post"))


class DispositionForm(forms.Form):
    decision = forms.ChoiceField(label=_("Beslut"), choices=DispositionDecision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Offentligt skäl"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Läses av den som lämnade synpunkten och av alla andra. Behövs om synpunkten inte tillgodoses helt."
        ),
    )
    number = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_number(self) -> int:
        return self.cleaned_data["number"] or 0
