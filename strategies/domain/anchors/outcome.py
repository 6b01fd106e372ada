"""What a search can answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .text import TextBlock

EXACT, MOVED, REWORDED, AMBIGUOUS, GONE = "exact", "moved", "reworded", "ambiguous", "gone"

KEPT = 0.4
"""Of reworded words at least this share must stand ..."""
ALIKE = 0.62
"""... or, where both neighbours still stand, the new words must be this alike."""
LOOKS_AROUND = 0.6
"""This much of the surroundings must agree for words in another block to be taken for the anchor's on that ground ..."""
SURELY_AROUND = 0.8
"""... and this much when the base text is not at hand to say whether they stood there all along."""
SAME_SENTENCE = 0.5
"""Words within a sentence are the same words only where this much of the sentence stands."""


@dataclass(slots=True)
class Resolution:
    """``start``/``end`` are ProseMirror positions in ``section`` (when only words were given: offsets, ``start`` in
    ``block`` and ``end`` in ``end_block``, which is set where the words run over several blocks); ``text`` is what stands
    there now. Ambiguous and gone have no place; ``alternatives`` are places a person may choose from."""

    outcome: str
    score: float
    section: str | None = None
    block: str | None = None
    start: int | None = None
    end: int | None = None
    text: str = ""
    alternatives: list[dict[str, Any]] = field(default_factory=list)
    end_block: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Place:
    """A stretch of one block, with how well it fits."""

    block: TextBlock
    first: int
    last: int
    fit: float
    outcome: str = EXACT

    def as_dict(self) -> dict[str, Any]:
        start, end = self.block.span(self.first, self.last)
        said = {"section": self.block.section, "block": self.block.id, "start": start, "end": end}
        return {**said, "text": self.block.text[self.first : self.last], "score": round(self.fit, 3)}

    def resolution(self, alternatives: Sequence[Place] = ()) -> Resolution:
        said = self.as_dict()
        said.pop("score")
        return Resolution(self.outcome, round(min(max(self.fit, 0.0), 1.0), 3), **said,
                          alternatives=[p.as_dict() for p in alternatives])  # fmt: skip
