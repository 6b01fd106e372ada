"""A whole version for reading: every section with its code, facts and text as HTML."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from strategies.models import Section
from strategies.queries.outline import Outline


@dataclass
class ReadSection:
    """A section as a reading page shows it. ``hue`` 1-8 for goals and what stands under them. ``points``: for callers."""

    section: Section
    code: str
    level: int
    html: SafeString
    hue: int = 0
    points: list[Any] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return self.section.pk

    @property
    def title(self) -> str:
        return self.section.title

    @property
    def kind(self) -> str:
        return self.section.kind

    @property
    def number(self) -> str:
        """The code without its word: "2" of "Mål 2"."""
        return self.code.rsplit(" ", 1)[-1]

    @property
    def url(self) -> str:
        """Its place on the page."""
        return f"#avsnitt-{self.section.uuid}"


def hues(tree: Outline) -> dict[str, int]:
    """uuid -> colour of goals (their sub-goals alike) and priorities, 1-8 by order."""
    found: dict[str, int] = {}
    goals = priorities = 0
    for node in tree:
        if node.kind == "goal":
            goals += 1
            found |= {below.uuid: (goals - 1) % 8 + 1 for below in [node, *node.children]}
        elif node.kind == "priority":
            priorities += 1
            found[node.uuid] = (priorities - 1) % 8 + 1
    return found
