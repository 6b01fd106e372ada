"""Pages that belong to no app: the start page and the design system."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """The start page: what awaits you, or what this is."""
    return render(request, "home.html")


def designsystem(request: HttpRequest) -> HttpResponse:
    """Every component, live."""
    return render(request, "designsystem.html")
