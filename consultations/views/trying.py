"""The preview: an officer walks the very pages that a consultee will meet. The same views and templates, on a stage that is
undone before the page is sent (``domain/stage.py``). Links stay within the preview, since every address that a page makes
begins with the preview's own (the script prefix). Nothing that is sent is carried out: it leads on to the next page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import ResolverMatch, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils.translation import gettext as _

from consultations.domain import stage
from consultations.domain.stage import Stage
from consultations.models import ConsultationRound, RoundKind
from consultations.states import RoundState
from consultations.views.loading import load_round_to_work, person
from rus_platform.kit.errors import WrongState

#: Pages that the preview shows, and how far whoever was asked has come when they meet them.
PAGES = {
    **dict.fromkeys(
        (
            "response", "read", "summary", "positions", "answers", "own_points", "new_point", "sharing", "attachments",
            "whole_answer", "submit", "receipt", "send_in", "word_form", "word_version", "pass_on", "ask_for_time",
            "hand_in_public", "round", "public_round", "guest_link",
        ),
        stage.BEGUN,
    ),
    **dict.fromkeys(("invitation", "take_part", "take_part_sent", "confirm_participant"), stage.ASKED),
    "begin": stage.LET_IN,
}  # fmt: skip
#: Where a form that was sent leads: its page -> (step or None for the same, page).
ONWARD = {
    "invitation": ("", "begin"),
    "begin": ("", "response"),
    "take_part": ("", "take_part_sent"),
    "confirm_participant": ("", "response"),
    "mark_ready": (stage.READY, "submit"),
    "record_decision": (stage.DECIDED, "submit"),
    "return_to_drafting": ("", "response"),
    "submit": (stage.HANDED_IN, "receipt"),
    "hand_in_public": (stage.HANDED_IN, "receipt"),
}
PASSED_ON = ("set_language", "appearance")  # how this browser shows every page


@dataclass
class Preview:
    """What the band over every page says. ``ways``: {"label", "url", "current"}."""

    who: str
    leave: str
    ways: list[dict[str, Any]] = field(default_factory=list)


@login_required
def walk(request: HttpRequest, round_id: int, seat: str, rest: str) -> HttpResponse:
    """The page ``rest`` as it will be for whoever sits at ``seat`` ("kommun", "kommun-klart", "forening" ...)."""
    round_ = load_round_to_work(request, round_id)
    if round_.state != RoundState.PREPARING:
        return redirect("consultations:round", round_.pk)
    match = resolve(f"/{rest}")
    who, _dash, step = seat.partition("-")
    request.preview = band(round_, who, step, match)  # type: ignore[attr-defined]
    if request.method not in ("GET", "HEAD"):
        return onward(request, round_, who, step, match)
    if match.url_name not in PAGES or match.namespace != "consultations":
        return render(request, "consultations/preview_ends.html", {"round": round_}, status=404)
    raised = stage.raised(round_id=round_.pk, by=person(request), seat=who, step=step, come=PAGES[match.url_name or ""])
    with raised as set_up, seen_by(request, set_up, address(round_, who, step), match):
        return match.func(request, **arguments(match, set_up))  # type: ignore[no-any-return]


@contextmanager
def seen_by(request: HttpRequest, set_up: Stage, prefix: str, match: ResolverMatch) -> Iterator[None]:
    """The request as the example's own, and every address within the preview, while the page is made."""
    before = (request.user, request.resolver_match, get_script_prefix())
    try:
        request.user, request.resolver_match = set_up.person or AnonymousUser(), match
        set_script_prefix(prefix)
        yield
    finally:
        request.user, request.resolver_match, prefix_before = before
        set_script_prefix(prefix_before)


def arguments(match: ResolverMatch, set_up: Stage) -> dict[str, Any]:
    """What the page is about: always what stands on the stage, whatever numbers the address has."""
    ours: dict[str, Any] = {"round_id": set_up.round.pk, "token": stage.TOKEN}
    for name, row in (
        ("response_id", set_up.response),
        ("actor_id", set_up.actor),
        ("invitation_id", set_up.invitation),
    ):
        ours[name] = row.pk if row else 0
    return {name: ours.get(name, value) for name, value in match.kwargs.items()}


