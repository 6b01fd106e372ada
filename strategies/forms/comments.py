"""Forms of comments in the draft."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.models import User


class RemarkForm(forms.Form):
    text = forms.CharField(
        label=_("Kommentar"),
        widget=forms.Textarea(attrs={"rows": 3, "data-mentions": "", "maxlength": 5000}),
        help_text=_("Skriv @ och ett namn för att nämna en kollega."),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


class NewCommentForm(RemarkForm):
    """``block``, ``start`` and the like name the exact words, when a script has sent them; all empty for a whole section
    or for the draft in general."""

    quote = forms.CharField(
        label=_("Orden som kommentaren gäller"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kopiera orden ur texten. Lämna tomt om kommentaren gäller hela stycket eller hela avsnittet."),
    )
    block = forms.ChoiceField(label=_("Stycke"), required=False, widget=forms.Select)
    assignee = forms.TypedChoiceField(label=_("Ge till"), required=False, coerce=int, empty_value=None)
    to_block = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    prefix = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400, strip=False)
    suffix = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400, strip=False)
    start = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    end = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    doc_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    PLACE = ("to_block", "prefix", "suffix", "start", "end", "doc_version")

    def __init__(self, data: Any, *, blocks: list[tuple[str, str]], people: list[User], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["block"].choices = [("", _("Hela avsnittet")), *blocks]  # type: ignore[attr-defined]
        self.fields["assignee"].choices = [("", _("Ingen")), *((one.pk, one.name) for one in people)]  # type: ignore[attr-defined]
        if not blocks:
            del self.fields["block"], self.fields["quote"]

    def words(self) -> dict[str, Any] | None:
        """What the comment is about, as ``add_comment`` wants it, or None."""
        data = self.cleaned_data
        if not (data.get("quote", "").strip() or data.get("block")) and data["doc_version"] is None:
            return None
        return {
            "quote": data.get("quote", ""), "block_id": data.get("block", ""), "prefix": data["prefix"], "suffix": data["suffix"],
            "to_block": data["to_block"], "start": data["start"], "end": data["end"], "doc_version": data["doc_version"],
        }  # fmt: skip
