"""The rounds that a strategy has been through, as the consultations app told of them."""

from dataclasses import dataclass, field
from datetime import datetime

from strategies.models import ConsultationOutcome, Strategy


@dataclass
class RoundTold:
    """``at``: when it ``opened``, ``closed`` and was ``settled``, as far as it has come; ``numbers`` as of the latest."""

    title: str
    url: str
    version: str
    at: dict[str, datetime] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


def rounds_told(strategy: Strategy) -> list[RoundTold]:
    """The latest first, drafts that were shared for comments too: for the region's own people. One query."""
    rows = (
        ConsultationOutcome.objects.filter(version__strategy=strategy)
        .select_related("version")
        .defer("version__manifest")
    )
    found: dict[str, RoundTold] = {}
    for row in rows:
        told = found.setdefault(row.round_key, RoundTold(row.round_title, row.round_url, row.version.label))
        told.at[row.event] = row.at
        told.title, told.numbers = row.round_title, told.numbers | row.numbers
    return list(reversed(found.values()))
