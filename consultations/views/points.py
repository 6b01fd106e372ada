"""The region decides on every point, and ties it to the change it caused."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actors.models import PASSING_KINDS, ActorKind
from consultations.domain import dispositions
from consultations.forms.rounds import DispositionForm
from consultations.models import ChangeLink, ConsultationRound, DispositionDecision, PointKind, Stream
from consultations.models.disposition import NEEDS_REASON
from consultations.queries import points as queries
from consultations.queries import wordings
from consultations.queries.changes import change_choices, resolution_context
from consultations.queries.places import name_places
from consultations.queries.streams import streams_of, tabs
from consultations.views.loading import load_point, load_round_to_work, person, round_context, whole
from rus_platform.kit.errors import Invalid, NotFound
from rus_platform.kit.forms import attempt
from strategies.models import AnchorOutcome
from strategies.queries.outline import outline


def chosen_filter(data: QueryDict) -> queries.PointFilter:
    """The filter in the address; unknown values fall away."""
    names = queries.PointFilter.__dataclass_fields__
    chosen = {name: data.get(name, "")[:200].replace("\x00", "") for name in names}
    for name, allowed in CHOICES.items():
        if chosen[name] not in allowed:
            chosen[name] = ""
    for name in ("section", "actor"):
        chosen[name] = str(whole(chosen[name]) or "")
    return queries.PointFilter(**chosen)


CHOICES = {
    "status": {"undecided", "decided", "changed", "unchanged"},
    "about": {"words", "section", "general"},
    "decision": set(DispositionDecision.values),
    "kind": set(PointKind.values),
    "actor_kind": set(ActorKind.values),
    "outcome": set(AnchorOutcome.values),
    "stream": set(Stream.values),
}


@login_required
def point_list(request: HttpRequest, round_id: int) -> HttpResponse:
    """Every point of a round, filterable; with a form for several at once."""
    round_ = load_round_to_work(request, round_id)
    context = list_context(request, round_, request.GET)
    fragment = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, "consultations/_point_list.html" if fragment else "consultations/points.html", context)


def list_context(request: HttpRequest, round_: ConsultationRound, data: QueryDict) -> dict[str, Any]:
    """One page of the list, narrowed as ``data`` says."""
    chosen = chosen_filter(data)
    newest = queries.newest_version_after(round_)
    page = queries.page_of_points(round_, chosen, newest, data.get("page", 1))
    labels = outline(round_.version).labels
    name_places(page.object_list, labels)
    wordings.attach(list(page.object_list), newest)
    return round_context(
        request,
        round_,
        page_obj=page,
        points=page.object_list,
        chosen=chosen,
        counts=queries.counts(round_, streams_of(chosen.stream)),
        streams=tabs(round_),
        reset=reverse("consultations:points", args=[round_.pk]) + (f"?stream={chosen.stream}" if chosen.stream else ""),
        newest=newest,
        more=sum(1 for name in MORE if getattr(chosen, name)),
        query=data.urlencode(),
        options={
            **queries.choices_for(round_, labels, streams_of(chosen.stream)),
            "decision": DispositionDecision.choices,
            "kind": PointKind.choices,
            "actor_kind": [choice for choice in ActorKind.choices if choice[0] not in PASSING_KINDS],
            "outcome": AnchorOutcome.choices,
        },
    )


MORE = ("decision", "kind", "about", "outcome", "actor_kind")  # filters that are folded away


@login_required
@require_POST
def decide_many(request: HttpRequest, round_id: int) -> HttpResponse:
    """The same decision for the points that were ticked."""
    round_ = load_round_to_work(request, round_id)
    ids = [pk for pk in map(whole, request.POST.getlist("point")) if pk]
    words = {name: request.POST.get(name, "") for name in ("decision", "reason")}
    query = QueryDict(request.POST.get("query", ""))
    try:
        made = dispositions.decide_points(round_id=round_.pk, point_ids=ids, by=person(request), **words)
    except Invalid as refusal:  # the list again, with the ticks and the words that were there
        context = list_context(request, round_, query) | {"refusal": refusal, "ticked": set(ids), "bulk": words}
        return render(request, "consultations/points.html", context, status=422)
    text = ngettext("%(n)s synpunkt fick sitt beslut.", "%(n)s synpunkter fick sitt beslut.", len(made)) % {
        "n": len(made)
    }
    messages.success(request, text)
    return redirect(f"{reverse('consultations:points', args=[round_.pk])}?{query.urlencode()}")


@login_required
def point(request: HttpRequest, point_id: int) -> HttpResponse:
    """One point: what was said of which words, what the words are now, the decision and what it changed."""
    one = load_point(request, point_id)
    history = list(one.dispositions.select_related("decided_by"))
    current = history[0] if history else None
    initial = {"number": current.number if current else 0}
    if current:
        initial |= {"decision": current.decision, "reason": current.reason}
    newest = queries.newest_version_after(one.response.round)
    where = resolution_context(one, newest)
    wording = wordings.wording_of(one, newest, where["resolution"])
    if not current and wording.prefill:
        initial["decision"] = wording.prefill
    form = DispositionForm(request.POST or None, initial=initial)
    following = queries.next_undecided(one)
    if form.is_valid() and attempt(
        form, dispositions.decide_point, point_id=one.pk, by=person(request), **form.cleaned_data
    ):
        messages.success(request, _("Beslutet är sparat."))
        return redirect("consultations:point", following.pk if "next" in request.POST and following else one.pk)
    round_ = one.response.round
    alike = queries.same_words(one)
    labels = outline(round_.version).labels
    name_places([one, *alike], labels)
    context = round_context(
        request,
        round_,
        point=one,
        form=form,
        history=history,
        current=current,
        links=one.change_links.standing().select_related("section__version"),
        newest=newest,
        following=following,
        alike=alike,
        needs_reason=NEEDS_REASON,
        wording=wording,
        **where,
        changes=change_choices(one, newest) if newest else [],
    )
    return render(request, "consultations/point.html", context, status=422 if form.is_bound else 200)


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
    unchanged = queries.page_of_points(round_, queries.PointFilter(status="unchanged"), newest)
    name_places(unchanged.object_list, outline(round_.version).labels)
    context = round_context(request, round_, newest=newest, caused=queries.changes_caused(round_), unchanged=unchanged)
    return render(request, "consultations/changes.html", context)
