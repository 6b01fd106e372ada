"""A point's suggested wording: into the draft, back out again, or at hand while somebody writes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.domain import wordings as verbs
from consultations.models import PlacedWording, Point, WordingWay
from consultations.queries.changes import resolution_context
from consultations.queries.points import newest_version_after
from consultations.queries.wordings import spans_of
from consultations.views.loading import load_point, person
from rus_platform.kit import at_hand
from rus_platform.kit.errors import NotFound, WrongState
from strategies.states import TextStatus

LONGEST = 10_000  # letters that are compared while somebody writes


@login_required
@require_POST
def place(request: HttpRequest, point_id: int) -> HttpResponse:
    """Put it in as it was shown (``way`` and ``seen``, or ``put`` as "way:seen" in the list)."""
    point = load_point(request, point_id)
    way, _colon, seen = request.POST.get("put", "").partition(":")
    way, seen = way or request.POST.get("way", ""), seen or request.POST.get("seen", "")
    placed = verbs.place_wording(point_id=point.pk, by=person(request), way=way, seen=seen)
    done = (
        _("Lydelsen står som förslag i utkastet.")
        if placed.way == WordingWay.SUGGESTION
        else _("Lydelsen står i utkastet.")
    )
    messages.success(request, f"{done} {_('Beslutet om synpunkten återstår.')}" if not _is_decided(point) else done)
    return back(request, point)


def _is_decided(point: Point) -> bool:
    return point.dispositions.filter(current=True).exists()


def back(request: HttpRequest, point: Point) -> HttpResponse:
    """To where the button was: the point's place in the list, or its own page."""
    if "list" not in request.POST:
        return redirect(f"{reverse('consultations:point', args=[point.pk])}#lydelse")
    query = QueryDict(request.POST.get("query", "")[:2000]).urlencode()
    address = reverse("consultations:points", args=[point.response.round_id])
    return redirect(f"{address}{'?' + query if query else ''}#punkt-{point.pk}")


@login_required
@require_POST
def take_back(request: HttpRequest, placed_id: int) -> HttpResponse:
    """Out of the draft again."""
    placed = PlacedWording.objects.filter(pk=placed_id).first()
    if placed is None:
        raise NotFound(_("Lydelsen är inte intagen."))
    point = load_point(request, placed.point_id)
    verbs.take_back_wording(placed_id=placed.pk, by=person(request))
    messages.success(request, _("Lydelsen är tillbakatagen, och utkastet är som förut."))
    return back(request, point)


@login_required
@require_POST
def open_with(request: HttpRequest, point_id: int) -> HttpResponse:
    """The section of the draft with the wording at hand, to be written in by a person."""
    point = load_point(request, point_id)
    newest = newest_version_after(point.response.round)
    section = resolution_context(point, newest)["section_now"]
    if newest is None or newest.status != TextStatus.WORKING or section is None:
        raise WrongState(_("Avsnittet finns inte i något utkast."))
    title = _("%(actor)s, punkt %(n)s") % {"actor": point.response.actor.name, "n": point.number}
    note = at_hand.AtHand(
        str(section.uuid), title, point.suggested_wording, reverse("consultations:point", args=[point.pk])
    )
    at_hand.carry(request, note)
    return redirect("strategies:draft_section", newest.strategy_id, section.uuid)


@login_required
@require_POST
def track(request: HttpRequest) -> HttpResponse:
    """While somebody writes a wording: what goes and what comes of the words it is about. Nothing is kept."""
    quote = request.POST.get("words") or request.POST.get("quote", "")
    wording = request.POST.get("suggested_wording", "")
    context = {"spans": spans_of(quote[:LONGEST], wording[:LONGEST]), "written": wording.strip()}
    return render(request, "consultations/own/_tracked.html", context)


urlpatterns = [
    path("svar/lydelse/", track, name="track_wording"),
    path("synpunkter/<int:point_id>/lydelse/", place, name="place_wording"),
    path("synpunkter/<int:point_id>/till-hands/", open_with, name="wording_at_hand"),
    path("lydelser/<int:placed_id>/ta-tillbaka/", take_back, name="take_back_wording"),
]
