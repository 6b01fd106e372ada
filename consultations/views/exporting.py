"""A response and its receipt as files."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.domain.attachments import DOCX
from consultations.models import Response
from consultations.publishing.answer import answer_pdf, receipt_pdf, sheet_of
from consultations.publishing.answer_docx import answer_docx
from consultations.states import HANDED_IN
from consultations.views.loading import load_unmasked
from rus_platform.kit.errors import NotFound

PDF = "application/pdf"


@login_required
@require_safe
def answer_file(request: HttpRequest, response_id: int, kind: str) -> HttpResponse:
    """The whole response as DOCX or PDF: as a draft for the agenda, or as it was handed in."""
    response = load_unmasked(request, response_id)
    name = _("svar-%(actor)s") % {"actor": slugify(response.actor.name)}
    if kind == "docx":
        return _file(answer_docx(sheet_of(response)), DOCX, f"{name}.docx")
    return _file(answer_pdf(response), PDF, f"{name}.pdf")


@login_required
@require_safe
def receipt_file(request: HttpRequest, response_id: int) -> HttpResponse:
    """The receipt as PDF."""
    response = load_unmasked(request, response_id)
    if response.state not in HANDED_IN:
        raise NotFound(_("Svaret är inte inlämnat, så det finns inget kvitto än."))
    return _file(receipt_pdf(_whole(response)), PDF, _("kvitto-%(n)s.pdf") % {"n": response.number})


def _whole(response: Response) -> Response:
    return Response.objects.select_related("actor", "submitted_by", "round__version__strategy__owner").get(
        pk=response.pk
    )


def _file(data: bytes, mime: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=mime)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
