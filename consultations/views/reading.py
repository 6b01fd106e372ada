"""The consultation version made for long reading, with points written where the words are."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.domain import responses, selections
from consultations.forms.responses import NewPointForm, PointForm
from consultations.models import Point, Response
from consultations.queries.places import name_places, place_name
from consultations.queries.responses import content_of
from consultations.states import ResponseState
from consultations.views.loading import load_own_response, load_response, of_own_draft, person, whole
from consultations.views.mine import sifted
from consultations.views.responses import response_context
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt
from strategies.models import Section
from strategies.publishing.reading import read_sections
from strategies.queries.outline import outline
from strategies.queries.reading import ReadSection


@login_required
def read(request: HttpRequest, response_id: int) -> HttpResponse:
    """The whole text; each section with the organisation's own points beside it."""
    response = load_response(request, response_id)
    content = content_of(response, person(request))
    by_section: dict[int | None, list[Point]] = {}
    for point in content.points:
        by_section.setdefault(point.section_id, []).append(point)
    sections, footnotes = read_sections(response.round.version, numbered=True)
    for section in sections:
        section.points = by_section.get(section.pk, [])
    commented = Section.objects.filter(pk__in={point.section_id for point in content.points if point.anchor_id})
    context = response_context(
        request, response, "read", sections=sections, footnotes=footnotes, points=content.points,
        marks=selections.marks(content.points, commented), general=by_section.get(None, []), contents=contents_of(sections),
    )  # fmt: skip
    return render(request, "consultations/read.html", context)


def contents_of(sections: list[ReadSection]) -> list[dict[str, Any]]:
    """The outline beside the text, each with how many points one has there."""
    return [
        {
            "label": row.title,
            "code": row.code,
            "url": row.url,
            "level": min(row.level, 4),
            "mark": len(row.points) or "",
        }
        for row in sections
    ]


@of_own_draft
def new_point(request: HttpRequest, response: Response) -> HttpResponse:
    """A new point: general, on ``?avsnitt=<id>``, on one block of it (``&block=<id>``) or on exact words."""
    section_id = whole(request.GET.get("avsnitt") or request.POST.get("section"))
    section = responses.section_of(response, section_id) if section_id else None
    initial = {name: request.GET.get(name, "") for name in ("quote", *NewPointForm.PLACE)}
    if section and initial["block"] and not initial["quote"]:
        initial["quote"] = selections.words_of(section, initial["block"])
    form = NewPointForm(request.POST or None, initial=initial, alone=response.alone)
    if request.method == "POST" and form.is_valid():
        point = attempt(
            form, responses.add_point, response_id=response.pk, by=person(request), section_id=section.pk if section else None,
            selection=form.selection() if section else None,
            **{name: form.cleaned_data[name] for name in ("text", "kind", "suggested_wording")},
        )  # fmt: skip
        if point:
            return after_saving(request, point)
    return point_form(request, response, form, section)


def after_saving(request: HttpRequest, point: Point) -> HttpResponse:
    """The point's card for htmx; otherwise back to where it stands in the text."""
    if request.htmx:  # type: ignore[attr-defined]
        sections = [point.section] if point.section else []
        marks = selections.marks([point], sections)
        context = response_context(request, point.response, "read", point=point, marks=marks)
        answer = render(request, "consultations/_point_saved.html", context)
        answer["HX-Trigger"] = "point-saved"
        return answer
    messages.success(request, _("Synpunkten är sparad."))
    page = "read" if point.section_id else "own_points"
    return redirect(f"{reverse(f'consultations:{page}', args=[point.response_id])}#punkt-{point.pk}")


def point_form(
    request: HttpRequest, response: Response, form: PointForm, section: Section | None, point: Point | None = None
) -> HttpResponse:
    """The form as a page or as a fragment; 422 when something in it is wrong."""
    place = place_name(section, outline(response.round.version).labels)
    context = response_context(request, response, "points", form=form, section=section, point=point, place=place)
    template = "consultations/_point_form.html" if request.htmx else "consultations/point_form.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=422 if form.is_bound else 200)


@login_required
def edit_point(request: HttpRequest, point_id: int) -> HttpResponse:
    """Change a point of one's own draft."""
    point = Point.objects.select_related("section", "anchor").filter(pk=point_id).first()
    if point is None:
        raise NotFound(_("Synpunkten finns inte längre. En kollega kan ha tagit bort den."))
    response = load_own_response(request, point.response_id)
    if response.state != ResponseState.DRAFTING and request.method == "GET":
        messages.info(request, _("Svaret kan inte längre ändras."))
        return redirect("consultations:response", response.pk)
    initial = {name: getattr(point, name) for name in PointForm.base_fields}
    form = PointForm(request.POST or None, initial=initial, alone=response.alone)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, responses.edit_point, point_id=point.pk, by=person(request), **form.cleaned_data)
        if saved:
            saved.response = response
            return after_saving(request, saved)
    return point_form(request, response, form, point.section, point)


@login_required
@require_POST
def remove_point(request: HttpRequest, point_id: int) -> HttpResponse:
    """Take a point out of the draft; the words are given back once more, so that nothing is lost by a slip."""
    point = Point.objects.filter(pk=point_id).first()
    if point is None:
        raise NotFound(_("Synpunkten är redan borttagen."))
    load_own_response(request, point.response_id)
    responses.remove_point(point_id=point_id, by=person(request))
    messages.success(request, _("Synpunkten är borttagen: ”%(text)s”") % {"text": point.text[:200]})
    return redirect("consultations:own_points", point.response_id)


@of_own_draft
def own_points(request: HttpRequest, response: Response) -> HttpResponse:
    """Every point of the organisation's own response, in one list."""
    points: list[Any] = content_of(response, person(request)).points
    tree = outline(response.round.version)
    name_places(points, tree.labels)
    me = person(request).pk
    rows = [{"point": point, "written_by_me": point.created_by_id == me} for point in points]
    shown = sifted(request, response, rows, tree, lambda holders, row: holders.of_section(row["point"].section_id))
    return render(request, "consultations/own_points.html", response_context(request, response, "points", **shown))
