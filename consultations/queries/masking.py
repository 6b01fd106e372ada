"""Masked words, as somebody reads an answer who may not see them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from actors.models import User
from consultations import visibility
from consultations.models import Attachment, RedactedPart, Redaction, Response


def masked(text: str, words: Iterable[str]) -> str:
    """``text`` with each of ``words`` (longest first) in its place masked; "" among them masks everything."""
    for each in sorted(words, key=len, reverse=True):
        text = text.replace(each, _("[maskat]")) if each else _("[maskat]")
    return text


def redactions_of(response: Response) -> list[Redaction]:
    """Those that hold, in order. One query."""
    return list(response.redactions.filter(lifted_at=None).select_related("made_by"))


def hides_words(viewer: User, *responses: Response) -> bool:
    """Whether something in any of the responses is masked for the viewer. One query, for those who may not see it."""
    closed = [row.pk for row in responses if not visibility.can_see_redacted(viewer, row)]
    return bool(closed) and Redaction.objects.filter(response__in=closed, lifted_at=None).exists()


def hides_file(viewer: User, attachment: Attachment) -> bool:
    """Whether a file that goes with a response is kept from the viewer. One query, for those who may not see it."""
    if visibility.can_see_redacted(viewer, attachment.response):
        return False
    rows = attachment.response.redactions.filter(part=RedactedPart.ATTACHMENT, row_id=attachment.pk, lifted_at=None)
    return rows.exists()


def mask_names(viewer: User, response: Response, files: Iterable[Attachment], redactions: Iterable[Redaction]) -> None:
    """The names of files that are kept from the viewer can tell as much as the files."""
    if visibility.can_see_redacted(viewer, response):
        return
    hidden = {row.row_id for row in redactions if row.part == RedactedPart.ATTACHMENT}
    for file in files:
        if file.pk in hidden:
            file.name = _("[maskat]")


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
