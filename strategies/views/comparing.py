"""Two versions, or a version and a checkpoint, word by word."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from rus_platform.kit.errors import NotFound
from strategies.domain.checkpoints import State, state_at, state_of
from strategies.models import Checkpoint, Version
from strategies.publishing.comparing import compared
from strategies.views.checkpoints import load_checkpoint
from strategies.views.loading import draft_of, frame, load_strategy, load_version


@login_required
def choose(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """From the form with two versions or checkpoints to their comparison."""
    strategy = load_strategy(request, strategy_id)
    wanted = [request.GET.get(name, "") for name in ("fran", "till")]
    if wanted[0] == wanted[1] or not all(is_side(side) for side in wanted):
        messages.warning(request, _("Välj två olika versioner att jämföra."))
        return redirect("strategies:versions", strategy_id)
    if all(side.isdecimal() for side in wanted):
        numbers = strategy.versions.filter(pk__in=[int(side) for side in wanted]).order_by("number")
        pks = list(numbers.values_list("pk", flat=True))
        if len(pks) == 2:
            return redirect("strategies:compare", *pks)
        raise NotFound(_("Versionen finns inte, eller så får du inte läsa den."))
    return redirect("strategies:compare_states", *wanted)


def is_side(side: str) -> bool:
    """ "7" is a version, "s7" a checkpoint."""
    number = side[1:] if side.startswith("s") else side
    return number.isascii() and number.isdecimal() and len(number) < 18


def compare(request: HttpRequest, version_id: int, other_id: int) -> HttpResponse:
    """Two versions. The older one is on the left whatever the order in the address."""
    one, other = load_version(request, version_id), load_version(request, other_id)
    if one.strategy_id != other.strategy_id:
        raise NotFound(_("Versionerna hör till olika strategier och går inte att jämföra."))
    old, new = sorted([one, other], key=lambda row: row.number)
    return _page(request, old, new)


@login_required
def compare_states(request: HttpRequest, one: str, other: str) -> HttpResponse:
    """A version or checkpoint with another; the earlier one is on the left."""
    if not is_side(one) or not is_side(other):
        raise NotFound(_("Versionen finns inte, eller så får du inte läsa den."))
    sides = [_load(request, side) for side in (one, other)]
    if _version(sides[0]).strategy_id != _version(sides[1]).strategy_id:
        raise NotFound(_("Versionerna hör till olika strategier och går inte att jämföra."))
    old, new = sorted(sides, key=_age)
    return _page(request, old, new)


Side = Version | Checkpoint


def _load(request: HttpRequest, side: str) -> Side:
    if side.startswith("s"):
        return load_checkpoint(request, int(side[1:]))
    return load_version(request, int(side))


def _version(side: Side) -> Version:
    return side.version if isinstance(side, Checkpoint) else side


def _age(side: Side) -> tuple[int, bool, float]:
    """By version; within one, checkpoints by time, and the version as it is now last."""
    moment = side.at.timestamp() if isinstance(side, Checkpoint) else 0.0
    return _version(side).number, isinstance(side, Version), moment


def _state(side: Side) -> State:
    return state_at(side) if isinstance(side, Checkpoint) else state_of(side)


def _page(request: HttpRequest, old: Side, new: Side) -> HttpResponse:
    side = request.GET.get("visa") == "bredvid"
    version = _version(new)
    context = frame(
        request, version.strategy, version, old=_shown(old), new=_shown(new), side=side,
        **compared(_state(old), _state(new), side_by_side=side),
    )  # fmt: skip
    context["may_restore"] = context["may_edit"] and context["in_region"] and new == draft_of(version.strategy)
    return render(request, "strategies/compare.html", context)


def _shown(side: Side) -> dict[str, Any]:
    """Name, status, address and the name that a restore asks for."""
    version = _version(side)
    if isinstance(side, Checkpoint):
        return {
            "label": f"{side} ({version.label})",
            "at": side.at,
            "status": version.status,
            "status_words": version.get_status_display(),
            "url": reverse("strategies:checkpoint", args=[side.pk]),
            "source": f"s{side.pk}",
        }
    return {
        "label": side.label,
        "at": side.frozen_at,
        "status": side.status,
        "status_words": side.get_status_display(),
        "url": reverse("strategies:version", args=[side.pk]),
        "source": str(side.pk),
    }


urlpatterns = [
    path("strategier/<int:strategy_id>/jamfor/", choose, name="choose"),
    path("versioner/<int:version_id>/jamfor/<int:other_id>/", compare, name="compare"),
    path("jamfor/<slug:one>/<slug:other>/", compare_states, name="compare_states"),
]
