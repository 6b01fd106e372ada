"""Words from elsewhere that are at hand beside a section's text."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from rus_platform.kit import at_hand


@login_required
@require_POST
def put_away(request: HttpRequest) -> HttpResponse:
    """Put away what is at hand, and go back to the section."""
    at_hand.put_away(request)
    target = request.POST.get("next", "")
    ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(target if ours else "/")


urlpatterns = [path("till-hands/lagg-undan/", put_away, name="put_away")]
