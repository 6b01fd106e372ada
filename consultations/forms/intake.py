"""Forms of what comes in as files: sending it, and looking at each thing that was read."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from consultations.forms.rounds import MomentInput
from consultations.models import IntakeItem, PointKind, Question, QuestionKind, ResponseKind, Stance

SINGLE = ".docx,.odt,.rtf,.pdf,.eml,.msg,.txt,.doc,.jpg,.jpeg,.png,.heic,.tif,.tiff,.webp"
MANY = ".xlsx,.csv,.tsv,.txt"


FACTS = {
    "body": (_("Vem beslutade?"), 120),
    "decided_on": (_("Beslutsdag (åååå-mm-dd)"), 10),
    "paragraph": (_("Paragraf"), 20),
    "case_number": (_("Ert diarienummer"), 40),
}


class SendInForm(forms.Form):
    file = forms.FileField(
        label=_("Fil"),
        help_text=_(
            "Word, OpenDocument, RTF, PDF, e-brev (.eml eller .msg), text, eller en bild av ett papper, högst 20 MB. Filer med lösenord eller makron tas inte emot."
        ),
        widget=forms.FileInput(attrs={"accept": SINGLE}),
        error_messages={"required": _("Välj en fil först."), "empty": _("Filen är tom.")},
    )
    again = forms.BooleanField(label=_("Läs in den ändå, som en ny"), required=False)


class SendInManyForm(SendInForm):
    file = forms.FileField(
        label=_("Tabell"),
        help_text=_("Excel (.xlsx) eller CSV med en synpunkt på varje rad, högst 5 000 rader."),
        widget=forms.FileInput(attrs={"accept": MANY}),
        error_messages={"required": _("Välj en fil först."), "empty": _("Filen är tom.")},
    )


class TakeInForm(forms.Form):
    leave_rest = forms.BooleanField(required=False, widget=forms.HiddenInput)
    attach = forms.BooleanField(label=_("Skicka med originalet i svaret, så att regionen kan läsa det"), required=False)


class TakeInManyForm(forms.Form):
    leave_rest = forms.BooleanField(required=False, widget=forms.HiddenInput)
    received_at = forms.DateTimeField(
        label=_("När kom svaren in till er?"),
        widget=MomentInput(),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text=_("Gäller dem vars rader inte säger något datum. Tiden avgör om svaren räknas som sena. Svensk tid."),
    )


class ItemForm(forms.Form):
    """What is to be taken in of one item; only the fields that its kind has. ``sections`` and ``actors``: (id, name)."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        item: IntakeItem,
        sections: list[tuple[int, str]],
        actors: list[tuple[int, str]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("prefix", f"i{item.pk}")
        super().__init__(*args, **kwargs)
        self.item = item
        self.initial.setdefault("revision", item.revision)
        if item.job.actor_id is None:
            self.fields["received_on"] = forms.DateField(
                label=_("Kom in den"), required=False, initial=item.received_on, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            )  # fmt: skip
            self.fields["actor"] = _choice(_("Organisation"), [("", _("Välj")), *actors], item.actor_id)
        getattr(self, f"_{item.what}")(item, sections)

    def _summary(self, item: IntakeItem, sections: list[tuple[int, str]]) -> None:
        self.fields["text"] = _words(_("Svaret i korthet"), item.text, 6)

    def _position(self, item: IntakeItem, sections: list[tuple[int, str]]) -> None:
        self.fields["stance"] = _choice(_("Ställningstagande"), [("", _("Välj")), *Stance.choices], item.stance)
        self.fields["text"] = _words(_("Skäl"), item.text, 3)

    def _answer(self, item: IntakeItem, sections: list[tuple[int, str]]) -> None:
        question = item.question
        if question is None or question.kind == QuestionKind.FREE:
            self.fields["text"] = _words(_("Svar"), item.text, 3)
        else:
            self.fields["text"] = _choice(_("Svar"), [("", _("Välj")), *choices_of(question)], item.text)

    def _point(self, item: IntakeItem, sections: list[tuple[int, str]]) -> None:
        self.fields["text"] = _words(_("Synpunkt"), item.text, 4)
        self.fields["kind"] = _choice(_("Slag"), PointKind.choices, item.kind)
        self.fields["section"] = _choice(_("Gäller"), [("", _("Allmänt")), *sections], item.section_id)
        self.fields["quote"] = _words(_("Orden den gäller"), item.quote, 2)
        self.fields["suggested_wording"] = _words(_("Föreslagen lydelse"), item.suggested_wording, 2)

    def _kind(self, item: IntakeItem, sections: list[tuple[int, str]]) -> None:
        self.fields["text"] = _choice(_("Slag av svar"), [("", _("Välj")), *ResponseKind.choices], item.text)

    def _decision(self, item: IntakeItem, sections: list[tuple[int, str]]) -> None:
        for name, (label, longest) in FACTS.items():
            self.fields[name] = forms.CharField(
                label=label, required=False, max_length=longest, initial=item.facts.get(name, "")
            )

    def changes(self) -> dict[str, Any]:
        """What was changed in the form, as ``review.edit_item`` wants it."""
        data, item = self.cleaned_data, self.item
        found: dict[str, Any] = {}
        for name in ("text", "kind", "stance", "suggested_wording"):
            if name in data and _same(data[name]) != _same(getattr(item, name)):
                found[name] = data[name]
        section = _whole(data.get("section"))
        if "section" in data and (section != item.section_id or _same(data["quote"]) != _same(item.quote)):
            found |= {"section_id": section, "quote": data["quote"]}
            if section != item.section_id and _same(data["quote"]) == _same(item.quote):
                found["quote"] = data["quote"] if item.quote else ""
        if item.what == "decision" and any(_same(data[name]) != _same(item.facts.get(name)) for name in FACTS):
            found["facts"] = {name: data[name] for name in FACTS}
        if data.get("received_on") and data["received_on"] != item.received_on:
            found["received_on"] = data["received_on"]
        if "actor" in data and _whole(data["actor"]) not in (None, item.actor_id):
            found["actor_id"] = _whole(data["actor"])
        return found


class TypedForm(forms.Form):
    """A view that a person writes off a picture. ``sections``: (id, name)."""

    text = forms.CharField(
        label=_("Synpunkt, avskriven från bilden"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Skriv synpunkten.")},
    )  # fmt: skip
    section = forms.ChoiceField(label=_("Gäller"), required=False)
    quote = forms.CharField(label=_("Orden den gäller"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, sections: list[tuple[int, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["section"].choices = [("", _("Allmänt")), *sections]  # type: ignore[attr-defined]


def choices_of(question: Question) -> list[tuple[str, str]]:
    """Value -> what is shown, for a question with fixed answers."""
    if question.kind == QuestionKind.CHOICE:
        return [(str(n), str(choice)) for n, choice in enumerate(question.choices)]
    return [(str(n), str(n)) for n in range(1, 6)]


def _words(label: Any, initial: str, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, initial=initial, widget=forms.Textarea(attrs={"rows": rows}), max_length=60_000
    )


class LongSelect(forms.Select):
    """A list with many lines, drawn in one go: a template for each line of twenty cards would take most of the page's time."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        options = format_html_join(
            "\n",
            "<option{}>{}</option>",
            ((flatatt({"value": str(key), "selected": str(key) in chosen}), words) for key, words in self.choices),
        )
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name})), options
        )


def _choice(label: Any, choices: Any, initial: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, initial=initial, widget=LongSelect)


def _same(value: Any) -> str:
    return str(value or "").replace("\r\n", "\n").strip()


def _whole(value: Any) -> int | None:
    return int(value) if str(value or "").isdecimal() else None
