"""Those who came by a link have no account: a page that says which link they have, until when, and what they can do."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.domain import own_link
from consultations.queries.guests import own_links
from consultations.views.loading import person
from rus_platform.kit import clock


@login_required
def guest_link(request: HttpRequest) -> HttpResponse:
    """Which link, to what, until when; a new one, on to a colleague, an end to it."""
    user = person(request)
    if user.has_usable_password():
        return redirect("actors:account")
    context: dict[str, Any] = {"links": own_links(user), "now": clock.now(), "alone": user.guest}
    return render(request, "consultations/own/link.html", context)


@login_required
@require_POST
def renew_own(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """A new letter to one's own mailbox."""
    link = own_link.renew_own_link(invitation_id=invitation_id, by=person(request))
    messages.success(request, _("En ny länk skickas till %(email)s.") % {"email": link.email})
    return redirect("consultations:guest_link")


@login_required
@require_POST
def renew_public(request: HttpRequest) -> HttpResponse:
    """The same for somebody of the public."""
    row = own_link.renew_public_link(by=person(request))
    messages.success(request, _("En ny länk skickas till %(email)s.") % {"email": row.email})
    return redirect("consultations:guest_link")


@login_required
@require_POST
def stop(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """The link ends, and so does this visit."""
    own_link.stop_own_link(invitation_id=invitation_id, by=person(request))
    return gone(request)


@login_required
@require_POST
def stop_public(request: HttpRequest) -> HttpResponse:
    """The same for somebody of the public."""
    own_link.stop_public_link(by=person(request))
    return gone(request)


def gone(request: HttpRequest) -> HttpResponse:
    """Signed out, told so."""
    logout(request)
    messages.success(request, _("Länken gäller inte längre, och du är utloggad i den här webbläsaren."))
    return redirect("consultations:list")
