"""The personal link: a new one when it has run out, and the invitation sent on to a colleague."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.models import Role
from actors.queries.roles import has_role
from consultations import rules, visibility
from consultations.domain import passing_on
from consultations.forms.responses import PassOnForm
from consultations.models import Invitation, PassedOn
from consultations.views.loading import person
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt


def run_out(request: HttpRequest, token: str) -> HttpResponse:
    """The link's time is over: a button sends a new one. Opening the page changes nothing (mail scanners open links)."""
    return render(request, "consultations/own/run_out.html", {"token": token}, status=410)


@require_POST
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """A new letter to the mailbox that the link went to."""
    passing_on.renew_link(token=token)
    return render(request, "consultations/own/renewed.html")


def _row(request: HttpRequest, invitation_id: int) -> Invitation:
    rows = Invitation.objects.select_related("actor", "round__version__strategy__owner")
    row = rows.filter(pk=invitation_id).first()
    user = person(request)
    if row is None or not (rules.can_write_for(user, row.actor) and visibility.can_see_round(user, row.round)):
        raise NotFound(_("Inbjudan finns inte, eller så är den inte er."))
    return row


@login_required
def pass_on(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Who has been given the invitation by whom, and a form for one more."""
    row = _row(request, invitation_id)
    form = PassOnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, passing_on.pass_on, invitation_id=row.pk, by=person(request), **form.cleaned_data)
        if made:
            messages.success(request, _("Inbjudan skickas till %(email)s.") % {"email": made.email})
            return redirect("consultations:pass_on", row.pk)
    context = {
        "form": form,
        "invitation": row,
        "round": row.round,
        "actor": row.actor,
        "version": row.round.version,
        "rows": row.passed_on.select_related("passed_by", "revoked_by", "link"),
        "is_admin": has_role(person(request), row.actor_id, Role.ADMIN),
        "is_open": visibility.is_open(row.round, own=row.closes_at),
        "own_deadline": row.closes_at,
    }
    return render(request, "consultations/own/pass_on.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def take_back(request: HttpRequest, passed_on_id: int) -> HttpResponse:
    """End a link that was passed on."""
    found = PassedOn.objects.filter(pk=passed_on_id).values_list("invitation_id", flat=True).first()
    row = _row(request, found or 0)
    passing_on.take_back(passed_on_id=passed_on_id, by=person(request))
    messages.success(request, _("Länken gäller inte längre."))
    return redirect("consultations:pass_on", row.pk)
