"""An organisation's response: write together, hand in; read afterwards what became of every view."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.models import Role
from actors.queries.roles import people_with
from consultations import rules, visibility
from consultations.domain import responses
from consultations.forms.responses import NoteForm, PositionForm, SummaryForm
from consultations.models import DialogueMeeting, Invitation, OwnDecision, QuestionKind, Response, Stream
from consultations.queries.chain import chain_of, everyone, people_by_role
from consultations.queries.earlier import earlier_response
from consultations.queries.intake import originals_of
from consultations.queries.letters import invitation_facts
from consultations.queries.masking import mask_names
from consultations.queries.places import in_reading_order, name_places, positions_in_order
from consultations.queries.progress import progress_of
from consultations.queries.responses import ResponseContent, content_of, questions_of, sections_with_position
from consultations.queries.sharing import answers_for, shares_of, stand_ins_of
from consultations.queries.versions import versions_of
from consultations.states import HANDED_IN, IN_WORK, ResponseState
from consultations.views.entered import entered_draft, public_draft
from consultations.views.loading import load_own_response, load_response, of_own_draft, person
from consultations.views.mine import ONLY_MINE, progress_by_person, sifted
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt
from strategies import rules as strategy_rules
from strategies.queries.outline import Outline, outline


def response_context(request: HttpRequest, response: Response, page: str, **more: Any) -> dict[str, Any]:
    """What every page of a response shows."""
    user = person(request)
    is_own = visibility.can_see_notes(user, response)
    own = visibility.own_deadline(response.round_id, response.actor_id)
    takes = visibility.takes_response(response)
    may_write = takes and response.state == ResponseState.DRAFTING and rules.can_write(user, response)
    return {
        "response": response,
        "round": response.round,
        "actor": response.actor,
        "version": response.round.version,
        "strategy": response.round.version.strategy,
        "is_own": is_own,
        "may_write": may_write,
        "may_submit": takes and response.state in IN_WORK and rules.can_submit(user, response),
        "takes": takes,
        "is_open": visibility.is_open(response.round, own=own),
        "own_deadline": own,
        "page": page,
        "alone": response.alone,
        "nav": response_nav(response, page, may_write) if is_own or may_write else [],
        "crumbs": response_crumbs(response, page, is_own),
        **more,
    }


def response_crumbs(response: Response, page: str, is_own: bool) -> list[dict[str, Any]]:
    """The way back up: the list, the round, the response."""
    overview = page == "overview"
    own = _("Ditt svar") if response.stream == Stream.PUBLIC else _("Ert svar")
    name = own if is_own else response.actor.name
    return [
        {"label": _("Samråd"), "url": reverse("consultations:list")},
        {"label": response.round.title, "url": reverse("consultations:round", args=[response.round_id])},
        {"label": name, "url": "" if overview else reverse("consultations:response", args=[response.pk])},
        *([] if overview else [{"label": page_names(response).get(page, ""), "url": ""}]),
    ]


def page_names(response: Response) -> dict[str, Any]:
    """Page -> its name."""
    return {
        "overview": _("Översikt"),
        "read": _("Läs och kommentera"),
        "positions": _("Ställningstaganden"),
        "answers": _("Frågor"),
        "points": _("Mina synpunkter") if response.alone else _("Våra synpunkter"),
        "summary": _("Skriv fritt") if response.alone else _("Svaret i korthet"),
        "sharing": _("Fördela arbetet"),
        "attachments": _("Bilagor"),
        "whole": _("Hela svaret"),
        "intake": _("Läs in eller svara i Word"),
        "submit": _("Lämna in") if response.stream == Stream.PUBLIC else _("Beslut och inlämning"),
        "difference": _("Skillnader"),
        "earlier": _("Förra gången"),
        "receipt": _("Kvitto"),
    }


def response_nav(response: Response, page: str, may_write: bool) -> list[dict[str, Any]]:
    """The pages of one's own response, or of one that the region enters."""
    shown = [("overview", "response", "list"), ("read", "read", "document")]
    writing = [
        ("positions", "positions", "check"),
        ("answers", "answers", "question"),
        ("points", "own_points", "comment"),
        ("summary", "summary", "pencil"),
        ("attachments", "attachments", "document-text"),
        ("intake", "send_in", "upload"),
        ("submit", "submit", "send"),
    ]
    if response.state == ResponseState.DRAFTING and response.entered_by_id is not None:
        shown += writing[:-1] if may_write else []  # registered on the overview, by the region
    elif response.state == ResponseState.DRAFTING and response.stream == Stream.PUBLIC:
        shown += [*writing[:4], writing[-1]]
    elif response.state == ResponseState.DRAFTING:
        shown += [*writing[:-1], ("sharing", "sharing", "users"), ("whole", "whole_answer", "eye"), writing[-1]]
    elif response.state in IN_WORK:
        shown += [("attachments", "attachments", "document-text"), ("whole", "whole_answer", "eye"), writing[-1]]
    if response.state in HANDED_IN:
        shown.append(("receipt", "receipt", "shield"))
    names = page_names(response)
    return [
        {
            "label": names[key],
            "icon": icon,
            "url": reverse(f"consultations:{name}", args=[response.pk]),
            "current": key == page,
        }
        for key, name, icon in shown
    ]


