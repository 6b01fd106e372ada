"""Reading a document into the draft: send it, see how far it has come, look at it, take it in or leave it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt
from strategies.domain.importing import jobs, taking_in
from strategies.domain.importing.tracked import ACCEPTED, BEFORE, SUGGESTED
from strategies.forms.importing import DocumentForm, PasteForm, TakeInForm
from strategies.models import ImportJob, Strategy, Version
from strategies.publishing.html import Picture, render_doc
from strategies.queries.outline import Outline, outline
from strategies.queries.text import pictures_of
from strategies.states import ImportState
from strategies.views.loading import check_may_edit, crumbs, draft_of, frame, load_strategy, person

SHOWN = 20


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Choose a Word file or paste a text; and what has been read in before."""
    strategy = load_strategy(request, strategy_id)
    check_may_edit(request, strategy)
    pasted = "paste" in request.POST
    sent = request.method == "POST"
    document = DocumentForm(request.POST, request.FILES) if sent and not pasted else DocumentForm()
    paste = PasteForm(request.POST if sent and pasted else None)
    form = paste if pasted else document
    if sent and form.is_valid():
        job = _sent(request, strategy, form, pasted)
        if job is not None:
            return redirect("strategies:import_job", strategy_id, job.pk)
    rows = (
        strategy.imports.exclude(state=ImportState.CANCELLED)
        .select_related("requested_by")
        .defer("parts", "comments")[:SHOWN]
    )
    context = frame(
        request, strategy, draft_of(strategy), document=document, paste=paste, form=form, jobs=rows,
        crumbs=_crumbs(strategy), said=request.method == "POST",
    )  # fmt: skip
    return render(request, "strategies/importing/start.html", context, status=422 if sent else 200)


