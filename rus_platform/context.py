"""What the shell around every page needs."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

THEMES = ("auto", "light", "dark")
FONTS = ("serif", "sans", "hyperlegible")

#: The main navigation: URL name, words, and whether it is for people with a place in an organisation. A name that has no URL yet is left out.
MAIN_NAV = (
    ("strategies:list", _("Strategier"), False),
    ("consultations:list", _("Samråd"), False),
    ("actors:list", _("Aktörer"), True),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Facts of the installation and the reader's choices. One query, and only when ``unread`` is shown."""
    return {
        "demo": settings.DEMO,
        "theme": chosen(request, "theme", THEMES),
        "reading_font": chosen(request, "reading_font", FONTS),
        "main_nav": list(main_nav(request)),
        "unread": SimpleLazyObject(lambda: unread_count(request)),
    }


def chosen(request: HttpRequest, cookie: str, allowed: tuple[str, ...]) -> str:
    """The value of a preference cookie, or the first allowed one."""
    value = request.COOKIES.get(cookie, "")
    return value if value in allowed else allowed[0]


def main_nav(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """The entries this person sees, the current one marked."""
    signed_in = bool(getattr(request, "user", None) and request.user.is_authenticated)
    for name, label, needs_person in MAIN_NAV:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        if not needs_person or (signed_in and not request.user.guest):
            yield {"label": label, "url": url, "current": request.path.startswith(url)}


def unread_count(request: HttpRequest) -> int:
    """How many notices the person has not read."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return 0
    return int(request.user.notifications.filter(read_at=None).count())
