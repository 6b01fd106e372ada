"""The queue of words to confirm, for comments and points alike."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consultations.queries import carrying as queries
from consultations.views.loading import person, whole
from rus_platform.kit.errors import NotFound
from strategies import rules
from strategies.domain.candidates import candidates_of
from strategies.domain.confirming import confirm_resolution
from strategies.models import AnchorOutcome, AnchorResolution
from strategies.queries.outline import outline
from strategies.views.loading import crumbs, frame, load_strategy

PAGE = 10


@login_required
@require_safe
def queue(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """The old words beside the places where they may be now."""
    strategy = load_strategy(request, strategy_id)
    version = queries.newest(strategy)
    if version is None:
        raise NotFound(_("Strategin har ingen text än."))
    outcome = request.GET.get("utfall", "")
    outcome = outcome if outcome in queries.ASKED else ""
    confirmed = request.GET.get("visa") == "klara"
    rows = queries.to_confirm(version, outcome=outcome, confirmed=confirmed)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page", 1))
    shown = list(page.object_list)
    same = queries.alike(shown, confirmed=confirmed)
    told, places = _told(shown, same), {} if confirmed else candidates_of(shown)
    labels = outline(version).labels
    context = frame(
        request, strategy, version, page_obj=page, confirmed=confirmed, outcome=outcome, labels=labels,
        outcomes=[(value, AnchorOutcome(value).label) for value in queries.ASKED],
        cases=[
            (row, told[row.pk], same.get(row.pk, [])[1:], [(n, one, name(labels, one.section)) for n, one in enumerate(places.get(row.pk, []))])
            for row in shown
        ],
        sections=list(version.sections.filter(removed_at=None).only("uuid", "title", "version_id")),
        crumbs=crumbs(strategy, (_("Bekräfta ord"), "")),
    )  # fmt: skip
    return render(request, "consultations/carrying.html", context)


def _told(rows: list[AnchorResolution], same: dict[int, list[tuple[int, int]]]) -> dict[int, list[queries.Holder]]:
    """Row id -> everybody who holds on to its words."""
    anchors = {
        row.pk: [row.anchor_id, *(anchor for pk, anchor in same.get(row.pk, []) if pk != row.pk)] for row in rows
    }
    by_anchor = queries.holders([anchor for group in anchors.values() for anchor in group])
    return {pk: [one for anchor in group for one in by_anchor[anchor]] for pk, group in anchors.items()}


def name(labels: dict[str, tuple[str, str]], section: object) -> str:
    """Code and heading, as they are today."""
    code, title = labels.get(str(getattr(section, "uuid", "")), ("", str(section)))
    return f"{code} {title}".strip()


@login_required
@require_POST
def confirm(request: HttpRequest, resolution_id: int) -> HttpResponse:
    """One answer: right as found, one of the places, words of one's own choice, gone; or take a confirmation back."""
    row = AnchorResolution.objects.select_related("version__strategy").filter(pk=resolution_id).first()
    if row is None or not rules.is_in_region(person(request), row.version.strategy):
        raise NotFound(_("Orden finns inte längre i listan."))
    choice, _colon, place = request.POST.get("choice", "").partition(":")
    numbers = [whole(part) or 0 for part in place.split(":")] if place else []
    section, start, end = (numbers + [0, 0, 0])[:3]
    if choice == "words":
        section = whole(request.POST.get("section")) or 0
    confirm_resolution(
        resolution_id=row.pk, by=person(request), choice=choice, section_id=section, start=start, end=end,
        quote=request.POST.get("quote", "")[:5_000], also=[pk for pk in map(whole, request.POST.getlist("also")) if pk],
    )  # fmt: skip
    messages.success(request, _("Det är bekräftat.") if choice != "again" else _("Bekräftelsen är tillbakatagen."))
    if point_id := whole(request.POST.get("synpunkt")):
        return redirect(f"{reverse('consultations:point', args=[point_id])}#lydelse")
    address = reverse("consultations:carrying", args=[row.version.strategy_id])
    return redirect(f"{address}?visa=klara" if choice == "again" else address)
