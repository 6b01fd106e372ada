"""One's own account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from actors.domain.people import change_account, choose_password
from actors.forms.people import AccountForm
from actors.forms.signin import OwnPasswordForm
from actors.queries.people import memberships_of
from rus_platform.kit.forms import attempt

YEAR = 365 * 24 * 3600


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Name, title, language, and where one holds which roles. The language is this browser's.
    Those who came by a link have no account but a page about the link (``settings.GUEST_PAGE``)."""
    user = request.user
    if not user.has_usable_password():
        return redirect(settings.GUEST_PAGE)
    form = AccountForm(
        request.POST or None, initial={"name": user.name, "title": user.title, "language": get_language()}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, change_account, by=user, name=given["name"], title=given["title"]):
            answer = redirect("actors:account")
            answer.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                given["language"],
                max_age=YEAR,
                samesite="Lax",
                secure=request.is_secure(),
            )
            messages.success(request, _("Dina uppgifter är sparade."))
            return answer
    context = {"form": form, "memberships": memberships_of(user)}
    return render(request, "actors/account.html", context, status=422 if form.is_bound else 200)


@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; other browsers are signed out. Somebody with a link can choose one and have an account, but not
    who was let in for one answer only."""
    if request.user.guest:
        return redirect(settings.GUEST_PAGE)
    form = OwnPasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        user = attempt(form, choose_password, user_id=request.user.pk, password=form.cleaned_data["password"])
        if user is not None:
            update_session_auth_hash(request, user)
            messages.success(request, _("Ditt nya lösenord gäller. Andra webbläsare är utloggade."))
            return redirect("actors:account")
    return render(request, "actors/account_password.html", {"form": form}, status=422 if form.is_bound else 200)
