"""Writing together: each piece is saved as it is written, and a colleague's newer words come in by themselves."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consultations.domain import responses
from consultations.models import Point, Response
from consultations.queries.responses import draft_for
from consultations.queries.together import note_writing, piece_of, pieces_of, state_words, who_writes
from consultations.views.loading import load_own_writing, person, whole
from rus_platform.kit.errors import Conflict, DomainError, Invalid, NotFound


@login_required
@require_POST
@never_cache
def save_piece(request: HttpRequest, response_id: int) -> JsonResponse:
    """Save one piece (``piece``, ``revision``, ``base`` as JSON, and its fields). {revision, values, merged}.

    409 with ``theirs`` when both changed the same words; 422 and 403 and 409 with ``message`` in words.
    """
    response = load_own_writing(request, response_id)
    name = request.POST.get("piece", "")
    try:
        saved = _verb(request, response, name)()
    except Conflict as refusal:
        return JsonResponse({"message": str(refusal), "theirs": _now(response, name)}, status=409)
    except Invalid as refusal:
        words = " ".join(str(sentence) for sentence in refusal.fields.values()) or str(refusal)
        return JsonResponse({"message": words}, status=422)
    except DomainError as refusal:
        return JsonResponse({"message": str(refusal)}, status=refusal.status)
    note_writing(response, person(request), name)
    return JsonResponse(asdict(piece_of(saved)))


def _verb(request: HttpRequest, response: Response, name: str) -> Callable[[], Any]:
    """What saves the piece, with its arguments. NotFound for a piece that is none."""
    kind, _dash, number = name.partition("-")
    pk = whole(number) or 0
    sent = {key: request.POST.get(key, "").replace("\r\n", "\n") for key in FIELDS.get(kind, ())}
    common: dict[str, Any] = {
        "by": person(request), "revision": whole(request.POST.get("revision")) or 0, "base": _base(request), **sent,
    }  # fmt: skip
    if kind == "summary":
        return lambda: responses.save_summary(response_id=response.pk, **common)
    if kind == "position":
        return lambda: responses.set_position(response_id=response.pk, section_id=pk, **common)
    if kind == "answer":
        return lambda: responses.save_answer(response_id=response.pk, question_id=pk, **common)
    if kind == "point" and Point.objects.filter(pk=pk, response=response).exists():
        return lambda: responses.edit_point(point_id=pk, **common)
    raise NotFound(_("Det som skrevs i finns inte längre."))


FIELDS = {
    "summary": ("kind", "summary", "own_case_number"),
    "position": ("stance", "reason"),
    "answer": ("value",),
    "point": ("text", "kind", "suggested_wording"),
}


def _base(request: HttpRequest) -> dict[str, Any] | None:
    """What the words were changed from, as the page knows it; None for anything that makes no sense."""
    try:
        base = json.loads(request.POST.get("base", ""))
    except (ValueError, RecursionError):
        return None
    if not isinstance(base, dict):
        return None
    return {str(key): value for key, value in base.items() if isinstance(value, str)}


def _now(response: Response, name: str) -> dict[str, Any]:
    now = draft_for(response.pk)
    piece = pieces_of(now).get(name) if now else None
    return {"revision": piece.revision, "values": piece.values} if piece else {"revision": 0, "values": {}}


@login_required
@require_safe
@never_cache
def news(request: HttpRequest, response_id: int) -> JsonResponse:
    """What colleagues have written since (``?summary=3&position-12=1``: what the page knows), what is taken away, who writes
    now, and the response's state in words."""
    response = load_own_writing(request, response_id)
    if at := request.GET.get("at"):
        note_writing(response, person(request), at)
    asked = {name: whole(value) or 0 for name, value in request.GET.items() if name != "at"}
    pieces = pieces_of(response)
    newer = {
        name: {"revision": piece.revision, "values": piece.values}
        for name, piece in pieces.items()
        if name in asked and piece.revision > asked[name]
    }
    gone = [name for name in asked if name.startswith("point-") and name not in pieces]
    return JsonResponse(
        {
            "newer": newer, "gone": gone, "writing": who_writes(response, but=person(request)),
            "state": response.state, "words": state_words(response),
        }
    )  # fmt: skip
