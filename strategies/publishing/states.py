"""An earlier state of a draft as text to read."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from strategies.domain.checkpoints import State
from strategies.publishing.html import Picture, render_doc
from strategies.queries.text import pictures_of


@dataclass(frozen=True)
class KeptText:
    """A section as it was."""

    uuid: str
    code: str
    title: str
    level: int
    html: SafeString


def read_state(state: State, strategy_id: int) -> list[KeptText]:
    """Every section in reading order; references are called what they were called then. One query."""
    refs = {row["uuid"]: (row["code"], row["title"]) for row in state}
    sizes = pictures_of(strategy_id)

    def picture(image: str) -> Picture | None:
        return Picture(reverse("strategies:image", args=[image]), *sizes[image]) if image in sizes else None

    return [
        KeptText(
            row["uuid"], row["code"], row["title"], row["level"],
            render_doc(row["doc"], refs=refs, picture=picture, prefix=f"k{row['pk']}-", heading_shift=min(row["level"], 2)),
        )
        for row in state
    ]  # fmt: skip
