"""What is true of every page: errors are words, typed text survives a refusal, and signed-in pages are nobody else's."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from rus_platform.kit.errors import DomainError

NEVER_KEPT = ("password", "csrf", "token", "old")  # no secret is shown again
WORDLESS = {
    "revision",
    "version",
    "number",
    "key",
    "next",
    "query",
    "near",
    "section",
    "start",
    "end",
    "block",
    "to_block",
}

GetResponse = Callable[[HttpRequest], HttpResponse]


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Every field that was sent, in order, but no passwords."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return [(name, value) for name, value in fields if not any(part in name.lower() for part in NEVER_KEPT)]


def kept(request: HttpRequest) -> dict[str, str]:
    """What was typed and would be missed, by field."""
    return {name: value for name, value in typed(request) if value.strip() and name not in WORDLESS}


def way_back(request: HttpRequest) -> str:
    """The page that the request came from, if it is one of ours."""
    before = request.META.get("HTTP_REFERER", "")
    if url_has_allowed_host_and_scheme(before, {request.get_host()}, request.is_secure()):
        parts = urlsplit(before)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return "/"


def refusal(request: HttpRequest, page: str, status: int, **context: Any) -> HttpResponse:
    """A page that says no and shows what was typed; for htmx the dialog, since the words are still on the page."""
    fragment = request.headers.get("HX-Request") == "true"
    shown = {"kept": kept(request), "again": typed(request), "back": way_back(request), **context}
    return render(request, f"errors/_{page}.html" if fragment else f"errors/{page}.html", shown, status=status)


class DomainErrorMiddleware:
    """Renders DomainError as a page (or an htmx fragment) with its status, words and the way back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        context = {"error": error, "kept": kept(request), "back": way_back(request)}
        template = "errors/_fragment.html" if getattr(request, "htmx", False) else "errors/domain.html"
        return render(request, template, context, status=error.status)


class KeptTextMiddleware:
    """Who sends a form after the session has ended meets a page with what was typed, not an empty sign-in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or response.status_code != 302 or request.user.is_authenticated:
            return response
        target, login = urlsplit(response["Location"]), resolve_url(settings.LOGIN_URL)
        if target.path != login or request.path == login:
            return response
        return refusal(request, "signed_out", 401, action=request.get_full_path(), login=login)


class OnlyFormsMiddleware:
    """Who comes by a link to an address that only takes forms (from the browser's history, say) meets words and a way on."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or response.content:
            return response
        page = render(request, "errors/only_forms.html", {"back": way_back(request)}, status=405)
        page["Allow"] = response["Allow"]
        return page


class PrivatePagesMiddleware:
    """What was shown to somebody signed in is kept by no proxy, and by the browser not longer than the session.

    Not ``no-store``: with it a browser forgets what was typed when one goes back to a form. Signing out empties the
    browser's own cache instead.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and SESSION_KEY in request.session and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-cache"
        if request.resolver_match and request.resolver_match.view_name == "actors:logout":
            response["Clear-Site-Data"] = '"cache"'
        if settings.DEMO:
            response.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response
