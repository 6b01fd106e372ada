"""An officer masks words of an answer for the public, and takes it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations import rules
from consultations.domain import redaction
from consultations.forms.open import RedactForm
from consultations.models import Response
from consultations.queries.responses import ResponseContent, content_of
from consultations.views.loading import load_response, person
from consultations.views.responses import response_context
from rus_platform.kit.errors import Forbidden, NotFound
from rus_platform.kit.forms import attempt


@login_required
def redact(request: HttpRequest, response_id: int) -> HttpResponse:
    """Which words, and why; the answer stands below to copy from."""
    response = load_response(request, response_id)
    if not rules.can_moderate(person(request), response.round):
        raise Forbidden(_("Bara regionens handläggare kan maska ord i svar."))
    if response.submitted_at is None:
        raise NotFound(_("Svaret är inte inlämnat."))
    content = content_of(response, person(request))
    texts = texts_of(response, content)
    places = [(place, label) for place, label, _text in texts]
    form = RedactForm(request.POST if request.method == "POST" else None, places=places)
    if form.is_valid() and attempt(form, redaction.redact, response_id=response.pk, by=person(request), **form.facts()):
        messages.success(request, _("Orden är maskade för allmänheten."))
        return redirect("consultations:response", response.pk)
    context = response_context(
        request,
        response,
        "overview",
        form=form,
        content=content,
        texts=[(label, text) for _place, label, text in texts],
    )
    return render(request, "consultations/redact.html", context, status=422 if form.is_bound else 200)


def texts_of(response: Response, content: ResponseContent) -> list[tuple[str, str, str]]:
    """("part:id", name, text) of every text in the answer."""
    rows = [("summary:0", _("Svaret i korthet"), response.summary)]
    for position in content.positions.values():
        rows.append(
            (f"position:{position.pk}", _("Skäl: %(title)s") % {"title": position.section.title}, position.reason)
        )
    for answer in content.answers.values():
        rows.append((f"answer:{answer.pk}", _("Svar: %(question)s") % {"question": answer.question.text}, answer.text))
    for point in content.points:
        rows.append((f"point:{point.pk}", _("Synpunkt %(n)s") % {"n": point.number}, point.text))
        rows.append(
            (
                f"wording:{point.pk}",
                _("Synpunkt %(n)s, föreslagen lydelse") % {"n": point.number},
                point.suggested_wording,
            )
        )
    for file in response.attachments.all():
        rows.append((f"file:{file.pk}", _("Bilaga: %(name)s") % {"name": file.name}, file.name))
    return [row for row in rows if row[2]]


@login_required
@require_POST
def lift(request: HttpRequest, redaction_id: int) -> HttpResponse:
    """Let the public read the words again."""
    row = redaction.lift_redaction(redaction_id=redaction_id, by=person(request))
    messages.success(request, _("Maskningen är borttagen."))
    return redirect("consultations:response", row.response_id)
