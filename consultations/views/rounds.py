"""A round while it runs and afterwards: its page, the coverage board, closing and settling."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from consultations import rules, visibility
from consultations.domain import invitations, rounds
from consultations.models import Stream
from consultations.queries import listing
from consultations.queries import points as point_queries
from consultations.queries.coverage import bar_of, coverage_of
from consultations.queries.responses import questions_in_series, sections_with_position, visible_responses
from consultations.states import RoundState
from consultations.views.loading import load_round, load_round_to_work, person, round_context
from consultations.views.public import shown_to_all

EARLIER = 20


def round_list(request: HttpRequest) -> HttpResponse:
    """Where one is asked, what one's region asks, and what everyone may read."""
    user = person(request)
    mine = list(listing.invitations_of(user)) if user.is_authenticated else []
    held = list(listing.rounds_of_my_regions(user)) if user.is_authenticated else []
    above = {row.round_id for row in mine} | {row.pk for row in held}  # each round stands in one place
    over = listing.public_rounds(over=True).exclude(pk__in=above)
    context = {
        "mine": mine,
        "held": held,
        "open_rounds": listing.public_rounds(over=False).exclude(pk__in=above),
        "page_obj": Paginator(over, EARLIER).get_page(request.GET.get("page")),
    }
    return render(request, "consultations/list.html", context)


def round_page(request: HttpRequest, round_id: int) -> HttpResponse:
    """What is asked, why, by when, of whom; who has answered; and what you can do here. Public once open."""
    round_ = load_round(request, round_id)
    user = person(request)
    mine = [row for row in listing.invitations_of(user) if row.round_id == round_.pk] if user.is_authenticated else []
    if any(row.first_opened_at is None for row in mine):
        invitations.note_opened(round_id=round_.pk, by=user)
    for row in mine:
        row.takes_answers = visibility.takes_answers(round_, own=row.closes_at)  # type: ignore[attr-defined]
    works_here = rules.can_decide(user, round_)
    if not (works_here or mine or visibility.is_in_region(user, round_)):
        return shown_to_all(request, round_)
    groups = coverage_of(round_)
    context = round_context(
        request,
        round_,
        mine=[row for row in mine if rules.can_write_for(user, row.actor)],
        groups=groups,
        invited=sum(group.count for group in groups),
        asked=sorted(
            (row for group in groups for row in group.invitations), key=lambda row: (row.actor.sort_key, row.pk)
        ),
        answered=sum(group.count for group in groups if group.is_answer),
        questions=questions_in_series(round_),
        to_stand_on=sections_with_position(round_).count(),
        responses=visible_responses(round_, user).filter(state="submitted"),
        answers_public=visibility.answers_are_public(round_),
        counts=point_queries.counts(round_) if works_here or round_.state == RoundState.SETTLED else None,
    )
    return render(request, "consultations/round.html", context)


@login_required
def close(request: HttpRequest, round_id: int) -> HttpResponse:
    """Close before the hour: says what happens, then does it."""
    round_ = load_round_to_work(request, round_id)
    if request.method == "POST":
        rounds.close_round(round_id=round_.pk, by=person(request))
        messages.success(request, _("Samrådet är stängt."))
        return redirect("consultations:round", round_.pk)
    if round_.state != RoundState.OPEN:
        return redirect("consultations:round", round_.pk)
    groups = coverage_of(round_)
    waiting = sum(group.count for group in groups if not group.is_answer)
    total = sum(group.count for group in groups)
    context = round_context(request, round_, bar=bar_of(groups), waiting=waiting, total=total)
    return render(request, "consultations/close.html", context)


@login_required
def settle(request: HttpRequest, round_id: int) -> HttpResponse:
    """Finish: refused, with the list of what is left, while a point is blank."""
    round_ = load_round_to_work(request, round_id)
    if request.method == "POST":
        rounds.settle_round(round_id=round_.pk, by=person(request))
        messages.success(request, _("Samrådet är avslutat. Alla som svarat får veta vad som blev av deras synpunkter."))
        return redirect("consultations:round", round_.pk)
    if round_.state != RoundState.CLOSED:
        return redirect("consultations:round", round_.pk)
    counts, of_public = point_queries.counts(round_), point_queries.counts(round_, [Stream.PUBLIC])
    context = round_context(request, round_, counts=counts, of_public=of_public)
    return render(request, "consultations/settle.html", context)
