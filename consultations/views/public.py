"""What everyone may read about a round, without signing in."""

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from actors.models import AuditEvent, User
from actors.queries.roles import roles_of
from consultations import visibility
from consultations.models import ConsultationRound, Response, Stream
from consultations.queries.meetings import public_meetings
from consultations.queries.public_answers import counts as public_counts
from consultations.queries.public_round import answers_by_stream, asked, events_of
from consultations.queries.responses import questions_in_series, sections_with_position
from consultations.states import RoundState
from consultations.views.loading import load_round, person
from rus_platform.kit import clock
from strategies.models import Publication
from strategies.queries.publications import newest_pdf

LOOKS = {
    "open_round": ("unlock", "pine"),
    "close_round": ("lock", "amber"),
    "settle_round": ("check-double", "moss"),
    "set_openness": ("eye", "lake"),
    "publish_meeting": ("calendar", "plum"),
}


@require_safe
def public_page(request: HttpRequest, round_id: int) -> HttpResponse:
    """The round as visitors see it; also for the region, to look at."""
    return shown_to_all(request, load_round(request, round_id))


def shown_to_all(request: HttpRequest, round_: ConsultationRound) -> HttpResponse:
    """The page, or 304 to a visitor's browser that has it as it is."""
    page: HttpResponse = condition(etag_func=_tag)(_page)(request, round_)
    if not request.user.is_authenticated:
        page["Cache-Control"] = "no-cache"  # keep it, and ask whether it still holds
    return page


def _tag(request: HttpRequest, round_: ConsultationRound) -> str | None:
    """The same as long as nothing has happened and the reader's choices are the same; None for those signed in."""
    if request.user.is_authenticated:
        return None
    happened = (
        AuditEvent.objects.filter(strategy_id=round_.version.strategy_id).order_by("-pk").values_list("pk", flat=True)
    )
    chosen = [request.COOKIES.get(name, "") for name in ("theme", "reading_font", settings.CSRF_COOKIE_NAME)]
    parts = [round_.pk, happened.first(), round_.state, get_language(), *chosen, f"{clock.now():%Y%m%d%H}"]
    return '"' + hashlib.sha256(repr(parts).encode()).hexdigest()[:32] + '"'


def _page(request: HttpRequest, round_: ConsultationRound) -> HttpResponse:
    return render(request, "consultations/public/round.html", context_of(request, round_))


def context_of(request: HttpRequest, round_: ConsultationRound) -> dict[str, Any]:
    """What the page shows. A constant number of queries."""
    viewer = person(request)
    over = round_.state in (RoundState.CLOSED, RoundState.SETTLED)
    groups = asked(round_, over=over)
    events = [event for event in events_of([round_]) if event.title]
    answers = answers_by_stream(round_, viewer)
    return {
        "round": round_,
        "version": round_.version,
        "strategy": round_.version.strategy,
        "is_open": visibility.is_open(round_),
        "says": plain_words(round_),
        "own": own_answers(round_, viewer),
        "meetings": public_meetings(round_),
        "questions": questions_in_series(round_),
        "to_stand_on": sections_with_position(round_).count(),
        "groups": groups,
        "invited": sum(len(group.rows) for group in groups),
        "answered": sum(len(group.rows) for group in groups if group.state != "missing"),
        "answers": answers["consultee"],
        "public_answers": answers["public"],
        "public_counts": public_counts(round_) if round_.open_to_public else None,
        "answers_public": visibility.answers_are_public(round_),
        "dispositions_visible": visibility.can_see_dispositions(viewer, round_),
        "pdf": public_pdf(round_),
        "timeline": [
            {"at": event.at, "title": event.title, "text": event.text, "icon": LOOKS[event.kind][0], "hue": LOOKS[event.kind][1]}
            for event in reversed(events)
        ],
    }  # fmt: skip


def own_answers(round_: ConsultationRound, viewer: User) -> list[Response]:
    """What the reader has written here as one of the public. One query, for those signed in."""
    if not viewer.is_authenticated:
        return []
    rows = Response.objects.filter(round=round_, actor_id__in=list(roles_of(viewer)), stream=Stream.PUBLIC)
    return list(rows.select_related("actor").order_by("-pk")[:1])


def public_pdf(round_: ConsultationRound) -> Publication | None:
    """The consultation version as PDF, when one has been made."""
    return newest_pdf(round_.version)


def plain_words(round_: ConsultationRound) -> str:
    """Where the round is, in a sentence."""
    if round_.state == RoundState.PREPARING:
        return _("Samrådet förbereds och har inte öppnat än. Så här kommer sidan att se ut.")
    if visibility.is_open(round_):
        return _("Samrådet pågår. De tillfrågade läser och svarar.")
    if round_.state == RoundState.SETTLED and not visibility.answers_are_public(round_):
        return _("Samrådet är avslutat. Varje synpunkt har fått ett svar.")
    if round_.state == RoundState.SETTLED:
        return _("Samrådet är avslutat. Varje synpunkt har fått ett svar, och du kan läsa dem här.")
    return _("Samrådet har stängt. Regionen går igenom synpunkterna och bestämmer vad de leder till.")
