"""The demo's mailbox: what the platform sent, as it arrived."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actors.queries import mailbox as queries
from rus_platform.kit.errors import NotFound


def only_in_a_demo() -> None:
    """The mailbox doesn't exist elsewhere: its letters hold other people's personal links."""
    if not (settings.DEMO and settings.LOCAL_MAILDIR):
        raise NotFound(_("Brevlådan finns bara på demonstrationer."))


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest letters first; ``till`` narrows to an address."""
    only_in_a_demo()
    to = request.GET.get("till", "").strip()[:200]
    page = Paginator(queries.letters(to), 30).get_page(request.GET.get("page"))
    return render(request, "actors/mailbox.html", {"page_obj": page, "to": to})


@require_safe
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """One letter as plain text."""
    only_in_a_demo()
    found = queries.letter(key)
    if found is None:
        raise NotFound(_("Brevet finns inte."))
    return render(request, "actors/letter.html", {"letter": found})
