"""The link of a welcome letter."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from actors.domain.people import accept_welcome, open_welcome
from actors.forms.signin import WelcomeForm
from actors.models import User
from rus_platform.kit.forms import attempt

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Opening shows who is invited to what (mail scanners open links too); sending the form signs in."""
    link = open_welcome(token=token)
    known = User.objects.filter(email=link.email).first()
    form = WelcomeForm(request.POST or None, initial={"name": known.name if known else ""})
    if request.method == "POST" and form.is_valid():
        done = attempt(form, accept_welcome, token=token, **form.cleaned_data)
        if done is not None:
            user, link = done
            login(request, user, BACKEND)  # a new session key
            messages.success(request, _("Välkommen! Ditt konto är klart."))
            return redirect(link.target)
    status = 422 if form.is_bound else 200
    return render(request, "actors/welcome.html", {"form": form, "link": link}, status=status)