def onward(request: HttpRequest, round_: ConsultationRound, who: str, step: str, match: ResolverMatch) -> HttpResponse:
    """Nothing is saved; the walk goes on where it would have gone."""
    if match.url_name in PASSED_ON:
        return HttpResponse(status=307, headers={"Location": f"/{match.route}"})
    words = _("Förhandsvisning: inget sparas.")
    if request.htmx or "application/json" in request.headers.get("Accept", ""):  # type: ignore[attr-defined]
        raise WrongState(words)
    messages.info(request, words)
    name = match.url_name or ""
    if name in ONWARD:
        to, page = ONWARD[name]
        return HttpResponseRedirect(address(round_, who, to) + path_of(page, round_))
    if name in PAGES:
        return HttpResponseRedirect(request.get_full_path())
    return HttpResponseRedirect(address(round_, who, step) + path_of("response", round_))


def address(round_: ConsultationRound, who: str, step: str = "") -> str:
    """Where the preview's pages begin: "/samrad/7/forhandsgranska/kommun-klart/"."""
    seat = f"{who}-{step}" if step else who
    return reverse("consultations:walk", args=[round_.pk, seat, "x"])[:-1]


NUMBERS = {"invitation": (stage.TOKEN,), "confirm_participant": (stage.TOKEN,)}


def path_of(page: str, round_: ConsultationRound) -> str:
    """A page's path within the preview. What it is about is on the stage, so any number does."""
    ids: dict[str, tuple[Any, ...]] = {
        "begin": (round_.pk, 0), "take_part": (round_.pk,), "take_part_sent": (round_.pk,), "round": (round_.pk,), **NUMBERS
    }  # fmt: skip
    return reverse(f"consultations:{page}", args=ids.get(page, (0,)))[1:]


def band(round_: ConsultationRound, who: str, step: str, match: ResolverMatch) -> Preview:
    """The band for a seat: whom one sees it as, the stations along the way, the way out."""
    stations = [
        {
            "label": label,
            "url": address(round_, who, to) + path_of(page, round_),
            "current": (to, PAGES[page]) == (step, PAGES.get(match.url_name or "")) and (
                PAGES[page] == stage.BEGUN or page == match.url_name
            ),
        }
        for label, to, page in STATIONS.get(who, list)()
    ]  # fmt: skip
    return Preview(WHO.get(who, lambda step: "")(step), reverse("consultations:preview", args=[round_.pk]), stations)


WHO = {
    stage.ORGANISATION: lambda step: {
        stage.READY: _("nämndsekreteraren i en kommun"), stage.DECIDED: _("den som lämnar in för en kommun")
    }.get(step, _("en handläggare i en kommun")),
    stage.ASSOCIATION: lambda step: _("en förening med personlig länk, utan konto"),
    stage.PUBLIC: lambda step: _("en privatperson"),
}  # fmt: skip
STATIONS = {
    stage.ORGANISATION: lambda: [
        (_("Länken"), "", "invitation"), (_("Börja"), "", "begin"), (_("Skriva"), "", "response"),
        (_("Väntar på beslut"), stage.READY, "submit"), (_("Beslutat"), stage.DECIDED, "submit"),
        (_("Inlämnat"), stage.HANDED_IN, "receipt"),
    ],
    stage.ASSOCIATION: lambda: [
        (_("Länken"), "", "invitation"), (_("Börja"), "", "begin"), (_("Skriva"), "", "response"),
        (_("Inlämnat"), stage.HANDED_IN, "receipt"),
    ],
    stage.PUBLIC: lambda: [
        (_("Formuläret"), "", "take_part"), (_("Länken"), "", "confirm_participant"), (_("Skriva"), "", "response"),
        (_("Inlämnat"), stage.HANDED_IN, "receipt"),
    ],
}  # fmt: skip


def seats_of(round_: ConsultationRound) -> list[dict[str, str]]:
    """Where one can sit: {title, words, url}. Empty until the round has a closing time to show."""
    if round_.closes_at is None:
        return []
    seats = [
        (stage.ORGANISATION, "invitation", _("En kommun"), _("Flera skriver, en nämnd beslutar, en chef lämnar in.")),
        (stage.ASSOCIATION, "invitation", _("En förening"), _("En person kommer med länken i brevet, utan konto.")),
    ]
    if round_.open_to_public and round_.kind != RoundKind.SHARING:
        seats.append((stage.PUBLIC, "take_part", _("En privatperson"), _("Det öppna formuläret, från första sidan.")))
    return [
        {"title": title, "words": words, "url": address(round_, who) + path_of(page, round_)}
        for who, page, title, words in seats
    ]
