"""Internal notes as threads."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from consultations.models import InternalNote


@dataclass
class Thread:
    """The first note and the replies to it, oldest first."""

    note: InternalNote
    replies: list[InternalNote] = field(default_factory=list)

    @property
    def resolved(self) -> bool:
        return self.note.resolved_at is not None


def threads_of(notes: Iterable[InternalNote]) -> list[Thread]:
    """Open threads first, each in the order they began. No queries."""
    rows = list(notes)
    found = {note.pk: Thread(note) for note in rows if note.parent_id is None}
    for note in rows:
        if note.parent_id in found:
            found[note.parent_id].replies.append(note)
    return sorted(found.values(), key=lambda thread: thread.resolved)
