"""A region's space: the list of strategies, and the wizard that starts a new one.

What has been answered is kept in the session, so that back, reload and a lost connection lose nothing.
"""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from actors.models import Actor, County, Role, User
from actors.queries.roles import roles_of
from rus_platform.kit.errors import Forbidden, Invalid
from strategies.domain.outline_templates import CHAPTERS, KEYS, chosen
from strategies.domain.spaces import create_strategy, made_with
from strategies.forms.space import ChaptersForm, CountiesForm, NameForm, first_guess
from strategies.models import Strategy
from strategies.queries.spaces import listed, visible_to

KEPT = "new_strategy"  # in the session
STEPS = (
    ("counties", gettext_lazy("Län")),
    ("name", gettext_lazy("Namn och tid")),
    ("chapters", gettext_lazy("Disposition")),
    ("review", gettext_lazy("Granska")),
)


@require_safe
def strategy_list(request: HttpRequest) -> HttpResponse:
    """The strategies that one may know of."""
    rows = listed(visible_to(request.user), request.user)
    context = {
        "page_obj": Paginator(rows, 30).get_page(request.GET.get("page")),
        "may_create": bool(own_regions(request.user)),
    }
    return render(request, "strategies/space/list.html", context)


def own_regions(user: User) -> list[Actor]:
    """The regions for which the person may start a strategy."""
    ids = [actor_id for actor_id, roles in roles_of(user).items() if roles & {Role.LEADER, Role.ADMIN}]
    return (
        list(Actor.objects.filter(pk__in=ids, kind="region").select_related("county").order_by("sort_key"))
        if ids
        else []
    )


@login_required
@never_cache
def wizard(request: HttpRequest, step: str = "counties") -> HttpResponse:
    """One step: keep what was typed, then go on, or back (which asks nothing of it)."""
    regions = own_regions(request.user)
    if not regions:
        raise Forbidden(_("Bara en regions processledare eller administratör kan skapa en strategi."))
    kept = kept_answers(request)
    # A second click may come when the first has emptied the session: the form itself says which answers it was.
    if step == "review" and (done := made_with(key=request.POST.get("key", ""), by=request.user)):
        return finished(request, done)
    unanswered = next((name for name in names_before(step) if name not in kept), None)
    if unanswered:
        return redirect(address(unanswered))
    if step == "review":
        return review(request, kept)
    form = form_of(step, kept, regions, request.POST or None)
    if request.method == "POST":
        keep(request, step, form)
        if request.POST.get("go") == "back":
            return redirect(address(before(step)))
        if form.is_valid():
            kept_answers(request)[step] = form.cleaned_data
            request.session.modified = True
            return redirect(address(after(step)))
    status = 422 if form.is_bound and request.method == "POST" else 200
    context = {"form": form, "step": step, "steps": progress(step, kept), "regions": regions, **extras(step, form)}
    return render(request, f"strategies/space/{step}.html", context, status=status)


def review(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    """Everything once more; creating it is one verb."""
    if request.method == "POST" and request.POST.get("go") == "back":
        return redirect(address("chapters"))
    refusal = None
    if request.method == "POST":
        try:
            return finished(request, create_strategy(by=request.user, key=kept["key"], **answers(kept)))
        except Invalid as invalid:
            refusal = invalid
    found = {
        row.code: row
        for row in County.objects.filter(code__in=kept["counties"]["counties"]).prefetch_related("municipalities")
    }
    counties = [found[code] for code in kept["counties"]["counties"]]
    context = {
        "counties": counties,
        "municipalities": sum(len(county.municipalities.all()) for county in counties),
        "name": kept["name"],
        "chapters": chosen(kept["chapters"]["chapters"]),
        "key": kept["key"],
        "refusal": refusal,
        "steps": progress("review", kept),
    }
    return render(request, "strategies/space/review.html", context, status=422 if refusal else 200)


def finished(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """On to the new strategy; the wizard is empty again."""
    request.session.pop(KEPT, None)
    messages.success(
        request, _("”%(title)s” är skapad, med aktörer och en första disposition.") % {"title": strategy.title}
    )
    return redirect("strategies:strategy", strategy.pk)


def answers(kept: dict[str, Any]) -> dict[str, Any]:
    """The kept answers as the verb wants them."""
    return {"county_codes": kept["counties"]["counties"], **kept["name"], "chapters": kept["chapters"]["chapters"]}


# --- The steps and what is kept of them -----------------------------------------------------
def kept_answers(request: HttpRequest) -> dict[str, Any]:
    """The answers so far, with the key that makes a double click one strategy."""
    return request.session.setdefault(KEPT, {"key": uuid.uuid4().hex, "typed": {}})


def keep(request: HttpRequest, step: str, form: BaseForm) -> None:
    """Remember what was typed, right or wrong."""
    data = {name: request.POST.getlist(name) for name in form.fields}
    kept_answers(request)["typed"][step] = data
    request.session.modified = True


def form_of(step: str, kept: dict[str, Any], regions: list[Actor], posted: Any) -> BaseForm:
    """The form of a step: as posted, else as typed before, else with a first guess."""
    typed = kept["typed"].get(step)
    if step == "counties":
        own = {region.county_id for region in regions}
        counties = list(
            County.objects.all() if settings.DEMO else County.objects.filter(Q(fictional=False) | Q(pk__in=own))
        )
        counties.sort(key=lambda row: (row.code not in own, not row.fictional, row.code))
        initial = {"counties": typed["counties"] if typed else [regions[0].county_id]}
        return CountiesForm(posted, counties=counties, own=own, initial=initial)
    if step == "name":
        owner = County.objects.get(pk=kept["counties"]["counties"][0])
        return NameForm(
            posted, initial={name: value[0] for name, value in typed.items()} if typed else first_guess(owner)
        )
    return ChaptersForm(posted, initial={"chapters": typed["chapters"] if typed else list(KEYS)})


def extras(step: str, form: BaseForm) -> dict[str, Any]:
    """The chapters with their checkboxes, in the document's order."""
    if step != "chapters":
        return {}
    boxes = {box.data["value"]: box for box in form["chapters"]}
    return {"rows": [{"chapter": chapter, "box": boxes.get(chapter.key)} for chapter in CHAPTERS]}


def names() -> list[str]:
    return [name for name, _label in STEPS]


def names_before(step: str) -> list[str]:
    return names()[: names().index(step)]


def before(step: str) -> str:
    return names()[max(names().index(step) - 1, 0)]


def after(step: str) -> str:
    return names()[names().index(step) + 1]


def address(step: str) -> str:
    return reverse(f"strategies:new_{step}")


def progress(step: str, kept: dict[str, Any]) -> list[dict[str, str]]:
    """The steps as the component shows them."""
    return [
        {
            "label": str(label),
            "url": address(name),
            "state": "current" if name == step else "done" if name in kept else "todo",
        }
        for name, label in STEPS
    ]
