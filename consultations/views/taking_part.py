"""The public answers: asks for a link, confirms, writes, agrees to what becomes public, hands in."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consultations import visibility
from consultations.domain import responses, taking_part
from consultations.forms.open import ConsentForm, TakePartForm
from consultations.models import Stream
from consultations.queries.progress import progress_of
from consultations.queries.responses import content_of
from consultations.states import ResponseState
from consultations.views.loading import load_own_response, load_round, person
from consultations.views.responses import response_context
from rus_platform.kit.errors import Invalid, NotFound
from rus_platform.kit.forms import attempt

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
def ask(request: HttpRequest, round_id: int) -> HttpResponse:
    """Who answers, and where the link is to be sent."""
    round_ = load_round(request, round_id)
    taking_part.check_open_to_public(round_)
    form = TakePartForm(request.POST if request.method == "POST" else None, round_=round_)
    if request.method == "POST":
        if form.is_trapped:  # a machine: it is told nothing, and nothing is sent
            return redirect("consultations:take_part_sent", round_.pk)
        place = request.META.get("REMOTE_ADDR", "")
        if form.is_valid() and _asked(form, round_id=round_.pk, place=place):
            return redirect("consultations:take_part_sent", round_.pk)
    context = {"round": round_, "version": round_.version, "strategy": round_.version.strategy, "form": form}
    return render(request, "consultations/open/ask.html", context, status=422 if form.is_bound else 200)


def _asked(form: TakePartForm, **arguments: Any) -> bool:
    """Whether a letter is on its way (or would have been, had the mailbox not had its letters already)."""
    attempt(form, taking_part.ask_to_take_part, **arguments, **form.facts())
    return not form.errors


def asked(request: HttpRequest, round_id: int) -> HttpResponse:
    """Look in your mailbox. The same whoever asked."""
    round_ = load_round(request, round_id)
    taking_part.check_open_to_public(round_)
    context = {"round": round_, "version": round_.version, "strategy": round_.version.strategy}
    return render(request, "consultations/open/asked.html", context)


@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The letter's link. Opening it changes nothing; the button lets the reader in to their own answer."""
    participant = taking_part.participant_of(token)
    if request.method == "POST":
        user, response = taking_part.confirm_participant(token=token)
        if request.user != user:
            login(request, user, BACKEND)  # a new session key
        return redirect("consultations:response", response.pk)
    round_ = participant.round
    someone_else = request.user.is_authenticated and request.user.pk != participant.user_id
    context = {
        "participant": participant, "round": round_, "version": round_.version, "strategy": round_.version.strategy,
        "is_open": visibility.is_open(round_), "someone_else": person(request) if someone_else else None,
    }  # fmt: skip
    return render(request, "consultations/open/confirm.html", context)


@login_required
def hand_in(request: HttpRequest, response_id: int) -> HttpResponse:
    """What becomes public and what does not, and the button."""
    response = load_own_response(request, response_id)
    if response.stream != Stream.PUBLIC:
        raise NotFound(_("Svaret finns inte, eller så får du inte se det."))
    in_doubt = (
        request.method == "POST" and response.state == ResponseState.UNSENT
    )  # it may have arrived before the closing
    if response.state != ResponseState.DRAFTING and not in_doubt:
        return redirect("consultations:response", response.pk)
    form = ConsentForm(request.POST if request.method == "POST" else None)
    missing: dict[str, Any] = {}
    if form.is_valid():
        taking_part.give_consent(response_id=response.pk, by=person(request))
        try:
            responses.submit_response(response_id=response.pk, by=person(request))
        except Invalid as refusal:  # what is missing is shown beside links to where it is written
            missing = refusal.fields
        else:
            return redirect("consultations:receipt", response.pk)
    content = content_of(response, person(request))
    context = response_context(
        request, response, "submit", form=form, missing=missing, progress=progress_of(response, content)
    )
    return render(request, "consultations/open/hand_in.html", context, status=422 if form.is_bound else 200)
