"""The region looks at what the public answers, and decides what is open."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from consultations import rules
from consultations.domain import moderation
from consultations.domain.openness import set_openness
from consultations.forms.open import ModerateForm, OpennessForm
from consultations.models import Stream
from consultations.queries import public_answers as queries
from consultations.queries.places import name_places
from consultations.states import RoundState
from consultations.views.loading import load_response, load_round_to_work, person, round_context
from rus_platform.kit.errors import Forbidden, NotFound
from rus_platform.kit.forms import attempt
from strategies.queries.outline import outline

PER_PAGE = 50


@login_required
def public_answers(request: HttpRequest, round_id: int) -> HttpResponse:
    """Every answer from the public, those that wait first."""
    round_ = load_round_to_work(request, round_id)
    page = Paginator(queries.public_answers(round_), PER_PAGE).get_page(request.GET.get("page"))
    context = round_context(request, round_, page_obj=page, counted=queries.counts(round_))
    return render(request, "consultations/open/answers.html", context)


@login_required
def moderate(request: HttpRequest, response_id: int) -> HttpResponse:
    """Publish, or hold back with a reason."""
    response = load_response(request, response_id)
    if response.stream != Stream.PUBLIC or response.submitted_at is None:
        raise NotFound(_("Svaret finns inte, eller så är det inte inlämnat."))
    if not rules.can_moderate(person(request), response.round):
        raise Forbidden(_("Bara regionens handläggare kan granska svar från allmänheten."))
    publishes = "publish" in request.POST
    form = ModerateForm(request.POST if request.method == "POST" and not publishes else None)
    done = None
    if publishes:
        done = moderation.publish_answer(response_id=response.pk, by=person(request))
        messages.success(request, _("Svaret är granskat och publiceras när samrådets svar blir offentliga."))
    elif form.is_valid():
        done = attempt(form, moderation.hold_back, response_id=response.pk, by=person(request), **form.cleaned_data)
        if done:
            messages.success(request, _("Svaret publiceras inte. Den som svarat får ett brev med skälet."))
    if done:
        return redirect("consultations:public_answers", response.round_id)
    points = list(response.points.select_related("section", "anchor"))
    name_places(points, outline(response.round.version).labels)
    context = round_context(
        request, response.round, response=response, moderation=response.moderation, form=form, points=points,
        participant=response.actor.participant,
    )  # fmt: skip
    return render(request, "consultations/open/moderate.html", context, status=422 if form.is_bound else 200)


@login_required
def openness(request: HttpRequest, round_id: int) -> HttpResponse:
    """Whether the public may answer, and when the answers become public."""
    round_ = load_round_to_work(request, round_id)
    initial = {"open_to_public": round_.open_to_public, "public_when": round_.public_when}
    form = OpennessForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and attempt(form, set_openness, round_id=round_.pk, by=person(request), **form.cleaned_data):
        messages.success(request, _("Sparat."))
        return redirect("consultations:openness", round_.pk)
    locked = round_.state == RoundState.SETTLED or not rules.can_open(person(request), round_)
    context = round_context(request, round_, form=form, locked=locked)
    return render(request, "consultations/open/openness.html", context, status=422 if form.is_bound else 200)
