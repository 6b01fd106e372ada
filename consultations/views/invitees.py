"""One consultee of a round, as the region sees it: every letter and its fate, the address, more time."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consultations.domain import bounced, invitations, reminders
from consultations.domain.behalf import may_be_entered
from consultations.forms.running import BouncedForm
from consultations.models import Invitation
from consultations.queries import coverage
from consultations.queries.letters import address_changes, letters_of
from consultations.states import RoundState
from consultations.views.loading import load_round_to_work, person, round_context
from consultations.visibility import deadline_of, is_open
from rus_platform.kit.errors import NotFound


def load_invitation(request: HttpRequest, invitation_id: int) -> Invitation:
    """An invitation of a round that the person works with."""
    row = Invitation.objects.select_related("actor", "mail").filter(pk=invitation_id).first()
    if row is None:
        raise NotFound(_("Aktören står inte längre på sändlistan."))
    row.round = load_round_to_work(request, row.round_id)
    return row


@login_required
@require_safe
def invitee(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """What has been sent to them and how it went, where they are, and what can be done."""
    row = load_invitation(request, invitation_id)
    round_ = row.round
    found = next(one for one in coverage.with_state(round_) if one.pk == row.pk)
    state = coverage.state_of(found, over=round_.state in (RoundState.CLOSED, RoundState.SETTLED))
    context = round_context(
        request, round_, invitation=found, state=state, state_label=coverage.COVERAGE_STATES[state],
        marks=[coverage.MARKS[mark] for mark in coverage.marks_of(found)], letters=letters_of(row),
        changes=address_changes(row), extensions=row.extensions.select_related("requested_by", "decided_by"),
        deadline=deadline_of(round_, row.closes_at), has_time=is_open(round_, own=row.closes_at), form=BouncedForm(),
        answered=state in coverage.ANSWERS, may_enter=may_be_entered(round_),
    )  # fmt: skip
    return render(request, "consultations/invitee.html", context)


@login_required
@require_POST
def send_again(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """A new letter with a new link, to the same address."""
    row = invitations.send_again(invitation_id=invitation_id, by=person(request))
    messages.success(request, _("En ny inbjudan skickas till %(actor)s.") % {"actor": row.actor})
    return redirect("consultations:invitee", row.pk)


@login_required
@require_POST
def remind(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Remind this one, if they are missing."""
    row = load_invitation(request, invitation_id)
    reminders.remind_missing(round_id=row.round_id, invitation_ids=[row.pk], by=person(request))
    messages.success(request, _("%(actor)s påminns nu.") % {"actor": row.actor})
    return redirect("consultations:invitee", row.pk)


@login_required
@require_POST
def mark_bounced(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """The letter did not arrive, somebody says."""
    row = bounced.mark_bounced(invitation_id=invitation_id, why=request.POST.get("why", ""), by=person(request))
    messages.success(request, _("Noterat. Ange en annan adress, så skickas en ny inbjudan."))
    return redirect("consultations:invitee", row.pk)
