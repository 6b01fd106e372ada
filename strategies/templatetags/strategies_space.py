"""Small helps for cards and heads: a strategy's address, and a status in words."""

from django import template
from django.template import Context
from django.urls import reverse

from rus_platform.templatetags.ui import status
from strategies.models import Strategy
from strategies.rules import is_in_region
from strategies.states import TextStatus

register = template.Library()


@register.simple_tag(takes_context=True)
def strategy_url(context: Context, strategy: Strategy) -> str:
    """Where a strategy opens for this reader: its own page for the region, else the newest version that may be read
    (``latest_id``, as ``strategies.queries.spaces.listed`` tells)."""
    latest = getattr(strategy, "latest_id", None)
    if latest is None or is_in_region(context["request"].user, strategy):
        return reverse("strategies:strategy", args=[strategy.pk])
    return reverse("strategies:version", args=[latest])


@register.inclusion_tag("components/status.html")
def text_status(value: str) -> dict[str, object]:
    """The status of a text as a tag, from its bare value."""
    return status(value, TextStatus(value).label)
