"""The way to a decision: hand the draft in, follow the case, enter what the bodies decided."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from rus_platform.kit.errors import Forbidden
from rus_platform.kit.forms import attempt
from strategies import rules
from strategies.domain import workflow
from strategies.forms.drafting import DecisionForm, SubmitForm
from strategies.models import ApprovalCase, Body, DecisionOutcome, OpinionKind
from strategies.states import ApprovalState
from strategies.views.loading import frame, load_draft, load_strategy, person

ROWS = 3  # empty rows for reservations


@login_required
def submit(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Freeze the draft as a proposal and hand it to the development board."""
    draft = load_draft(request, strategy_id)
    if not rules.can_lead(person(request), draft.strategy):
        raise Forbidden(_("Bara processledaren kan lämna strategin till beslut."))
    form = SubmitForm(
        request.POST if request.method == "POST" else None, initial={"case_number": draft.strategy.case_number}
    )
    if form.is_valid() and attempt(
        form, workflow.submit_for_decision, version_id=draft.pk, by=person(request), **form.cleaned_data
    ):
        messages.success(request, _("Förslaget är lämnat till regionala utvecklingsnämnden."))
        return redirect("strategies:decision", strategy_id)
    context = frame(request, draft.strategy, draft, form=form)
    return render(request, "strategies/submit.html", context, status=422 if form.is_bound else 200)


@login_required
def decision(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """The cases of a strategy with their decisions; for the secretary, the form for the next one."""
    strategy = load_strategy(request, strategy_id)
    cases = list(
        ApprovalCase.objects.filter(version__strategy=strategy)
        .select_related("version", "submitted_by")
        .prefetch_related("decisions__reservations", "decisions__recorded_by")
        .order_by("-submitted_at")
    )
    current = next((case for case in cases if case.state in Body.values), None)
    form, rows = None, []
    if current and rules.can_record_decision(person(request), strategy):
        form, rows, done = decision_form(request, current)
        if done:
            messages.success(request, _("Beslutet är infört."))
            return redirect("strategies:decision", strategy_id)
    draft = strategy.versions.filter(status="working").first()
    shown = current.version if current else draft
    context = frame(
        request, strategy, shown, cases=[{"case": case, "path": path_of(case)} for case in cases], current=current, form=form,
        rows=rows, draft=draft, kinds=OpinionKind.choices, body_label=Body(current.state).label.lower() if current else "",
    )  # fmt: skip
    return render(request, "strategies/decision.html", context, status=422 if form and form.is_bound else 200)


def decision_form(request: HttpRequest, case: ApprovalCase) -> tuple[DecisionForm, list[dict[str, str]], bool]:
    """The form for the body whose turn it is, its rows of reservations, and whether a decision was entered."""
    posted = request.POST.get("body", "")
    # A second press may come when the next body's turn has begun: it is about the body that it names.
    body = Body(posted if posted in Body.values else case.state)
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"body": body})
    names = dict(DecisionOutcome.choices)
    form.fields["outcome"].choices = [(key, names[key]) for key in workflow.outcomes_of(body)]  # type: ignore[attr-defined]
    rows = reservations_in(request.POST)
    done = False
    if request.method == "POST" and form.is_valid():
        decided = attempt(
            form, workflow.record_decision, case_id=case.pk, by=person(request), reservations=rows, **form.cleaned_data
        )
        done = decided is not None
    return form, rows + [{"kind": OpinionKind.RESERVATION, "by_whom": "", "text": ""}] * max(1, ROWS - len(rows)), done


def reservations_in(data: QueryDict) -> list[dict[str, str]]:
    """Rows that have any words in them."""
    columns = [data.getlist(name) for name in ("kind", "by_whom", "text")]
    rows = [dict(zip(("kind", "by_whom", "text"), row, strict=True)) for row in zip(*columns, strict=False)]
    return [row for row in rows if row["by_whom"].strip() or row["text"].strip()]


def path_of(case: ApprovalCase) -> list[dict[str, Any]]:
    """The three bodies in order, each with its decision, "now" or nothing yet."""
    decided = {row.body: row for row in case.decisions.all()}
    return [
        {
            "body": label,
            "decision": decided.get(value),
            "now": case.state == value,
            "over": case.state == ApprovalState.REFERRED_BACK,
        }
        for value, label in Body.choices
    ]
