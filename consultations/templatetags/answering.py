"""A suggested wording as a tracked proposal."""

from typing import Any

from django import template

from consultations.models import Point
from strategies.domain.diff.words import diff_text

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


@register.simple_tag
def tracked(point: Point) -> list[list[Any]]:
    """The words of the point and the wording it suggests instead, as [op, words]; empty without exact words."""
    if point.anchor is None or not point.suggested_wording:
        return []
    return diff_text(point.anchor.quote, point.suggested_wording)
