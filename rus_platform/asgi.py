"""The ASGI entry point: pages and the API over HTTP, live sessions over websocket."""

import os

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http.response import HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rus_platform.settings")

django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - Django must be set up first
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402

from strategies.live.routing import urlpatterns  # noqa: E402


class Pages(ASGIHandler):
    """Every view and most middleware of ours is sync: a request runs in one thread from door to door, instead of going
    back and forth between the event loop and the thread for each layer."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)

    async def get_response_async(self, request: ASGIRequest) -> HttpResponseBase:
        """The same answer as ``get_response`` gives."""
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


live = AllowedHostsOriginValidator(CookieMiddleware(URLRouter(urlpatterns)))
application = ProtocolTypeRouter({"http": Pages(), "websocket": live})
