"""One place that turns a domain error into a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rus_platform.kit.errors import DomainError


class DomainErrorMiddleware:
    """Renders DomainError as a page (or an htmx fragment) with its status, words and the way back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        context = {
            "error": error,
            "kept": {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken" and value},
            "back": request.META.get("HTTP_REFERER", "/"),
        }
        template = "errors/_fragment.html" if getattr(request, "htmx", False) else "errors/domain.html"
        return render(request, template, context, status=error.status)


