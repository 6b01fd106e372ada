"""An organisation's response: begin, write together, hand in; read afterwards what became of every view."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.domain.links import open_link
from actors.models import User
from actors.queries.roles import people_with
from consultations import rules, visibility
from consultations.domain import invitations, responses
from consultations.forms.responses import AcceptForm, NoteForm, PositionForm, SummaryForm
from consultations.models import Invitation, QuestionKind, Response
from consultations.queries.responses import content_of, questions_of, sections_with_position
from consultations.queries.progress import progress_of
from consultations.states import ResponseState
from consultations.views.loading import load_own_response, load_response, load_round, person
from rus_platform.kit.errors import Conflict, Invalid, NotFound
from rus_platform.kit.forms import attempt
from strategies.queries.outline import outline


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The personal link. Opening it shows whom it is for and changes nothing; the button lets the reader in."""
    link = open_link(token=token, purpose=invitations.PURPOSE)
    row = Invitation.objects.filter(link=link).select_related("actor", "round__version__strategy__owner").first()
    if row is None:
        raise NotFound(_("Inbjudan finns inte längre."))
    known = User.objects.filter(email=link.email).first()
    form = AcceptForm(request.POST or None, initial={"name": known.name if known else ""})
    if request.method == "POST" and (known or form.is_valid()):
        name = known.name if known else form.cleaned_data["name"]
        accepted = attempt(form, invitations.accept_invitation, token=token, name=name)
        if accepted:
            user, row = accepted
            if request.user != user:
                login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("consultations:begin", row.round_id, row.actor_id)
    context = {"form": form, "invitation": row, "round": row.round, "known": known, "link": link}
    return render(request, "consultations/invitation.html", context)


@login_required
def begin(request: HttpRequest, round_id: int, actor_id: int) -> HttpResponse:
    """What is asked and by when; one button begins the response. With one begun, straight to it."""
    round_ = load_round(request, round_id)
    known = Response.objects.filter(round=round_, actor_id=actor_id).select_related("actor").first()
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
        "round": round_, "strategy": round_.version.strategy, "version": round_.version, "actor": row.actor,
        "questions": questions_of(round_), "is_open": visibility.is_open(round_),
    }  # fmt: skip
    return render(request, "consultations/begin.html", context)


def response_context(request: HttpRequest, response: Response, page: str, **more: Any) -> dict[str, Any]:
    """What every page of a response shows."""
    user = person(request)
    draft = response.state == ResponseState.DRAFTING
    return {
        "response": response,
        "actor": response.actor,
        "round": response.round,
        "version": response.round.version,
        "strategy": response.round.version.strategy,
        "is_own": visibility.can_see_notes(user, response),
        "may_write": draft and rules.can_write(user, response),
        "may_submit": draft and rules.can_submit(user, response),
        "is_open": visibility.is_open(response.round),
        "page": page,
        "nav": response_nav(response, page) if visibility.can_see_notes(user, response) else [],
        **more,
    }


def response_nav(response: Response, page: str) -> list[dict[str, Any]]:
    """The pages of one's own response."""
    names = [("overview", "response", _("Översikt"), "list"), ("read", "read", _("Läs och kommentera"), "document")]
    if response.state == ResponseState.DRAFTING:
        names += [
            ("positions", "positions", _("Ställningstaganden"), "check"),
            ("answers", "answers", _("Frågor"), "question"),
            ("points", "own_points", _("Våra synpunkter"), "comment"),
            ("summary", "summary", _("Svaret i korthet"), "pencil"),
            ("submit", "submit", _("Lämna in"), "send"),
        ]
    if response.state == ResponseState.SUBMITTED:
        names.append(("receipt", "receipt", _("Kvitto"), "shield"))
    return [
        {"label": label, "icon": icon, "url": reverse(f"consultations:{name}", args=[response.pk]), "current": key == page}
        for key, name, label, icon in names
    ]


