"""Pages that belong to no app: the start page, how pages look, accessibility, and the design system."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from rus_platform.context import FONTS, THEMES
from rus_platform.home import start_page
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
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = redirect(back)
    for cookie, allowed in (("theme", THEMES), ("reading_font", FONTS)):
        if request.POST.get(cookie) in allowed:
            response.set_cookie(cookie, request.POST[cookie], max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
