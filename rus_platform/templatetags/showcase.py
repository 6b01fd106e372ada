"""The tag of the page /designsystem/: an example and the very file that made it."""

from typing import Any

from django import template
from django.template.context import Context

register = template.Library()


@register.inclusion_tag("designsystem/_example.html", takes_context=True)
def example(context: Context, slug: str, title: Any) -> dict[str, Any]:
    """Renders ``templates/designsystem/<slug>.html`` and shows its source below."""
    assert context.template is not None  # set while a template renders
    chosen = context.template.engine.get_template(f"designsystem/{slug}.html")
    with context.push():
        rendered = chosen.render(context)
    return {"slug": slug, "title": title, "rendered": rendered, "source": chosen.source.strip()}
