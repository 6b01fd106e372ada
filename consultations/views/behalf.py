"""An officer of the region writes in an answer that came by letter, telephone, meeting, e-mail or as a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.domain import behalf, responses
from consultations.forms.behalf import EnterForm
from consultations.queries.behalf import actors_to_enter
from consultations.states import ResponseState
from consultations.views.entered import entered_draft
from consultations.views.loading import load_response, load_round_to_work, person, round_context, whole
from consultations.views.responses import response_context
from rus_platform.kit import clock
from rus_platform.kit.errors import Invalid
from rus_platform.kit.forms import attempt


@login_required
def enter(request: HttpRequest, round_id: int) -> HttpResponse:
    """Whose answer, how it came, and when."""
    round_ = load_round_to_work(request, round_id)
    initial = {"received_at": clock.now(), "actor_id": whole(request.GET.get("aktor"))}
    form = EnterForm(request.POST or None, initial=initial, actors=actors_to_enter(round_))
    if request.method == "POST" and form.is_valid():
        response = attempt(form, behalf.start_on_behalf, round_id=round_.pk, by=person(request), **form.cleaned_data)
        if response:
            return redirect("consultations:response", response.pk)
    context = round_context(request, round_, form=form, may_be_entered=behalf.may_be_entered(round_))
    return render(request, "consultations/behalf/enter.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def register(request: HttpRequest, response_id: int) -> HttpResponse:
    """The answer is complete: it counts from now on, and the organisation gets it by letter."""
    response = load_response(request, response_id)
    try:
        responses.submit_response(response_id=response.pk, by=person(request))
    except Invalid as refusal:  # what is missing is shown beside links to where it is written
        return entered_draft(request, response, response_context(request, response, "overview", missing=refusal.fields))
    messages.success(request, _("Svaret från %(actor)s är registrerat.") % {"actor": response.actor})
    return redirect("consultations:response", response.pk)


@login_required
@require_POST
def drop(request: HttpRequest, response_id: int) -> HttpResponse:
    """Take away what was being entered."""
    response = load_response(request, response_id)
    behalf.drop_entry(response_id=response.pk, by=person(request))
    messages.success(request, _("Det som fördes in från %(actor)s är borttaget.") % {"actor": response.actor})
    return redirect("consultations:coverage", response.round_id)


@login_required
def take_over(request: HttpRequest, response_id: int) -> HttpResponse:
    """The organisation's own people go on with what the region began."""
    response = load_response(request, response_id)
    if request.method == "POST" and response.state == ResponseState.DRAFTING:
        behalf.take_over(response_id=response.pk, by=person(request))
        messages.success(request, _("Nu skriver ni själva. Regionen ser inte längre svaret förrän ni lämnar in."))
    return redirect("consultations:response", response.pk)