def meeting_behind(response: Response) -> int:
    """The meeting whose input the response carries, also while more is written down after it was handed over."""
    return DialogueMeeting.objects.values_list("pk", flat=True).get(response__actor=response.actor_id)


def response_page(request: HttpRequest, response_id: int) -> HttpResponse:
    """A draft: what is done and what is left. Handed in: everything said, and what became of it."""
    response = load_response(request, response_id)
    content = content_of(response, person(request))
    originals = originals_of(response, person(request))
    context = response_context(request, response, "overview", content=content, originals=originals)
    if context["is_own"] or strategy_rules.is_in_region(person(request), context["strategy"]):
        context |= invitation_facts(response)
    if response.stream == Stream.MEETING and response.state == ResponseState.DRAFTING:
        return redirect("consultations:meeting", meeting_behind(response))
    if response.state == ResponseState.DRAFTING and response.entered_by_id is not None:
        return entered_draft(request, response, context)
    if response.state == ResponseState.DRAFTING and response.stream == Stream.PUBLIC:
        return public_draft(request, response, context)
    if response.state in IN_WORK:
        context |= start_page(request, response, content)
        return render(request, "consultations/draft.html", context)
    context |= whole_context(request, response, content)
    context["note_form"] = note_form(request, response)
    context["may_mask"] = bool(response.submitted_at) and rules.can_moderate(person(request), response.round)
    context["shows_participant"] = visibility.can_see_participant(person(request), response.round)
    context["versions"] = versions_of(response)
    context["may_correct"] = (
        context["takes"] and response.state == ResponseState.SUBMITTED and rules.can_correct(person(request), response)
    )
    context["successor"] = Response.objects.filter(supersedes=response).first() if context["is_own"] else None
    return render(request, "consultations/response.html", context)


def start_page(request: HttpRequest, response: Response, content: ResponseContent) -> dict[str, Any]:
    """What is asked and by when, how far it has come, who does what next, what is one's own."""
    people = people_by_role(response.actor_id)
    stand_ins = list(stand_ins_of(response.actor_id))
    shares = shares_of(response)
    answers = answers_for(person(request), stand_ins)
    return {
        "progress": progress_of(response, content),
        "chain": chain_of(response, people),
        "colleagues": everyone(people, rules.WRITERS),
        "signatories": people.get(Role.SIGNATORY, []),
        "shared": progress_by_person(response, content, shares, stand_ins),
        "mine": [row for row in shares.values() if row.person_id in answers and row.done_at is None],
        "stand_ins": stand_ins,
        "note_form": note_form(request, response),
        "invitation": Invitation.objects.filter(round_id=response.round_id, actor_id=response.actor_id).first(),
        "before": earlier_response(response),
    }


def note_form(request: HttpRequest, response: Response) -> NoteForm | None:
    """A form for a new thread, for those who may write one."""
    if not rules.can_note(person(request), response):
        return None
    return NoteForm(colleagues=[user for user in people_with(response.actor_id, *Role) if user != person(request)])


def whole_context(request: HttpRequest, response: Response, content: ResponseContent) -> dict[str, Any]:
    """Everything that a response says, as its page shows it."""
    labels = outline(response.round.version).labels
    name_places(content.points, labels)
    files = list(response.attachments.all())
    mask_names(person(request), response, files, content.redactions)
    return {
        "content": content,
        "shows_original": visibility.can_see_original(person(request), response),
        "positions": positions_in_order(content.positions.values(), labels),
        "questions": [
            row for row in answered(response, content.answers) if row["words"] or response.stream == Stream.CONSULTEE
        ],
        "attachments": files,
        "decision": OwnDecision.objects.filter(response=response).first(),
        "dispositions_visible": visibility.can_see_dispositions(person(request), response.round),
    }


