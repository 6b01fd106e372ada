"""Versions: the list, freezing, the next draft, reading."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rus_platform.kit.errors import Forbidden
from rus_platform.kit.forms import attempt
from strategies import rules
from strategies.domain import versions as verbs
from strategies.domain.outline_rows import Row, rows_of
from strategies.forms.drafting import FreezeForm
from strategies.models import SectionKind
from strategies.publishing.reading import reading_page
from strategies.queries.checkpoints import recent_checkpoints
from strategies.queries.outline import OutlineNode, outline
from strategies.states import TextStatus
from strategies.views.comments import margin_context
from strategies.views.loading import frame, load_draft, load_strategy, load_version, person


@login_required
def versions(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Every version, newest first, and what can be done from here."""
    strategy = load_strategy(request, strategy_id)
    rows = list(strategy.versions.select_related("frozen_by", "forked_from").defer("manifest", "forked_from__manifest"))
    draft = next((row for row in rows if row.status == TextStatus.WORKING), None)
    context = frame(
        request, strategy, draft, versions=rows, has_draft=draft is not None, checkpoints=recent_checkpoints(strategy)
    )
    return render(request, "strategies/versions.html", context)


@login_required
def freeze(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """What freezing means, and the button."""
    draft = load_draft(request, strategy_id)
    if not rules.can_lead(person(request), draft.strategy):
        raise Forbidden(_("Bara processledaren kan frysa en version."))
    earlier = draft.strategy.versions.filter(status=TextStatus.CONSULTATION).count()
    form = FreezeForm(
        request.POST if request.method == "POST" else None,
        initial={"label": f"Samrådsversion {earlier + 1}"},
    )
    if request.method == "POST" and form.is_valid():
        frozen = attempt(form, verbs.freeze_version, version_id=draft.pk, by=person(request), **form.cleaned_data)
        if frozen:
            messages.success(request, _("”%(v)s” är fryst och kan inte längre ändras.") % {"v": frozen.label})
            return redirect("strategies:versions", strategy_id)
    rows = rows_of(draft, outline(draft))
    context = frame(request, draft.strategy, draft, form=form, sections=len(rows), remarks=remarks_on(rows))
    return render(request, "strategies/freeze.html", context, status=422 if form.is_bound else 200)


def remarks_on(rows: list[Row]) -> list[tuple[str, list[OutlineNode]]]:
    """What one may want to see to before freezing; nothing here hinders it."""
    goals = [row.node for row in rows if row.node.kind in (SectionKind.GOAL, SectionKind.SUBGOAL)]
    found = [
        (_("Avsnitt utan text"), [row.node for row in rows if row.is_empty]),
        (_("Mål och delmål utan målår"), [node for node in goals if node.section.target_year is None]),
        (_("Mål och delmål utan ansvarig aktör"), [node for node in goals if not node.section.responsible.all()]),
    ]
    return [(name, nodes) for name, nodes in found if nodes]


@login_required
@require_POST
def fork(request: HttpRequest, version_id: int) -> HttpResponse:
    """Begin the next draft from a frozen version."""
    base = load_version(request, version_id)
    draft = verbs.fork_version(version_id=base.pk, by=person(request))
    messages.success(request, _("”%(v)s” är börjat från ”%(base)s”.") % {"v": draft.label, "base": base.label})
    return redirect("strategies:draft", draft.strategy_id)


def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """The whole text, for reading."""
    one = load_version(request, version_id)
    others = one.strategy.versions.filter(rules.readable_versions(person(request))).exclude(pk=one.pk).distinct()
    context = frame(
        request, one.strategy, one, page=reading_page(one), others=others.defer("manifest")[:8],
        may_propose=rules.can_propose(person(request), one),
    )  # fmt: skip
    if not one.is_frozen:  # only the region's own people read a draft
        context = margin_context(request, one, None) | context
    return render(request, "strategies/version.html", context)


def proof(request: HttpRequest, version_id: int) -> HttpResponse:
    """The manifest: what exactly was frozen, with a hash per section."""
    one = load_version(request, version_id)
    return render(request, "strategies/proof.html", frame(request, one.strategy, one))
