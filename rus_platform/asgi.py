"""The ASGI entry point: pages and the API over HTTP, live sessions over websocket."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rus_platform.settings")

pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - Django must be set up first
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402

from strategies.live.routing import urlpatterns  # noqa: E402

live = AllowedHostsOriginValidator(CookieMiddleware(URLRouter(urlpatterns)))
application = ProtocolTypeRouter({"http": pages, "websocket": live})
