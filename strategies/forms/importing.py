"""Forms of reading a document in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from strategies.domain.importing.proposal import APPEND, NEW, REPLACE, Choice, Proposal, Proposed
from strategies.models import SectionKind

Target = tuple[int, str]  # section id, "1.2 Title"


class DocumentForm(forms.Form):
    file = forms.FileField(
        label=_("Word-dokument"),
        help_text=_("En .docx-fil på högst 20 MB. Filer med lösenord eller makron tas inte emot."),
        widget=forms.FileInput(
            attrs={"accept": ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
        ),
        error_messages={"required": _("Välj en fil först."), "empty": _("Filen är tom.")},
    )


class PasteForm(forms.Form):
    text = forms.CharField(
        label=_("Texten"),
        error_messages={"required": _("Klistra in texten först.")},
        strip=False,
        help_text=_(
            "Rubriker, listor, tabeller och länkar från Word och Google Dokument följer med. Skriver du själv: en rad som börjar med # blir en rubrik."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "data-paste": ""}),
    )
    html = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


@dataclass
class Row:
    """A proposed section with its fields."""

    item: Proposed
    take: forms.BoundField
    title: forms.BoundField
    kind: forms.BoundField
    place: forms.BoundField


class TakeInForm(forms.Form):
    """Four fields for each proposed section: taken or not, heading, kind, and where ("new", "append:7", "replace:7")."""

    def __init__(self, proposal: Proposal, targets: Sequence[Target], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        for item in proposal.sections:
            self.fields[f"take-{item.n}"] = forms.BooleanField(label=_("Ta in"), required=False, initial=item.included)
            self.fields[f"title-{item.n}"] = forms.CharField(
                label=_("Rubrik"), max_length=240, required=False, initial=item.title or _("Inledande text")
            )
            self.fields[f"kind-{item.n}"] = forms.ChoiceField(
                label=_("Slag"), choices=SectionKind.choices, initial=item.kind
            )
            place = NEW if item.place == NEW else f"{item.place}:{item.section_id}"
            self.fields[f"place-{item.n}"] = forms.ChoiceField(
                label=_("Läggs"), choices=_places(item, targets), initial=place
            )

    def rows(self) -> list[Row]:
        """One per proposed section, in order."""
        return [
            Row(item, *(self[f"{name}-{item.n}"] for name in ("take", "title", "kind", "place")))
            for item in self.proposal.sections
        ]

    def choices(self) -> list[Choice]:
        """What was chosen."""
        return [self._choice(item) for item in self.proposal.sections]

    def _choice(self, item: Proposed) -> Choice:
        data = {name: self.cleaned_data[f"{name}-{item.n}"] for name in ("take", "title", "kind", "place")}
        place, _colon, section = data["place"].partition(":")
        return Choice(item.n, data["take"], data["kind"], place, int(section) if section else None, data["title"])


def _places(item: Proposed, targets: Sequence[Target]) -> list[Any]:
    same = [
        (f"{REPLACE}:{pk}", name)
        for pk, name in targets
        if name.casefold().endswith(item.title.casefold()) and item.title
    ]
    groups: list[Any] = [(NEW, _("som nytt avsnitt"))]
    if targets:
        groups.append((_("sist i"), [(f"{APPEND}:{pk}", name) for pk, name in targets]))
    if same:
        groups.append((_("i stället för texten i"), same))
    return groups
