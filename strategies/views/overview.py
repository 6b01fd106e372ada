"""A strategy's own page: where it stands, what comes next, what has happened."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from actors.queries.events import events_of, told_page
from strategies.models import ApprovalCase, ConsultationOutcome, Strategy, Version
from strategies.queries.outline import outline
from strategies.states import TextStatus
from strategies.views.loading import frame, load_strategy, person

RECENT = 8


@login_required
def strategy(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """The hub: the text's status, the next step, versions, rounds, decisions, recent history."""
    one = load_strategy(request, strategy_id)
    versions = list(one.versions.select_related("frozen_by", "forked_from"))
    draft = next((row for row in versions if row.status == TextStatus.WORKING), None)
    outcomes = list(ConsultationOutcome.objects.filter(version__strategy=one))
    case = ApprovalCase.objects.filter(version__strategy=one).select_related("version").order_by("-submitted_at").first()
    shown = draft or (versions[0] if versions else None)
    context = frame(
        request,
        one,
        shown,
        versions=versions,
        draft=draft,
        outcomes=outcomes,
        case=case,
        next_steps=next_steps(one, versions, draft, outcomes),
        tree=[node for node in outline(shown) if node.level <= 2] if shown else [],
        events=told_page(events_of(person(request), strategy_id=one.pk), 1, RECENT),
    )
    return render(request, "strategies/strategy.html", context)


def next_steps(
    one: Strategy, versions: list[Version], draft: Version | None, outcomes: list[ConsultationOutcome]
) -> list[dict[str, Any]]:
    """What is natural to do now, most pressing first."""
    steps = []
    consultation = next((row for row in versions if row.status == TextStatus.CONSULTATION), None)
    events = {outcome.event for outcome in outcomes if consultation and outcome.version_id == consultation.pk}
    if consultation and "opened" not in events:
        steps.append((_("Förbered samrådet om %(v)s") % {"v": consultation.label}, f"/strategier/{one.pk}/samrad/", "comments"))
    if "opened" in events and "closed" not in events:
        steps.append((_("Samrådet pågår. Följ svarsläget"), f"/strategier/{one.pk}/samrad/", "users"))
    if "closed" in events and "settled" not in events:
        steps.append((_("Besluta om synpunkterna"), f"/strategier/{one.pk}/samrad/", "check-double"))
    if draft:
        steps.append((_("Skriv i %(v)s") % {"v": draft.label}, reverse("strategies:draft", args=[one.pk]), "pencil"))
    elif versions:
        steps.append((_("Börja nästa utkast"), reverse("strategies:versions", args=[one.pk]), "plus"))
    return [{"label": label, "url": url, "icon": icon} for label, url, icon in steps]


@login_required
def history(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Who did what and when, everything."""
    one = load_strategy(request, strategy_id)
    events = told_page(events_of(person(request), strategy_id=one.pk), request.GET.get("page", 1))
    return render(request, "strategies/history.html", frame(request, one, events=events))
