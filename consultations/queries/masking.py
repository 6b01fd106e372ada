"""Masked words, as somebody reads an answer who may not see them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from consultations.models import RedactedPart, Redaction, Response


def masked(text: str, words: Iterable[str]) -> str:
    """``text`` with each of ``words`` (longest first) in its place masked; "" among them masks everything."""
    for each in sorted(words, key=len, reverse=True):
        text = text.replace(each, _("[maskat]")) if each else _("[maskat]")
    return text


def redactions_of(response: Response) -> list[Redaction]:
    """Those that hold, in order. One query."""
    return list(response.redactions.filter(lifted_at=None).select_related("made_by"))


def mask(
    response: Response, redactions: Iterable[Redaction], *, points: Iterable[Any], positions: Iterable[Any], answers: Iterable[Any]
) -> None:  # fmt: skip
    """Put the masked words in place of the real ones on these objects, which are only read. No queries."""
    by_part: dict[tuple[str, int], list[str]] = {}
    for row in redactions:
        by_part.setdefault((row.part, row.row_id), []).append(row.words)
    if not by_part:
        return
    response.summary = masked(response.summary, by_part.get((RedactedPart.SUMMARY, 0), []))
    fields = [
        (points, RedactedPart.POINT, "text"), (points, RedactedPart.WORDING, "suggested_wording"),
        (positions, RedactedPart.POSITION, "reason"), (answers, RedactedPart.ANSWER, "text"),
    ]  # fmt: skip
    for rows, part, field in fields:
        for row in rows:
            setattr(row, field, masked(getattr(row, field), by_part.get((part, row.pk), [])))
