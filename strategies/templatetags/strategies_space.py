"""Small helps for cards and heads: a strategy's address, and a status in words."""

from django import template
from django.urls import reverse

from rus_platform.templatetags.ui import status
from strategies.models import Strategy
from strategies.states import TextStatus

register = template.Library()


@register.simple_tag
def strategy_url(strategy: Strategy) -> str:
    """The strategy's own page."""
    return reverse("strategies:strategy", args=[strategy.pk])


@register.inclusion_tag("components/status.html")
def text_status(value: str) -> dict[str, object]:
    """The status of a text as a tag, from its bare value."""
    return status(value, TextStatus(value).label)
