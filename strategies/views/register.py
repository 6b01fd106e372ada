"""The strategy's register of actors."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from actors import rules as actor_rules
from actors.domain.register import LISTED_KINDS
from rus_platform.kit.errors import Forbidden, NotFound
from rus_platform.kit.forms import attempt
from strategies import rules
from strategies.domain import register as verbs
from strategies.forms.space import AddActorForm, ChangeActorForm, NeighboursForm, RegisterSearchForm
from strategies.models import Strategy, StrategyActor
from strategies.queries import register as queries
from strategies.queries.spaces import visible_to
from strategies.views.loading import frame


def load_strategy(request: HttpRequest, strategy_id: int) -> Strategy:
    """A strategy that the person may know of."""
    strategy = visible_to(request.user).select_related("owner").filter(pk=strategy_id).first()
    if strategy is None:
        raise NotFound(_("Strategin finns inte, eller så har du inte tillgång till den."))
    return strategy


def context_of(request: HttpRequest, strategy: Strategy, **more: Any) -> dict[str, Any]:
    """What every page of the register shows."""
    return frame(request, strategy, may_change=rules.can_edit(request.user, strategy), **more)


@login_required
@vary_on_headers("HX-Request")
def register(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """The actors, by kind, with a search that also works without script."""
    strategy = load_strategy(request, strategy_id)
    form = RegisterSearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    entries = list(
        queries.entries_of(
            strategy, words=wanted.get("ord", ""), kind=wanted.get("slag", ""), missing=wanted.get("brev") == "saknas"
        )
    )
    counts = queries.counts_of(strategy)
    context = context_of(
        request,
        strategy,
        form=form,
        groups=queries.grouped(entries),
        shown=len(entries),
        total=sum(counts.values()),
        without_mail=strategy.taking_part.filter(actor__email="").count(),
        sees_people=rules.is_in_region(request.user, strategy),
    )
    template = "strategies/space/_register_groups.html" if request.htmx else "strategies/space/register.html"
    return render(request, template, context)


@login_required
def add(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """A new organisation; what the platform already knows is offered first."""
    strategy = load_strategy_to_change(request, strategy_id)
    form = AddActorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = attempt(form, verbs.add_to_register, strategy_id=strategy.pk, by=request.user, **form.cleaned_data)
        if row is not None:
            messages.success(request, _("%(name)s finns nu i registret.") % {"name": row.actor.name})
            return redirect("strategies:register", strategy.pk)
    words = request.GET.get("ord", "").replace("\x00", "").strip()[:100]
    context = context_of(
        request, strategy, form=form, words=words, known=queries.known_elsewhere(strategy, words),
        neighbours_url_needed=queries.possible_neighbours(strategy).exists(),
    )  # fmt: skip
    return render(request, "strategies/space/register_add.html", context, status=422 if form.is_bound else 200)


@login_required
def add_known(request: HttpRequest, strategy_id: int, actor_id: int) -> HttpResponse:
    """Take in an organisation that the platform knows."""
    strategy = load_strategy_to_change(request, strategy_id)
    if request.method != "POST":
        return redirect("strategies:register_add", strategy.pk)
    row = verbs.add_known_to_register(strategy_id=strategy.pk, by=request.user, actor_id=actor_id)
    messages.success(request, _("%(name)s finns nu i registret.") % {"name": row.actor.name})
    return redirect("strategies:register", strategy.pk)


@login_required
def neighbours(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Choose neighbouring regions."""
    strategy = load_strategy_to_change(request, strategy_id)
    counties = [row for row in queries.possible_neighbours(strategy) if settings.DEMO or not row.fictional]
    form = NeighboursForm(request.POST or None, counties=counties)
    if request.method == "POST" and form.is_valid():
        rows = attempt(
            form,
            verbs.add_neighbours,
            strategy_id=strategy.pk,
            by=request.user,
            county_codes=form.cleaned_data["counties"],
        )
        if rows is not None:
            messages.success(request, _("%(n)s regioner är tillagda.") % {"n": len(rows)})
            return redirect("strategies:register", strategy.pk)
    status = 422 if form.is_bound else 200
    return render(
        request, "strategies/space/register_neighbours.html", context_of(request, strategy, form=form), status=status
    )


@login_required
def change(request: HttpRequest, strategy_id: int, entry_id: int) -> HttpResponse:
    """Correct name and address, or take the organisation out."""
    strategy = load_strategy_to_change(request, strategy_id)
    entry = load_entry(strategy, entry_id)
    listed = entry.actor.kind in LISTED_KINDS
    form = ChangeActorForm(
        request.POST or None, listed=listed, initial={"name": entry.actor.name, "email": entry.actor.email}
    )
    ready = request.method == "POST" and form.is_valid()
    if ready and attempt(form, verbs.change_in_register, entry_id=entry.pk, by=request.user, **form.cleaned_data):
        messages.success(request, _("Uppgifterna är sparade."))
        return redirect("strategies:register", strategy.pk)
    context = context_of(
        request, strategy, form=form, entry=entry,
        may_rename=rules.can_change_organisation(request.user, strategy, entry.actor),
        may_start=actor_rules.can_start_organisation(request.user, entry.actor),
    )  # fmt: skip
    return render(request, "strategies/space/register_change.html", context, status=422 if form.is_bound else 200)


@login_required
def remove(request: HttpRequest, strategy_id: int, entry_id: int) -> HttpResponse:
    """Says what happens; then takes the organisation out."""
    strategy = load_strategy_to_change(request, strategy_id)
    entry = load_entry(strategy, entry_id)
    if request.method == "POST":
        verbs.remove_from_register(entry_id=entry.pk, by=request.user)
        messages.success(request, _("%(name)s är borttagen ur registret.") % {"name": entry.actor.name})
        return redirect("strategies:register", strategy.pk)
    return render(request, "strategies/space/register_remove.html", context_of(request, strategy, entry=entry))


def load_strategy_to_change(request: HttpRequest, strategy_id: int) -> Strategy:
    """A strategy whose register the person may change."""
    strategy = load_strategy(request, strategy_id)
    if not rules.can_edit(request.user, strategy):
        raise Forbidden(_("Bara regionens processledare och handläggare kan ändra aktörsregistret."))
    return strategy


def load_entry(strategy: Strategy, entry_id: int) -> StrategyActor:
    """An entry of this strategy's register."""
    entry = strategy.taking_part.select_related("actor").filter(pk=entry_id).first()
    if entry is None:
        raise NotFound(_("Aktören finns inte i registret."))
    entry.strategy = strategy
    return entry