def response_page(request: HttpRequest, response_id: int) -> HttpResponse:
    """A draft: what is done and what is left. Handed in: everything said, and what became of it."""
    response = load_response(request, response_id)
    content = content_of(response, person(request))
    labels = outline(response.round.version).labels
    context = response_context(
        request, response, "overview", content=content, labels=labels, questions=answered(response, content.answers)
    )
    if response.state == ResponseState.SUBMITTED or not context["is_own"]:
        context["dispositions_visible"] = visibility.can_see_dispositions(person(request), response.round)
        return render(request, "consultations/response.html", context)
    context["progress"] = progress_of(response, content)
    context["colleagues"] = people_with(response.actor_id, *rules.WRITERS)
    context["note_form"] = NoteForm()
    return render(request, "consultations/draft.html", context)


def answered(response: Response, answers: dict[int, Any]) -> list[dict[str, Any]]:
    """Each question of the round with its answer in words."""
    rows = []
    for question in questions_of(response.round):
        answer = answers.get(question.pk)
        words = ""
        if answer is not None and question.kind == QuestionKind.FREE:
            words = answer.text
        elif answer is not None and question.kind == QuestionKind.CHOICE and answer.choice is not None:
            words = question.choices[answer.choice]
        elif answer is not None and answer.scale is not None:
            words = _("%(n)s av 5") % {"n": answer.scale}
        rows.append({"question": question, "answer": answer, "words": words})
    return rows


@login_required
def summary(request: HttpRequest, response_id: int) -> HttpResponse:
    """The answer as a whole: kind, words, own case number."""
    response = load_own_response(request, response_id)
    initial = {name: getattr(response, name) for name in SummaryForm.base_fields}
    form = SummaryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if attempt(form, responses.save_summary, response_id=response.pk, by=person(request), **form.cleaned_data):
            messages.success(request, _("Sparat."))
            return redirect("consultations:response", response.pk)
    return render(request, "consultations/summary.html", response_context(request, response, "summary", form=form))


@login_required
def positions(request: HttpRequest, response_id: int) -> HttpResponse:
    """A position per goal, sub-goal and priority. Each is its own form and is saved by itself."""
    response = load_own_response(request, response_id)
    kept = content_of(response, person(request)).positions
    tree = outline(response.round.version)
    rows = [
        position_row(section, kept.get(section.pk), tree.labels.get(str(section.uuid), ("", "")))
        for section in in_reading_order(response, tree)
    ]
    return render(request, "consultations/positions.html", response_context(request, response, "positions", rows=rows))


def in_reading_order(response: Response, tree: Any) -> list[Any]:
    """Sections to take a stand on, as they come in the text."""
    order = {str(uuid): n for n, uuid in enumerate(tree.labels)}
    return sorted(sections_with_position(response.round), key=lambda section: order.get(str(section.uuid), len(order)))


def position_row(section: Any, position: Any, label: tuple[str, str], form: PositionForm | None = None) -> dict[str, Any]:
    """What the template needs for one goal: the section, its code and its form."""
    initial = {"stance": position.stance, "reason": position.reason, "revision": position.revision} if position else {"revision": 0}
    return {
        "section": section,
        "code": label[0],
        "position": position,
        "form": form or PositionForm(initial=initial, prefix=f"s{section.pk}"),
    }


@login_required
@require_POST
def save_position(request: HttpRequest, response_id: int, section_id: int) -> HttpResponse:
    """Save one position; the fragment for htmx, the page without."""
    response = load_own_response(request, response_id)
    section = responses.section_of(response, section_id)
    form = PositionForm(request.POST, prefix=f"s{section.pk}")
    saved = None
    if form.is_valid():
        saved = attempt(form, responses.set_position, response_id=response.pk, section_id=section.pk, by=person(request), **form.cleaned_data)
    label = outline(response.round.version).labels.get(str(section.uuid), ("", ""))
    if not request.htmx:  # type: ignore[attr-defined]
        if saved:
            return redirect(f"{reverse('consultations:positions', args=[response.pk])}#s{section.pk}")
        row = position_row(section, None, label, form)
        return render(request, "consultations/positions.html", response_context(request, response, "positions", rows=[row]), status=422)
    row = position_row(section, saved, label, None if saved else form)
    context = response_context(request, response, "positions", row=row, saved=bool(saved))
    return render(request, "consultations/_position.html", context, status=200 if saved else 422)


