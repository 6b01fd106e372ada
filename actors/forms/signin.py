"""Signing in and choosing a password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actors.domain import attempts
from actors.domain.letters import send_password_letter
from actors.models import User

PASSWORD_HINT = _("Minst 10 tecken. En mening som bara du kommer på är både säkrast och lättast att minnas.")


class SignInForm(AuthenticationForm):
    """E-mail and password. Says the same whether the address or the password was wrong."""

    username = forms.EmailField(
        label=_("E-postadress"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={
            "invalid": _("Skriv en e-postadress, till exempel anna.ek@kommun.se."),
            "required": _("Skriv din e-postadress."),
        },
    )
    password = forms.CharField(
        label=_("Lösenord"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Skriv ditt lösenord.")},
    )
    error_messages = {
        "invalid_login": _(
            "E-postadressen och lösenordet stämmer inte ihop. Försök igen eller välj ett nytt lösenord."
        ),
        "inactive": _("Kontot är avstängt."),
        "too_many": _("För många försök. Vänta en kvart eller välj ett nytt lösenord."),
    }

    def clean(self) -> dict[str, Any]:
        email = str(self.cleaned_data.get("username", ""))
        place = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if attempts.too_many(email, place):
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        try:
            cleaned = super().clean()
        except ValidationError:
            attempts.failed(email, place)
            raise
        if self.get_user() is not None:
            attempts.succeeded(email, place)
        return cleaned


class StaffSignInForm(SignInForm):
    """The same door, with the same count of failed tries, for support staff."""

    def confirm_login_allowed(self, user: User) -> None:  # type: ignore[override]
        super().confirm_login_allowed(user)
        if not user.is_staff:
            raise self.get_invalid_login_error()


class ForgottenForm(PasswordResetForm):
    """Ask for a letter with a link. Also for people who were let in by a link and never had a password."""

    email = forms.EmailField(
        label=_("E-postadress"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("Skriv en e-postadress, till exempel anna.ek@kommun.se."),
            "required": _("Skriv din e-postadress."),
        },
    )

    def get_users(self, email: str) -> Any:
        return User.objects.filter(email=email.strip().lower(), is_active=True)

    def send_mail(
        self, subject_template_name: str, email_template_name: str, context: dict[str, Any],
        from_email: str | None, to_email: str, html_email_template_name: str | None = None,
    ) -> None:  # fmt: skip
        """Through our own queue, with an address that doesn't depend on what the browser said the host was."""
        send_password_letter(user=context["user"], uid=context["uid"], token=context["token"])


class ChoosePasswordForm(SetPasswordForm):
    """A new password, typed twice."""

    new_password1 = forms.CharField(
        label=_("Nytt lösenord"), strip=False, help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    new_password2 = forms.CharField(
        label=_("Nytt lösenord en gång till"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class WelcomeForm(forms.Form):
    """An invited colleague's first visit."""

    name = forms.CharField(label=_("Ditt namn"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Välj lösenord"), strip=False, help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


class OwnPasswordForm(forms.Form):
    """Change one's password; the old one is asked for when there is one."""

    old = forms.CharField(
        label=_("Ditt lösenord nu"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    password = forms.CharField(
        label=_("Nytt lösenord"), strip=False, help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["old"]

    def clean_old(self) -> str:
        if not self.user.check_password(self.cleaned_data["old"]):
            raise ValidationError(_("Det är inte ditt lösenord."))
        return str(self.cleaned_data["old"])
