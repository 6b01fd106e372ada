"""Sharing the work out: who writes what, who stands in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.models import Role
from actors.queries.roles import has_role
from consultations import rules
from consultations.domain import sharing
from consultations.forms.signoff import StandInForm
from consultations.models import Assignment, Response, StandIn
from consultations.queries.chain import everyone, people_by_role
from consultations.queries.responses import questions_of
from consultations.queries.sharing import key_of, shares_of, stand_ins_of
from consultations.views.loading import load_own_response, of_own_draft, person, whole
from consultations.views.responses import response_context
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt
from strategies.queries.outline import outline


@of_own_draft
def sharing_page(request: HttpRequest, response: Response) -> HttpResponse:
    """Every section and question with the colleague who has it; one form for all."""
    if response.entered_by_id is not None:
        return redirect("consultations:response", response.pk)  # the work of the region is not shared out
    if request.method == "POST":
        return save(request, response)
    return shared_page(request, response)


def shared_page(request: HttpRequest, response: Response, form: StandInForm | None = None) -> HttpResponse:
    """The page; ``form``: a stand-in that was refused."""
    people = everyone(people_by_role(response.actor_id), rules.WRITERS)
    context = response_context(
        request, response, "sharing", rows=part_rows(response), people=people,
        stand_ins=stand_ins_of(response.actor_id), form=form or stand_in_form(request, response, people),
    )  # fmt: skip
    return render(request, "consultations/own/sharing.html", context, status=422 if form else 200)


def part_rows(response: Response) -> list[dict[str, Any]]:
    """What can be given away, in order: the answer in short, sections and goals, questions."""
    shares = shares_of(response)
    rows: list[dict[str, Any]] = [{"key": "summary", "label": _("Svaret i korthet"), "code": "", "level": 1}]
    for node in outline(response.round.version):
        if node.level <= 2 or node.kind in ("goal", "subgoal", "priority"):
            key = key_of(section_id=node.section.pk)
            rows.append({"key": key, "label": node.title, "code": node.code, "level": min(node.level, 3), "sv": True})
    for question in questions_of(response.round):
        rows.append({"key": key_of(question_id=question.pk), "label": question.text, "code": _("Fråga"), "level": 1})
    return [{**row, "share": shares.get(row["key"])} for row in rows]


def save(request: HttpRequest, response: Response) -> HttpResponse:
    """Only what was changed is given or taken."""
    shares, changed = shares_of(response), 0
    for row in part_rows(response):
        if row["key"] not in request.POST:
            continue
        wanted = whole(request.POST[row["key"]])
        had = shares[row["key"]].person_id if row["key"] in shares else None
        if wanted != had:
            number = whole(row["key"][1:])
            sharing.share_out(
                response_id=response.pk, by=person(request), person_id=wanted,
                section_id=number if row["key"][0] == "s" else None,
                question_id=number if row["key"][0] == "q" else None,
            )  # fmt: skip
            changed += 1
    messages.success(request, _("Fördelningen är sparad.") if changed else _("Ingenting var ändrat."))
    return redirect("consultations:sharing", response.pk)


@login_required
@require_POST
def done(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """One's part is done, or not after all."""
    row = Assignment.objects.filter(pk=assignment_id).first()
    if row is None:
        raise NotFound(_("Delen har getts till någon annan."))
    response = load_own_response(request, row.response_id)
    sharing.mark_share_done(assignment_id=row.pk, by=person(request), done="again" not in request.POST)
    return redirect("consultations:response", response.pk)


def stand_in_form(request: HttpRequest, response: Response, people: list[Any], data: Any = None) -> StandInForm:
    """For oneself; the administrator for everybody."""
    user = person(request)
    admin = has_role(user, response.actor_id, Role.ADMIN)
    names = [(row.pk, row.name) for row in people]
    return StandInForm(
        data, people=names if admin else [name for name in names if name[0] == user.pk], colleagues=names,
        initial={"person": user.pk},
    )  # fmt: skip


@login_required
@require_POST
def stand_in(request: HttpRequest, response_id: int) -> HttpResponse:
    """Name somebody who stands in."""
    response = load_own_response(request, response_id)
    people = everyone(people_by_role(response.actor_id), rules.WRITERS)
    form = stand_in_form(request, response, people, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form, sharing.name_stand_in, actor_id=response.actor_id, by=person(request), person_id=data["person"],
            stand_in_id=data["stand_in"], until=data["until"],
        )  # fmt: skip
        if made:
            messages.success(request, _("Ersättaren är utsedd."))
            return redirect("consultations:sharing", response.pk)
    return shared_page(request, response, form)


@login_required
@require_POST
def end_stand_in(request: HttpRequest, response_id: int, stand_in_id: int) -> HttpResponse:
    """No longer."""
    response = load_own_response(request, response_id)
    row = StandIn.objects.filter(pk=stand_in_id, actor_id=response.actor_id).first()
    if row is None:
        raise NotFound(_("Ersättaren finns inte längre."))
    sharing.end_stand_in(stand_in_id=row.pk, by=person(request))
    return redirect("consultations:sharing", response.pk)