def _sent(request: HttpRequest, strategy: Strategy, form: Any, pasted: bool) -> ImportJob | None:
    data = form.cleaned_data
    if pasted:
        return attempt(
            form, jobs.import_paste, strategy_id=strategy.pk, by=person(request), html=data["html"], text=data["text"]
        )
    file = data["file"]
    return attempt(
        form,
        jobs.import_document,
        strategy_id=strategy.pk,
        by=person(request),
        file=file,
        name=file.name,
        size=file.size,
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def job(request: HttpRequest, strategy_id: int, job_id: int) -> HttpResponse:
    """How far it has come; then the proposed outline. A POST takes it in."""
    strategy = load_strategy(request, strategy_id)
    check_may_edit(request, strategy)
    row = _load(strategy, job_id)
    draft = draft_of(strategy)
    if row.state != ImportState.READY or draft is None:
        if request.method == "POST" and row.state == ImportState.TAKEN_IN:
            return _taken(request, row)
        context = frame(
            request, strategy, draft, job=row, crumbs=_crumbs(strategy, row), made=_made(row, draft), **_progress(row)
        )
        return render(request, "strategies/importing/job.html", context)
    return _preview(request, row, draft)


def _preview(request: HttpRequest, row: ImportJob, draft: Version) -> HttpResponse:
    tree = outline(draft)
    asked = request.POST or request.GET
    depth, parent = _number(asked.get("nivaer")), _number(asked.get("under"))
    if parent is not None and parent not in {node.section.pk for node in tree}:
        parent = None
    how = asked.get("andringar", "")
    how = how if row.changes and how in (BEFORE, SUGGESTED) else ACCEPTED
    proposal = taking_in.proposal_for(row, draft, depth, parent, how)
    form = TakeInForm(proposal, _targets(tree), request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            taking_in.take_in,
            job_id=row.pk,
            by=person(request),
            depth=proposal.depth,
            parent_id=parent,
            choices=form.choices(),
            changes=how,
            with_comments=bool(row.comments) and "kommentarer" in request.POST,
        )
        if done:
            return _taken(request, done)
    render_text = _renderer(row)
    context = frame(
        request, row.strategy, draft, job=row, form=form, proposal=proposal, parent=parent, targets=_targets(tree),
        crumbs=_crumbs(row.strategy, row), rows=[(field, render_text(field.item.doc, field.item.n)) for field in form.rows()],
        words=sum(item.words for item in proposal.sections), how=how,
    )  # fmt: skip
    return render(request, "strategies/importing/preview.html", context, status=422 if form.is_bound else 200)


def _taken(request: HttpRequest, row: ImportJob) -> HttpResponse:
    count = len(row.result)
    messages.success(
        request,
        ngettext("%(n)s avsnitt är intaget i utkastet.", "%(n)s avsnitt är intagna i utkastet.", count) % {"n": count},
    )
    return redirect("strategies:draft", row.strategy_id)


def _renderer(row: ImportJob) -> Any:
    """The text of each part as it will look. One query."""
    sizes = pictures_of(row.strategy_id)

    def picture(image: str) -> Picture | None:
        return Picture(reverse("strategies:image", args=[image]), *sizes[image]) if image in sizes else None

    return lambda doc, n: (
        render_doc(doc, refs={}, picture=picture, prefix=f"d{n}-", heading_shift=1) if doc["content"] else ""
    )


def _targets(tree: Outline) -> list[tuple[int, str]]:
    return [(node.section.pk, f"{node.code} {node.title}".strip()) for node in tree]


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 18 else None


def _load(strategy: Strategy, job_id: int) -> ImportJob:
    row = strategy.imports.select_related("requested_by", "taken_in_by", "strategy__owner").filter(pk=job_id).first()
    if row is None:
        raise NotFound(_("Det finns inget sådant inläst dokument i strategin."))
    return row


def _progress(row: ImportJob) -> dict[str, Any]:
    under_way = row.state in jobs.UNDER_WAY
    url = reverse("strategies:import_state", args=[row.strategy_id, row.pk])
    return {"under_way": under_way, "poll_url": url if under_way else ""}


def _made(row: ImportJob, draft: Version | None) -> list[Any]:
    """The sections it became, those that are still in the draft."""
    if row.state != ImportState.TAKEN_IN or draft is None:
        return []
    return list(draft.sections.filter(pk__in=row.result.values(), removed_at=None).only("uuid", "title", "version_id"))


def _crumbs(strategy: Strategy, row: ImportJob | None = None) -> list[dict[str, str]]:
    first = (_("Utkast"), reverse("strategies:draft", args=[strategy.pk]))
    if row is None:
        return crumbs(strategy, first, (_("Läs in"), ""))
    return crumbs(
        strategy, first, (_("Läs in"), reverse("strategies:import_start", args=[strategy.pk])), (row.name, "")
    )


@login_required
@require_safe
@never_cache
def state(request: HttpRequest, strategy_id: int, job_id: int) -> HttpResponse:
    """The fragment that the page asks for once a second; when it is read, the page is asked for anew."""
    strategy = load_strategy(request, strategy_id)
    check_may_edit(request, strategy)
    row = _load(strategy, job_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("strategies:import_job", strategy_id, job_id)
    response = render(
        request, "strategies/importing/_state.html", {"strategy": strategy, "job": row, "asked": True, **_progress(row)}
    )
    if row.state not in jobs.UNDER_WAY:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def cancel(request: HttpRequest, strategy_id: int, job_id: int) -> HttpResponse:
    """Leave the document."""
    row = _load(load_strategy(request, strategy_id), job_id)
    jobs.cancel_import(job_id=row.pk, by=person(request))
    messages.success(request, _("”%(name)s” togs inte in.") % {"name": row.name})
    return redirect("strategies:import_start", strategy_id)


@login_required
@require_POST
def again(request: HttpRequest, strategy_id: int, job_id: int) -> HttpResponse:
    """Try to read it once more."""
    row = _load(load_strategy(request, strategy_id), job_id)
    jobs.read_again(job_id=row.pk, by=person(request))
    return redirect("strategies:import_job", strategy_id, job_id)


urlpatterns = [
    path("strategier/<int:strategy_id>/lasa-in/", start, name="import_start"),
    path("strategier/<int:strategy_id>/lasa-in/<int:job_id>/", job, name="import_job"),
    path("strategier/<int:strategy_id>/lasa-in/<int:job_id>/lage/", state, name="import_state"),
    path("strategier/<int:strategy_id>/lasa-in/<int:job_id>/avbryt/", cancel, name="cancel_import"),
    path("strategier/<int:strategy_id>/lasa-in/<int:job_id>/igen/", again, name="read_again"),
]
