"""Fetch what a page is about, or refuse in words. Every view of this app begins here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext, pgettext_lazy

from actors.models import User
from consultations import rules, visibility
from consultations.models import ConsultationRound, Point, Response
from consultations.queries.responses import draft_for, response_for
from consultations.states import ResponseState, RoundState
from rus_platform.kit.errors import Forbidden, NotFound


def person(request: HttpRequest) -> User:
    """The person who asks (views are behind login_required; anonymous people hold no roles)."""
    return request.user  # type: ignore[return-value]


def whole(text: str | None) -> int | None:
    """A number in an address or a form, or None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


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
    return _seen(request, response_for(response_id))


def _seen(request: HttpRequest, response: Response | None) -> Response:
    if response is None or not visibility.can_see_response(person(request), response):
        raise NotFound(_("Svaret finns inte, eller så får du inte se det."))
    return response


def load_unmasked(request: HttpRequest, response_id: int) -> Response:
    """A response whose every word the person may see: nothing in it is masked for her."""
    response = load_response(request, response_id)
    if not visibility.can_see_redacted(person(request), response):
        raise NotFound(_("Svaret går att läsa på sin sida, men inte att hämta."))
    return response


def load_own_response(request: HttpRequest, response_id: int) -> Response:
    """A response that the person may write in (or read as one of the organisation's own)."""
    return _own(request, load_response(request, response_id))


def load_own_writing(request: HttpRequest, response_id: int) -> Response:
    """The same with as little as possible, for what a page asks by itself while somebody writes."""
    return _own(request, _seen(request, draft_for(response_id)))


def _own(request: HttpRequest, response: Response) -> Response:
    if not rules.can_write(person(request), response):
        raise Forbidden(_("Du kan läsa svaret men inte skriva i det. Be er administratör om en roll."))
    return response


def of_own_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for writing: ``view(request, response)``. Once the response can't be written in, to what was written."""

    @login_required
    @wraps(view)
    def page(request: HttpRequest, response_id: int, **rest: Any) -> HttpResponse:
        response = load_own_response(request, response_id)
        if response.state != ResponseState.DRAFTING and request.method == "GET":
            messages.info(request, _("Svaret kan inte längre ändras."))
            return redirect("consultations:response", response.pk)
        return view(request, response, **rest)

    return page


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
    works_here = rules.can_decide(user, round_)
    return {
        "round": round_,
        "version": round_.version,
        "strategy": round_.version.strategy,
        "is_open": visibility.is_open(round_),
        "works_here": works_here,
        "may_open": rules.can_open(user, round_),
        "nav": round_nav(request, round_) if works_here else [],
        "crumbs": round_crumbs(request, round_, works_here),
        **more,
    }


def round_crumbs(request: HttpRequest, round_: ConsultationRound, works_here: bool) -> list[dict[str, Any]]:
    """The way back up."""
    strategy = round_.version.strategy
    here = request.resolver_match.url_name if request.resolver_match else ""
    everything = reverse("consultations:rounds", args=[strategy.pk]) if works_here else reverse("consultations:list")
    first = {"label": _("Samråd"), "url": everything}
    last = {"label": round_.title, "url": "" if here == "round" else reverse("consultations:round", args=[round_.pk])}
    page = [{"label": PAGES[here], "url": ""}] if here in PAGES else []
    return [first, last, *page]


PAGES = {
    "prepare": _lazy("Förbered"),
    "distribution": _lazy("Sändlista"),
    "questions": _lazy("Frågor"),
    "preview": _lazy("Förhandsgranska"),
    "open": _lazy("Öppna"),
    "coverage": _lazy("Svarsläge"),
    "points": _lazy("Synpunkter"),
    "decide_many": _lazy("Synpunkter"),
    "point": _lazy("Synpunkt"),
    "changes": _lazy("Ändringar och orsaker"),
    "settle": pgettext_lazy("samråd", "Avsluta"),
    "close": _lazy("Stäng i förtid"),
    "address": _lazy("Adress"),
    "contact_file": _lazy("Sändlista"),
    "contact_import": _lazy("Sändlista"),
    "remind": _lazy("Påminn"),
    "extensions": _lazy("Anstånd"),
    "give_time": _lazy("Anstånd"),
    "decide_extension": _lazy("Anstånd"),
    "invitee": _lazy("Remissinstans"),
    "enter": _lazy("För in ett svar"),
    "openness": _lazy("Öppenhet"),
    "meetings": _lazy("Dialogmöten"),
    "new_meeting": _lazy("Nytt möte"),
    "meeting": _lazy("Dialogmöte"),
    "change_meeting": _lazy("Ändra mötet"),
    "public_answers": _lazy("Allmänheten"),
    "moderate": _lazy("Granska svar"),
    "send_in_many": _lazy("Läs in svar från fil"),
}


def round_nav(request: HttpRequest, round_: ConsultationRound) -> list[dict[str, Any]]:
    """The region's pages of a round."""
    pages = [("round", _("Om samrådet"), "comments"), ("coverage", _("Svarsläge"), "users")]
    if round_.state == RoundState.PREPARING:
        pages = [("prepare", _("Förbered"), "pencil"), ("round", _("Om samrådet"), "comments")]
    else:
        pages += [("extensions", _("Anstånd"), "clock")] if round_.state != RoundState.SETTLED else []
        pages += [("points", _("Synpunkter"), "comment"), ("changes", _("Ändringar och orsaker"), "compare")]
        if round_.open_to_public:
            pages.append(("public_answers", _("Allmänheten"), "user"))
    pages.append(("meetings", _("Dialogmöten"), "calendar"))
    if round_.state != RoundState.SETTLED:
        pages.append(("openness", _("Öppenhet"), "eye"))
    if visibility.is_open(round_):
        pages.append(("distribution", _("Sändlista"), "mail"))
    if round_.state == RoundState.CLOSED:
        pages.append(("settle", pgettext("samråd", "Avsluta"), "check"))
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        {
            "label": label,
            "icon": icon,
            "url": reverse(f"consultations:{name}", args=[round_.pk]),
            "current": name == here,
        }
        for name, label, icon in pages
    ]
