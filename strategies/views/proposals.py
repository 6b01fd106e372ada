"""Proposals from those who read the text but may not write in the draft: theirs to make, the officers' to decide."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound
from strategies import rules
from strategies.domain import markup, text
from strategies.domain import proposals as verbs
from strategies.domain.diff import diff_documents
from strategies.models import Proposal, Version
from strategies.publishing.diff_html import changes_html
from strategies.queries.outline import outline
from strategies.queries.references import references
from strategies.queries.text import section_in
from strategies.states import ProposalState
from strategies.views.loading import check_may_edit, crumbs, frame, load_draft, load_version, person


def _own_version(request: HttpRequest, version_id: int) -> Version:
    version = load_version(request, version_id)
    if not rules.can_propose(person(request), version):
        raise Forbidden(_("Här lämnas inga förslag. Den som skriver i utkastet föreslår direkt i texten."))
    return version


@login_required
@require_safe
def own(request: HttpRequest, version_id: int) -> HttpResponse:
    """Choose a section, and what became of the proposals one has made."""
    version = load_version(request, version_id)
    mine = Proposal.objects.filter(author=person(request), section__version=version)
    mine = mine.select_related("section", "decided_by").defer("doc", "section__doc").order_by("-created_at")
    may = rules.can_propose(person(request), version)
    if not may and not mine:
        raise NotFound(_("Här lämnas inga förslag."))
    context = frame(
        request, version.strategy, version, nodes=list(outline(version)) if may else [], mine=list(mine),
    )  # fmt: skip
    return render(request, "strategies/proposals/own.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, version_id: int, uuid: UUID) -> HttpResponse:
    """The section's text in a form; what is sent is a proposal and nothing else."""
    version = _own_version(request, version_id)
    section = section_in(version.pk, uuid).filter(removed_at=None).first()
    if section is None:
        raise NotFound(_("Avsnittet finns inte."))
    names = {key: f"{name['code']} {name['title']}" for key, name in references(version).items()}
    written, base = markup.to_markup(section.doc, names), str(section.doc_version)
    error: Invalid | None = None
    if request.method == "POST":
        written, base = request.POST.get("text", ""), request.POST.get("version", "")
        try:
            verbs.propose_text(
                section_id=section.pk, by=person(request), written=written, reason=request.POST.get("reason", ""),
                doc_version=int(base) if base.isdecimal() and len(base) < 10 else -1,
            )  # fmt: skip
            messages.success(request, _("Förslaget är lämnat. Du får veta när det har besvarats."))
            return redirect("strategies:proposals", version.pk)
        except Invalid as refusal:  # what was written must come back to its form
            error = refusal
    context = frame(
        request, version.strategy, version, section=section, written=written, base=base, error=error,
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    return render(request, "strategies/proposals/propose.html", context, status=422 if error else 200)


@login_required
@require_http_methods(["GET", "POST"])
def proposals(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """What has been proposed from outside, with the change shown word by word; a POST accepts or says no."""
    version = load_draft(request, strategy_id)
    check_may_edit(request, version.strategy)
    both: dict[str, Any] = {}
    if request.method == "POST":
        both = _decide(request, strategy_id)
        if not both:
            return redirect("strategies:proposals_from_outside", strategy_id)
    rows = Proposal.objects.filter(section__version__strategy_id=strategy_id)
    rows = rows.select_related("section__version", "author", "actor", "decided_by").order_by("-created_at")
    open_ones = [
        {"row": row, "html": _change(row), **both.get(row.pk, {})} for row in rows.filter(state=ProposalState.OPEN)
    ]
    context = frame(
        request,
        version.strategy,
        version,
        crumbs=crumbs(
            version.strategy,
            (version.label, reverse("strategies:draft", args=[strategy_id])),
            (_("Förslag utifrån"), ""),
        ),
        open_ones=open_ones,
        decided=list(rows.exclude(state=ProposalState.OPEN).defer("doc", "section__doc")[:50]),
    )
    return render(request, "strategies/proposals/list.html", context, status=409 if both else 200)


def _change(row: Proposal) -> Any:
    before = (
        row.section.doc if row.doc_version == row.section.doc_version else text.doc_at(row.section, row.doc_version)
    )
    return changes_html(diff_documents(before, row.doc), before, row.doc, around=0)


def _decide(request: HttpRequest, strategy_id: int) -> dict[Any, dict[str, Any]]:
    """Nothing, or both texts of the proposal that no longer fits."""
    deed, _sep, number = request.POST.get("do", "").partition(":")
    row = Proposal.objects.filter(
        section__version__strategy_id=strategy_id, pk=int(number) if number.isdecimal() else 0
    ).first()
    if row is None or deed not in ("accept", "by-hand", "reject"):
        raise Invalid(_("Formuläret är inte helt. Ladda om sidan."))
    answer = request.POST.get(f"answer-{row.pk}", "")
    if deed == "reject":
        verbs.reject_proposal(proposal_id=row.pk, by=person(request), answer=answer)
        messages.success(request, _("Förslaget är besvarat."))
        return {}
    try:
        verbs.accept_proposal(proposal_id=row.pk, by=person(request), answer=answer, by_hand=deed == "by-hand")
    except Conflict as conflict:
        return {row.pk: {"conflict": conflict, "draft": verbs.draft_section_of(row)}}
    messages.success(request, _("Förslaget är intaget i utkastet."))
    return {}


urlpatterns = [
    path("versioner/<int:version_id>/andringsforslag/", own, name="proposals"),
    path("versioner/<int:version_id>/andringsforslag/<uuid:uuid>/", propose, name="propose"),
    path("strategier/<int:strategy_id>/utkast/forslag-utifran/", proposals, name="proposals_from_outside"),
]
