"""Files that go with a response: put there, taken away, fetched. Never shown inside a page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consultations.domain import attachments
from consultations.forms.signoff import AttachmentForm
from consultations.models import Attachment
from consultations.queries.masking import hides_file
from consultations.states import IN_WORK
from consultations.views.loading import load_own_response, load_response, person
from consultations.views.responses import response_context
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt


@login_required
def attachment_list(request: HttpRequest, response_id: int) -> HttpResponse:
    """What goes with the response, and a form for one more."""
    response = load_own_response(request, response_id)
    if response.state not in IN_WORK:
        return redirect("consultations:response", response.pk)
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept = attempt(
            form, attachments.add_attachment, response_id=response.pk, by=person(request), file=file, name=file.name, size=file.size
        )  # fmt: skip
        if kept:
            messages.success(request, _("Bilagan ”%(name)s” är med.") % {"name": kept.name})
            return redirect("consultations:attachments", response.pk)
    rows = response.attachments.select_related("uploaded_by")
    context = response_context(request, response, "attachments", form=form, rows=rows)
    return render(request, "consultations/own/attachments.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def remove(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """Take one away."""
    row = _row(attachment_id)
    load_own_response(request, row.response_id)
    attachments.remove_attachment(attachment_id=row.pk, by=person(request))
    messages.success(request, _("Bilagan är borttagen."))
    return redirect("consultations:attachments", row.response_id)


@require_safe
def fetch(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """The file, to be kept: never opened inside a page of ours."""
    row = _row(attachment_id)
    row.response = load_response(request, row.response_id)
    if hides_file(person(request), row):
        raise NotFound(_("Bilagan lämnas inte ut här. Skälet står vid svaret."))
    answer = FileResponse(row.file.open(), as_attachment=True, filename=row.name, content_type=row.mime)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _row(attachment_id: int) -> Attachment:
    row = Attachment.objects.filter(pk=attachment_id).first()
    if row is None:
        raise NotFound(_("Bilagan finns inte kvar."))
    return row
