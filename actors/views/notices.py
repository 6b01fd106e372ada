"""Notices: read on the page, marked as read by a deliberate act."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.domain.notices import read_all_notices, read_notice
from actors.queries.notices import notices_of

PER_PAGE = 30


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """All of them, or only the unread."""
    unread = request.GET.get("visa") == "olasta"
    page = Paginator(notices_of(request.user, unread=unread), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "actors/notices.html", {"page_obj": page, "only_unread": unread})


@login_required
@require_POST
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark as read and go where the notice leads."""
    notice = read_notice(notice_id=notice_id, by=request.user)
    safe = url_has_allowed_host_and_scheme(notice.url, {request.get_host()}, request.is_secure())
    return redirect(notice.url if safe else "actors:notifications")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    read_all_notices(by=request.user)
    messages.success(request, _("Alla notiser är lästa."))
    return redirect("actors:notifications")
