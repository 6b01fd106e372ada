"""Internal notes: threads of the organisation's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.models import Role
from actors.queries.roles import people_with
from consultations import visibility
from consultations.domain import notes
from consultations.forms.responses import NoteForm
from consultations.models import InternalNote
from consultations.queries.responses import response_for
from consultations.views.loading import load_response, person, whole
from rus_platform.kit.errors import Invalid, NotFound


@login_required
@require_POST
def add_note(request: HttpRequest, response_id: int) -> HttpResponse:
    """A note, or a reply (``reply_to``)."""
    response = load_response(request, response_id)
    form = NoteForm(request.POST, colleagues=people_with(response.actor_id, *Role))
    if not form.is_valid():
        raise Invalid(_("Anteckningen är inte sparad."), {name: errors[0] for name, errors in form.errors.items()})
    note = notes.add_note(
        response_id=response.pk, by=person(request), text=form.cleaned_data["text"],
        reply_to=whole(request.POST.get("reply_to")), mention=[user.pk for user in form.cleaned_data["mention"]],
    )  # fmt: skip
    messages.success(request, _("Anteckningen är sparad. Bara er organisation ser den."))
    return redirect(f"{reverse('consultations:response', args=[response.pk])}#anteckning-{note.parent_id or note.pk}")


@login_required
@require_POST
def resolve(request: HttpRequest, note_id: int) -> HttpResponse:
    """Done, or open again (``again``)."""
    note = InternalNote.objects.filter(pk=note_id).first()
    response = response_for(note.response_id) if note else None
    if note is None or response is None or not visibility.can_see_notes(person(request), response):
        raise NotFound(_("Anteckningen finns inte kvar."))
    notes.resolve_thread(note_id=note.pk, by=person(request), resolved="again" not in request.POST)
    return redirect(f"{reverse('consultations:response', args=[note.response_id])}#anteckningar")
