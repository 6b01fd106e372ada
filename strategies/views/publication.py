"""The PDF of a version: ask for it, follow how it is made, fetch it."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header, http_date, parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rus_platform.kit.errors import Forbidden, NotFound
from strategies import rules
from strategies.domain.publish import content_sha256, request_pdf
from strategies.models import Publication, Version
from strategies.queries.publications import publications_of
from strategies.states import PublicationState
from strategies.views.loading import frame, load_version, person

UNDER_WAY = (PublicationState.WAITING, PublicationState.RUNNING)
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})\Z")
YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def pdf(request: HttpRequest, version_id: int) -> HttpResponse:
    """The file, or how far it has come, or the button that asks for it. A POST asks."""
    version = load_version(request, version_id)
    if request.method == "POST":
        if not request.user.is_authenticated:
            raise Forbidden(_("Logga in för att beställa en PDF."))
        request_pdf(version_id=version.pk, by=person(request))
        return redirect("strategies:pdf", version.pk)
    rows = list(publications_of(version))
    content = content_sha256(version)
    current = next((row for row in rows if row.content_sha256 == content), None)
    earlier = [row for row in rows if row is not current and row.state == PublicationState.DONE]
    context = frame(
        request, version.strategy, version, may_publish=rules.can_publish(person(request), version.strategy), earlier=earlier,
        **shown(current),
    )  # fmt: skip
    return render(request, "strategies/publication/pdf.html", context)


@require_safe
@never_cache
def pdf_state(request: HttpRequest, publication_id: int) -> HttpResponse:
    """How far it has come: the fragment that the page asks for once a second."""
    publication = load_publication(request, publication_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("strategies:pdf", publication.version_id)
    may = rules.can_publish(person(request), publication.version.strategy)
    context = {"version": publication.version, "may_publish": may, "asked": True, **shown(publication)}
    return render(request, "strategies/publication/_state.html", context)


@require_safe
def pdf_file(request: HttpRequest, publication_id: int, name: str) -> HttpResponse:
    """The bytes. They never change, so a browser may keep them; those that are not public are kept by it alone."""
    publication = load_publication(request, publication_id)
    if publication.state != PublicationState.DONE:
        raise NotFound(_("Filen är inte klar än."))
    if name != file_name(publication.version):
        return redirect(file_url(publication), permanent=False)
    response = answer(request, publication)
    public = publication.version.status in rules.PUBLIC
    response["Cache-Control"] = (
        f"{'public' if public else 'private'}, max-age={YEAR if public else 0}, {'immutable' if public else 'must-revalidate'}"
    )
    response["ETag"] = f'"{publication.file_sha256}"'
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "all" if public else "noindex"
    if publication.finished_at:
        response["Last-Modified"] = http_date(publication.finished_at.timestamp())
    return response


def answer(request: HttpRequest, publication: Publication) -> HttpResponse:
    """All of it, the part that was asked for (RFC 9110, 14), or that nothing has changed."""
    tag = f'"{publication.file_sha256}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified()
    with publication.file.open("rb") as file:
        data = file.read()
    part = (
        wanted_part(request.headers.get("Range", ""), len(data))
        if request.headers.get("If-Range", tag) == tag
        else None
    )
    if part == (0, 0):
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    headers = {"Content-Disposition": content_disposition_header(False, download_name(publication.version)) or "inline"}
    if part is None:
        return HttpResponse(data, content_type="application/pdf", headers=headers)
    headers["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{len(data)}"
    return HttpResponse(data[part[0] : part[1]], status=206, content_type="application/pdf", headers=headers)


def wanted_part(header: str, size: int) -> tuple[int, int] | None:
    """(start, end) of one asked part; None: all of it; (0, 0): there is no such part."""
    found = RANGE.match(header)
    if not found or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size) if int(last) else (0, 0)
    start, end = int(first), min(int(last) + 1 if last else size, size)
    return (start, end) if start < end else (0, 0)


def load_publication(request: HttpRequest, publication_id: int) -> Publication:
    """A publication of a version that the person may read."""
    publication = get_object_or_404(
        Publication.objects.select_related("version__strategy__owner", "requested_by"), pk=publication_id, format="pdf"
    )
    if not rules.can_read_version(person(request), publication.version):
        raise NotFound(_("Filen finns inte, eller så får du inte läsa den."))
    return publication


def shown(publication: Publication | None) -> dict[str, Any]:
    """What the state fragment needs."""
    under_way = publication is not None and publication.state in UNDER_WAY
    return {
        "publication": publication,
        "under_way": under_way,
        "poll_url": reverse("strategies:pdf_state", args=[publication.pk]) if publication and under_way else "",
        "file_url": file_url(publication) if publication and publication.state == PublicationState.DONE else "",
    }


def file_name(version: Version) -> str:
    """The last part of the address: ascii, without its ending."""
    return f"{version.strategy.slug}-{version.number}"


def download_name(version: Version) -> str:
    """The name that a reader's folder gets."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", f"{version.strategy.title} – {version.label}").strip() + ".pdf"


def file_url(publication: Publication) -> str:
    return reverse("strategies:pdf_file", args=[publication.pk, file_name(publication.version)])


urlpatterns = [
    path("versioner/<int:version_id>/pdf/", pdf, name="pdf"),
    path("publikationer/<int:publication_id>/lage/", pdf_state, name="pdf_state"),
    path("publikationer/<int:publication_id>/<slug:name>.pdf", pdf_file, name="pdf_file"),
]
