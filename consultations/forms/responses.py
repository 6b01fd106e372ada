"""Forms of the consultee's side."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.models import User
from consultations.models import PointKind, ResponseKind, Stance


class VoiceForm(forms.Form):
    """A form that a whole organisation fills in, or (``alone``) a person who answers for herself. ``ALONE``: field -> its
    label and its hint for that person, None where they are the same; ``ORGANISATIONS``: fields that she does not meet."""

    ALONE: ClassVar[dict[str, tuple[Any, Any]]] = {}
    ORGANISATIONS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, alone: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, (label, hint) in self.ALONE.items() if alone else ():
            field = self.fields[name]
            field.label, field.help_text = label or field.label, hint or field.help_text
        for name in self.ORGANISATIONS if alone else ():
            self.fields[name].widget = forms.HiddenInput({"data-part": name})


class SummaryForm(VoiceForm):
    ALONE: ClassVar[dict[str, tuple[Any, Any]]] = {
        "summary": (_("Det viktigaste du vill säga"), _("Enskilda synpunkter skriver du vid texten de gäller.")),
    }
    ORGANISATIONS = ("kind", "own_case_number")

    kind = forms.ChoiceField(
        label=_("Vilket slags svar lämnar ni?"),
        choices=ResponseKind.choices,
        widget=forms.RadioSelect({"data-part": "kind"}),
    )
    summary = forms.CharField(
        label=_("Svaret i korthet"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "data-part": "summary"}),
        help_text=_("Ert samlade yttrande. Enskilda synpunkter skriver ni vid texten de gäller."),
    )
    own_case_number = forms.CharField(
        label=_("Ert diarienummer"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"data-part": "own_case_number"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class PositionForm(VoiceForm):
    ALONE: ClassVar[dict[str, tuple[Any, Any]]] = {
        "reason": (None, _("Behövs om du tillstyrker med ändringar eller avstyrker.")),
    }

    stance = forms.ChoiceField(
        label=_("Ställningstagande"), choices=Stance.choices, widget=forms.RadioSelect({"data-part": "stance"})
    )
    reason = forms.CharField(
        label=_("Skäl"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-part": "reason", "placeholder": " "}),
        help_text=_("Behövs om ni tillstyrker med ändringar eller avstyrker."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class PointForm(VoiceForm):
    """``block``, ``quote``, ``prefix`` and ``suffix`` name the exact words; all empty for a whole section or in general."""

    ALONE: ClassVar[dict[str, tuple[Any, Any]]] = {
        "text": (_("Din synpunkt"), None),
        "suggested_wording": (
            None,
            _("Om du vill att texten ska lyda på ett annat sätt: skriv den som du vill ha den."),
        ),
    }

    text = forms.CharField(label=_("Er synpunkt"), widget=forms.Textarea(attrs={"rows": 5, "data-part": "text"}))
    kind = forms.ChoiceField(
        label=_("Slag"), choices=PointKind.choices, initial=PointKind.REMARK, widget=forms.Select({"data-part": "kind"})
    )
    suggested_wording = forms.CharField(
        label=_("Föreslagen lydelse"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-part": "suggested_wording"}),
        help_text=_("Om ni vill att texten ska lyda på ett annat sätt: skriv den som ni vill ha den."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NewPointForm(PointForm):
    quote = forms.CharField(
        label=_("Orden som synpunkten gäller"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kopiera orden ur texten. Lämna tomt om synpunkten gäller hela avsnittet."),
    )
    block = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    prefix = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400, strip=False)
    suffix = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400, strip=False)
    to_block = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    start = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    end = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    PLACE = ("block", "prefix", "suffix", "to_block", "start", "end")  # hidden: where the words are

    def selection(self) -> dict[str, Any] | None:
        """The exact words, as ``add_point`` wants them, or None."""
        data = self.cleaned_data
        if not data["quote"].strip():
            return None
        return {
            "quote": data["quote"],
            "block_id": data["block"],
            "prefix": data["prefix"],
            "suffix": data["suffix"],
            "to_block": data["to_block"],
            "from": data["start"],
            "to": data["end"],
        }

    def clean(self) -> dict[str, Any]:
        """A hidden field that makes no sense is let go: the words themselves say where they are."""
        for name in self.PLACE:
            if name in self.errors:
                del self.errors[name]
                self.cleaned_data[name] = None if name in ("start", "end") else ""
        return self.cleaned_data

    @property
    def place(self) -> list[forms.BoundField]:
        """The hidden fields that say where the words are."""
        return [self[name] for name in self.PLACE]


class NoteForm(forms.Form):
    """``colleagues``: those who can be told about it."""

    text = forms.CharField(
        label=_("Ny intern anteckning"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Syns bara för er egen organisation. Regionen kan aldrig läsa den."),
    )
    mention = forms.ModelMultipleChoiceField(
        label=_("Säg till"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, colleagues: Iterable[User] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["mention"].queryset = User.objects.filter(pk__in=[user.pk for user in colleagues]).order_by("name")  # type: ignore[attr-defined]


class PassOnForm(forms.Form):
    email = forms.EmailField(label=_("Kollegans e-post"))
    words = forms.CharField(
        label=_("Hälsning"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )


class AcceptForm(forms.Form):
    name = forms.CharField(label=_("Ditt namn"), max_length=120, help_text=_("Kollegorna ser vem som skriver vad."))
