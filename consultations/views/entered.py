"""The overview of an answer that is not an invited organisation's own, until it is handed in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from consultations import rules
from consultations.models import Response
from consultations.queries.progress import progress_of
from consultations.queries.responses import content_of
from consultations.views.loading import person


def entered_draft(request: HttpRequest, response: Response, context: dict[str, Any]) -> HttpResponse:
    """What is written and what is left, for the officer; the same to read, for the organisation's own people."""
    missing: dict[str, Any] = context.pop("missing", {})
    content = content_of(response, person(request))
    context |= {
        "content": content,
        "missing": missing,
        "progress": progress_of(response, content),
        "may_take_over": rules.can_write_for(person(request), response.actor),
    }
    return render(request, "consultations/behalf/draft.html", context, status=422 if missing else 200)


def public_draft(request: HttpRequest, response: Response, context: dict[str, Any]) -> HttpResponse:
    """What somebody of the public can answer, and how far they have come."""
    content = content_of(response, person(request))
    context |= {"content": content, "progress": progress_of(response, content)}
    return render(request, "consultations/open/draft.html", context)
