"""What everyone may read: the adopted strategy, its PDF, and how it came about."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rus_platform.kit.errors import NotFound
from strategies import rules
from strategies.models import DecisionOutcome, Strategy, Version
from strategies.publishing.artwork import BANNER, landscape
from strategies.publishing.reading import read_sections
from strategies.publishing.tree import DECIDED
from strategies.publishing.typesetting import ready
from strategies.queries.publications import Fact, editions, newest_pdf, road_to
from strategies.queries.reading import ReadSection
from strategies.queries.spaces import published
from strategies.views.loading import person
from strategies.views.publication import file_url

ICONS = {
    "begun": "pencil",
    "frozen": "lock",
    "opened": "comments",
    "closed": "users",
    "settled": "check-double",
    "decided": "gavel",
}
HUES = {
    "begun": "neutral",
    "frozen": "lake",
    "opened": "amber",
    "closed": "amber",
    "settled": "moss",
    "decided": "plum",
}


@require_safe
def published_list(request: HttpRequest) -> HttpResponse:
    """Every strategy that holds."""
    return render(request, "strategies/public/list.html", {"strategies": published().prefetch_related("counties")})


@require_safe
def public(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The edition that holds, or the one with ``number``."""
    strategy = Strategy.objects.select_related("owner").filter(slug=slug).first()
    every = editions(strategy) if strategy else []
    if strategy is None or not every:
        raise NotFound(_("Det finns ingen antagen strategi här."))
    version = every[0] if number is None else next((row for row in every if row.number == number), None)
    if version is None:
        raise NotFound(_("Den utgåvan finns inte."))
    version.strategy = strategy
    return render(request, "strategies/public/strategy.html", page(request, version, every))


def page(request: HttpRequest, version: Version, every: list[Version]) -> dict[str, Any]:
    """What the page of an edition shows."""
    sections, notes = read_sections(version, prepared=ready)  # no heading skips a level, columns have room
    publication = newest_pdf(version)
    facts = road_to(version)
    return {
        "strategy": version.strategy,
        "version": version,
        "holds": version.pk == every[0].pk and version.status == "adopted",
        "newest": every[0],
        "adoption": next((fact.decision for fact in reversed(facts) if adopts(fact)), None),
        "sections": sections,
        "notes": notes,
        "goals": [card(row) for row in sections if row.kind == "goal"],
        "priorities": [card(row) for row in sections if row.kind == "priority"],
        "contents": [
            {"label": row.title, "code": row.code, "url": row.url, "level": row.level}
            for row in sections
            if row.level == 1 or row.kind == "goal"
        ],
        "timeline": [told(fact, person(request)) for fact in facts],
        "opinions": [opinion for fact in facts if fact.decision for opinion in fact.decision.reservations.all()],
        "art": landscape(version.strategy.title, BANNER),
        "publication": publication,
        "file_url": file_url(publication) if publication else "",
        "fingerprint": [version.sha256[start : start + 8] for start in range(0, 64, 8)],
        "editions": [row for row in every if row.pk != version.pk],
    }


def card(row: ReadSection) -> dict[str, Any]:
    """A goal or priority in the overview."""
    return {
        "code": row.code, "number": row.number, "title": row.title, "hue": row.hue,
        "anchor": row.url, "target_year": row.section.target_year,
    }  # fmt: skip


def adopts(fact: Fact) -> bool:
    return fact.decision is not None and fact.decision.outcome == DecisionOutcome.ADOPTED


def told(fact: Fact, reader: Any) -> dict[str, Any]:
    """A fact as the timeline shows it; a version is a link for those who may read it."""
    title, text = words(fact)
    readable = fact.kind == "frozen" and rules.can_read_version(reader, fact.version)
    icon, hue = ICONS[fact.kind], HUES[fact.kind]
    if adopts(fact):
        icon, hue = "stamp", "pine"
    return {
        "at": date_format(fact.day, "j F Y"), "title": title, "text": text, "icon": icon, "hue": hue,
        "url": reverse("strategies:version", args=[fact.version.pk]) if readable else fact.outcome.round_url if fact.outcome else "",
    }  # fmt: skip


def words(fact: Fact) -> tuple[str, str]:
    """Title and the line under it."""
    label = {"version": fact.version.label}
    if fact.decision is not None:
        row = fact.decision
        said = {"body": row.get_body_display(), "outcome": DECIDED[row.outcome], "paragraph": row.paragraph}
        return _("%(body)s %(outcome)s, %(paragraph)s") % said, row.note
    if fact.outcome is not None:
        return round_words(fact) % {"round": fact.outcome.round_title}, numbers(fact)
    if fact.kind == "begun":
        return _("Arbetet med texten började"), ""
    if fact.version.status in rules.PUBLIC:
        return _("Förslaget lämnades till beslut"), ""
    return _("”%(version)s” blev klar") % label, ""


def round_words(fact: Fact) -> str:
    """What happened to the round."""
    return {
        "opened": _("Samrådet ”%(round)s” öppnade"),
        "closed": _("Samrådet ”%(round)s” stängde"),
        "settled": _("Synpunkterna i ”%(round)s” är bemötta"),
    }[fact.kind]


def numbers(fact: Fact) -> str:
    """The round in numbers, at that time."""
    counted = fact.outcome.numbers if fact.outcome else {}
    said = {
        "opened": [("invited", ngettext("%(n)s inbjuden", "%(n)s inbjudna", counted.get("invited", 0)))],
        "closed": [
            ("submitted", ngettext("%(n)s svar", "%(n)s svar", counted.get("submitted", 0))),
            ("points", ngettext("%(n)s synpunkt", "%(n)s synpunkter", counted.get("points", 0))),
        ],
        "settled": [("points", ngettext("%(n)s synpunkt", "%(n)s synpunkter", counted.get("points", 0)))],
    }[fact.kind]
    return " · ".join(pattern % {"n": counted[name]} for name, pattern in said if name in counted)


urlpatterns = [
    path("publicerat/", published_list, name="published"),
    path("publicerat/<slug:slug>/", public, name="public"),
    path("publicerat/<slug:slug>/utgava-<int:number>/", public, name="public_edition"),
]
