"""What awaits a person, said alike by every app so that the start page can gather it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Task:
    """One thing to do. ``kind`` is a status value that the design system knows (its icon and hue); ``label`` its words."""

    title: str
    url: str
    kind: str
    label: str
    hint: str = ""
    due: datetime | None = None


def in_order(tasks: list[Task]) -> list[Task]:
    """What is due first stands first; what has no date comes after."""
    return sorted(tasks, key=lambda task: (task.due is None, task.due.timestamp() if task.due else 0.0))
