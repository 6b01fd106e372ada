"""A suggested wording as a tracked proposal."""

from typing import Any

from django import template

from consultations.models import Point
from strategies.domain.diff.words import diff_text

register = template.Library()


@register.simple_tag
def tracked(point: Point) -> list[list[Any]]:
    """The words of the point and the wording it suggests instead, as [op, words]; empty without exact words."""
    if point.anchor is None or not point.suggested_wording:
        return []
    return diff_text(point.anchor.quote, point.suggested_wording)
