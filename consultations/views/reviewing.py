"""The page where a person confirms what was read out of a file, side by side with the original."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consultations.domain.intake import jobs, review, taking_in, taking_many
from consultations.forms.intake import ItemForm, TakeInForm, TakeInManyForm, TypedForm
from consultations.models import IntakeItem, IntakeJob, ItemState, ItemWhat, ResponseKind, Stance
from consultations.queries import intake as queries
from consultations.states import IntakeState
from consultations.views.beside import beside
from consultations.views.intake import job_context, load_job, said_taken_in
from consultations.views.loading import person, whole
from rus_platform.kit import clock
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt

PER_PAGE = 20
LONGEST_SHOWN = 120_000  # letters of an original that the page holds; a longer one is a file
AROUND = 1  # lines of the original shown before and after the item's own
SHOW = {"alla": None, "kvar": ItemState.UNDECIDED, "bekraftade": ItemState.ACCEPTED, "lamnade": ItemState.DROPPED}


@dataclass
class Card:
    """An item as its card shows it. ``lines``: {"text", "kind", "own"} of the original; ``replaces``: what stands now."""

    item: IntakeItem
    form: ItemForm | None
    lines: list[dict[str, Any]]
    place: str
    replaces: str
    alternatives: list[dict[str, Any]]


class Desk:
    """What every card of a page needs, read once."""

    def __init__(self, job: IntakeJob, may_work: bool) -> None:
        self.job, self.may_work = job, may_work and job.state == IntakeState.READY
        tree = queries.outline_of(job)
        self.names = dict(queries.section_choices(tree))
        self.by_uuid = {node.uuid: self.names[node.section.pk] for node in tree}
        self.actors = queries.actor_choices(job.round) if self.may_work and job.actor_id is None else []
        self.standing = review.standing_of(job) if self.may_work else {}

    def card(self, item: IntakeItem, form: ItemForm | None = None) -> Card:
        item.job = self.job
        if self.may_work and form is None and item.state == ItemState.UNDECIDED:
            form = ItemForm(item, list(self.names.items()), self.actors)
        replaces = "" if item.what == ItemWhat.POINT else self.standing.get(review.key_of(item), "")
        if replaces == review.said_words(item):
            replaces = ""
        return Card(
            item, form, lines_beside(self.job, item), self.names.get(item.section_id or 0, ""), in_plain(item, replaces),
            [{**row, "name": self.by_uuid.get(row["section"], "")} for row in item.alternatives],
        )  # fmt: skip

    def bound(self, item: IntakeItem, data: Any) -> ItemForm:
        item.job = self.job
        return ItemForm(item, list(self.names.items()), self.actors, data)


def lines_beside(job: IntakeJob, item: IntakeItem) -> list[dict[str, Any]]:
    """The item's own lines of the original, with the one before and the one after."""
    if item.first is None or item.last is None:
        return []
    start, end = max(0, item.first - AROUND), item.last + 1 + AROUND
    rows = enumerate(job.original[start:end], start)
    return [{**row, "own": item.first <= n <= (item.last or 0)} for n, row in rows if row.get("text")]


def in_plain(item: IntakeItem, words: str) -> str:
    """What stands in the response, as a person reads it."""
    if item.what == ItemWhat.POSITION and words:
        stance, _line, reason = words.partition("\n")
        return f"{dict(Stance.choices).get(stance, stance)} {reason}".strip()
    if item.what == ItemWhat.KIND:
        return str(dict(ResponseKind.choices).get(words, words))
    if item.what == ItemWhat.ANSWER and item.question is not None and words.isdecimal() and item.question.choices:
        return str(item.question.choices[int(words)]) if int(words) < len(item.question.choices) else words
    return words


