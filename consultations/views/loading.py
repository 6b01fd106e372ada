"""Fetch what a page is about, or refuse in words. Every view of this app begins here."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from actors.models import User
from consultations import rules, visibility
from consultations.models import ConsultationRound, Point, Response
from consultations.queries.responses import response_for
from consultations.states import ResponseState, RoundState
from rus_platform.kit.errors import Forbidden, NotFound


def person(request: HttpRequest) -> User:
    """The person who asks (views are behind login_required; anonymous people hold no roles)."""
    return request.user  # type: ignore[return-value]


def load_round(request: HttpRequest, round_id: int) -> ConsultationRound:
    """A round the person may see."""
    rows = ConsultationRound.objects.select_related("version__strategy__owner")
    round_ = rows.filter(pk=round_id).first()
    if round_ is None or not visibility.can_see_round(person(request), round_):
        raise NotFound(_("Samrådet finns inte, eller så har det inte öppnat än."))
    return round_


def load_round_to_work(request: HttpRequest, round_id: int) -> ConsultationRound:
    """A round that the person works with at the region."""
    round_ = load_round(request, round_id)
    if not rules.can_decide(person(request), round_):
        raise Forbidden(_("Den här sidan är för regionens handläggare."))
    return round_


def load_response(request: HttpRequest, response_id: int) -> Response:
    """A response the person may see."""
    response = response_for(response_id)
    if response is None or not visibility.can_see_response(person(request), response):
        raise NotFound(_("Svaret finns inte, eller så får du inte se det."))
    return response


def load_own_response(request: HttpRequest, response_id: int) -> Response:
    """A response that the person may write in (or read as one of the organisation's own)."""
    response = load_response(request, response_id)
    if not rules.can_write(person(request), response):
        raise Forbidden(_("Du kan läsa svaret men inte skriva i det. Be er administratör om en roll."))
    return response


def load_point(request: HttpRequest, point_id: int) -> Point:
    """A submitted point of a round that the person works with at the region."""
    rows = Point.objects.select_related(
        "response__actor", "response__round__version__strategy__owner", "section", "anchor"
    )
    point = rows.filter(pk=point_id, response__state=ResponseState.SUBMITTED).first()
    if point is None or not rules.can_decide(person(request), point.response.round):
        raise NotFound(_("Synpunkten finns inte, eller så får du inte se den."))
    return point


def round_context(request: HttpRequest, round_: ConsultationRound, **more: Any) -> dict[str, Any]:
    """What every page of a round shows: the round, its strategy and what the person may do."""
    user = person(request)
    return {
        "round": round_,
        "version": round_.version,
        "strategy": round_.version.strategy,
        "is_open": visibility.is_open(round_),
        "works_here": rules.can_decide(user, round_),
        "may_open": rules.can_open(user, round_),
        "nav": round_nav(request, round_) if rules.can_decide(user, round_) else [],
        **more,
    }


def round_nav(request: HttpRequest, round_: ConsultationRound) -> list[dict[str, Any]]:
    """The region's pages of a round."""
    pages = [("round", _("Om samrådet"), "comments"), ("coverage", _("Svarsläge"), "users")]
    if round_.state == RoundState.PREPARING:
        pages = [("prepare", _("Förbered"), "pencil"), ("round", _("Om samrådet"), "comments")]
    else:
        pages += [("points", _("Synpunkter"), "comment"), ("changes", _("Ändringar och orsaker"), "compare")]
    if round_.state == RoundState.CLOSED:
        pages.append(("settle", _("Avsluta"), "check"))
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        {"label": label, "icon": icon, "url": reverse(f"consultations:{name}", args=[round_.pk]), "current": name == here}
        for name, label, icon in pages
    ]
