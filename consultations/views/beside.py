"""An original that is a picture, one page at a time, and a place to write off it beside."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consultations.domain.intake import review
from consultations.forms.intake import TypedForm
from consultations.models import IntakeJob, IntakePage
from consultations.queries import intake as queries
from consultations.views.loading import person, whole
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt


def beside(job: IntakeJob, asked: str, *, form: TypedForm | None = None, may_work: bool = False) -> dict[str, Any]:
    """What the page shows of an original that is a picture: {"drawn": the page asked for, ...}; {} when there is none. One query."""
    pages = list(job.drawn.all())
    if not pages:
        return {}
    number = min(max(whole(asked) or 1, 1), len(pages))
    sections = queries.section_choices(queries.outline_of(job)) if may_work and form is None else []
    return {
        "drawn": pages[number - 1],
        "drawn_pages": pages,
        "drawn_before": number - 1 if number > 1 else None,
        "drawn_after": number + 1 if number < len(pages) else None,
        "typed_form": (form or TypedForm(sections)) if may_work else None,
    }


@login_required
@require_safe
def picture(request: HttpRequest, job_id: int, number: int) -> HttpResponse:
    """A page, as the worker drew it: never the bytes that somebody sent."""
    rows = IntakePage.objects.select_related("job__round__version__strategy", "job__response")
    page = rows.defer("job__original").filter(job_id=job_id, number=number).first()
    if page is None or not queries.can_look(person(request), page.job):
        raise NotFound(_("Sidan finns inte, eller så får du inte se den."))
    if not page.file.storage.exists(page.file.name):
        raise NotFound(_("Bilden finns inte kvar i lagret. Hämta originalet."))
    with page.file.open("rb") as file:
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600"}
        return HttpResponse(file.read(), content_type="image/jpeg", headers=headers)


@login_required
@require_POST
def write_off(request: HttpRequest, job_id: int) -> HttpResponse:
    """Add what was written off the page; the same page is shown again."""
    from consultations.views.reviewing import load_job, show  # that page shows this one's fragment

    job = load_job(request, job_id)
    form = TypedForm(queries.section_choices(queries.outline_of(job)), request.POST)
    number = whole(request.POST.get("bild", "")) or 1
    shown = job.drawn.filter(number=number).first()
    said = form.is_valid() and form.cleaned_data
    done = said and attempt(
        form, review.add_item, job_id=job.pk, by=person(request), text=said["text"], quote=said["quote"],
        section_id=whole(said["section"]), page=shown.page if shown else None,
    )  # fmt: skip
    if not done:
        return show(request, job, status=422, typed=form, drawn_number=str(number))
    messages.success(request, _("Synpunkten är tillagd som nr %(n)s.") % {"n": done.position})
    return redirect(f"{reverse('consultations:intake', args=[job.pk])}?bild={number}#avskrift")


urlpatterns = [
    path("inlast/<int:job_id>/bild/<int:number>.jpg", picture, name="intake_picture"),
    path("inlast/<int:job_id>/skriv/", write_off, name="write_off"),
]
