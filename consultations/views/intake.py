"""Answers as files: forms to download, files to send in, and the page where each thing that was read is confirmed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations.domain.intake import form as forms_in_word
from consultations.domain.intake import jobs, taking_many
from consultations.forms.intake import SendInForm, SendInManyForm
from consultations.models import IntakeJob, Response
from consultations.publishing.response_form import response_form
from consultations.publishing.table_template import table_template
from consultations.queries import intake as queries
from consultations.states import ResponseState
from consultations.views.loading import (
    load_response,
    load_round,
    load_round_to_work,
    of_own_draft,
    person,
    round_context,
)
from consultations.views.responses import response_context
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt
from strategies.publishing.word import DOCX, version_docx

SHOWN = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# --- files to download


@login_required
@require_safe
def word_form(request: HttpRequest, round_id: int) -> HttpResponse:
    """The round's response form; ``?svar=<id>`` writes the organisation's name in it."""
    round_ = load_round(request, round_id)
    response = _response_in(request, round_.pk)
    data = response_form(forms_in_word.plan_of(round_), response.actor if response else None)
    return download(data, DOCX, f"svarsformular-{slugify(round_.title)[:60]}.docx")


def _response_in(request: HttpRequest, round_id: int) -> Response | None:
    asked = request.GET.get("svar", "")
    if not asked.isdecimal() or len(asked) > 18:
        return None
    response = load_response(request, int(asked))
    return response if response.round_id == round_id else None


@login_required
@require_safe
def word_version(request: HttpRequest, round_id: int) -> HttpResponse:
    """The consultation version as a Word file, to comment in the margin."""
    round_ = load_round(request, round_id)
    lead = [
        _(
            "Kommentera i marginalen och ändra i texten med spårade ändringar (Granska). Ladda sedan upp filen i ert svar: varje kommentar blir en synpunkt på just de orden, och varje ändring ett förslag."
        )
    ]
    name = f"{slugify(round_.version.strategy.title)[:60]}-{slugify(round_.version.label)[:40]}.docx"
    return download(version_docx(round_.version, lead=lead), DOCX, name)


@login_required
@require_safe
def table_form(request: HttpRequest, round_id: int) -> HttpResponse:
    """An empty table for many answers, with the organisations that may be meant."""
    round_ = load_round_to_work(request, round_id)
    names = [name for _pk, name in queries.actor_choices(round_)]
    return download(table_template(names), XLSX, f"svar-{slugify(round_.title)[:60]}.xlsx")


def download(data: bytes, mime: str, name: str) -> HttpResponse:
    """A file to keep, never to show inside a page."""
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, content_type=mime, headers=headers)


# --- sending in


@of_own_draft
@require_http_methods(["GET", "POST"])
def send_in(request: HttpRequest, response: Response) -> HttpResponse:
    """Files to fill in, a place to send one, and what was sent before."""
    form = SendInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        job = attempt(
            form, jobs.send_in, response_id=response.pk, by=person(request), file=file, name=file.name, size=file.size,
            again=form.cleaned_data["again"],
        )  # fmt: skip
        if job:
            return redirect("consultations:intake", job.pk)
    context = response_context(
        request, response, "intake", form=form, jobs=queries.jobs_of_response(response)[:SHOWN], known=_known(form)
    )  # fmt: skip
    return render(request, "consultations/intake/send_in.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def send_in_many(request: HttpRequest, round_id: int) -> HttpResponse:
    """The region sends in a table with many answers; and sees all that it has sent in."""
    round_ = load_round_to_work(request, round_id)
    form = SendInManyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        job = attempt(
            form, jobs.send_in_many, round_id=round_.pk, by=person(request), file=file, name=file.name, size=file.size,
            again=form.cleaned_data["again"],
        )  # fmt: skip
        if job:
            return redirect("consultations:intake", job.pk)
    context = round_context(
        request, round_, form=form, jobs=queries.jobs_of_round(round_)[:SHOWN], known=_known(form)
    )  # fmt: skip
    return render(request, "consultations/intake/send_in_many.html", context, status=422 if form.is_bound else 200)


def _known(form: Any) -> int | None:
    """The earlier job of the same bytes, when the file was refused for that."""
    conflict = getattr(form, "conflict", None)
    return conflict.data.get("job_id") if conflict else None


# --- one job


def load_job(request: HttpRequest, job_id: int) -> IntakeJob:
    """A job that the person may work with, or look at afterwards."""
    rows = IntakeJob.objects.select_related(
        "round__version__strategy__owner", "actor", "requested_by", "taken_in_by",
        "response__actor", "response__round__version__strategy",
    )  # fmt: skip
    job = rows.filter(pk=job_id).first()
    if job is None or not queries.can_look(person(request), job):
        raise NotFound(_("Det som kom in finns inte, eller så får du inte se det."))
    return job


def job_context(request: HttpRequest, job: IntakeJob, **more: Any) -> dict[str, Any]:
    """What every page of a job shows, in the frame of its response or of its round."""
    under_way = job.state in jobs.BUSY
    shared = {
        "job": job,
        "may_work": jobs.may_work_with(person(request), job),
        "under_way": under_way,
        "poll_url": reverse("consultations:intake_state", args=[job.pk]) if under_way else "",
        **more,
    }
    if job.response is not None:
        context = response_context(request, job.response, "intake", **shared)
        context["crumbs"] = [
            *context["crumbs"][:-1],
            {"label": _("Läs in"), "url": reverse("consultations:send_in", args=[job.response.pk])},
            {"label": job.name, "url": ""},
        ]
        return {**context, "frame": "consultations/_response_layout.html"}
    context = round_context(request, job.round, **shared)
    here = {"label": _("Läs in tabell"), "url": reverse("consultations:send_in_many", args=[job.round_id])}
    context["crumbs"] = [*context["crumbs"], here, {"label": job.name, "url": ""}]
    return {**context, "frame": "consultations/_layout.html"}


@login_required
@require_safe
@never_cache
def state(request: HttpRequest, job_id: int) -> HttpResponse:
    """The fragment that the page asks for once a second; when it is read, the page is asked for anew."""
    job = load_job(request, job_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("consultations:intake", job.pk)
    answer = render(request, "consultations/intake/_state.html", job_context(request, job, asked=True))
    if job.state not in jobs.BUSY:
        answer["HX-Refresh"] = "true"
    return answer


@login_required
@require_safe
def original(request: HttpRequest, job_id: int) -> HttpResponse:
    """The file as it was sent, to keep; never shown inside a page."""
    job = load_job_for_original(request, job_id)
    if not job.file.storage.exists(job.file.name):
        raise NotFound(_("Filen finns inte kvar i lagret. Det som lästes ur den finns kvar här."))
    with job.file.open("rb") as file:
        return download(file.read(), "application/octet-stream", job.name)


def load_job_for_original(request: HttpRequest, job_id: int) -> IntakeJob:
    """A job whose original the person may read."""
    rows = IntakeJob.objects.select_related("round__version__strategy", "response__round__version__strategy")
    job = rows.defer("original").filter(pk=job_id).first()
    if job is None or not job.file or not queries.can_see_original(person(request), job):
        raise NotFound(_("Filen finns inte, eller så får du inte se den."))
    return job


@login_required
@require_safe
def text(request: HttpRequest, job_id: int) -> HttpResponse:
    """The text that was read, to keep; for originals that are too long for the page."""
    job = load_job(request, job_id)
    words = "\n\n".join(row["text"] for row in job.original if row.get("text"))
    return download(words.encode(), "text/plain; charset=utf-8", f"{job.name}.txt")


@login_required
@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Leave it."""
    job = jobs.cancel_intake(job_id=load_job(request, job_id).pk, by=person(request))
    some = job.items.filter(taken_at__isnull=False).exists()
    words = _("Resten av ”%(name)s” togs inte in.") if some else _("Inget ur ”%(name)s” togs in.")
    messages.success(request, words % {"name": job.name})
    return back(job)


