"""Sections as pages show them: today's names of references, pictures at their addresses."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from strategies.models import Section, Version
from strategies.publishing.html import Picture, Refs, render_doc
from strategies.queries.references import references
from strategies.queries.text import pictures_of


def section_html(section: Section) -> SafeString:
    """One section by itself."""
    return renderer_for(section.version)(section)


def renderer_for(version: Version) -> Callable[..., SafeString]:
    """``render(section, **options of render_doc)`` for every section of a version, with two queries in all."""
    refs: Refs = {uuid: (name["code"], name["title"]) for uuid, name in references(version).items()}
    sizes = pictures_of(version.strategy_id)

    def picture(image: str) -> Picture | None:
        return Picture(reverse("strategies:image", args=[image]), *sizes[image]) if image in sizes else None

    def render(section: Section, **options: Any) -> SafeString:
        return render_doc(section.doc, **{"refs": refs, "picture": picture, "prefix": f"t{section.pk}-", **options})

    return render
