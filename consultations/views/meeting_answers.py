"""Somebody invited to a dialogue meeting answers: by the link in the letter, or signed in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actors.models import User
from consultations import rules
from consultations.domain import meeting_answers as verbs
from consultations.forms.meetings import GuestAnswerForm
from consultations.models import MeetingGuest
from consultations.views.loading import person
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The letter's link. Opening it answers nothing: a mail scanner opens it too."""
    return _page(request, verbs.guest_of(token), None, token)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_account(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The same for those who write for the organisation."""
    user = person(request)
    rows = MeetingGuest.objects.filter(meeting=meeting_id, invited_at__isnull=False, actor__isnull=False)
    rows = rows.select_related("actor", "meeting__round__version__strategy__owner", "answered_by")
    mine = [guest for guest in rows if guest.actor and rules.can_write_for(user, guest.actor)]
    if not mine:
        raise NotFound(_("Din organisation är inte inbjuden till mötet."))
    wanted = request.GET.get("for", "")
    guest = next((one for one in mine if str(one.actor_id) == wanted), mine[0])
    return _page(request, guest, user, "", others=[one for one in mine if one.pk != guest.pk])


def _page(request: HttpRequest, guest: MeetingGuest, by: User | None, token: str, **more: Any) -> HttpResponse:
    initial = {"answer": guest.answer, "people": guest.coming, "who": guest.who}
    form = GuestAnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and attempt(
        form, verbs.answer_meeting, guest_id=guest.pk, by=by, token=token, **form.cleaned_data
    ):
        messages.success(request, _("Tack, ert svar är sparat. Ni kan ändra det tills mötet börjar."))
        return redirect(request.get_full_path())
    meeting = guest.meeting
    context = {
        "guest": guest, "meeting": meeting, "round": meeting.round, "strategy": meeting.round.version.strategy, "form": form,
        "takes_answers": verbs.takes_answers(guest), "changed": guest.answer and guest.answered_sequence != meeting.sequence, **more,
    }  # fmt: skip
    return render(request, "consultations/meetings/answer.html", context, status=422 if form.is_bound else 200)


urlpatterns = [
    path("mote/<str:token>/", by_link, name="answer_meeting_by_link"),
    path("moten/<int:meeting_id>/inbjudan/", by_account, name="answer_meeting"),
]
