"""Sign in, sign out, and a new password by letter."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.forms.signin import ChoosePasswordForm, ForgottenForm, SignInForm
from actors.queries.demo import demo_accounts, demo_doors


class SignIn(auth.LoginView):
    """E-mail and password. ``next`` is followed only within this installation (LoginView sees to it)."""

    template_name = "actors/signin.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_initial(self) -> dict[str, Any]:
        """A demo account's link fills the address in, without script."""
        chosen = self.request.GET.get("konto", "")
        account = next((row for row in demo_accounts() if row.email == chosen), None)
        return {"username": account.email} if account else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(accounts=demo_accounts(), doors=demo_doors(), **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class Forgotten(auth.PasswordResetView):
    """Ask for a letter. The answer is the same whether the address is known or not."""

    template_name = "actors/password_forgotten.html"
    form_class = ForgottenForm
    success_url = reverse_lazy("actors:password_sent")


def password_sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "actors/password_sent.html")


class ChoosePassword(auth.PasswordResetConfirmView):
    """The letter's link: a page with a form; only sending it changes anything."""

    template_name = "actors/password_choose.html"
    form_class = ChoosePasswordForm
    post_reset_login = True
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        record(by=form.user, verb="choose_password", obj=form.user)
        messages.success(self.request, _("Ditt nya lösenord gäller. Du är inloggad."))
        return answer
