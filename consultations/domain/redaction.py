"""Words in an answer are masked for the public, with a reason that everyone may read. The original stays as it was handed in,
for the region and for whoever wrote it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from consultations import rules
from consultations.models import ConsultationRound, RedactedPart, Redaction, Response
from consultations.queries.versions import same_part
from consultations.states import ResponseState
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound
from rus_platform.kit.locking import lock


@transaction.atomic
def redact(*, response_id: int, by: User, part: str, reason: str, row_id: int = 0, words: str = "") -> Redaction:
    """Mask ``words`` (all of the part when empty) of a submitted response: ``part`` is a RedactedPart, ``row_id`` the point,
    position or answer it is in (0: the summary). The same words again are one redaction. Other versions of the response that
    have been handed in can be read too: there the same words are masked with them.

    Raises Forbidden, NotFound (no such part), Invalid (``words`` that don't stand there, ``reason``).
    """
    response = _lock(response_id, by)
    text = _original(response, part, row_id)
    words, reason = words.replace("\r\n", "\n").strip(), " ".join(reason.replace("\x00", "").split())
    fields: dict[str, Any] = {}
    if words not in text:
        fields["words"] = _("Orden står inte så i svaret. Kopiera dem därifrån, precis som de står.")
    if not reason or len(reason) > 400:
        fields["reason"] = _("Skriv skälet, på högst 400 tecken. Det blir offentligt.")
    if fields:
        raise Invalid(_("Inget är maskat än."), fields)
    redaction, new = Redaction.objects.get_or_create(
        response=response, part=part, row_id=row_id, words=words, lifted_at=None,
        defaults={"reason": reason, "made_at": clock.now(), "made_by": by},
    )  # fmt: skip
    if new:
        _record("redact", response, by, reason=reason)
        for version, there in same_part(response, part, row_id):
            if (text := _words(version, part, there)) and words in text:
                _mask_too(redaction, version, there, words)
    return redaction


@transaction.atomic
def lift_redaction(*, redaction_id: int, by: User) -> Redaction:
    """Let the public read the words again. That they were masked stays in the trail. Raises Forbidden, NotFound."""
    response_id = Redaction.objects.filter(pk=redaction_id).values_list("response", flat=True).first()
    response = _lock(response_id or 0, by)
    redaction = lock(Redaction.objects.filter(pk=redaction_id, lifted_at=None))
    redaction.lifted_at, redaction.lifted_by = clock.now(), by
    redaction.save(update_fields=["lifted_at", "lifted_by"])
    _record("lift_redaction", response, by, reason=redaction.reason)
    return redaction


def carry_redactions(earlier: Response, response: Response) -> None:
    """What is masked in the version before stays masked in the next one. Where the words no longer stand as they did, the
    whole of that part is masked, until an officer has looked at what they became."""
    points = {row.origin_id: row.pk for row in response.points.all()}
    positions = {row.section_id: row.pk for row in response.positions.all()}
    answers = {row.question_id: row.pk for row in response.answers.all()}
    files = {row.sha256: row.pk for row in response.attachments.all()}
    where: dict[str, dict[int, int | None]] = {
        RedactedPart.SUMMARY: {0: 0},
        RedactedPart.POINT: {row.pk: points.get(row.pk) for row in earlier.points.all()},
        RedactedPart.POSITION: {row.pk: positions.get(row.section_id) for row in earlier.positions.all()},
        RedactedPart.ANSWER: {row.pk: answers.get(row.question_id) for row in earlier.answers.all()},
        RedactedPart.ATTACHMENT: {row.pk: files.get(row.sha256) for row in earlier.attachments.all()},
    }
    where[RedactedPart.WORDING] = where[RedactedPart.POINT]
    for row in earlier.redactions.filter(lifted_at=None):
        there = where[row.part].get(row.row_id)
        text = _words(response, row.part, there) if there is not None else ""
        if there is not None and text:
            _mask_too(row, response, there, row.words if row.words in text else "")


def _mask_too(redaction: Redaction, version: Response, row_id: int, words: str) -> None:
    """The same in another version."""
    Redaction.objects.get_or_create(
        response=version, part=redaction.part, row_id=row_id, words=words, lifted_at=None,
        defaults={"reason": redaction.reason, "made_at": redaction.made_at, "made_by": redaction.made_by},
    )  # fmt: skip


def _lock(response_id: int, by: User) -> Response:
    """Round first, then the response."""
    round_id = Response.objects.filter(pk=response_id).values_list("round_id", flat=True).first()
    round_ = lock(ConsultationRound.objects.filter(pk=round_id or 0).select_related("version__strategy"))
    if not rules.can_moderate(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan maska ord i svar."))
    response = lock(Response.objects.filter(pk=response_id).select_related("actor"))
    if response.state == ResponseState.DRAFTING or response.submitted_at is None:
        raise NotFound(_("Svaret finns inte."))
    response.round = round_
    return response


def _original(response: Response, part: str, row_id: int) -> str:
    """The text of a part as it was handed in; NotFound when there is none."""
    text = _words(response, part, row_id)
    if not text:
        raise NotFound(_("Den delen finns inte i svaret."))
    return text


def _words(response: Response, part: str, row_id: int) -> str:
    rows: dict[str, tuple[Any, str]] = {
        RedactedPart.POINT: (response.points, "text"),
        RedactedPart.WORDING: (response.points, "suggested_wording"),
        RedactedPart.POSITION: (response.positions, "reason"),
        RedactedPart.ANSWER: (response.answers, "text"),
        RedactedPart.ATTACHMENT: (response.attachments, "name"),
    }
    if part == RedactedPart.SUMMARY and row_id == 0:
        return response.summary
    if part not in rows:
        return ""
    manager, field = rows[part]
    return str(manager.filter(pk=row_id).values_list(field, flat=True).first() or "")


def _record(verb: str, response: Response, by: User, *, reason: str) -> None:
    """Who, when and why; never the words."""
    strategy_id = response.round.version.strategy_id
    record(by=by, verb=verb, obj=response, strategy_id=strategy_id, actor=response.actor, reason=reason)