@login_required
@require_POST
def stop(request: HttpRequest, job_id: int) -> HttpResponse:
    """Stop taking in; what is taken in stays."""
    job = taking_many.stop_taking(job_id=load_job(request, job_id).pk, by=person(request))
    messages.success(request, _("Stoppat. Det som redan är intaget finns kvar, resten väntar här."))
    return redirect("consultations:intake", job.pk)


@login_required
@require_POST
def again(request: HttpRequest, job_id: int) -> HttpResponse:
    """Try to read it once more."""
    job = jobs.read_again(job_id=load_job(request, job_id).pk, by=person(request))
    return redirect("consultations:intake", job.pk)


def back(job: IntakeJob) -> HttpResponse:
    """To where files are sent in; to the response when it no longer takes any."""
    if job.response is None:
        return redirect("consultations:send_in_many", job.round_id)
    name = "send_in" if job.response.state == ResponseState.DRAFTING else "response"
    return redirect(f"consultations:{name}", job.response.pk)


def said_taken_in(count: int) -> str:
    """How many things were taken in, in words."""
    return ngettext("%(n)s sak är intagen i svaret.", "%(n)s saker är intagna i svaret.", count) % {"n": count}


urlpatterns = [
    path("samrad/<int:round_id>/formular.docx", word_form, name="word_form"),
    path("samrad/<int:round_id>/version.docx", word_version, name="word_version"),
    path("samrad/<int:round_id>/tabell.xlsx", table_form, name="table_form"),
    path("samrad/<int:round_id>/las-in/", send_in_many, name="send_in_many"),
    path("svar/<int:response_id>/las-in/", send_in, name="send_in"),
    path("inlast/<int:job_id>/lage/", state, name="intake_state"),
    path("inlast/<int:job_id>/original/", original, name="intake_original"),
    path("inlast/<int:job_id>/text/", text, name="intake_text"),
    path("inlast/<int:job_id>/avbryt/", cancel, name="cancel_intake"),
    path("inlast/<int:job_id>/stoppa/", stop, name="stop_taking"),
    path("inlast/<int:job_id>/igen/", again, name="read_intake_again"),
]
