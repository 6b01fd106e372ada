"""The draft: its outline and its sections, by mouse, by keyboard, and without JavaScript."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt
from strategies.domain import sections as verbs
from strategies.forms.drafting import GoalFactsForm, NewSectionForm, RenameForm
from strategies.models import Section, SectionKind, Version
from strategies.publishing.reading import section_html
from strategies.queries.outline import Outline, outline
from strategies.queries.reading import hues
from strategies.queries.text import section_in
from strategies.views.loading import check_may_edit, frame, load_draft, person


def draft_context(request: HttpRequest, draft: Version, tree: Outline | None = None, **more: Any) -> dict[str, Any]:
    """The frame with the outline beside it."""
    tree = tree or outline(draft)
    current = more.get("section")
    add = NewSectionForm(initial={"parent": current.parent_id if current else None, "after": current.pk if current else None})
    return frame(
        request, draft.strategy, draft, tree=tree, add_form=more.pop("add_form", add), hues=hues(tree),
        removed=draft.sections.exclude(removed_at=None).filter(parent__removed_at=None).select_related("removed_by"), **more,
    )  # fmt: skip


@login_required
def draft(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """The outline of the draft."""
    version = load_draft(request, strategy_id)
    return render(request, "strategies/draft.html", draft_context(request, version))


@login_required
def draft_section(request: HttpRequest, strategy_id: int, uuid: UUID) -> HttpResponse:
    """One section: its heading, its facts and its text, with the outline beside it."""
    version = load_draft(request, strategy_id)
    section = section_in(version.pk, uuid).filter(removed_at=None).first()
    if section is None:
        raise NotFound(_("Avsnittet finns inte i utkastet. Det kan ha tagits bort; se listan över borttagna."))
    tree = outline(version)
    nodes = list(tree)
    here = next((n for n, node in enumerate(nodes) if node.section.pk == section.pk), 0)
    context = draft_context(
        request,
        version,
        tree,
        section=section,
        node=nodes[here],
        before=nodes[here - 1] if here else None,
        after=nodes[here + 1] if here + 1 < len(nodes) else None,
        html=section_html(section),
        rename_form=RenameForm(initial={"title": section.title, "revision": section.revision}),
        has_facts=section.kind in verbs.WITH_FACTS,
    )
    return render(request, "strategies/draft_section.html", context)


@login_required
@require_POST
def add_section(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """A new section where the form says."""
    version = load_draft(request, strategy_id)
    form = NewSectionForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        section = attempt(
            form, verbs.add_section, version_id=version.pk, by=person(request), kind=data["kind"], title=data["title"],
            parent_id=place(version, data["kind"], data["parent"]), after_id=data["after"],
        )  # fmt: skip
        if section:
            return redirect("strategies:draft_section", strategy_id, section.uuid)
    return render(request, "strategies/draft.html", draft_context(request, version, add_form=form), status=422)


def place(version: Version, kind: str, parent_id: int | None) -> int | None:
    """Where a section of this kind fits nearest: under ``parent_id``, or under the first of its parents that takes it."""
    parent = Section.objects.filter(version=version, pk=parent_id).first() if parent_id else None
    while parent is not None and parent.kind not in verbs.PARENTS.get(kind, ()):
        parent = parent.parent
    return parent.pk if parent else None


@login_required
@require_POST
def rename(request: HttpRequest, strategy_id: int, section_id: int) -> HttpResponse:
    """A new heading."""
    version = load_draft(request, strategy_id)
    form = RenameForm(request.POST)
    section = own_section(version, section_id)
    if form.is_valid():
        if attempt(form, verbs.rename_section, section_id=section.pk, by=person(request), **form.cleaned_data):
            return redirect("strategies:draft_section", strategy_id, section.uuid)
    return render(request, "strategies/rename.html", frame(request, version.strategy, version, form=form, section=section), status=422)


def own_section(version: Version, section_id: int) -> Section:
    """The section, when it is one of the draft's."""
    section = Section.objects.filter(pk=section_id, version=version).first()
    if section is None:
        raise NotFound(_("Avsnittet finns inte i utkastet."))
    return section


@login_required
@require_POST
def move(request: HttpRequest, strategy_id: int, section_id: int) -> HttpResponse:
    """By one step (``direction``), or to a place (``parent``, ``after``) after a drag."""
    version = load_draft(request, strategy_id)
    section = own_section(version, section_id)
    if direction := request.POST.get("direction", ""):
        verbs.nudge_section(section_id=section.pk, direction=direction, by=person(request))
    else:
        parent, after = request.POST.get("parent", ""), request.POST.get("after", "")
        verbs.move_section(
            section_id=section.pk, by=person(request), parent_id=int(parent) if parent.isdigit() else None,
            after_id=int(after) if after.isdigit() else None,
        )  # fmt: skip
    return outline_again(request, version, moved=section)


def outline_again(request: HttpRequest, version: Version, moved: Section) -> HttpResponse:
    """The outline's fragment for htmx, with the focus kept on what was moved; the page without."""
    if request.htmx:  # type: ignore[attr-defined]
        context = draft_context(request, version, section=None, moved=moved.pk)
        return render(request, "strategies/_outline.html", context)
    return redirect(f"{reverse('strategies:draft', args=[version.strategy_id])}#rad-{moved.pk}")


@login_required
@require_POST
def remove(request: HttpRequest, strategy_id: int, section_id: int) -> HttpResponse:
    """Take a section out; the message has the way back."""
    version = load_draft(request, strategy_id)
    section = verbs.remove_section(section_id=own_section(version, section_id).pk, by=person(request))
    messages.success(request, _("”%(title)s” är borttaget ur utkastet. Det ligger kvar under Borttaget.") % {"title": section.title})
    return redirect(f"{reverse('strategies:draft', args=[strategy_id])}#borttaget")


@login_required
@require_POST
def restore(request: HttpRequest, strategy_id: int, section_id: int) -> HttpResponse:
    """Undo a removal."""
    version = load_draft(request, strategy_id)
    section = verbs.restore_section(section_id=own_section(version, section_id).pk, by=person(request))
    messages.success(request, _("”%(title)s” är tillbaka i utkastet.") % {"title": section.title})
    return redirect(f"{reverse('strategies:draft', args=[strategy_id])}#rad-{section.pk}")


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
        **{name: [pk for pk, framework in chosen if framework == name] for name in ("sdg", "national_area", "eu_objective")},
    }
    form = GoalFactsForm(version.strategy, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form, verbs.set_goal_facts, section_id=section.pk, by=person(request), revision=form.cleaned_data["revision"],
            target_year=form.cleaned_data["target_year"], responsible_ids=[int(pk) for pk in form.cleaned_data["responsible"]],
            policy_item_ids=form.policy_item_ids(),
        )  # fmt: skip
        if saved:
            messages.success(request, _("Målets uppgifter är sparade."))
            return redirect("strategies:draft_section", strategy_id, section.uuid)
    context = frame(request, version.strategy, version, form=form, section=section, kinds=SectionKind)
    return render(request, "strategies/goal_facts.html", context, status=422 if form.is_bound else 200)
