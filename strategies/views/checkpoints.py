"""Checkpoints of the draft: the list, keeping one, reading one, and going back to one."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt
from strategies import rules
from strategies.domain import checkpoints as verbs
from strategies.domain import restoring
from strategies.forms.checkpoints import CheckpointForm
from strategies.models import Checkpoint
from strategies.publishing.states import read_state
from strategies.queries.checkpoints import checkpoints_of
from strategies.views.loading import check_may_edit, draft_of, frame, load_draft, load_strategy, load_version, person

PER_PAGE = 30


@login_required
def checkpoints(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Every checkpoint, newest first, and the form that keeps one."""
    strategy = load_strategy(request, strategy_id)
    form = CheckpointForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        draft = load_draft(request, strategy_id)
        check_may_edit(request, strategy)
        if form.is_valid():
            label = form.cleaned_data["label"]
            made = attempt(form, verbs.keep_checkpoint, version_id=draft.pk, by=person(request), label=label)
            if made:
                messages.success(request, _("Sparpunkten ”%(label)s” är gjord.") % {"label": made})
                return redirect("strategies:checkpoints", strategy_id)
    page = Paginator(checkpoints_of(strategy), PER_PAGE).get_page(request.GET.get("page", 1))
    context = frame(request, strategy, draft_of(strategy), form=form, page=page, checkpoints=page.object_list)
    return render(request, "strategies/checkpoints.html", context, status=422 if form.is_bound else 200)


def load_checkpoint(request: HttpRequest, checkpoint_id: int) -> Checkpoint:
    """A checkpoint of the person's own region."""
    found = Checkpoint.objects.filter(pk=checkpoint_id).select_related("version__strategy__owner", "by").first()
    if found is None or not rules.is_in_region(person(request), found.version.strategy):
        raise NotFound(_("Sparpunkten finns inte, eller så får du inte se den."))
    return found


@login_required
def checkpoint(request: HttpRequest, checkpoint_id: int) -> HttpResponse:
    """The whole text as it was."""
    kept = load_checkpoint(request, checkpoint_id)
    strategy = kept.version.strategy
    draft = draft_of(strategy)
    may_restore = draft is not None and rules.can_edit(person(request), strategy)
    context = frame(
        request, strategy, draft, kept=kept, rows=read_state(verbs.state_at(kept), strategy.pk), draft=draft, may_restore=may_restore,
        may_restore_all=may_restore and kept.version == draft,
    )  # fmt: skip
    return render(request, "strategies/checkpoint.html", context)


@login_required
@require_POST
def restore_all(request: HttpRequest, checkpoint_id: int) -> HttpResponse:
    """The whole draft as it was then."""
    kept = restoring.restore_checkpoint(checkpoint_id=load_checkpoint(request, checkpoint_id).pk, by=person(request))
    messages.success(request, _("Utkastet är som det var. Hur det var nyss finns också som sparpunkt."))
    return redirect("strategies:draft", kept.version.strategy_id)


@login_required
@require_POST
def restore_one(request: HttpRequest, source: str, uuid: UUID) -> HttpResponse:
    """One section as it was: ``source`` is "s7" (a checkpoint) or "7" (a version)."""
    if source.startswith("s") and source[1:].isdecimal() and len(source) < 18:
        kept = load_checkpoint(request, int(source[1:]))
        draft = load_draft(request, kept.version.strategy_id)
        section = restoring.restore_from_checkpoint(
            checkpoint_id=kept.pk, uuid=str(uuid), version_id=draft.pk, by=person(request)
        )
    elif source.isdecimal() and len(source) < 18:
        version = load_version(request, int(source))
        draft = load_draft(request, version.strategy_id)
        section = restoring.restore_from_version(
            source_id=version.pk, uuid=str(uuid), version_id=draft.pk, by=person(request)
        )
    else:
        raise NotFound(_("Sparpunkten finns inte, eller så får du inte se den."))
    messages.success(
        request, _("”%(title)s” är som det var. Det som stod där nyss finns i en sparpunkt.") % {"title": section}
    )
    return redirect("strategies:draft_section", draft.strategy_id, section.uuid)


urlpatterns = [
    path("strategier/<int:strategy_id>/sparpunkter/", checkpoints, name="checkpoints"),
    path("sparpunkter/<int:checkpoint_id>/", checkpoint, name="checkpoint"),
    path("sparpunkter/<int:checkpoint_id>/aterstall/", restore_all, name="restore_checkpoint"),
    path("aterstall/<slug:source>/<uuid:uuid>/", restore_one, name="restore_text"),
]
