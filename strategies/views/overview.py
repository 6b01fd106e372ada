"""A strategy's own page: where it stands, what comes next, what has happened."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.queries.events import events_of, told_page
from strategies.models import ApprovalCase, ConsultationOutcome, Strategy
from strategies.queries.outline import Outline, outline
from strategies.queries.process import Process, Stage, process_of
from strategies.queries.reading import hues
from strategies.queries.rounds_told import rounds_told
from strategies.views.loading import frame, load_strategy, person, rounds_url
from strategies.views.next_steps import next_steps

RECENT = 8


@login_required
def strategy(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """The hub: the text's status, where in the process, the next step, versions, recent history."""
    one = load_strategy(request, strategy_id)
    versions = list(one.versions.select_related("frozen_by", "forked_from").defer("manifest"))
    outcomes = list(ConsultationOutcome.objects.filter(version__strategy=one))
    cases = list(ApprovalCase.objects.filter(version__strategy=one).select_related("version"))
    process = process_of(versions, outcomes, cases)
    shown = process.draft or (versions[0] if versions else None)
    tree = outline(shown) if shown else None
    steps = next_steps(person(request), one, process)
    context = frame(
        request, one, shown, versions=versions[:5], more_versions=len(versions) > 5, process=process, path=path_of(one, process),
        first_step=steps[0] if steps else None, other_steps=steps[1:], numbers=numbers_of(one, tree), tree=top_of(tree),
        reading_url=reverse("strategies:version", args=[shown.pk]) if shown else "",
        events=told_page(events_of(person(request), strategy_id=one.pk), 1, RECENT),
    )  # fmt: skip
    return render(request, "strategies/strategy.html", context)


def top_of(tree: Outline | None) -> list[dict[str, Any]]:
    """Chapters, and the goals and priorities wherever they stand."""
    if tree is None:
        return []
    colours = hues(tree)
    return [
        {"node": node, "hue": colours.get(node.uuid, 0)}
        for node in tree
        if node.level == 1 or node.kind in ("goal", "priority")
    ]


def numbers_of(one: Strategy, tree: Outline | None) -> list[tuple[int, str]]:
    """How much there is of what matters."""
    kinds = [node.kind for node in tree] if tree else []
    goals, subgoals, priorities = (kinds.count(kind) for kind in ("goal", "subgoal", "priority"))
    sections, actors = len(kinds), one.taking_part.count()
    return [
        (goals, _("mål")),
        (subgoals, _("delmål")),
        (priorities, ngettext("prioritering", "prioriteringar", priorities)),
        (sections, _("avsnitt i allt")),
        (actors, ngettext("aktör", "aktörer", actors)),
    ]


def path_of(one: Strategy, process: Process) -> list[dict[str, Any]]:
    """The five stages, each with its state, a few words, and where it can be followed."""
    urls = {
        Stage.DRAFT: reverse("strategies:draft", args=[one.pk]),
        Stage.CONSULTATION: rounds_url(one),
        Stage.HANDLING: rounds_url(one),
        Stage.DECISION: reverse("strategies:decision", args=[one.pk]),
        Stage.ADOPTED: reverse("strategies:version", args=[process.adopted.pk]) if process.adopted else "",
    }
    states = {stage: process.state_of(stage) for stage in Stage}
    return [
        {
            "label": stage.label,
            "state": states[stage],
            "url": urls[stage] if states[stage] in ("done", "current") else "",
            "words": words_of(process, stage) if states[stage] in ("done", "current") else "",
            "at": process.when(stage) if states[stage] == "done" else None,
        }
        for stage in Stage
    ]


def words_of(process: Process, stage: Stage) -> str:
    """What a stage has led to so far."""
    numbers = {name: row.numbers for name, row in process.round.items()}
    if stage == Stage.DRAFT:
        shown = process.draft if process.state_of(stage) == "current" else process.consulted or process.adopted
        return shown.label if shown else ""
    if stage == Stage.CONSULTATION and "closed" in numbers:
        return _("%(n)s svar av %(total)s") % {
            "n": numbers["closed"].get("submitted", 0),
            "total": numbers["closed"].get("invited", 0),
        }
    if stage == Stage.CONSULTATION and "opened" in numbers:
        return _("%(n)s inbjudna") % {"n": numbers["opened"].get("invited", 0)}
    if stage == Stage.CONSULTATION:
        return _("Förbereds")
    if stage == Stage.HANDLING and "settled" in numbers:
        return _("%(n)s synpunkter bemötta") % {"n": numbers["settled"].get("points", 0)}
    if stage == Stage.DECISION and process.case and process.state_of(stage) == "current":
        return str(process.case.get_state_display())
    return process.adopted.label if stage == Stage.ADOPTED and process.adopted else ""


@login_required
def history(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Who did what and when, everything."""
    one = load_strategy(request, strategy_id)
    events = told_page(events_of(person(request), strategy_id=one.pk), request.GET.get("page", 1))
    return render(request, "strategies/history.html", frame(request, one, events=events, rounds=rounds_told(one)))
