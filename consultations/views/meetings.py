"""The region's dialogue meetings, and their calendar files for everyone who may know of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from consultations import rules, visibility
from consultations.domain import meeting_input, meetings
from consultations.domain.calendar import calendar_of
from consultations.forms.meetings import AttendanceForm, InputForm, MeetingForm, MinutesForm
from consultations.models import DialogueMeeting
from consultations.queries import meetings as queries
from consultations.queries.places import name_places
from consultations.states import RoundState
from consultations.views.loading import load_round_to_work, person, round_context, whole
from rus_platform.kit.errors import Invalid, NotFound
from rus_platform.kit.forms import attempt
from strategies.queries.outline import outline


def load_meeting(request: HttpRequest, meeting_id: int) -> DialogueMeeting:
    """A meeting that the person works with."""
    meeting = queries.meeting_of(meeting_id)
    if meeting is None or not rules.can_enter(person(request), meeting.round):
        raise NotFound(_("Mötet finns inte, eller så får du inte se det."))
    return meeting


def sent(request: HttpRequest, name: str = "") -> Any:
    """What was posted, when the button ``name`` (any, without one) was pressed; otherwise None."""
    return request.POST if request.method == "POST" and (not name or name in request.POST) else None


@login_required
def meeting_list(request: HttpRequest, round_id: int) -> HttpResponse:
    """Every meeting of a round."""
    round_ = load_round_to_work(request, round_id)
    context = round_context(
        request, round_, meetings=queries.meetings_of(round_), may_plan=round_.state != RoundState.SETTLED
    )
    return render(request, "consultations/meetings/list.html", context)


@login_required
def new_meeting(request: HttpRequest, round_id: int) -> HttpResponse:
    """Plan a meeting, or write in one that somebody else held."""
    round_ = load_round_to_work(request, round_id)
    form = MeetingForm(sent(request), initial={"host": "own"})
    if form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "revision"}
        meeting = attempt(form, meetings.plan_meeting, round_id=round_.pk, by=person(request), **facts)
        if meeting:
            return redirect("consultations:meeting", meeting.pk)
    context = round_context(request, round_, form=form)
    return render(request, "consultations/meetings/form.html", context, status=422 if form.is_bound else 200)


@login_required
def change_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Other time, other place."""
    meeting = load_meeting(request, meeting_id)
    form = MeetingForm(sent(request), initial={name: getattr(meeting, name) for name in MeetingForm.base_fields})
    if form.is_valid() and attempt(
        form, meetings.change_meeting, meeting_id=meeting.pk, by=person(request), **form.cleaned_data
    ):
        messages.success(request, _("Sparat. De inbjudna får ett nytt brev om tid eller plats är ändrad."))
        return redirect("consultations:meeting", meeting.pk)
    context = round_context(request, meeting.round, form=form, meeting=meeting)
    return render(request, "consultations/meetings/form.html", context, status=422 if form.is_bound else 200)


