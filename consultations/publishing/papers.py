"""A paper of a response, made by a worker: what it shows, as a checksum, and the file."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from django.utils.translation import get_language

from consultations.domain.papers import Made
from consultations.models import Paper, PaperKind, Response
from consultations.publishing.answer import Sheet, print_answer, receipt_pdf, sheet_of
from consultations.queries.responses import response_for
from rus_platform.kit.work import Overtaken
from strategies.domain.publish import design


def content_sha256(response: Response, kind: str) -> str:
    """Everything that the paper says, in the language of the reader, and how it looks."""
    return _checksum(kind, asdict(sheet_of(response)) if kind == PaperKind.ANSWER else _receipt(response))


def render(paper: Paper) -> Made:
    """The paper of the response as it is now. Overtaken when the response is gone."""
    response = response_for(paper.response_id)
    if response is None:
        raise Overtaken
    if paper.kind == PaperKind.RECEIPT:
        return Made(receipt_pdf(response), _checksum(paper.kind, _receipt(response)))
    sheet: Sheet = sheet_of(response)
    return Made(print_answer(sheet), _checksum(paper.kind, asdict(sheet)))


def _receipt(response: Response) -> list[Any]:
    round_ = response.round
    return [
        response.number, response.version, response.late, response.preliminary, response.sha256, str(response.submitted_at),
        response.submitted_by and response.submitted_by.name, response.actor.name, response.own_case_number, round_.title,
        round_.case_number, round_.version.strategy.owner.name,
    ]  # fmt: skip


def _checksum(kind: str, facts: Any) -> str:
    text = json.dumps([kind, get_language(), design(), facts], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
