"""The outline of the draft, by mouse, by keyboard, and without JavaScript."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt
from strategies.domain import sections as verbs
from strategies.domain.outline_rows import MINE, NOT_READY, nearest_place, rows_of, totals_of
from strategies.forms.drafting import NewSectionForm, RenameForm
from strategies.forms.section_work import writers
from strategies.models import Section, Version
from strategies.queries.outline import outline
from strategies.queries.ties import merged_away
from strategies.states import WorkStatus
from strategies.views.loading import check_may_edit, draft_of, frame, load_draft, load_strategy, person


def outline_context(request: HttpRequest, version: Version, **more: Any) -> dict[str, Any]:
    """The frame with the rows of the outline and what has been taken out."""
    tree = outline(version)
    removed = (
        version.sections.exclude(removed_at=None)
        .filter(parent__removed_at=None)
        .select_related("removed_by")
        .defer("doc")
    )
    chosen, merged = filter_in(request), merged_away(version.pk)
    rows = rows_of(version, tree, chosen=chosen, viewer=person(request))
    context = {
        "add_form": NewSectionForm(),
        "rows": rows,
        "totals": totals_of(rows),
        "chosen": chosen,
        "writers": writers(version.strategy),
        "work_choices": WorkStatus.choices,
        "removed": [(row, merged.get(row.pk)) for row in removed.order_by("-removed_at")],
        "codes": tree.labels,
    }
    return frame(request, version.strategy, version, **{**context, **more})


def filter_in(request: HttpRequest) -> str:
    """Which rows are asked for: in the address, or in that of the page that a fragment belongs to."""
    asked = request.GET.get("visa", "")
    current = getattr(request.htmx, "current_url", None) if request.htmx else None  # type: ignore[attr-defined]
    if not asked and current:
        asked = parse_qs(urlsplit(current).query).get("visa", [""])[0]
    return asked if asked in (MINE, NOT_READY) else ""


@login_required
def draft(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """The outline; or, between two drafts, how to begin the next."""
    strategy = load_strategy(request, strategy_id)
    version = draft_of(strategy)
    if version is None:
        frozen = strategy.versions.defer("manifest").first()
        return render(request, "strategies/no_draft.html", frame(request, strategy, frozen, base=frozen))
    name = "_outline" if request.htmx else "draft"  # type: ignore[attr-defined]
    return render(request, f"strategies/{name}.html", outline_context(request, version))


def outline_again(
    request: HttpRequest, version: Version, section: Section, *, said: str, focus: bool = False, undo: str = ""
) -> HttpResponse:
    """The outline's fragment for htmx, saying what happened; the page, at the section's row, without script."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{reverse('strategies:draft', args=[version.strategy_id])}#rad-{section.pk}")
    code = outline(version).labels.get(str(section.uuid), ("", ""))[0]
    words = said % {"title": section.title, "code": code or section.get_kind_display().lower()}
    return answer_outline(request, version, words, moved={section.pk}, focus=section.pk if focus else None, undo=undo)


def answer_outline(
    request: HttpRequest, version: Version, words: str, *, moved: set[int], focus: int | None = None, undo: str = ""
) -> HttpResponse:
    """The outline's fragment, and ``words``: spoken, or shown with a way back when there is one."""
    context = outline_context(request, version, focus=focus, moved=moved)
    response = render(request, "strategies/_outline.html", context)
    if undo:
        return trigger_client_event(response, "rus:toast", {"text": words, "undo": {"label": _("Ångra"), "url": undo}})
    return trigger_client_event(response, "rus:announce", {"value": words})


