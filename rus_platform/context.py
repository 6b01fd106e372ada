"""What the shell around every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Facts of the installation; reads nothing from the database."""
    return {"demo": settings.DEMO, "theme": request.COOKIES.get("theme", "auto")}
