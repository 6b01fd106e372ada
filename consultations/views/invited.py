"""Somebody has been asked: the personal link, and the page where the answer begins."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from actors.domain.links import open_link
from actors.models import User
from actors.queries.roles import people_with
from consultations import rules, visibility
from consultations.domain import invitations, responses
from consultations.domain.passing_on import has_run_out
from consultations.forms.responses import AcceptForm
from consultations.models import Invitation, Response
from consultations.queries.responses import questions_in_series, sections_with_position
from consultations.views.loading import load_round, person
from consultations.views.passing_on import run_out
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The personal link. Opening it shows whom it is for and changes nothing; the button lets the reader in."""
    if has_run_out(token):
        return run_out(request, token)
    link = open_link(token=token, purpose=invitations.PURPOSE)
    row = invitations.by_link(link).select_related("actor", "round__version__strategy__owner").first()
    if row is None:
        raise NotFound(_("Inbjudan finns inte längre."))
    known = User.objects.filter(email=link.email).first()
    if known and not request.user.is_authenticated and not rules.lets_in(known, link.actor):
        return redirect_to_login(request.get_full_path())  # the link alone does not open this account
    form = AcceptForm(request.POST or None, initial={"name": known.name if known else ""})
    if request.method == "POST" and (known or form.is_valid()):
        name = known.name if known else form.cleaned_data["name"]
        accepted = attempt(form, invitations.accept_invitation, token=token, name=name, by=person(request))
        if accepted:
            user, row = accepted
            if request.user != user:
                login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("consultations:begin", row.round_id, row.actor_id)
    context = {
        "form": form,
        "invitation": row,
        "round": row.round,
        "version": row.round.version,
        "known": known,
        "link": link,
        "is_open": visibility.is_open(row.round, own=row.closes_at),
        "takes_answers": visibility.takes_answers(row.round, own=row.closes_at),
        "own_deadline": row.closes_at,
        "someone_else": person(request) if request.user.is_authenticated and request.user != known else None,
    }
    return render(request, "consultations/invitation.html", context, status=422 if form.errors else 200)


@login_required
def begin(request: HttpRequest, round_id: int, actor_id: int) -> HttpResponse:
    """What is asked and by when; one button begins the response. With one begun, straight to it."""
    round_ = load_round(request, round_id)
    known = (
        Response.objects.filter(round=round_, actor_id=actor_id).select_related("actor").order_by("-version").first()
    )
    if known is not None and visibility.can_see_response(person(request), known):
        return redirect("consultations:response", known.pk)
    if request.method == "POST":
        response = responses.start_response(round_id=round_.pk, actor_id=actor_id, by=person(request))
        return redirect("consultations:response", response.pk)
    row = Invitation.objects.filter(round=round_, actor_id=actor_id).select_related("actor").first()
    if row is None or not rules.can_write_for(person(request), row.actor):
        raise NotFound(_("Din organisation står inte på sändlistan för det här samrådet."))
    invitations.note_opened(round_id=round_.pk, by=person(request))
    context = {
        "round": round_,
        "strategy": round_.version.strategy,
        "version": round_.version,
        "actor": row.actor,
        "invitation": row,
        "questions": questions_in_series(round_),
        "to_stand_on": sections_with_position(round_).count(),
        "is_open": visibility.is_open(round_, own=row.closes_at),
        "takes_answers": visibility.takes_answers(round_, own=row.closes_at),
        "own_deadline": row.closes_at,
        "colleagues": people_with(row.actor, *rules.WRITERS),
        "extension": row.extensions.first(),
    }
    return render(request, "consultations/begin.html", context)
