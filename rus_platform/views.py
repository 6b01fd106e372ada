"""Pages that belong to no app: the start page, how pages look, accessibility, and the design system."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from rus_platform.context import FONTS, THEMES
from rus_platform.home import start_page
from rus_platform.middleware import refusal, way_back
from rus_platform.showcase import showcase_context

YEAR = 365 * 24 * 3600


def home(request: HttpRequest) -> HttpResponse:
    """The start page: what awaits you, or what this is."""
    return render(request, "home.html", start_page(request.user))


def designsystem(request: HttpRequest) -> HttpResponse:
    """Every component, live."""
    return render(request, "designsystem.html", showcase_context())


def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (lag 2018:1937, 13 §)."""
    return render(request, "accessibility.html")


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Remember theme and reading font in this browser, and go back to the page."""
    back = request.POST.get("next", "/")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    for cookie, allowed in (("theme", THEMES), ("reading_font", FONTS)):
        if request.POST.get(cookie) in allowed:
            response.set_cookie(cookie, request.POST[cookie], max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was made for another session. What was typed is shown; sent again only if it came from our own page."""
    own = request.headers.get("Sec-Fetch-Site", "same-origin" if way_back(request) != "/" else "") == "same-origin"
    return refusal(request, "csrf", 403, action=request.get_full_path() if own else "")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What can't be read at all; too much at once has its own words."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        name = "errors/_too_large.html" if request.headers.get("HX-Request") == "true" else "errors/too_large.html"
        return render(request, name, status=413)
    return render(request, "400.html", status=400)
