"""Who the round goes to: saved lists, contacts from a file, a test letter to oneself."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from actors.domain.register import FREE_KINDS
from consultations.domain import contact_import as contacts
from consultations.domain import lists, testing
from consultations.forms.rounds import ContactFileForm
from consultations.models import ContactImport
from consultations.states import ContactImportState
from consultations.views.loading import load_round_to_work, person, round_context, whole
from consultations.wording import OUTCOMES
from rus_platform.kit.errors import NotFound
from rus_platform.kit.forms import attempt


@login_required
@require_POST
def saved_lists(request: HttpRequest, round_id: int) -> HttpResponse:
    """Use, save, bring up to date or remove a list."""
    round_ = load_round_to_work(request, round_id)
    user, what, chosen = person(request), request.POST.get("what"), whole(request.POST.get("list")) or 0
    if what == "use":
        made = lists.use_list(round_id=round_.pk, list_id=chosen, by=user)
        text = ngettext("%(n)s aktör lades till på sändlistan.", "%(n)s aktörer lades till på sändlistan.", len(made))
        messages.success(request, text % {"n": len(made)})
    elif what == "remove":
        lists.remove_list(round_id=round_.pk, list_id=chosen, by=user)
        messages.success(request, _("Listan är borttagen."))
    else:
        updated = chosen if what == "update" else None
        kept = lists.save_list(round_id=round_.pk, name=request.POST.get("name", ""), list_id=updated, by=user)
        messages.success(request, _("Listan ”%(name)s” är sparad.") % {"name": kept.name})
    return redirect("consultations:distribution", round_.pk)


@login_required
@require_http_methods(["GET", "POST"])
def contact_file(request: HttpRequest, round_id: int) -> HttpResponse:
    """Send a file of contacts; what is in it is shown before anything is taken in."""
    round_ = load_round_to_work(request, round_id)
    sent = request.method == "POST"
    form = ContactFileForm(request.POST, request.FILES) if sent else ContactFileForm()
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        kept = attempt(
            form, contacts.read_file, round_id=round_.pk, file=file, name=file.name, size=file.size, by=person(request)
        )
        if kept:
            return redirect("consultations:contact_import", kept.pk)
    context = round_context(request, round_, form=form)
    return render(request, "consultations/contact_file.html", context, status=422 if sent else 200)


@login_required
@require_http_methods(["GET", "POST"])
def contact_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Every row of the file and what it would do. A POST takes in those that are chosen, or leaves the file."""
    kept = ContactImport.objects.filter(pk=import_id).first()
    if kept is None:
        raise NotFound(_("Filen finns inte."))
    round_ = load_round_to_work(request, kept.round_id)
    if request.method == "POST":
        return _take_in(request, kept)
    if kept.state != ContactImportState.READY:
        return redirect("consultations:distribution", round_.pk)
    planned = contacts.plan(kept, round_)
    does = sum(one.does for one in planned)
    context = round_context(
        request, round_, kept=kept, rows=[_row(one) for one in planned], does=does, leaves=len(planned) - does,
        kinds=[(kind.value, kind.label) for kind in FREE_KINDS],
    )  # fmt: skip
    return render(request, "consultations/contact_import.html", context)


def _row(one: contacts.Planned) -> dict[str, Any]:
    tone, words = OUTCOMES[one.outcome]
    return {"plan": one, "tone": tone, "words": words % {"was": one.was or "–"}}


def _take_in(request: HttpRequest, kept: ContactImport) -> HttpResponse:
    user = person(request)
    if "cancel" in request.POST:
        contacts.cancel_contacts(import_id=kept.pk, by=user)
        messages.success(request, _("Filen är lämnad. Inget togs in."))
    else:
        numbers = [number for number in map(whole, request.POST.getlist("row")) if number is not None]
        chosen = {number: request.POST.get(f"kind-{number}", "") for number in numbers}
        done = contacts.take_in_contacts(import_id=kept.pk, chosen=chosen, by=user)
        text = _("%(added)s lades till på sändlistan, %(addresses)s fick ny adress, %(made)s är nya i registret.")
        messages.success(request, text % (done.taken or {}))
    return redirect("consultations:distribution", kept.round_id)


@login_required
@require_POST
def send_test(request: HttpRequest, round_id: int) -> HttpResponse:
    """The invitation to oneself."""
    letter = testing.send_test(round_id=round_id, by=person(request))
    messages.success(request, _("Ett provbrev skickas till %(to)s.") % {"to": letter.to})
    return redirect("consultations:preview", round_id)