@login_required
@never_cache
@require_http_methods(["GET"])
def page(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far it has come; then what was read, twenty things at a time."""
    job = load_job(request, job_id)
    if job.state in (*jobs.BUSY, IntakeState.FAILED):
        return render(request, "consultations/intake/job.html", job_context(request, job))
    return show(request, job, status=200)


def show(
    request: HttpRequest, job: IntakeJob, *, status: int, wrong: ItemForm | None = None, typed: TypedForm | None = None,
    drawn_number: str = "", **more: Any,
) -> HttpResponse:  # fmt: skip
    """The page of a job that has been read. ``wrong`` and ``typed``: a form that was refused, shown where it was filled in."""
    context = job_context(request, job, counts=queries.counts_of(job), **more)
    shown = request.GET.get("visa", "alla")
    rows = queries.items_of(job)
    if SHOW.get(shown):
        rows = rows.filter(state=SHOW[shown])
    page_obj = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    desk = Desk(job, context["may_work"])
    refused = wrong.item.pk if wrong is not None else None
    cards = [desk.card(item, wrong if item.pk == refused else None) for item in page_obj]
    if wrong is not None and refused not in {card.item.pk for card in cards}:
        cards.insert(0, desk.card(wrong.item, wrong))
    if desk.may_work and "take_form" not in context:
        many = job.actor_id is None
        kept = {"attach": not context["counts"].total}  # what nobody could read goes along, unless somebody says no
        context["take_form"] = (
            TakeInManyForm(initial={"received_at": clock.now()}) if many else TakeInForm(initial=kept)
        )
    context |= beside(job, drawn_number or request.GET.get("bild", ""), form=typed, may_work=desk.may_work)
    short = sum(len(row["text"]) for row in job.original) <= LONGEST_SHOWN
    context |= {
        "short": short,
        "page_obj": page_obj,
        "cards": cards,
        "shown": shown if shown in SHOW else "alla",
        "wrong": wrong,
        "ready": desk.may_work,
        "became": taking_many.names_of(job) if job.actor_id is None else [],
    }
    return render(request, "consultations/intake/review.html", context, status=status)


@login_required
@require_POST
def decide(request: HttpRequest, item_id: int) -> HttpResponse:
    """One card: ``deed`` is accept, save, drop, undo, split, merge, or alt-<n> for another place."""
    item = IntakeItem.objects.select_related("job", "section", "question", "actor").filter(pk=item_id).first()
    if item is None:
        raise NotFound(_("Det finns inte längre. En kollega kan ha slagit ihop det med något annat."))
    job = load_job(request, item.job_id)
    desk = Desk(job, jobs.may_work_with(person(request), job))
    form = desk.bound(item, request.POST)
    deed = request.POST.get("deed", "")
    done = form.is_valid() and attempt(form, do, item=item, card=form, deed=deed, request=request)
    if deed in ("split", "merge") and done:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})  # other cards have changed too
        return redirect(back_to(request, item))
    if request.htmx:  # type: ignore[attr-defined]
        fresh = queries.items_of(job).get(pk=item.pk)
        card = desk.card(fresh, None if done else form)
        context = {"card": card, "job": job, "ready": desk.may_work, "counts": queries.counts_of(job), "swapped": True}
        return render(request, "consultations/intake/_card.html", context, status=200 if done else 422)
    if done:
        return redirect(back_to(request, item))
    return show(request, job, status=422, wrong=form)


def do(*, item: IntakeItem, card: ItemForm, deed: str, request: HttpRequest) -> bool:
    """The deed, after what was changed in the card."""
    by, revision = person(request), card.cleaned_data["revision"]
    if deed.startswith("alt-"):
        review.edit_item(item_id=item.pk, by=by, revision=revision, alternative=whole(deed[4:]) or 0)
        return True
    if deed == "split":
        review.split_item(item_id=item.pk, by=by, revision=revision, text=card.cleaned_data.get("text") or item.text)
        return True
    changes = card.changes() if deed in ("accept", "save", "merge") else {}
    if changes:
        revision = review.edit_item(item_id=item.pk, by=by, revision=revision, **changes).revision
    verb = {
        "accept": review.accept_item,
        "drop": review.drop_item,
        "undo": review.reconsider_item,
        "merge": review.merge_item,
    }
    if deed in verb:
        verb[deed](item_id=item.pk, by=by, revision=revision)
    return True


def back_to(request: HttpRequest, item: IntakeItem) -> str:
    """The page of the list that was open, at the card."""
    query = request.POST.get("query", "")
    address = reverse("consultations:intake", args=[item.job_id])
    return f"{address}{'?' + query if query and len(query) < 100 else ''}#sak-{item.pk}"


@login_required
@require_POST
def certain(request: HttpRequest, job_id: int) -> HttpResponse:
    """Confirm all that was read without doubt."""
    job = load_job(request, job_id)
    count = review.accept_certain(job_id=job.pk, by=person(request))
    messages.success(request, ngettext("%(n)s sak är bekräftad.", "%(n)s saker är bekräftade.", count) % {"n": count})
    return redirect(f"{reverse('consultations:intake', args=[job.pk])}?visa=kvar")


@login_required
@require_POST
def take_in(request: HttpRequest, job_id: int) -> HttpResponse:
    """Take the confirmed into the response, or into each organisation's."""
    job = load_job(request, job_id)
    many = job.actor_id is None
    form = (TakeInManyForm if many else TakeInForm)(request.POST)
    done = form.is_valid() and attempt(
        form,
        taking_many.take_in_many if many else taking_in.take_in,
        job_id=job.pk,
        by=person(request),
        **form.cleaned_data,
    )
    if not done:
        return show(request, job, status=422, take_form=form)
    if many:
        return redirect("consultations:intake", job.pk)
    if done.state != IntakeState.TAKEN_IN:
        messages.warning(request, _("En kollega har skrivit i svaret under tiden. Se efter det som inte är granskat."))
        return redirect(f"{reverse('consultations:intake', args=[job.pk])}?visa=kvar")
    messages.success(request, said_taken_in(done.items.filter(state=ItemState.ACCEPTED).count()))
    return redirect("consultations:response", done.response_id)


@login_required
@require_POST
def register_all(request: HttpRequest, job_id: int) -> HttpResponse:
    """Register every answer that the table became. What cannot be is said, and stays to be completed."""
    job = load_job(request, job_id)
    registered, refused = taking_many.register_many(job_id=job.pk, by=person(request))
    if registered:
        messages.success(
            request,
            ngettext("%(n)s svar är registrerat.", "%(n)s svar är registrerade.", registered) % {"n": registered},
        )
    for words in refused:
        messages.warning(request, words)
    return redirect("consultations:intake", job.pk)


urlpatterns = [
    path("inlast/<int:job_id>/", page, name="intake"),
    path("inlast/<int:job_id>/sakra/", certain, name="accept_certain"),
    path("inlast/<int:job_id>/ta-in/", take_in, name="take_in_intake"),
    path("inlast/<int:job_id>/registrera/", register_all, name="register_intake"),
    path("inlast/sak/<int:item_id>/", decide, name="decide_item"),
]
