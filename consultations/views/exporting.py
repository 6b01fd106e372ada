"""A response and its receipt as files. Word is made at once; PDF takes longer, so a worker makes it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultations.domain.attachments import DOCX
from consultations.domain.papers import request_paper
from consultations.models import Paper, PaperKind, Response
from consultations.publishing.answer import sheet_of
from consultations.publishing.answer_docx import answer_docx
from consultations.publishing.papers import content_sha256
from consultations.states import HANDED_IN, PaperState
from consultations.views.loading import load_unmasked, person
from consultations.views.responses import response_context
from rus_platform.kit.errors import NotFound

PDF = "application/pdf"
UNDER_WAY = (PaperState.WAITING, PaperState.RUNNING)


@login_required
@require_safe
def answer_word(request: HttpRequest, response_id: int) -> HttpResponse:
    """The whole response as DOCX: as a draft for the agenda, or as it was handed in."""
    response = load_unmasked(request, response_id)
    return _file(answer_docx(sheet_of(response)), DOCX, _name(response, PaperKind.ANSWER) + ".docx")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, response_id: int, kind: str) -> HttpResponse:
    """The PDF of the response or the receipt: how far it has come, or the button that asks for it. A POST asks."""
    response = _load(request, response_id, kind)
    if request.method == "POST":
        content = content_sha256(response, kind)
        request_paper(response_id=response.pk, kind=kind, content_sha256=content, by=person(request))
        return redirect(page_url(response, kind))
    context = response_context(request, response, "receipt" if kind == PaperKind.RECEIPT else "whole")
    return render(request, "consultations/paper.html", context | _shown(response, kind))


@login_required
@never_cache
@require_safe
def paper_state(request: HttpRequest, response_id: int, kind: str) -> HttpResponse:
    """How far it has come: the fragment that the page asks for once a second."""
    response = _load(request, response_id, kind)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(page_url(response, kind))
    context = {"response": response, "asked": True, **_shown(response, kind)}
    return render(request, "consultations/_paper.html", context)


@login_required
@require_safe
def paper_file(request: HttpRequest, response_id: int, kind: str) -> HttpResponse:
    """The file, when it has been made and nothing has changed since; the page that asks for it otherwise."""
    response = _load(request, response_id, kind)
    row = _row(response, kind)
    if row is None or not _is_current(row, response, kind):
        return redirect(page_url(response, kind))
    with row.file.open("rb") as file:
        return _file(file.read(), PDF, _name(response, kind) + ".pdf")


def _load(request: HttpRequest, response_id: int, kind: str) -> Response:
    response = load_unmasked(request, response_id)
    if kind == PaperKind.RECEIPT and response.state not in HANDED_IN:
        raise NotFound(_("Svaret är inte inlämnat, så det finns inget kvitto än."))
    return response


def _row(response: Response, kind: str) -> Paper | None:
    return Paper.objects.filter(response=response, kind=kind, language=get_language()).first()


def _is_current(row: Paper | None, response: Response, kind: str) -> bool:
    """Whether the file is there and shows what the response says now."""
    done = row is not None and row.state == PaperState.DONE
    return done and row is not None and row.content_sha256 == content_sha256(response, kind)


def _shown(response: Response, kind: str) -> dict[str, Any]:
    """What the state fragment needs."""
    row = _row(response, kind)
    under_way = row is not None and row.state in UNDER_WAY
    done = _is_current(row, response, kind)
    return {
        "paper": row,
        "under_way": under_way,
        "page_url": page_url(response, kind),
        "file_url": file_url(response, kind) if done else "",
        "poll_url": reverse(f"consultations:{kind}_paper_state", args=[response.pk]) if under_way else "",
        "what": _("Kvittot som PDF") if kind == PaperKind.RECEIPT else _("Svaret som PDF"),
    }


def page_url(response: Response, kind: str) -> str:
    return reverse(f"consultations:{kind}_paper", args=[response.pk])


def file_url(response: Response, kind: str) -> str:
    return reverse(f"consultations:{kind}_pdf", args=[response.pk])


def _name(response: Response, kind: str) -> str:
    """The name that a reader's folder gets, without its ending."""
    if kind == PaperKind.RECEIPT:
        return _("kvitto-%(n)s") % {"n": response.number}
    return _("svar-%(actor)s") % {"actor": slugify(response.actor.name)}


def _file(data: bytes, mime: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=mime)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
