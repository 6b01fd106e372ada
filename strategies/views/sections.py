"""One section of the draft: its text, its heading, its facts, and who wrote what in it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from actors.queries.events import events_of, told_page
from rus_platform.kit.at_hand import at_hand
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt
from strategies import rules
from strategies.domain import sections as verbs
from strategies.domain.locks import lock_words
from strategies.domain.word_counts import word_counts
from strategies.forms.drafting import GoalFactsForm, RenameForm
from strategies.forms.section_work import WorkForm
from strategies.models import Section, Version
from strategies.publishing.reading import section_html
from strategies.queries.outline import outline
from strategies.queries.reading import hues
from strategies.queries.text import section_in
from strategies.queries.ties import ties_of
from strategies.queries.writing import writing_of
from strategies.states import SuggestionState
from strategies.views.comments import margin_context
from strategies.views.loading import check_may_edit, crumbs, frame, load_draft, load_strategy, person


@login_required
def draft_section(request: HttpRequest, strategy_id: int, uuid: UUID) -> HttpResponse:
    """One section: its heading, its facts and its text, with the outline beside it."""
    version = load_draft(request, strategy_id)
    section = load_section(version, uuid)
    tree = outline(version)
    nodes = list(tree)
    here = next(n for n, node in enumerate(nodes) if node.section.pk == section.pk)
    context = frame(
        request,
        version.strategy,
        version,
        crumbs=crumbs(
            version.strategy,
            (version.label, reverse("strategies:draft", args=[strategy_id])),
            (nodes[here].code or section.title, ""),
        ),
        tree=nodes,
        section=section,
        node=nodes[here],
        hue=hues(tree).get(str(uuid), 0),
        before=nodes[here - 1] if here else None,
        after=nodes[here + 1] if here + 1 < len(nodes) else None,
        html=section_html(section),
        open_suggestions=section.suggestions.filter(state=SuggestionState.OPEN).count(),
        rename_form=RenameForm(initial={"title": section.title, "revision": section.revision}),
        has_facts=section.kind in verbs.WITH_FACTS,
        ties=ties_of(section),
        at_hand=at_hand(request, str(uuid)),
        **work_of(request, version, section),
    )
    return render(request, "strategies/draft_section.html", margin_context(request, version, section) | context)


def work_of(request: HttpRequest, version: Version, section: Section) -> dict[str, Any]:
    """Its state, owners, words and lock, and what the person may do about them."""
    owners = list(section.owners.order_by("name", "pk"))
    return {
        "owners": owners,
        "words": word_counts([section])[section.pk],
        "lock_words": lock_words(section),
        "may_unlock": section.locked_by_id == person(request).pk or rules.can_lead(person(request), version.strategy),
        "work_form": WorkForm(
            version.strategy, initial={"work": section.work, "owners": [owner.pk for owner in owners]}
        ),
    }


def load_section(version: Version, uuid: UUID) -> Section:
    """A section that is left in the draft."""
    section = section_in(version.pk, uuid).filter(removed_at=None).first()
    if section is None:
        raise NotFound(_("Avsnittet finns inte i utkastet. Det kan ha tagits bort; se listan över borttagna."))
    return section


@login_required
def goal_facts(request: HttpRequest, strategy_id: int, uuid: UUID) -> HttpResponse:
    """Target year, responsible actors, SDGs, national areas and EU objectives."""
    version = load_draft(request, strategy_id)
    check_may_edit(request, version.strategy)
    section = section_in(version.pk, uuid).filter(removed_at=None, kind__in=verbs.WITH_FACTS).first()
    if section is None:
        raise NotFound(_("Målet finns inte i utkastet."))
    chosen = list(section.policy_items.values_list("pk", "framework"))
    initial = {
        "target_year": section.target_year,
        "responsible": list(section.responsible.values_list("pk", flat=True)),
        "revision": section.revision,
        **{
            name: [pk for pk, framework in chosen if framework == name]
            for name in ("sdg", "national_area", "eu_objective")
        },
    }
    form = GoalFactsForm(version.strategy, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form, verbs.set_goal_facts, section_id=section.pk, by=person(request), revision=form.cleaned_data["revision"],
            target_year=form.cleaned_data["target_year"], responsible_ids=[int(pk) for pk in form.cleaned_data["responsible"]],
            policy_item_ids=form.policy_item_ids(),
        )  # fmt: skip
        if saved:
            messages.success(request, _("Målets uppgifter är sparade."))
            return redirect("strategies:draft_section", strategy_id, section.uuid)
    context = frame(request, version.strategy, version, form=form, section=section)
    return render(request, "strategies/goal_facts.html", context, status=422 if form.is_bound else 200)


@login_required
def section_history(request: HttpRequest, strategy_id: int, uuid: UUID) -> HttpResponse:
    """Who wrote when and how much, through every version, and what was done to the heading, the place and the facts."""
    strategy = load_strategy(request, strategy_id)
    rows = Section.objects.filter(version__strategy=strategy, uuid=uuid).select_related("version").defer("doc")
    section = rows.order_by("-version__number").first()
    if section is None:
        raise NotFound(_("Avsnittet finns inte."))
    section.version.strategy = strategy
    events = told_page(events_of(person(request), obj=section), request.GET.get("page", 1))
    context = frame(
        request, strategy, section.version, section=section, writing=writing_of(strategy.pk, uuid), events=events,
        ties=ties_of(section),
    )  # fmt: skip
    return render(request, "strategies/section_history.html", context)
