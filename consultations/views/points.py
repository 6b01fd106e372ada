"""The region decides on every point, and ties it to the change it caused."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.models import ActorKind
from consultations.domain import dispositions
from consultations.forms.rounds import DispositionForm
from consultations.models import ChangeLink, DispositionDecision, PointKind
from consultations.queries import points as queries
from consultations.queries.changes import change_choices, resolution_context
from consultations.views.loading import load_point, load_round_to_work, person, round_context
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt
from strategies.models import AnchorOutcome


def chosen_filter(data: QueryDict) -> queries.PointFilter:
    """The filter in the address; unknown values fall away."""
    names = queries.PointFilter.__dataclass_fields__
    return queries.PointFilter(**{name: data.get(name, "")[:200] for name in names})


@login_required
def point_list(request: HttpRequest, round_id: int) -> HttpResponse:
    """Every point of a round, filterable; with a form for several at once."""
    round_ = load_round_to_work(request, round_id)
    chosen = chosen_filter(request.GET)
    page = queries.page_of_points(round_, chosen, request.GET.get("page", 1))
    context = round_context(
        request,
        round_,
        page_obj=page,
        points=page.object_list,
        chosen=chosen,
        counts=queries.counts(round_),
        newest=queries.newest_version_after(round_),
        options={
            **queries.choices_for(round_),
            "decision": DispositionDecision.choices,
            "kind": PointKind.choices,
            "actor_kind": ActorKind.choices,
            "outcome": AnchorOutcome.choices,
        },
        form=DispositionForm(),
    )
    template = "consultations/_point_list.html" if request.htmx and not request.htmx.boosted else "consultations/points.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@login_required
@require_POST
def decide_many(request: HttpRequest, round_id: int) -> HttpResponse:
    """The same decision for the points that were ticked."""
    round_ = load_round_to_work(request, round_id)
    ids = [int(pk) for pk in request.POST.getlist("point") if pk.isdigit()]
    made = dispositions.decide_points(
        round_id=round_.pk, point_ids=ids, by=person(request),
        decision=request.POST.get("decision", ""), reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, _("%(n)s synpunkter fick sitt beslut.") % {"n": len(made)})
    return redirect(f"{request.path.removesuffix('beslut/')}?{request.POST.get('query', '')}")


@login_required
def point(request: HttpRequest, point_id: int) -> HttpResponse:
    """One point: what was said of which words, what the words are now, the decision and what it changed."""
    one = load_point(request, point_id)
    history = list(one.dispositions.select_related("decided_by"))
    current = history[0] if history else None
    initial = {"number": current.number if current else 0}
    if current:
        initial |= {"decision": current.decision, "reason": current.reason}
    form = DispositionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if attempt(form, dispositions.decide_point, point_id=one.pk, by=person(request), **form.cleaned_data):
            messages.success(request, _("Beslutet är sparat."))
            following = queries.next_undecided(one)
            return redirect("consultations:point", following.pk if "next" in request.POST and following else one.pk)
    round_ = one.response.round
    newest = queries.newest_version_after(round_)
    context = round_context(
        request,
        round_,
        point=one,
        form=form,
        history=history,
        current=current,
        links=one.change_links.filter(removed_at=None).select_related("section__version"),
        newest=newest,
        following=queries.next_undecided(one),
        alike=queries.same_words(one),
        **resolution_context(one, newest),
        changes=change_choices(one, newest) if newest else [],
    )
    return render(request, "consultations/point.html", context)


@login_required
@require_POST
def link_change(request: HttpRequest, point_id: int) -> HttpResponse:
    """Name the change that the point caused."""
    one = load_point(request, point_id)
    newest = queries.newest_version_after(one.response.round)
    wanted = request.POST.get("change", "")
    choice = next((c for c in (change_choices(one, newest) if newest else []) if c.key == wanted), None)
    if choice is None:
        raise NotFound(_("Ändringen finns inte längre i texten. Ladda om sidan och välj igen."))
    dispositions.link_change(
        point_id=one.pk, section_id=choice.section_id, by=person(request), block_id=choice.block_id,
        before=choice.before, after=choice.after,
    )  # fmt: skip
    messages.success(request, _("Synpunkten är kopplad till ändringen."))
    return redirect("consultations:point", one.pk)


@login_required
@require_POST
def unlink_change(request: HttpRequest, link_id: int) -> HttpResponse:
    """Take a link back."""
    link = ChangeLink.objects.filter(pk=link_id).first()
    if link is None:
        raise NotFound(_("Kopplingen finns inte."))
    dispositions.unlink_change(link_id=link.pk, by=person(request))
    messages.success(request, _("Kopplingen är borttagen."))
    return redirect("consultations:point", link.point_id)


@login_required
def changes(request: HttpRequest, round_id: int) -> HttpResponse:
    """Because-of, both ways: changes with the points behind them, and accommodated points without a change."""
    round_ = load_round_to_work(request, round_id)
    newest = queries.newest_version_after(round_)
    unchanged = queries.page_of_points(round_, queries.PointFilter(status="unchanged"))
    context = round_context(
        request, round_, newest=newest, caused=queries.changes_caused(newest) if newest else [], unchanged=unchanged
    )
    return render(request, "consultations/changes.html", context)