@login_required
def add_section(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """A new section: after the row ``efter``, under ``parent``, or last."""
    version = load_draft(request, strategy_id)
    check_may_edit(request, version.strategy)
    near = request.POST.get("near") or request.GET.get("efter", "")
    row = near_section(version, near) if near else None
    form = NewSectionForm(
        request.POST if request.method == "POST" else None,
        initial={"near": row.pk if row else None, "kind": row.kind if row else "text"},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        place = nearest_place(data["kind"], row, inside=False) if row else under(version, data["kind"], data["parent"])
        section = attempt(
            form, verbs.add_section, version_id=version.pk, by=person(request), kind=data["kind"], title=data["title"],
            parent_id=place[0], after_id=place[1],
        )  # fmt: skip
        if section and request.htmx:  # type: ignore[attr-defined]
            return outline_again(request, version, section, said=_("”%(title)s” är tillagt som %(code)s."), focus=True)
        if section:
            return redirect("strategies:draft_section", strategy_id, section.uuid)
    status = 422 if form.is_bound else 200
    if request.htmx:  # type: ignore[attr-defined]
        response = render(
            request, "strategies/_add_here.html", frame(request, version.strategy, form=form, near=row), status=status
        )
        response["HX-Retarget"], response["HX-Reswap"] = f"#ny-{row.pk if row else 'sist'}", "innerHTML"
        return response
    if row:
        title = {"page_title": _("Nytt avsnitt efter ”%(title)s”") % {"title": row.title}}
        return render(
            request,
            "strategies/add_section.html",
            frame(request, version.strategy, version, form=form, near=row, **title),
            status=status,
        )
    return render(request, "strategies/draft.html", outline_context(request, version, add_form=form), status=status)


def near_section(version: Version, number: str) -> Section:
    """The row that somebody stands at."""
    return own_section(version, int(number) if number.isdecimal() and len(number) < 18 else 0)


def under(version: Version, kind: str, parent_id: int | None) -> tuple[int | None, int | None]:
    """Last under ``parent_id``, or the nearest place above that takes this kind."""
    parent = Section.objects.filter(version=version, pk=parent_id).first() if parent_id else None
    return nearest_place(kind, parent, inside=True)


@login_required
def rename(request: HttpRequest, strategy_id: int, section_id: int) -> HttpResponse:
    """A new heading: in the row with htmx, on a page of its own without. Both headings are shown when somebody was first."""
    version = load_draft(request, strategy_id)
    check_may_edit(request, version.strategy)
    section = own_section(version, section_id)
    form = RenameForm(
        request.POST if request.method == "POST" else None,
        initial={"title": section.title, "revision": section.revision},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            verbs.rename_section,
            section_id=section.pk,
            by=person(request),
            title=data["title"],
            revision=data["revision"],
        )
        if done and request.htmx:  # type: ignore[attr-defined]
            return outline_again(request, version, done, said=_("Rubriken är nu ”%(title)s”."), focus=True)
        if done:
            return redirect("strategies:draft_section", strategy_id, section.uuid)
    inline = bool(request.htmx)  # type: ignore[attr-defined]
    context = frame(request, version.strategy, version, form=form, section=section)
    response = render(
        request, f"strategies/{'_rename' if inline else 'rename'}.html", context, status=422 if form.is_bound else 200
    )
    if inline:
        response["HX-Retarget"], response["HX-Reswap"] = f"#namn-{section.pk}", "innerHTML"
    return response


def own_section(version: Version, section_id: int) -> Section:
    """The section, when it is one of the draft's."""
    section = Section.objects.filter(pk=section_id, version=version).select_related("parent").first()
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
        moved = verbs.nudge_section(section_id=section.pk, direction=direction, by=person(request))
    else:
        parent, after = number_in(request, "parent"), number_in(request, "after")
        moved = verbs.move_section(section_id=section.pk, by=person(request), parent_id=parent, after_id=after)
    return outline_again(request, version, moved, said=_("”%(title)s” är flyttat och är nu %(code)s."))


def number_in(request: HttpRequest, name: str) -> int | None:
    """The id in a field; None when it is empty or no number."""
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 18 else None


@login_required
@require_POST
def remove(request: HttpRequest, strategy_id: int, section_id: int) -> HttpResponse:
    """Take a section out; the message has the way back."""
    version = load_draft(request, strategy_id)
    section = verbs.remove_section(section_id=own_section(version, section_id).pk, by=person(request))
    said = _("”%(title)s” är borttaget ur utkastet. Det ligger kvar under Borttaget.")
    if request.htmx:  # type: ignore[attr-defined]
        undo = reverse("strategies:restore_section", args=[strategy_id, section.pk])
        return outline_again(request, version, section, said=said, undo=undo)
    messages.success(request, said % {"title": section.title})
    return redirect(f"{reverse('strategies:draft', args=[strategy_id])}#borttaget")


@login_required
@require_POST
def restore(request: HttpRequest, strategy_id: int, section_id: int) -> HttpResponse:
    """Undo a removal."""
    version = load_draft(request, strategy_id)
    section = verbs.restore_section(section_id=own_section(version, section_id).pk, by=person(request))
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, _("”%(title)s” är tillbaka i utkastet.") % {"title": section.title})
    return outline_again(request, version, section, said=_("”%(title)s” är tillbaka som %(code)s."), focus=True)
