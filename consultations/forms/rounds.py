"""Forms of the region's side: prepare a round, its list, its questions, decide on points."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.models import DispositionDecision, PublicWhen, QuestionKind


class MomentInput(forms.DateTimeInput):
    """The browser's own picker; the time is Swedish."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def moment(label: str, help_text: str) -> forms.DateTimeField:
    """An optional point in time."""
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        required=False,
        widget=MomentInput(),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )


class NewRoundForm(forms.Form):
    title = forms.CharField(label=_("Namn på samrådet"), max_length=160, help_text=_("Till exempel: Remiss våren 2027"))


class DescribeRoundForm(forms.Form):
    title = forms.CharField(label=_("Namn på samrådet"), max_length=160)
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
    revision = forms.IntegerField(widget=forms.HiddenInput)


class QuestionForm(forms.Form):
    text = forms.CharField(label=_("Fråga"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label=_("Svarstyp"), choices=QuestionKind.choices)
    choices = forms.CharField(
        label=_("Svarsalternativ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ett på varje rad. Bara för frågor med ett val."),
    )

    def clean_choices(self) -> list[str]:
        return self.cleaned_data["choices"].splitlines()


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
