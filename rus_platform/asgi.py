"""The ASGI entry point: pages and the API over HTTP, live sessions over websocket."""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import IO, Any

import django
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rus_platform.settings")

django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - Django must be set up first
from channels.security.websocket import AllowedHostsOriginValidator, WebsocketDenier  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402
from django.urls import re_path  # noqa: E402

from consultations.live.routing import urlpatterns as consultation_urls  # noqa: E402
from rus_platform.kit import clock  # noqa: E402
from strategies.live.routing import urlpatterns as draft_urls  # noqa: E402

UNKNOWN = re_path("", WebsocketDenier.as_asgi())  # anything else is refused, not an error in the log

# A thread that has been answered by the database waits for its turn at the interpreter; with the usual 5 ms a dozen busy threads
# make each of a request's questions cost as many turns, and those who hold a lock meanwhile keep it.
sys.setswitchinterval(0.0005)


class Pages(ASGIHandler):
    """Every view and most middleware of ours is sync: a request runs in one thread from door to door, in one of as many threads
    as there are connections to the database, instead of going back and forth between the event loop and a thread made for it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)
        self.threads = ThreadPoolExecutor(settings.WEB_THREADS, thread_name_prefix="page")

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """As Django's own, except that whoever has hung up is not looked for: a thread can't be called back."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        clock.note_arrival()
        try:
            response = await self.in_thread(self.answer, scope, body)
            await self.send_response(response, send)
            if response.streaming:
                await self.in_thread(response.close)
        finally:
            body.close()

    async def in_thread(self, call: Any, *arguments: Any) -> Any:
        """What ``call`` returns, in a context of its own (language, time zone)."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, copy_context().run, call, *arguments)

    def answer(self, scope: Any, body: IO[bytes]) -> HttpResponseBase:
        """From request to answer; one that is whole is also closed here, which gives the connection back."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: HttpResponseBase = refusal if request is None else self.get_response(request)
        response._handler_class = type(self)  # type: ignore[attr-defined]
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if not response.streaming:
            response.close()
        return response


live = AllowedHostsOriginValidator(CookieMiddleware(URLRouter([*draft_urls, *consultation_urls, UNKNOWN])))
application = ProtocolTypeRouter({"http": Pages(), "websocket": live})
