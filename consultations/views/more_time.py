"""More time: a consultee asks, the region decides, gives it unasked, or opens a closed round again for some."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consultations import rules
from consultations.domain import extensions as verbs
from consultations.forms.running import AskForTimeForm, DecideExtensionForm, GiveTimeForm
from consultations.models import ConsultationRound, Extension, Invitation
from consultations.states import ExtensionState, RoundState
from consultations.views.loading import load_round, load_round_to_work, person, round_context, whole
from consultations.visibility import deadline_of
from rus_platform.kit.errors import NotFound, WrongState
from rus_platform.kit.forms import attempt


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, round_id: int, actor_id: int) -> HttpResponse:
    """The consultee asks for more time, and sees what was decided."""
    round_ = load_round(request, round_id)
    row = Invitation.objects.filter(round=round_, actor_id=actor_id).select_related("actor").first()
    if row is None or not rules.can_write_for(person(request), row.actor):
        raise NotFound(_("Din organisation står inte på sändlistan för det här samrådet."))
    form = AskForTimeForm(request.POST or None)
    if form.is_valid() and attempt(
        form, verbs.request_extension, round_id=round_.pk, actor_id=actor_id, by=person(request), **form.cleaned_data
    ):
        messages.success(request, _("Er begäran är skickad. Ni får besked per brev."))
        return redirect("consultations:ask_for_time", round_.pk, actor_id)
    known = row.extensions.select_related("requested_by", "decided_by")
    context = {
        "round": round_, "version": round_.version, "strategy": round_.version.strategy, "actor": row.actor, "form": form,
        "extensions": known, "waiting": any(one.state == ExtensionState.REQUESTED for one in known), "own_deadline": row.closes_at,
        "deadline": deadline_of(round_, row.closes_at), "may_ask": round_.state in (RoundState.OPEN, RoundState.CLOSED),
    }  # fmt: skip
    return render(request, "consultations/ask_for_time.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def extensions(request: HttpRequest, round_id: int) -> HttpResponse:
    """Requests that wait for a decision, and every extension that has been decided."""
    round_ = load_round_to_work(request, round_id)
    return _page(request, round_)


@login_required
@require_POST
def withdraw(request: HttpRequest, extension_id: int) -> HttpResponse:
    """The consultee takes the request back."""
    row = Extension.objects.select_related("invitation__actor").filter(pk=extension_id).first()
    if row is None or not rules.can_write_for(person(request), row.invitation.actor):
        raise NotFound(_("Begäran finns inte."))
    verbs.withdraw_extension(extension_id=row.pk, by=person(request))
    messages.success(request, _("Er begäran är tillbakatagen."))
    return redirect("consultations:ask_for_time", row.invitation.round_id, row.invitation.actor_id)


def _page(request: HttpRequest, round_: ConsultationRound, status: int = 200, **more: Any) -> HttpResponse:
    rows = Extension.objects.filter(invitation__round=round_)
    rows = rows.select_related("invitation__actor", "requested_by", "decided_by")
    waiting = [row for row in rows if row.state == ExtensionState.REQUESTED]
    failed: DecideExtensionForm | None = more.pop("decide_form", None)
    decide = [
        (row, failed if failed and more["extension_id"] == row.pk else _form_for(row)) for row in reversed(waiting)
    ]
    context = round_context(
        request, round_, decide=decide, decided=[row for row in rows if row.state != ExtensionState.REQUESTED],
        may_give=round_.state in (RoundState.OPEN, RoundState.CLOSED),
        may_reopen=round_.state == RoundState.CLOSED and rules.can_open(person(request), round_), **more,
    )  # fmt: skip
    return render(request, "consultations/extensions.html", context, status=status)


def _form_for(row: Extension) -> DecideExtensionForm:
    return DecideExtensionForm(initial={"until": row.wanted_until}, prefix=f"x{row.pk}")


def _choices(invited: list[Invitation]) -> list[tuple[int, str]]:
    return [(row.actor_id, row.actor.name) for row in invited]


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, extension_id: int) -> HttpResponse:
    """Grant or refuse a request."""
    row = Extension.objects.select_related("invitation").filter(pk=extension_id).first()
    if row is None:
        raise NotFound(_("Begäran finns inte."))
    round_ = load_round_to_work(request, row.invitation.round_id)
    if request.method == "GET":
        return redirect("consultations:extensions", round_.pk)
    form = DecideExtensionForm(request.POST, prefix=f"x{row.pk}")
    granted = "grant" in request.POST
    if form.is_valid():
        done = attempt(
            form, verbs.decide_extension, extension_id=row.pk, granted=granted, by=person(request),
            until=form.cleaned_data["until"], reason=form.cleaned_data["decision_reason"],
        )  # fmt: skip
        if done:
            messages.success(request, _("Anståndet är beviljat.") if granted else _("Begäran är avslagen."))
            return redirect("consultations:extensions", round_.pk)
    return _page(request, round_, 422, decide_form=form, extension_id=row.pk, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, round_id: int) -> HttpResponse:
    """More time unasked, or a closed round opened again, for those that are chosen (``for`` in the address)."""
    round_ = load_round_to_work(request, round_id)
    again = request.GET.get("igen") == "1"
    if again and round_.state != RoundState.CLOSED:
        raise WrongState(_("Ett samråd kan öppnas igen när det har stängt och innan det är avslutat."))
    invited = list(round_.invitations.select_related("actor").order_by("actor__sort_key"))
    chosen = [pk for pk in map(whole, request.GET.getlist("for")) if pk]
    form = GiveTimeForm(_choices(invited), request.POST or None, initial={"actors": chosen})
    if form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form, verbs.reopen_for if again else verbs.grant_extension, round_id=round_.pk, by=person(request),
            actor_ids=[int(pk) for pk in data["actors"]], until=data["until"], reason=data["reason"],
        )  # fmt: skip
        if made:
            messages.success(request, _("De har fått mer tid, och ett brev om det."))
            return redirect("consultations:extensions", round_.pk)
    context = round_context(request, round_, form=form, again=again)
    return render(request, "consultations/give_time.html", context, status=422 if form.is_bound else 200)
