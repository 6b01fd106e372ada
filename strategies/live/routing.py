"""Addresses of live sessions."""

from channels.security.websocket import WebsocketDenier
from django.urls import path, re_path

from strategies.live.consumer import DraftConsumer

urlpatterns = [
    path("live/utkast/<int:version_id>/", DraftConsumer.as_asgi()),
    re_path("", WebsocketDenier.as_asgi()),  # anything else is refused, not an error in the log
]
