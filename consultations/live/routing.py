"""Addresses of the live sessions of a consultation."""

from django.urls import path

from consultations.live.consumer import BoardConsumer, ResponseConsumer

urlpatterns = [
    path("live/svar/<int:response_id>/", ResponseConsumer.as_asgi()),
    path("live/svarslage/<int:round_id>/", BoardConsumer.as_asgi()),
]
