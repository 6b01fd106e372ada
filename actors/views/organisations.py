"""Organisations, their people and roles."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from actors import rules
from actors.domain.membership import end_role
from actors.domain.people import invite_colleague, send_welcome_again
from actors.forms.people import ActorSearchForm, InviteForm
from actors.models import Actor, Membership
from actors.queries.events import events_of, told_page
from actors.queries.people import actors_visible_to, colleagues, organisations_of, past_roles, short
from rus_platform.kit.errors import Forbidden, NotFound
from rus_platform.kit.forms import attempt

PER_PAGE = 40


def load_actor(request: HttpRequest, actor_id: int) -> Actor:
    """An organisation that the person may know of."""
    actor = actors_visible_to(request.user).filter(pk=actor_id).first()
    if actor is None:
        raise NotFound(_("Organisationen finns inte, eller så har du inte tillgång till den."))
    return actor


@login_required
@vary_on_headers("HX-Request")
def actor_list(request: HttpRequest) -> HttpResponse:
    """One's own organisations, and every other with a search."""
    form = ActorSearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = actors_visible_to(request.user, words=wanted.get("ord", ""), kind=wanted.get("slag", ""))
    context = {
        "form": form,
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "mine": organisations_of(request.user),
    }
    template = "actors/_actor_rows.html" if request.htmx else "actors/actor_list.html"
    return render(request, template, context)


@login_required
def actor_page(request: HttpRequest, actor_id: int) -> HttpResponse:
    """Facts for everyone with a role somewhere; people for the organisation's own."""
    actor = load_actor(request, actor_id)
    user = request.user
    handles, sees = rules.can_handle_people(user, actor), rules.can_see_people(user, actor)
    context = {
        "actor": actor,
        "handles": handles,
        "sees": sees,
        "starts": not handles and rules.can_start_organisation(user, actor),
        "people": colleagues(actor) if sees else [],
        "past": past_roles(actor) if handles else [],
        "events": told_page(events_of(user, actor_id=actor.pk), request.GET.get("page")) if sees else None,
        "counties": actor.counties.all(),
    }
    return render(request, "actors/actor.html", context)


@login_required
def invite(request: HttpRequest, actor_id: int) -> HttpResponse:
    """Invite a colleague, or the first administrator of an organisation."""
    actor = load_actor(request, actor_id)
    handles = rules.can_handle_people(request.user, actor)
    if not handles and not rules.can_start_organisation(request.user, actor):
        raise Forbidden(
            _("Du kan inte bjuda in till %(actor)s. Det gör organisationens administratör.") % {"actor": actor}
        )
    form = InviteForm(request.POST or None, only_admin=not handles)
    if request.method == "POST" and form.is_valid():
        row = attempt(form, invite_colleague, actor_id=actor.pk, by=request.user, **form.cleaned_data)
        if row is not None:
            messages.success(request, _("%(name)s har fått rollen, och ett brev är på väg.") % {"name": row.user.name})
            return redirect("actors:actor", actor.pk)
    context = {"form": form, "actor": actor, "handles": handles}
    return render(request, "actors/invite.html", context, status=422 if form.is_bound else 200)


def load_membership(request: HttpRequest, membership_id: int) -> Membership:
    """An open role that the person may see."""
    row = Membership.objects.filter(pk=membership_id, until=None).select_related("actor", "user").first()
    if row is None or not (rules.can_see_people(request.user, row.actor) or row.given_by_id == request.user.pk):
        raise NotFound(_("Rollen finns inte, eller så är den redan avslutad."))
    return row


@login_required
def end(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Says what happens; then ends the role."""
    row = load_membership(request, membership_id)
    if not rules.can_end_role(request.user, row):
        raise Forbidden(_("Du kan inte ta bort roller i %(actor)s.") % {"actor": row.actor})
    if request.method == "POST":
        end_role(membership_id=row.pk, by=request.user)
        messages.success(request, _("%(name)s har inte längre rollen.") % {"name": row.user.name})
        return redirect("actors:actor", row.actor_id)
    context = {"row": row, "role": short(row.get_role_display()), "own": row.user_id == request.user.pk}
    return render(request, "actors/end_role.html", context)


@login_required
@require_POST
def welcome_again(request: HttpRequest, membership_id: int) -> HttpResponse:
    """A new letter to somebody who hasn't come yet."""
    row = send_welcome_again(membership_id=membership_id, by=request.user)
    messages.success(request, _("Ett nytt brev är på väg till %(email)s.") % {"email": row.user.email})
    return redirect("actors:actor", row.actor_id)
