"""States are a table: who owns each state and which verb walks each edge."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from rus_platform.kit.errors import WrongState

TABLES: dict[str, "StateTable"] = {}


@dataclass(frozen=True)
class StateTable:
    """A workflow as data.

    ``owners`` names who has the ball in each state ("nobody" for final states). ``edges`` maps
    ``(from, to)`` to the dotted path of the only function that walks the edge.
    """

    name: str
    states: type[TextChoices]
    initial: str
    owners: dict[str, str]
    edges: dict[tuple[str, str], str]

    def __post_init__(self) -> None:
        TABLES[self.name] = self

    def allows(self, current: str, to: str) -> bool:
        """Whether an edge leads from ``current`` to ``to``."""
        return (current, to) in self.edges

    def check(self, current: str, to: str) -> None:
        """Raise WrongState, in words, when no edge leads there."""
        if not self.allows(current, to):
            now, wanted = self.states(current).label, self.states(to).label
            raise WrongState(
                _("Det går inte nu: läget är ”%(now)s” och kan inte bli ”%(wanted)s”.") % {"now": now, "wanted": wanted}
            )

    def mermaid(self) -> str:
        """The diagram kept in docs/states/, compared in CI."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for (start, end), verb in self.edges.items():
            lines.append(f"    {start} --> {end}: {verb.rsplit('.', 1)[-1]}")
        lines += [f"    {state} --> [*]" for state, owner in self.owners.items() if owner == "nobody"]
        return "\n".join(lines) + "\n"
