"""A suggested wording as a tracked proposal."""

from typing import Any

from django import template

from consultations.models import Point
from consultations.queries.wordings import spans_of

register = template.Library()


@register.simple_tag
def tracked(point: Point) -> list[list[Any]]:
    """The words of the point and the wording it suggests instead, as [op, words]; empty without exact words."""
    return spans_of(point.anchor.quote, point.suggested_wording) if point.anchor else []
