"""Splitting a section where a paragraph begins, making one of two neighbours, and undoing either."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt
from strategies.domain import documents
from strategies.domain import splitting as verbs
from strategies.forms.splitting import MergeForm, SplitForm
from strategies.models import Section, SectionTie, Version
from strategies.queries.outline import OutlineNode, outline
from strategies.views.loading import check_may_edit, frame, load_draft, person
from strategies.views.sections import load_section

SHOWN = 150  # characters of a paragraph, to know it by


@login_required
def split(request: HttpRequest, strategy_id: int, uuid: UUID) -> HttpResponse:
    """Every paragraph but the first can begin the second part."""
    version = load_draft(request, strategy_id)
    check_may_edit(request, version.strategy)
    section = load_section(version, uuid)
    choices = places_in(section)
    form = SplitForm(choices, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        new = attempt(
            form, verbs.split_section, section_id=section.pk, block_id=data["block"], title=data["title"], by=person(request)
        )  # fmt: skip
        if new:
            messages.success(request, _("”%(title)s” är nu ett eget avsnitt.") % {"title": new})
            return redirect("strategies:draft_section", strategy_id, new.uuid)
    context = frame(request, version.strategy, version, form=form, section=section, places=choices)
    return render(request, "strategies/split.html", context, status=422 if form.is_bound else 200)


def places_in(section: Section) -> list[tuple[str, str]]:
    """(block id, how it begins) of every block but the first."""
    found = []
    for block in (section.doc.get("content") or [])[1:]:
        words = " ".join(documents.plain_text({"type": "doc", "content": [block]}).split())
        kind = KINDS.get(block["type"])
        shown = words[:SHOWN] + ("…" if len(words) > SHOWN else "") or "–"
        found.append((str(block["attrs"]["id"]), f"{kind()}: {shown}" if kind else shown))
    return found


KINDS = {
    "heading": lambda: _("Mellanrubrik"),
    "table": lambda: _("Tabell"),
    "figure": lambda: _("Bild"),
    "bullet_list": lambda: _("Lista"),
    "ordered_list": lambda: _("Lista"),
    "blockquote": lambda: _("Citat"),
}


@login_required
def merge(request: HttpRequest, strategy_id: int, uuid: UUID) -> HttpResponse:
    """With the section before or the one after."""
    version = load_draft(request, strategy_id)
    check_may_edit(request, version.strategy)
    section = load_section(version, uuid)
    before, after = neighbours(version, section)
    names = [(before, _("Föregående: %(name)s")), (after, _("Nästa: %(name)s"))]
    choices = [(node.uuid, words % {"name": f"{node.code} {node.title}"}) for node, words in names if node]
    form = MergeForm(choices, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        other = load_section(version, UUID(form.cleaned_data["other"]))
        first, second = (other, section) if before and before.uuid == str(other.uuid) else (section, other)
        tie = attempt(
            form, verbs.merge_sections, first_id=first.pk, second_id=second.pk, by=person(request),
            keep_heading=form.cleaned_data["keep_heading"],
        )  # fmt: skip
        if tie:
            said = _("”%(second)s” är nu en del av ”%(first)s”.") % {"first": first, "second": second}
            messages.success(request, said)
            return redirect("strategies:draft_section", strategy_id, first.uuid)
    context = frame(request, version.strategy, version, form=form, section=section)
    return render(request, "strategies/merge.html", context, status=422 if form.is_bound else 200)


def neighbours(version: Version, section: Section) -> tuple[OutlineNode | None, OutlineNode | None]:
    """The sections that are read just before and just after."""
    nodes = list(outline(version))
    here = next(n for n, node in enumerate(nodes) if node.section.pk == section.pk)
    return (nodes[here - 1] if here else None), (nodes[here + 1] if here + 1 < len(nodes) else None)


@login_required
@require_POST
def undo(request: HttpRequest, strategy_id: int, tie_id: int) -> HttpResponse:
    """Take a split or a merge back."""
    version = load_draft(request, strategy_id)
    if not SectionTie.objects.filter(pk=tie_id, section__version=version).exists():
        raise NotFound(_("Det finns ingen sådan delning eller sammanslagning."))
    shown = verbs.undo_tie(tie_id=tie_id, by=person(request))
    messages.success(request, _("Ångrat. Orden är tillbaka där de var."))
    return redirect("strategies:draft_section", strategy_id, shown.uuid)


urlpatterns = [
    path("strategier/<int:strategy_id>/utkast/<uuid:uuid>/dela/", split, name="split_section"),
    path("strategier/<int:strategy_id>/utkast/<uuid:uuid>/sla-ihop/", merge, name="merge_section"),
    path("strategier/<int:strategy_id>/utkast/angra/<int:tie_id>/", undo, name="undo_tie"),
]
