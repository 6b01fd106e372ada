"""Addresses of live sessions in a draft."""

from django.urls import path

from strategies.live.consumer import DraftConsumer

urlpatterns = [path("live/utkast/<int:version_id>/", DraftConsumer.as_asgi())]