@login_required
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One meeting: who is invited and came, the minutes, and what was said."""
    one = load_meeting(request, meeting_id)
    labels = outline(one.round.version).labels
    actors = queries.register_choices(one.round)
    forms = {
        "minutes_form": MinutesForm(
            sent(request, "minutes"), initial={"minutes": one.minutes, "revision": one.revision}
        ),
        "attendance_form": AttendanceForm(sent(request, "people"), actors=actors),
        "input_form": InputForm(sent(request, "text"), actors=actors, sections=sections_of(one, labels)),
    }
    if request.method == "POST" and _saved(request, one, forms):
        messages.success(request, _("Sparat."))
        return redirect("consultations:meeting", one.pk)
    guests = list(one.guests.select_related("actor", "mail"))
    working = meeting_input.working_response(one)
    points: list[Any] = (
        list(working.points.select_related("section", "said_by", "created_by").order_by("number")) if working else []
    )
    handed_over = queries.first_handed_over(one)
    for point in points:
        point.is_late = handed_over is not None and point.created_at > handed_over
    name_places(points, labels)
    bound = [form for form in forms.values() if form.is_bound]
    there = {guest.actor_id for guest in guests}
    context = round_context(
        request, one.round, meeting=one, guests=guests, people=queries.people_in(guests), points=points,
        handed_over=handed_over, late=queries.added_late(person(request), one, handed_over), coming=queries.coming_in(guests),
        is_over=queries.is_over(one), to_invite=[row for row in actors if row[0] not in there],
        bound_forms=bound, **forms,
    )  # fmt: skip
    return render(request, "consultations/meetings/meeting.html", context, status=422 if bound else 200)


def sections_of(one: DialogueMeeting, labels: Any) -> list[tuple[int, str]]:
    """Sections of the consultation version, for a point to be about."""
    rows = {
        str(row.uuid): row for row in one.round.version.sections.filter(removed_at=None).only("pk", "uuid", "version")
    }
    return [(rows[uuid].pk, f"{code} {title}".strip()) for uuid, (code, title) in labels.items() if uuid in rows]


def _saved(request: HttpRequest, one: DialogueMeeting, forms: dict[str, Any]) -> bool:
    """Save the form that was sent; False when something in it is wrong."""
    verbs: dict[str, Any] = {
        "minutes_form": meetings.save_minutes,
        "attendance_form": meetings.note_attendance,
        "input_form": meeting_input.add_input,
    }
    for name, form in forms.items():
        if form.is_bound:
            return form.is_valid() and bool(
                attempt(form, verbs[name], meeting_id=one.pk, by=person(request), **form.cleaned_data)
            )
    return False


DEEDS: dict[str, tuple[Any, dict[str, Any], Any]] = {
    "hold": (meetings.hold_meeting, {}, _lazy("Mötet är hållet. Skriv in vilka som kom och vad som sades.")),
    "cancel": (meetings.cancel_meeting, {}, _lazy("Mötet är inställt. De inbjudna får ett brev.")),
    "publish": (meetings.publish_meeting, {"public": True}, _lazy("Mötet visas för alla på samrådets sida.")),
    "unpublish": (meetings.publish_meeting, {"public": False}, _lazy("Mötet visas inte längre för alla.")),
    "take_up": (meeting_input.take_up_input, {}, _lazy("Skriv in det som saknas och lämna över igen.")),
    "hand_over": (meeting_input.hand_over_input, {}, _lazy("Synpunkterna är lämnade till bemötandet.")),
}


@login_required
@require_POST
def deed(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """A button of the meeting's page."""
    one = load_meeting(request, meeting_id)
    if (point_id := whole(request.POST.get("remove"))) is not None:
        meeting_input.remove_input(meeting_id=one.pk, point_id=point_id, by=person(request))
        return redirect("consultations:meeting", one.pk)
    known = DEEDS.get(request.POST.get("do", ""))
    if known is None:
        raise Invalid(_("Välj vad som ska göras."))
    verb, arguments, done = known
    verb(meeting_id=one.pk, by=person(request), **arguments)
    messages.success(request, done)
    return redirect("consultations:meeting", one.pk)


@login_required
@require_POST
def invite(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Send letters to those ticked."""
    one = load_meeting(request, meeting_id)
    wanted = {pk for pk in map(whole, request.POST.getlist("actor")) if pk}
    invited = meetings.invite_to_meeting(meeting_id=one.pk, actor_ids=wanted, by=person(request))
    messages.success(request, _("%(n)s inbjudna. Breven skickas nu.") % {"n": len(invited)})
    return redirect("consultations:meeting", one.pk)


@login_required
@require_POST
def attendance(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """How many came from each guest on the list."""
    one = load_meeting(request, meeting_id)
    for guest in one.guests.all():
        value = request.POST.get(f"g{guest.pk}", "")
        people = whole(value)
        if people != guest.people and (people is not None or value == ""):
            meetings.note_attendance(meeting_id=one.pk, guest_id=guest.pk, people=people, by=person(request))
    messages.success(request, _("Sparat."))
    return redirect("consultations:meeting", one.pk)


@require_safe
def calendar(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The meeting for a calendar: for everyone when it is public, otherwise for the region."""
    one = queries.meeting_of(meeting_id)
    if one is None or not visibility.can_see_meeting(person(request), one):
        raise NotFound(_("Mötet finns inte, eller så får du inte se det."))
    file = HttpResponse(calendar_of(one), content_type="text/calendar; charset=utf-8")
    file["Content-Disposition"] = 'attachment; filename="mote.ics"'
    return file
