"""The organisation's own chain in the browser: done, decided, handed in; a new version; what differs."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.models import Role
from consultations import rules
from consultations.domain import attachments, corrections, responses, signoff
from consultations.forms.signoff import DecisionForm, ReturnForm, SignOffForm
from consultations.models import OwnDecision, Response, Stream
from consultations.queries.chain import chain_of, people_by_role
from consultations.queries.intake import decision_facts
from consultations.queries.masking import hides_words
from consultations.queries.places import name_places, place_name
from consultations.queries.progress import progress_of
from consultations.queries.responses import content_of
from consultations.queries.versions import Difference, difference
from consultations.states import HANDED_IN, IN_WORK, ResponseState
from consultations.views.loading import load_own_response, load_response, load_unmasked, person
from consultations.views.responses import response_context
from rus_platform.kit.errors import Invalid, NotFound, WrongState
from rus_platform.kit.forms import attempt
from strategies.queries.outline import outline


def load_in_work(request: HttpRequest, response_id: int) -> Response:
    """A response that the person's organisation has in work; those who only record decisions come here too."""
    response = load_response(request, response_id)
    if not (rules.can_write(person(request), response) or rules.can_record_decision(person(request), response)):
        return load_own_response(request, response_id)  # refuses in words
    return response


def chain_page(
    request: HttpRequest, response: Response, *, missing: dict[str, Any] | None = None, **forms_: Any
) -> HttpResponse:
    """Where we are, what is left, and the deed that comes next."""
    content = content_of(response, person(request))
    people = people_by_role(response.actor_id)
    decision_initial = {"own_case_number": response.own_case_number, **decision_facts(response)}
    context = response_context(
        request, response, "submit", content=content, missing=missing or {}, progress=progress_of(response, content),
        signatories=people.get(Role.SIGNATORY, []), chain=chain_of(response, people),
        decision=OwnDecision.objects.filter(response=response).first(), attachments=list(response.attachments.all()),
        may_record=rules.can_record_decision(person(request), response),
        may_return=rules.can_write(person(request), response),
        sign_off_form=forms_.get("sign_off") or SignOffForm(initial={"political": "yes" if response.political else "no"}),
        return_form=forms_.get("back") or ReturnForm(), decision_form=forms_.get("decision") or DecisionForm(initial=decision_initial),
    )  # fmt: skip
    return render(request, "consultations/submit.html", context, status=422 if missing or forms_ else 200)


@login_required
def submit(request: HttpRequest, response_id: int) -> HttpResponse:
    """Look through and hand in. Says what is missing, what happens, and who may."""
    response = load_in_work(request, response_id)
    if response.stream == Stream.PUBLIC and response.state in IN_WORK:
        return redirect("consultations:hand_in_public", response.pk)  # consent comes first
    if response.entered_by_id is not None and response.state in IN_WORK:
        return redirect("consultations:response", response.pk)  # registered there, by the region
    in_doubt = (
        request.method == "POST" and response.state == ResponseState.UNSENT
    )  # it may have arrived before the closing
    if response.state not in IN_WORK and not in_doubt:
        return redirect(f"consultations:{'receipt' if response.state in HANDED_IN else 'response'}", response.pk)
    if request.method != "POST":
        return chain_page(request, response)
    try:
        responses.submit_response(
            response_id=response.pk, by=person(request), preliminary=bool(request.POST.get("preliminary"))
        )
    except Invalid as refusal:  # what is missing is shown beside links to where it is written
        return chain_page(request, response, missing=refusal.fields)
    return redirect("consultations:receipt", response.pk)


