"""A suggested wording as a tracked proposal."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _

from consultations.models import Point
from consultations.queries.wordings import spans_of

register = template.Library()
SHORT = 30  # characters: what is shorter is the whole of it


@register.filter
def from_word(text: str) -> str:
    """Words that stand before others, from the first whole one."""
    return text if len(text) < SHORT or " " not in text else "…" + text[text.index(" ") :]


@register.filter
def to_word(text: str) -> str:
    """Words that stand after others, to the last whole one."""
    return text if len(text) < SHORT or " " not in text else text[: text.rindex(" ")] + " …"


@register.filter
def listed(items: Sequence[Any]) -> str:
    """14 och 3; 30, 14 och 3."""
    words = [str(item) for item in items]
    return (
        words[0]
        if len(words) == 1
        else _("%(first)s och %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
    )


@register.simple_tag
def tracked(point: Point) -> list[list[Any]]:
    """The words of the point and the wording it suggests instead, as [op, words]; empty without exact words."""
    return spans_of(point.anchor.quote, point.suggested_wording) if point.anchor else []