@login_required
def whole_answer(request: HttpRequest, response_id: int) -> HttpResponse:
    """The response as it stands, as the region will see it."""
    response = load_response(request, response_id)
    if response.state not in IN_WORK:
        return redirect("consultations:response", response.pk)
    content = content_of(response, person(request))
    context = response_context(request, response, "whole") | whole_context(request, response, content)
    return render(request, "consultations/own/whole.html", context)


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


@of_own_draft
def summary(request: HttpRequest, response: Response) -> HttpResponse:
    """The answer as a whole: kind, words, own case number."""
    initial = {name: getattr(response, name) for name in SummaryForm.base_fields}
    form = SummaryForm(request.POST or None, initial=initial, alone=response.alone)
    saved = form.is_valid() and attempt(
        form, responses.save_summary, response_id=response.pk, by=person(request), **form.cleaned_data
    )
    if saved:
        messages.success(request, _("Sparat."))
        return redirect("consultations:response", response.pk)
    context = response_context(request, response, "summary", form=form)
    return render(request, "consultations/summary.html", context, status=422 if form.is_bound else 200)


def position_rows(
    request: HttpRequest, response: Response, wrong: dict[int, PositionForm], tree: Outline
) -> list[dict[str, Any]]:
    """Every goal, sub-goal and priority in reading order, each with its form (``wrong``: section id -> refused form)."""
    kept, alone, labels = content_of(response, person(request)).positions, response.alone, tree.labels
    return [
        position_row(
            section, kept.get(section.pk), labels.get(str(section.uuid), ("", "")), wrong.get(section.pk), alone=alone
        )
        for section in in_reading_order(sections_with_position(response.round), labels)
    ]


def position_row(
    section: Any, position: Any, label: tuple[str, str], form: PositionForm | None = None, *, alone: bool = False
) -> dict[str, Any]:
    """What the template needs for one goal: the section, its code and its form."""
    initial: dict[str, Any] = {"revision": 0}
    if position:
        initial = {"stance": position.stance, "reason": position.reason, "revision": position.revision}
    return {
        "section": section,
        "code": label[0],
        "position": position,
        "form": form or PositionForm(initial=initial, prefix=f"s{section.pk}", alone=alone),
    }


@of_own_draft
def positions(request: HttpRequest, response: Response) -> HttpResponse:
    """A position per goal, sub-goal and priority. Each is its own form and is saved by itself."""
    return positions_page(request, response)


def positions_page(
    request: HttpRequest, response: Response, wrong: PositionForm | None = None, at: int = 0
) -> HttpResponse:
    """The page; ``wrong``: what was refused, ``at`` a section."""
    tree = outline(response.round.version)
    rows = position_rows(request, response, {at: wrong} if wrong else {}, tree)
    shown = sifted(request, response, rows, tree, lambda holders, row: holders.of_section(row["section"].pk))
    context = response_context(request, response, "positions", wrong=wrong, **shown)
    return render(request, "consultations/positions.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def save_position(request: HttpRequest, response_id: int, section_id: int) -> HttpResponse:
    """Save one position; the fragment for htmx, the page without."""
    response = load_own_response(request, response_id)
    section = responses.section_of(response, section_id)
    form = PositionForm(request.POST, prefix=f"s{section.pk}", alone=response.alone)
    saved = form.is_valid() and attempt(
        form,
        responses.set_position,
        response_id=response.pk,
        section_id=section.pk,
        by=person(request),
        **form.cleaned_data,
    )
    if request.htmx:  # type: ignore[attr-defined]
        label = outline(response.round.version).labels.get(str(section.uuid), ("", ""))
        row = position_row(section, saved or None, label, None if saved else form, alone=response.alone)
        kept: dict[str, Any] = {"filter": {"only_mine": ONLY_MINE in request.POST}}
        context = response_context(request, response, "positions", row=row, saved=bool(saved), **kept)
        return render(request, "consultations/_position.html", context, status=200 if saved else 422)
    if saved:
        messages.success(request, _("Ställningstagandet är sparat."))
        only = f"?{ONLY_MINE}=1" if ONLY_MINE in request.POST else ""
        return redirect(f"{reverse('consultations:positions', args=[response.pk])}{only}#s{section.pk}")
    return positions_page(request, response, form, section.pk)


@login_required
def receipt(request: HttpRequest, response_id: int) -> HttpResponse:
    """Proof of what was handed in, when, by whom."""
    response = load_response(request, response_id)
    if response.state not in HANDED_IN:
        raise NotFound(_("Svaret är inte inlämnat, så det finns inget kvitto än."))
    decided_on = (response.receipt.get("decision") or {}).get("decided_on")
    context = response_context(request, response, "receipt", decided_on=decided_on and date.fromisoformat(decided_on))
    return render(request, "consultations/receipt.html", context)