@login_required
def answers(request: HttpRequest, response_id: int) -> HttpResponse:
    """The round's questions, one form; every answer that is fine is saved even if another is not."""
    response = load_own_response(request, response_id)
    kept = content_of(response, person(request)).answers
    problems: dict[int, Any] = {}
    if request.method == "POST":
        for question in questions_of(response.round):
            problems |= save_one_answer(request, response, question, kept.get(question.pk))
        if not problems:
            messages.success(request, _("Svaren är sparade."))
            return redirect("consultations:response", response.pk)
    rows = [
        {
            **row,
            "problem": problems.get(row["question"].pk),
            "value": request.POST.get(f"q{row['question'].pk}", typed(row["answer"])),
            "revision": row["answer"].revision if row["answer"] else 0,
        }
        for row in answered(response, kept)
    ]
    context = response_context(request, response, "answers", rows=rows, problems=problems, scale=range(1, 6))
    return render(request, "consultations/answers.html", context, status=422 if problems else 200)


def typed(answer: Any) -> str:
    """The value of an answer as its field has it."""
    if answer is None:
        return ""
    given = next((value for value in (answer.choice, answer.scale) if value is not None), None)
    return str(given) if given is not None else str(answer.text)


def save_one_answer(request: HttpRequest, response: Response, question: Any, kept: Any) -> dict[int, Any]:
    """Save one answer if it was changed; {question id: what was wrong} otherwise."""
    value = request.POST.get(f"q{question.pk}", "")
    revision = request.POST.get(f"r{question.pk}", "0")
    if value == typed(kept):
        return {}
    try:
        responses.save_answer(
            response_id=response.pk, question_id=question.pk, by=person(request), value=value,
            revision=int(revision) if revision.isdigit() else 0,
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:  # one bad answer must not lose the others
        return {question.pk: refusal}
    return {}


@login_required
@require_POST
def add_note(request: HttpRequest, response_id: int) -> HttpResponse:
    """An internal note."""
    response = load_own_response(request, response_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        responses.add_note(response_id=response.pk, by=person(request), text=form.cleaned_data["text"])
        messages.success(request, _("Anteckningen är sparad. Bara er organisation ser den."))
    return redirect(f"{reverse('consultations:response', args=[response.pk])}#anteckningar")


@login_required
def submit(request: HttpRequest, response_id: int) -> HttpResponse:
    """Look through and hand in. Says what is missing, what happens, and who may."""
    response = load_own_response(request, response_id)
    if response.state != ResponseState.DRAFTING:
        return redirect("consultations:receipt", response.pk)
    missing: dict[str, Any] = {}
    if request.method == "POST":
        try:
            responses.submit_response(response_id=response.pk, by=person(request))
        except Invalid as refusal:  # what is missing is shown beside links to where it is written
            missing = {"": str(refusal), **refusal.fields}
        else:
            return redirect("consultations:receipt", response.pk)
    content = content_of(response, person(request))
    context = response_context(
        request, response, "submit", content=content, missing=missing, progress=progress_of(response, content),
        signatories=people_with(response.actor_id, "signatory"),
    )  # fmt: skip
    return render(request, "consultations/submit.html", context, status=422 if missing else 200)


@login_required
def receipt(request: HttpRequest, response_id: int) -> HttpResponse:
    """Proof of what was handed in, when, by whom."""
    response = load_response(request, response_id)
    if response.state != ResponseState.SUBMITTED:
        raise NotFound(_("Svaret är inte inlämnat, så det finns inget kvitto än."))
    return render(request, "consultations/receipt.html", response_context(request, response, "receipt"))
