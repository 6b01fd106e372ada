"""A section's state of work, who sees to it, and its lock: small forms on the section's page."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rus_platform.kit.forms import attempt
from strategies.domain import section_work as verbs
from strategies.forms.section_work import LockForm, WorkForm
from strategies.views.loading import check_may_edit, frame, load_draft, person
from strategies.views.sections import load_section


@login_required
@require_POST
def work(request: HttpRequest, strategy_id: int, uuid: UUID) -> HttpResponse:
    """State and owners, saved together."""
    version = load_draft(request, strategy_id)
    section = load_section(version, uuid)
    form = WorkForm(version.strategy, request.POST)
    if form.is_valid():
        owners = [int(pk) for pk in form.cleaned_data["owners"]]
        verbs.assign_sections(version_id=version.pk, section_ids=[section.pk], owner_ids=owners, by=person(request))
        verbs.set_work(
            version_id=version.pk, section_ids=[section.pk], work=form.cleaned_data["work"], by=person(request)
        )
        messages.success(request, _("Läge och ansvar är sparade."))
    else:
        messages.warning(request, _("Välj läge och personer i listorna."))
    return redirect("strategies:draft_section", strategy_id, uuid)


@login_required
def lock(request: HttpRequest, strategy_id: int, uuid: UUID) -> HttpResponse:
    """Why the section is locked, and the button."""
    version = load_draft(request, strategy_id)
    check_may_edit(request, version.strategy)
    section = load_section(version, uuid)
    form = LockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, verbs.lock_section, section_id=section.pk, reason=reason, by=person(request)):
            messages.success(
                request, _("”%(title)s” är låst. Ingen kan skriva i det förrän det låses upp.") % {"title": section}
            )
            return redirect("strategies:draft_section", strategy_id, uuid)
    context = frame(request, version.strategy, version, form=form, section=section)
    return render(request, "strategies/lock_section.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def unlock(request: HttpRequest, strategy_id: int, uuid: UUID) -> HttpResponse:
    """Let the section be written in again."""
    version = load_draft(request, strategy_id)
    section = verbs.unlock_section(section_id=load_section(version, uuid).pk, by=person(request))
    messages.success(request, _("”%(title)s” är upplåst.") % {"title": section})
    return redirect("strategies:draft_section", strategy_id, uuid)


urlpatterns = [
    path("strategier/<int:strategy_id>/utkast/<uuid:uuid>/lage/", work, name="section_work"),
    path("strategier/<int:strategy_id>/utkast/<uuid:uuid>/las/", lock, name="lock_section"),
    path("strategier/<int:strategy_id>/utkast/<uuid:uuid>/las-upp/", unlock, name="unlock_section"),
]
