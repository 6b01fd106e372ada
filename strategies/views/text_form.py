"""Writing without JavaScript, and showing pictures."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from strategies import rules
from strategies.domain import markup, text
from strategies.domain.locks import lock_words
from strategies.models import Image, Section
from strategies.publishing.reading import section_html
from strategies.queries.references import references
from strategies.queries.text import may_see_image, section_in


@login_required
@require_http_methods(["GET", "POST"])
def section_text(request: HttpRequest, version_id: int, uuid: UUID) -> HttpResponse:
    """One section by itself: the editor, or its text as plain writing in a form. The same commit path for both."""
    section = section_in(version_id, uuid).first()
    if section is None or not rules.can_read_version(request.user, section.version):
        raise NotFound(_("Avsnittet finns inte, eller så har du inte tillgång till det."))
    if not rules.can_suggest(request.user, section.version.strategy):
        raise Forbidden(_("Du har inte rätt att skriva i det här utkastet."))
    names = {uuid: f"{name['code']} {name['title']}" for uuid, name in references(section.version).items()}
    if request.method == "GET":
        return _page(request, section, markup.to_markup(section.doc, names), section.doc_version)
    return _save(request, section, names)


def _save(request: HttpRequest, section: Section, names: dict[str, str]) -> HttpResponse:
    """The views' one exception to catching nothing: a text area's content must come back to its form."""
    written, version = request.POST.get("text", ""), request.POST.get("version", "")
    if not version.isdecimal() or len(version) > 9:
        raise Invalid(_("Formuläret är inte helt. Ladda om sidan."))
    try:
        text.save_form_text(section_id=section.pk, by=request.user, version=int(version), text=written)
    except Conflict as conflict:
        return _page(
            request,
            section,
            written,
            conflict.data["version"],
            conflict=conflict,
            current=markup.to_markup(section.doc, names),
        )
    except Invalid as error:
        return _page(request, section, written, int(version), error=error)
    except WrongState as error:
        if not error.data.get("locked"):
            raise
        return _page(request, section, written, int(version), error=error)
    done = redirect("strategies:section_text", version_id=section.version_id, uuid=section.uuid)
    done["Location"] += "?sparat=1"
    return done


def _page(request: HttpRequest, section: Section, written: str, version: int, **more: object) -> HttpResponse:
    plain = bool(more) or "formular" in request.GET or "sparat" in request.GET
    context = {
        "section": section,
        "version": section.version,
        "written": written,
        "base": version,
        "saved": "sparat" in request.GET,
        "plain": plain,
        "only_suggest": not rules.can_edit(request.user, section.version.strategy),
        "html": "" if plain else section_html(section),
        "lock_words": lock_words(section) if "error" not in more else "",
    }
    status = 409 if "conflict" in more or isinstance(more.get("error"), WrongState) else 422 if "error" in more else 200
    return render(request, "strategies/editor/form.html", {**context, **more}, status=status)


@require_GET
def image(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A picture, for whoever may read a text in which it stands."""
    found = Image.objects.select_related("strategy").filter(uuid=uuid).first()
    if found is None or not may_see_image(request.user, found):
        raise NotFound(_("Bilden finns inte, eller så har du inte tillgång till den."))
    etag = f'"{found.sha256[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    headers = {"ETag": etag, "Cache-Control": "private, max-age=3600", "Content-Disposition": "inline"}
    with found.file.open("rb") as file:  # some hundred kilobytes; a stream would block the event loop
        return HttpResponse(file.read(), content_type=found.mime, headers=headers)


urlpatterns = [
    path("utkast/<int:version_id>/avsnitt/<uuid:uuid>/text/", section_text, name="section_text"),
    path("bilder/<uuid:uuid>/", image, name="image"),
]
