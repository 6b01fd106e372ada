"""Checkpoints as the pages list them; what they remember is not loaded."""

from django.db.models import QuerySet

from strategies.models import Checkpoint, Strategy

RECENT = 12


def checkpoints_of(strategy: Strategy) -> QuerySet[Checkpoint]:
    """Every checkpoint of a strategy's drafts, newest first."""
    return (
        Checkpoint.objects.filter(version__strategy=strategy)
        .select_related("by", "version")
        .defer("outline", "version__manifest")
    )


def recent_checkpoints(strategy: Strategy) -> list[Checkpoint]:
    """The latest few. One query."""
    return list(checkpoints_of(strategy)[:RECENT])
