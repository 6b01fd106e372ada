"""A round while it runs and afterwards: its page, the coverage board, closing and settling."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations import rules, visibility
from consultations.domain import invitations, rounds
from consultations.queries import points as point_queries
from consultations.queries.coverage import coverage as coverage_of
from consultations.queries.responses import my_invitations, visible_responses
from consultations.views.loading import load_round, load_round_to_work, person, round_context


def round_page(request: HttpRequest, round_id: int) -> HttpResponse:
    """What is asked, why, by when, of whom; who has answered; and what you can do here. Public once open."""
    round_ = load_round(request, round_id)
    user = person(request)
    mine = [row for row in my_invitations(user) if row.round_id == round_.pk] if user.is_authenticated else []
    if any(row.first_opened_at is None for row in mine):
        invitations.note_opened(round_id=round_.pk, by=user)
    works_here = rules.can_decide(user, round_)
    groups = coverage_of(round_)
    context = round_context(
        request,
        round_,
        mine=[row for row in mine if rules.can_write_for(user, row.actor)],
        groups=groups,
        invited=sum(group.count for group in groups),
        answered=sum(group.count for group in groups if group.state in ("submitted", "no_objection", "declined")),
        questions=round_.questions.all(),
        responses=visible_responses(round_, user).filter(state="submitted"),
        answers_public=visibility.answers_are_public(round_),
        counts=point_queries.counts(round_) if works_here or round_.state == "settled" else None,
    )
    return render(request, "consultations/round.html", context)


@login_required
def coverage(request: HttpRequest, round_id: int) -> HttpResponse:
    """The coverage board: a number per state, and the names behind it."""
    round_ = load_round_to_work(request, round_id)
    groups = coverage_of(round_)
    total = sum(group.count for group in groups)
    return render(request, "consultations/coverage.html", round_context(request, round_, groups=groups, total=total))


@login_required
def close(request: HttpRequest, round_id: int) -> HttpResponse:
    """Close before the hour: says what happens, then does it."""
    round_ = load_round_to_work(request, round_id)
    if request.method == "POST":
        rounds.close_round(round_id=round_.pk, by=person(request))
        messages.success(request, _("Samrådet är stängt."))
        return redirect("consultations:round", round_.pk)
    return render(request, "consultations/close.html", round_context(request, round_, groups=coverage_of(round_)))


@login_required
def settle(request: HttpRequest, round_id: int) -> HttpResponse:
    """Finish: refused, with the list of what is left, while a point is blank."""
    round_ = load_round_to_work(request, round_id)
    if request.method == "POST":
        rounds.settle_round(round_id=round_.pk, by=person(request))
        messages.success(request, _("Samrådet är avslutat. Alla som svarat får veta vad som blev av deras synpunkter."))
        return redirect("consultations:round", round_.pk)
    context = round_context(request, round_, counts=point_queries.counts(round_))
    return render(request, "consultations/settle.html", context)


@login_required
@require_POST
def send_again(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """A new letter with a new link, to the same address."""
    invitation = invitations.send_again(invitation_id=invitation_id, by=person(request))
    messages.success(request, _("En ny inbjudan skickas till %(actor)s.") % {"actor": invitation.actor})
    return redirect("consultations:coverage", invitation.round_id)
