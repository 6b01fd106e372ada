"""Every open suggestion of the draft, to be settled one by one, as a selection, or all of one person or one section."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rus_platform.kit.errors import Invalid
from strategies.domain import suggestions as verbs
from strategies.domain.suggestions import Settled
from strategies.models import Section, Version
from strategies.queries.references import references
from strategies.queries.suggestions import authors_of, counts_by_section, open_suggestions, settled_lately
from strategies.views.loading import crumbs, frame, load_draft, person


@login_required
@require_http_methods(["GET", "POST"])
def suggestions(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """The list, filtered by person (``av``) and section (``avsnitt``); a POST settles and comes back to the same list."""
    version = load_draft(request, strategy_id)
    if request.method == "POST":
        _do(request, version)
        query = request.GET.urlencode()
        return redirect(f"{reverse('strategies:suggestions', args=[strategy_id])}{'?' + query if query else ''}")
    author, section = _number(request.GET.get("av")), _number(request.GET.get("avsnitt"))
    return render(request, "strategies/suggestions.html", _context(request, version, author, section))


def _context(request: HttpRequest, version: Version, author: int | None, section: int | None) -> dict[str, Any]:
    names = references(version)
    shown = open_suggestions(version, author_id=author, section_id=section)
    places = [
        {"section": found, "name": names.get(str(found.uuid), {}), "rows": list(rows)}
        for found, rows in groupby(shown, key=lambda row: row.section)
    ]
    places.sort(key=lambda place: list(names).index(str(place["section"].uuid)))
    counts = counts_by_section(version)
    sections = Section.objects.filter(pk__in=counts).only("pk", "uuid", "title")
    return frame(
        request,
        version.strategy,
        version,
        crumbs=crumbs(
            version.strategy,
            (version.label, reverse("strategies:draft", args=[version.strategy_id])),
            (_("Ändringsförslag"), ""),
        ),
        places=places,
        count=len(shown),
        total=sum(counts.values()),
        authors=list(authors_of(version)),
        sections=[(row, counts[row.pk], names.get(str(row.uuid), {}).get("code", "")) for row in sections],
        author=author,
        section_id=section,
        settled=list(settled_lately(version)),
    )


def _do(request: HttpRequest, version: Version) -> None:
    data, by = request.POST, person(request)
    if undo := data.get("undo"):
        section, _sep, batch = undo.partition(":")
        try:
            batch_id = UUID(batch)
        except ValueError as error:
            raise Invalid(_("Formuläret är inte helt. Ladda om sidan.")) from error
        done = verbs.take_back_decision(section_id=_section_in(version, section), by=by, batch_id=batch_id)
        messages.success(
            request, _("Beslutet är taget tillbaka. %(count)s förslag är öppna igen.") % {"count": done.count}
        )
        return
    deed = data.get("do") or (data.get("one") or "").partition(":")[0]
    if deed not in ("accept", "refuse", "accept-all", "refuse-all"):
        raise Invalid(_("Formuläret är inte helt. Ladda om sidan."))
    accept = deed.startswith("accept")
    if deed.endswith("-all"):
        author, section_id = _number(request.GET.get("av")), _number(request.GET.get("avsnitt"))
        told = verbs.decide_all(version_id=version.pk, by=by, accept=accept, author_id=author, section_id=section_id)
    else:
        told = [
            verbs.decide_suggestions(section_id=_section_in(version, pk), by=by, accept=accept, ids=ids)
            for pk, ids in sorted(_chosen(data).items())
        ]
    _say(request, told, accept)


def _chosen(data: QueryDict) -> dict[str, list[str]]:
    """Section -> ids: the one whose button was pressed, or those that are ticked."""
    one = (data.get("one") or "").partition(":")[2]
    chosen: dict[str, list[str]] = {}
    for value in [one] if one else data.getlist("id"):
        section, _sep, mark_id = value.partition(":")
        chosen.setdefault(section, []).append(mark_id)
    if not chosen:
        raise Invalid(_("Markera minst ett förslag."))
    return chosen


def _say(request: HttpRequest, told: list[Settled], accept: bool) -> None:
    count = sum(done.count for done in told)
    if not count:
        messages.info(request, _("Förslagen var redan avgjorda."))
    elif accept:
        messages.success(
            request, ngettext("%(n)s förslag är godtaget.", "%(n)s förslag är godtagna.", count) % {"n": count}
        )
    else:
        messages.success(
            request, ngettext("%(n)s förslag är avslaget.", "%(n)s förslag är avslagna.", count) % {"n": count}
        )


def _section_in(version: Version, value: str) -> int:
    number = _number(value)
    if number is None or not Section.objects.filter(pk=number, version=version).exists():
        raise Invalid(_("Formuläret är inte helt. Ladda om sidan."))
    return number


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 18 else None


urlpatterns = [path("strategier/<int:strategy_id>/utkast/forslag/", suggestions, name="suggestions")]