def deed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A deed of the chain: POST only, by somebody of the organisation."""
    return login_required(require_POST(view))


@deed
def choose(request: HttpRequest, response_id: int) -> HttpResponse:
    """Whether a body decides."""
    response = load_in_work(request, response_id)
    form = SignOffForm(request.POST)
    if form.is_valid():
        signoff.choose_sign_off(response_id=response.pk, by=person(request), political=form.cleaned_data["political"])
        messages.success(request, _("Sparat."))
        return redirect("consultations:submit", response.pk)
    return chain_page(request, response, sign_off=form)


@deed
def ready(request: HttpRequest, response_id: int) -> HttpResponse:
    """The officers are done."""
    response = load_in_work(request, response_id)
    try:
        signoff.mark_ready(response_id=response.pk, by=person(request))
    except Invalid as refusal:
        return chain_page(request, response, missing=refusal.fields)
    messages.success(request, _("Svaret är klart. Texten ligger nu fast tills någon tar tillbaka det till utkast."))
    return redirect("consultations:submit", response.pk)


@deed
def back(request: HttpRequest, response_id: int) -> HttpResponse:
    """Back to draft, with a reason."""
    response = load_in_work(request, response_id)
    form = ReturnForm(request.POST)
    if form.is_valid() and attempt(
        form, signoff.return_to_drafting, response_id=response.pk, by=person(request), **form.cleaned_data
    ):
        messages.success(request, _("Svaret är tillbaka som utkast. Kollegorna har fått veta varför."))
        return redirect("consultations:response", response.pk)
    return chain_page(request, response, back=form)


@deed
def decide(request: HttpRequest, response_id: int) -> HttpResponse:
    """The body's decision, with the extract of its minutes."""
    response = load_in_work(request, response_id)
    form = DecisionForm(request.POST, request.FILES)
    if form.is_valid() and _minutes(request, response, form):
        facts = {name: value for name, value in form.cleaned_data.items() if name != "minutes"}
        if attempt(form, signoff.record_decision, response_id=response.pk, by=person(request), **facts):
            messages.success(request, _("Beslutet är inskrivet. Svaret kan lämnas in."))
            return redirect("consultations:submit", response.pk)
    return chain_page(request, response, decision=form)


def _minutes(request: HttpRequest, response: Response, form: forms.Form) -> bool:
    """Keep the extract if there is one; False, with the reason at the field, when it can't be."""
    file = form.cleaned_data.get("minutes")
    if file is None:
        return True
    try:
        attachments.add_attachment(
            response_id=response.pk, by=person(request), file=file, name=file.name, size=file.size, is_minutes=True
        )
    except Invalid as refusal:
        form.add_error("minutes", str(refusal))
        return False
    return True


def _no_meeting(response: Response) -> Response:
    """What was said at a meeting is taken up again and handed on as the meeting's, on its own page."""
    if response.stream == Stream.MEETING:
        raise WrongState(_("Det som sades på ett möte lämnas vidare på mötets sida."))
    return response


@deed
def correct(request: HttpRequest, response_id: int) -> HttpResponse:
    """Begin the next version."""
    response = _no_meeting(load_response(request, response_id))
    made = corrections.start_correction(response_id=response.pk, by=person(request))
    return redirect("consultations:response", made.pk)


@deed
def discard(request: HttpRequest, response_id: int) -> HttpResponse:
    """Give up the next version; what was handed in stands."""
    response = _no_meeting(load_own_response(request, response_id))
    earlier = corrections.discard_correction(response_id=response.pk, by=person(request))
    messages.success(request, _("Den påbörjade versionen är borttagen. Det inlämnade svaret gäller."))
    return redirect("consultations:response", earlier.pk)


def differences(request: HttpRequest, response_id: int) -> HttpResponse:
    """What differs from the version before."""
    response = load_unmasked(request, response_id)
    if response.supersedes is None:
        raise NotFound(_("Det här är den första versionen av svaret."))
    earlier = load_unmasked(request, response.supersedes.pk)
    if hides_words(person(request), earlier, response):
        raise NotFound(_("Ord i svaret är maskade, så skillnaden visas inte. Läs versionerna var för sig."))
    found = named(difference(earlier, response), response)
    context = response_context(
        request, response, "difference", earlier=earlier, found=found, **_both(earlier, response)
    )
    return render(request, "consultations/own/difference.html", context)


def named(found: Difference, response: Response) -> Difference:
    """The same with the places of points and positions in words."""
    labels = outline(response.round.version).labels
    name_places([row.point for row in found.points], labels)
    for section, *_rest in found.positions:
        section.place = place_name(section, labels)
    return found


def _both(earlier: Response, later: Response) -> dict[str, Any]:
    return {"is_draft": later.state in IN_WORK or later.state == ResponseState.UNSENT, "first_is": earlier}
