"""The region prepares a round: what, to whom, which questions, when; looks at it as a consultee; opens it."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actors.models import ActorKind
from consultations.domain import copying, invitations, questions, rounds
from consultations.forms.rounds import AddressForm, ContactFileForm, DescribeRoundForm, NewRoundForm, QuestionForm
from consultations.models import ConsultationRound, DistributionList, Invitation
from consultations.queries.listing import with_numbers
from consultations.queries.responses import questions_in_series, sections_with_position
from consultations.states import RoundState
from consultations.views.loading import load_round_to_work, person, round_context, whole
from consultations.views.trying import seats_of
from rus_platform.kit.errors import Forbidden, Invalid, NotFound
from rus_platform.kit.forms import attempt
from strategies import rules as strategy_rules
from strategies.models import Strategy, StrategyActor, Version
from strategies.views.loading import crumbs, frame


def load_strategy(request: HttpRequest, strategy_id: int) -> Strategy:
    """A strategy of the person's own region."""
    strategy = Strategy.objects.select_related("owner").filter(pk=strategy_id).first()
    if strategy is None or not strategy_rules.is_in_region(person(request), strategy):
        raise NotFound(_("Strategin finns inte, eller så får du inte se den."))
    return strategy


@login_required
def rounds_of_strategy(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Every round of a strategy, and the versions a new one can start from."""
    strategy = load_strategy(request, strategy_id)
    own = with_numbers(ConsultationRound.objects.filter(version__strategy=strategy))
    context = frame(
        request, strategy, rounds=own, crumbs=crumbs(strategy, (_("Samråd"), "")),
        consultable=Version.objects.filter(strategy=strategy, status__in=rounds.CONSULTABLE),
        may_prepare=strategy_rules.can_edit(person(request), strategy),
    )  # fmt: skip
    return render(request, "consultations/rounds.html", context)


@login_required
def new_round(request: HttpRequest, version_id: int) -> HttpResponse:
    """Begin a round on a frozen version."""
    version = Version.objects.select_related("strategy__owner").filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("Versionen finns inte."))
    if not strategy_rules.can_edit(person(request), version.strategy):
        raise Forbidden(_("Bara regionens handläggare kan förbereda ett samråd."))
    known = ConsultationRound.objects.filter(version__strategy__owner=version.strategy.owner_id)
    earlier = [
        (row.pk, f"{row.title} ({row.version.strategy.title})") for row in known.select_related("version__strategy")
    ]
    form = NewRoundForm(earlier, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, by = form.cleaned_data, person(request)
        same = {"version_id": version.pk, "title": data["title"], "kind": data["kind"], "by": by}
        if data.get("earlier"):
            round_ = attempt(form, copying.copy_round, round_id=int(data["earlier"]), **same)
        else:
            round_ = attempt(form, rounds.create_round, **same)
        if round_:
            return redirect("consultations:prepare", round_.pk)
    context = {"form": form, "version": version, "strategy": version.strategy}
    return render(request, "consultations/new_round.html", context, status=422 if form.is_bound else 200)


@login_required
def prepare(request: HttpRequest, round_id: int) -> HttpResponse:
    """Step 1: name, cover letter, times, openness."""
    round_ = load_round_to_work(request, round_id)
    if request.method == "GET" and round_.state != RoundState.PREPARING:
        return redirect("consultations:round", round_.pk)
    initial = {name: getattr(round_, name) for name in DescribeRoundForm.base_fields}
    form = DescribeRoundForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, rounds.describe_round, round_id=round_.pk, by=person(request), **form.cleaned_data)
        if saved:
            messages.success(request, _("Sparat."))
            return redirect("consultations:distribution", round_.pk)
    context = prepare_context(request, round_, "prepare", form=form)
    return render(request, "consultations/prepare.html", context, status=422 if form.is_bound else 200)


def prepare_context(request: HttpRequest, round_: ConsultationRound, step: str, **more: Any) -> dict[str, Any]:
    """The wizard's steps, with ``step`` as the current one."""
    names = {
        "prepare": _("Missiv och tider"),
        "distribution": _("Sändlista"),
        "questions": _("Frågor"),
        "preview": _("Förhandsgranska"),
        "open": _("Öppna"),
    }
    done = steps_done(round_, names, step)
    steps = [
        {
            "label": label,
            "url": reverse(f"consultations:{name}", args=[round_.pk]),
            "state": "current" if name == step else "done" if name in done else "todo",
        }
        for name, label in names.items()
    ]
    return round_context(request, round_, steps=steps, step=step, **more)


def steps_done(round_: ConsultationRound, names: dict[str, str], step: str) -> set[str]:
    """Steps whose work is there already, wherever one stands: any of them can be gone back to."""
    order = list(names)
    done = set(order[: order.index(step)])
    if round_.cover_letter and round_.closes_at:
        done |= {"prepare"}
    if round_.invitations.exists():
        done |= {"distribution"}
    if round_.questions.exists():
        done |= {"questions"}
    return done


@login_required
def distribution(request: HttpRequest, round_id: int) -> HttpResponse:
    """Step 2: the distribution list, taken from the strategy's register, by kind or one by one."""
    round_ = load_round_to_work(request, round_id)
    if request.method == "POST":
        wanted = {pk for pk in map(whole, request.POST.getlist("actor")) if pk}
        wanted |= wholesale(round_, request.POST.getlist("kind"), request.POST.getlist("county"))
        added = invitations.invite_actors(round_id=round_.pk, actor_ids=wanted, by=person(request))
        if added:
            text = ngettext(
                "%(n)s aktör lades till på sändlistan.", "%(n)s aktörer lades till på sändlistan.", len(added)
            )
            messages.success(request, text % {"n": len(added)})
        else:
            messages.warning(request, _("Kryssa för minst en aktör som inte redan står på sändlistan."))
        return redirect("consultations:distribution", round_.pk)
    invited = list(round_.invitations.select_related("actor").order_by("actor__kind", "actor__sort_key"))
    known = {row.actor_id for row in invited} | {round_.version.strategy.owner_id}
    register = StrategyActor.objects.filter(strategy=round_.version.strategy).exclude(actor_id__in=known)
    left = list(
        register.select_related("actor").prefetch_related("actor__counties").order_by("kind", "actor__sort_key")
    )
    kinds = [
        {"kind": kind, "label": label, "count": sum(row.kind == kind for row in left)}
        for kind, label in ActorKind.choices
        if any(row.kind == kind for row in left)
    ]
    context = prepare_context(
        request, round_, "distribution", invited=invited, left=left, kinds=kinds, counties=counties_of(left),
        lists=DistributionList.objects.filter(owner=round_.version.strategy.owner_id).annotate(n=Count("contacts")),
        form=ContactFileForm(), without_address=[row for row in invited if not row.email],
    )  # fmt: skip
    return render(request, "consultations/distribution.html", context)


def wholesale(round_: ConsultationRound, kinds: list[str], counties: list[str]) -> set[int]:
    """Everyone in the register of some kinds, and everyone who works in some counties; never the region itself."""
    register = StrategyActor.objects.filter(strategy=round_.version.strategy)
    rows = register.filter(
        Q(kind__in=set(kinds) & set(ActorKind.values))
        | Q(actor__counties__in=[code for code in counties if code.isalnum()])
    )
    return set(rows.exclude(actor=round_.version.strategy.owner).values_list("actor_id", flat=True))


def counties_of(left: list[StrategyActor]) -> list[dict[str, Any]]:
    """The counties that those not yet on the list work in: {code, name, count}."""
    names: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for row in left:
        for county in row.actor.counties.all():
            names[county.code] = county.name
            counted[county.code] += 1
    return [{"code": code, "name": names[code], "count": counted[code]} for code in sorted(names, key=names.get)]  # type: ignore[arg-type]


@login_required
@require_POST
def remove_from_list(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an actor off the list."""
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound(_("Aktören står inte längre på sändlistan."))
    invitations.remove_invitation(invitation_id=invitation_id, by=person(request))
    return redirect("consultations:distribution", invitation.round_id)


@login_required
def address(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Change where an invitation goes."""
    invitation = Invitation.objects.select_related("actor").filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound(_("Aktören står inte längre på sändlistan."))
    round_ = load_round_to_work(request, invitation.round_id)
    form = AddressForm(request.POST or None, initial={"email": invitation.email})
    there = reverse(
        f"consultations:{'distribution' if round_.state == RoundState.PREPARING else 'coverage'}", args=[round_.pk]
    )
    if form.is_valid() and attempt(
        form, invitations.set_address, invitation_id=invitation.pk, by=person(request), **form.cleaned_data
    ):
        messages.success(request, _("Adressen är sparad."))
        return redirect(there)
    context = round_context(request, round_, form=form, invitation=invitation, back=there)
    return render(request, "consultations/address.html", context, status=422 if form.is_bound else 200)


@login_required
def question_list(request: HttpRequest, round_id: int) -> HttpResponse:
    """Step 3: the questions."""
    round_ = load_round_to_work(request, round_id)
    if request.method == "GET" and round_.state != RoundState.PREPARING:
        return redirect("consultations:round", round_.pk)
    places = [(section.pk, section.title) for section in sections_with_position(round_)]
    form = QuestionForm(places, request.POST or None)
    if form.is_valid() and attempt(
        form, questions.add_question, round_id=round_.pk, by=person(request), **form.cleaned_data
    ):
        messages.success(request, _("Frågan är tillagd."))
        return redirect("consultations:questions", round_.pk)
    context = prepare_context(request, round_, "questions", form=form, questions=questions_in_series(round_))
    return render(request, "consultations/questions.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def change_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Move a question up or down, or take it away."""
    round_id = ConsultationRound.objects.filter(questions=question_id).values_list("pk", flat=True).first()
    if round_id is None:
        raise NotFound(_("Frågan finns inte längre."))
    what = request.POST.get("what")
    if what == "remove":
        questions.remove_question(question_id=question_id, by=person(request))
    else:
        questions.move_question(question_id=question_id, up=what == "up", by=person(request))
    return redirect("consultations:questions", round_id)


@login_required
def preview(request: HttpRequest, round_id: int) -> HttpResponse:
    """Step 4: what is asked, and the ways into the pages as a consultee will see them."""
    round_ = load_round_to_work(request, round_id)
    if round_.state != RoundState.PREPARING:
        return redirect("consultations:round", round_.pk)
    context = prepare_context(
        request, round_, "preview",
        questions=questions_in_series(round_), sections=sections_with_position(round_), invited=round_.invitations.count(),
        seats=seats_of(round_),
    )  # fmt: skip
    return render(request, "consultations/preview.html", context)


@login_required
def open_(request: HttpRequest, round_id: int) -> HttpResponse:
    """Step 5: what will happen, and the button."""
    round_ = load_round_to_work(request, round_id)
    if request.method == "GET" and round_.state != RoundState.PREPARING:
        return redirect("consultations:round", round_.pk)
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        how = next((name for name in OPENINGS if name in request.POST), "open")
        verb, done = OPENINGS[how]
        if attempt(form, verb, round_id=round_.pk, by=person(request)):
            messages.success(request, done)
            return redirect("consultations:open" if how == "cancel" else "consultations:round", round_.pk)
    rows = round_.invitations.all()
    context = prepare_context(
        request, round_, "open", form=form, invited=rows.count(), without_address=rows.filter(email="").count(),
        questions=round_.questions.count(), missing=missing_in(round_),
    )  # fmt: skip
    return render(request, "consultations/open.html", context, status=422 if form.errors else 200)


def missing_in(round_: ConsultationRound) -> dict[str, Any]:
    """What must be there before the round can open, field by field; empty when it can."""
    try:
        rounds.check_ready(round_)
    except Invalid as refusal:  # shown beside links to where it is written
        return refusal.fields
    return {}


OPENINGS: dict[str, tuple[Any, Any]] = {
    "schedule": (rounds.schedule_opening, _lazy("Samrådet öppnar av sig självt på utsatt tid.")),
    "cancel": (rounds.cancel_schedule, _lazy("Samrådet öppnar inte längre av sig självt.")),
    "open": (rounds.open_round, _lazy("Samrådet är öppet. Inbjudningarna skickas nu.")),
}


class OpenForm(Form):
    """No fields: a button whose refusals are shown on the page."""
