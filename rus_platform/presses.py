"""A double press is one press, also where no script is there to stop the second."""

import hashlib
import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CSRF_TOKEN_LENGTH
from redis.exceptions import RedisError

REMEMBERED = 15  # seconds: longer than an impatient press, shorter than somebody meaning it again
LONGEST_WAIT = 10.0  # seconds that the second press waits for what the first led to
LARGEST = 1_000_000  # bytes: files are told apart by their own verbs
UNDER_WAY = ""

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]


class OnePressMiddleware:
    """The second sending of one and the same form goes where the first one went, and is not carried out.

    A form that a page shows carries a token that no other page has (Django masks it anew each time), so the same token with
    the same words to the same address is the same press. Scripts (htmx, the editor) see to their own. Remembered in the
    cache; without a cache every press counts, as it would without this.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        press = key_of(request)
        if press is None:
            return self.get_response(request)
        try:
            first = cache.add(press, UNDER_WAY, timeout=LONGEST_WAIT + REMEMBERED)
            where = None if first else where_it_went(press)
        except (RedisError, OSError):
            log.warning("The cache does not answer: a double press is not told apart.")
            return self.get_response(request)
        if where:
            return HttpResponseRedirect(where)
        return self.carried_out(request, press)

    def carried_out(self, request: HttpRequest, press: str) -> HttpResponse:
        """The page's own answer; where it leads is remembered, and a refusal may be sent again at once."""
        where = None
        try:
            response = self.get_response(request)
            where = response["Location"] if response.status_code in (302, 303) else None
        finally:
            remember(press, where)
        return response


def key_of(request: HttpRequest) -> str | None:
    """What names this press: address, session and every word sent. None for what is not a form of a page."""
    if request.method != "POST" or request.headers.get("HX-Request") == "true":
        return None
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return None
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal() or int(length) > LARGEST:
        return None
    if len(request.POST.get("csrfmiddlewaretoken", "")) != CSRF_TOKEN_LENGTH or request.FILES:
        return None
    said = [request.get_full_path(), request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")]
    said += [f"{name}={value}" for name, values in request.POST.lists() for value in values]
    return "press:" + hashlib.sha256("\0".join(said).encode(errors="replace")).hexdigest()


def where_it_went(press: str) -> str | None:
    """Where the first press led, once it is known; None when it was refused, or takes too long."""
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until:
        where = cache.get(press)
        if where != UNDER_WAY:
            return str(where) if where else None
        time.sleep(0.1)
    return None


def remember(press: str, where: str | None) -> None:
    """Keep where it led for a moment; nothing when it led nowhere."""
    try:
        if where:
            cache.set(press, where, timeout=REMEMBERED)
        else:
            cache.delete(press)
    except (RedisError, OSError):
        log.warning("The cache does not answer: a double press is not told apart.")
