"""The coverage board, as it is and as it changes; reminders to those who are missing."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from actors.models import ActorKind
from consultations import rules
from consultations.domain import reminders
from consultations.domain.behalf import may_be_entered
from consultations.forms.running import RemindersForm
from consultations.models import ConsultationRound
from consultations.queries import coverage as board
from consultations.queries.bounced import bounced_ids, mark_bounced_addresses
from consultations.states import RoundState
from consultations.views.loading import load_round_to_work, person, round_context
from rus_platform.kit.forms import attempt

MOST_NAMES = 100  # of a group, until it is opened


def board_of(request: HttpRequest, round_: ConsultationRound) -> dict[str, Any]:
    """The board as the address asks for it: ``slag`` (kind), ``lan`` (county code), ``lage`` (a state or a mark)."""
    kind, county, state = (request.GET.get(name, "") for name in ("slag", "lan", "lage"))
    kind = kind if kind in ActorKind.values else ""
    county = county if county.isalnum() and len(county) <= 2 else ""
    everything = board.coverage_of(round_)
    chosen = board.coverage_of(round_, kind=kind, county=county) if kind or county else everything
    shown = chosen
    if state in board.COVERAGE_STATES:
        shown = [group for group in chosen if group.state == state]
    elif state in board.MARKS:
        shown = board.only_marked(chosen, state)
    total = sum(group.count for group in chosen)
    most = None if state or "alla" in request.GET else MOST_NAMES
    for group in shown:
        group.most = most
    return {
        "groups": shown, "bar": board.bar_of(chosen), "total": total, "everything": chosen, "marks": board.marks_in(chosen),
        "kinds": board.by_kind(everything), "counties": board.by_county(round_, everything), "stamp": f"{board.quick_stamp(round_)}.{board.stamp_of(shown)}",
        "chosen": {"slag": kind, "lan": county, "lage": state}, "most": most,
        "answered": sum(group.count for group in chosen if group.is_answer), "query": _query(kind, county, state),
    }  # fmt: skip


def _query(kind: str, county: str, state: str) -> str:
    parts = {"slag": kind, "lan": county, "lage": state}
    return "&".join(f"{name}={value}" for name, value in parts.items() if value)


@login_required
@require_safe
def coverage(request: HttpRequest, round_id: int) -> HttpResponse:
    """The coverage board: a number per state, and the names behind it."""
    round_ = load_round_to_work(request, round_id)
    context = round_context(request, round_, may_enter=may_be_entered(round_), **board_of(request, round_))
    context["live"] = round_.state in (RoundState.OPEN, RoundState.CLOSED) and request.GET.get("stilla") != "1"
    return render(request, "consultations/coverage.html", context)


@login_required
@never_cache
@require_safe
def coverage_now(request: HttpRequest, round_id: int) -> HttpResponse:
    """The board's changing part when it is another than the one with the stamp ``sett``; 204 while it is the same."""
    round_ = load_round_to_work(request, round_id)
    quick, _dot, shown = request.GET.get("sett", "").partition(".")
    if quick == board.quick_stamp(round_):
        return HttpResponse(status=204)
    context = round_context(request, round_, live=True, **board_of(request, round_))
    if context["stamp"].endswith(f".{shown}"):
        return HttpResponse(status=204)  # what changed is not on this board
    answer = render(request, "consultations/_board.html", context)
    words = _("Svarsläget har ändrats: %(n)s av %(total)s har svarat.")
    said = words % {"n": context["answered"], "total": context["total"]}
    answer["HX-Trigger"] = json.dumps({"rus:announce": said})
    return answer


@login_required
def remind(request: HttpRequest, round_id: int) -> HttpResponse:
    """Who is missing, when they are reminded by themselves, and the button that reminds them now."""
    round_ = load_round_to_work(request, round_id)
    user = person(request)
    form = RemindersForm(
        request.POST if "schema" in request.POST else None, initial={"remind_days": round_.remind_days}
    )
    rows = reminders.missing(round_.invitations.select_related("actor", "mail")).order_by("actor__sort_key")
    if request.method == "POST" and "schema" not in request.POST:
        unreachable = bounced_ids(rows.values_list("pk", flat=True))
        told = reminders.remind_missing(round_id=round_.pk, by=user)
        text = ngettext("%(n)s remissinstans påminns nu.", "%(n)s remissinstanser påminns nu.", len(told))
        messages.success(request, text % {"n": len(told)})
        if unreachable:
            words = ngettext(
                "%(n)s påminnelse skickades inte: adressen studsade.",
                "%(n)s påminnelser skickades inte: adresserna studsade.",
                len(unreachable),
            )
            messages.warning(request, words % {"n": len(unreachable)})
        return redirect("consultations:remind", round_.pk)
    if form.is_valid() and attempt(
        form, reminders.schedule_reminders, round_id=round_.pk, by=user, days=form.cleaned_data["remind_days"]
    ):
        messages.success(request, _("Sparat."))
        return redirect("consultations:remind", round_.pk)
    mark_bounced_addresses(rows)
    context = round_context(
        request, round_, form=form, missing=rows, n_bounced=sum(row.address_bounced for row in rows), may_remind=rules.can_prepare(user, round_),
        coming=sorted({row.next_reminder_at for row in rows if row.next_reminder_at}),
    )  # fmt: skip
    return render(request, "consultations/remind.html", context, status=422 if form.is_bound else 200)
