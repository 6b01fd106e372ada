"""The strategy's own facts: name, years, case number, contact."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from rus_platform.kit.errors import Forbidden
from rus_platform.kit.forms import attempt
from strategies import rules
from strategies.domain.spaces import change_strategy
from strategies.forms.facts import FactsForm
from strategies.views.loading import frame, load_strategy, person


@login_required
def facts(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Correct them; for the process leader."""
    strategy = load_strategy(request, strategy_id)
    if not rules.can_lead(person(request), strategy):
        raise Forbidden(_("Bara processledaren kan ändra strategins uppgifter."))
    form = FactsForm(request.POST or None, initial={name: getattr(strategy, name) for name in FactsForm.base_fields})
    given = {"strategy_id": strategy_id, "by": person(request)}
    if request.method == "POST" and form.is_valid() and attempt(form, change_strategy, **given, **form.cleaned_data):
        messages.success(request, _("Uppgifterna är sparade."))
        return redirect("strategies:strategy", strategy.pk)
    context = frame(request, strategy, form=form)
    return render(request, "strategies/facts.html", context, status=422 if form.is_bound else 200)
