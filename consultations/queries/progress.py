"""How far an organisation has come with its response."""

from dataclasses import dataclass

from consultations.models import Response
from consultations.queries.responses import ResponseContent, sections_with_position


@dataclass(frozen=True)
class Progress:
    """Counts of what has been written, and of what could be."""

    positions: int
    positions_total: int
    answers: int
    answers_total: int
    points: int
    notes: int
    attachments: int
    has_summary: bool


def progress_of(response: Response, content: ResponseContent) -> Progress:
    """Three queries beyond the content itself."""
    return Progress(
        positions=len(content.positions),
        positions_total=sections_with_position(response.round).count(),
        answers=sum(
            1 for row in content.answers.values() if row.text or row.choice is not None or row.scale is not None
        ),
        answers_total=response.round.questions.count(),
        points=len(content.points),
        notes=len(content.notes),
        attachments=response.attachments.count(),
        has_summary=bool(response.summary),
    )
