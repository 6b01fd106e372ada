"""Forms of dialogue meetings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms.rounds import moment
from consultations.models import GuestAnswer, MeetingHost, PointKind


class MeetingForm(forms.Form):
    title = forms.CharField(
        label=_("Vad heter mötet?"), max_length=120, help_text=_("Till exempel: Dialogmöte i Björkvik.")
    )
    host = forms.ChoiceField(label=_("Vems möte är det?"), choices=MeetingHost.choices, widget=forms.RadioSelect)
    host_name = forms.CharField(
        label=_("Arrangör"), max_length=160, required=False, help_text=_("Om någon annan höll i mötet.")
    )
    starts_at = moment(_("Börjar"), _("Svensk tid."), required=True)
    ends_at = moment(_("Slutar"))
    place = forms.CharField(label=_("Plats"), max_length=200, required=False)
    link = forms.CharField(
        label=_("Länk till mötet"), max_length=500, required=False, help_text=_("Om det går att delta på distans.")
    )
    about = forms.CharField(
        label=_("Vad mötet handlar om"), required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_revision(self) -> int:
        return self.cleaned_data["revision"] or 0


class MinutesForm(forms.Form):
    minutes = forms.CharField(
        label=_("Minnesanteckningar"), required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Visas för alla om mötet visas för alla. Skriv inga namn på privatpersoner."),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)


class InputForm(forms.Form):
    """``sections``, ``actors``: (id, name) to choose from."""

    text = forms.CharField(label=_("Vad som sades"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(label=_("Slag"), choices=PointKind.choices, initial=PointKind.REMARK)
    section_id = forms.TypedChoiceField(label=_("Gäller"), coerce=int, required=False, empty_value=None)
    said_by_id = forms.TypedChoiceField(label=_("Vem som sade det"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, sections: list[Any], actors: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section_id"].choices = [("", _("Allmänt")), *sections]  # type: ignore[attr-defined]
        self.fields["said_by_id"].choices = [("", _("Mötet i stort")), *actors]  # type: ignore[attr-defined]


class GuestAnswerForm(forms.Form):
    answer = forms.ChoiceField(label=_("Kommer ni?"), choices=GuestAnswer.choices, widget=forms.RadioSelect)
    people = forms.IntegerField(label=_("Hur många, om ni kommer"), min_value=1, max_value=1_000)
    who = forms.CharField(
        label=_("Vilka kommer"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Namn eller roller. Visas bara för regionen, som ordnar mötet."),
    )  # fmt: skip

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["people"].required = not self.is_bound or self.data.get("answer") == GuestAnswer.YES


class AttendanceForm(forms.Form):
    """Somebody who came and is not on the list: an actor of the register, or a name."""

    actor_id = forms.TypedChoiceField(label=_("Aktör ur registret"), coerce=int, required=False, empty_value=None)
    name = forms.CharField(
        label=_("Eller ett annat namn"),
        max_length=160,
        required=False,
        help_text=_("En grupp eller förening. Inga privatpersoner."),
    )
    people = forms.IntegerField(label=_("Antal som kom"), min_value=0, max_value=10_000)

    def __init__(self, *args: Any, actors: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor_id"].choices = [("", _("Ingen av dem")), *actors]  # type: ignore[attr-defined]
