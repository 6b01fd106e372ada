"""Last time: the organisation's earlier points beside what became of them and where their words are now."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations import visibility
from consultations.domain import again
from consultations.models import Response
from consultations.queries.earlier import earlier_response, last_time
from consultations.queries.responses import response_for
from consultations.views.loading import load_own_response, person
from consultations.views.responses import response_context
from rus_platform.kit.errors import NotFound
from strategies import rules as strategy_rules


@login_required
def earlier(request: HttpRequest, response_id: int) -> HttpResponse:
    """Only what changed where we commented; everything with ``?alla=1``."""
    response = response_for(response_id)
    if response is None or not visibility.can_see_notes(person(request), response):
        raise NotFound(_("Svaret finns inte, eller så får du inte se det."))
    before = earlier_response(response)
    if before is None:
        raise NotFound(_("Ni har inte svarat om en tidigare version av strategin."))
    rows = last_time(before, response, person(request))
    changed, waiting = [row for row in rows if row.changed], [row for row in rows if row.waiting]
    everything = "alla" in request.GET
    context = response_context(
        request, response, "earlier", before=before, rows=rows if everything else changed, total=len(rows),
        changed=len(changed), waiting=len(waiting), same=len(rows) - len(changed) - len(waiting), everything=everything,
        dispositions_visible=visibility.can_see_dispositions(person(request), before.round),
        compare_url=compare_url(request, before, response),
    )  # fmt: skip
    return render(request, "consultations/own/earlier.html", context)


def compare_url(request: HttpRequest, before: Response, response: Response) -> str:
    """The two versions side by side, for those who may read both; else empty."""
    versions = [before.round.version, response.round.version]
    if not all(strategy_rules.can_read_version(person(request), version) for version in versions):
        return ""
    return reverse("strategies:compare", args=[version.pk for version in versions])


@login_required
@require_POST
def say_again(request: HttpRequest, response_id: int, point_id: int) -> HttpResponse:
    """The same view again, about today's text; to the form, to change it."""
    response = load_own_response(request, response_id)
    made = again.say_again(response_id=response.pk, point_id=point_id, by=person(request))
    messages.success(request, _("Synpunkten är med i svaret. Ändra den om något är annorlunda nu."))
    return redirect("consultations:edit_point", made.pk)
