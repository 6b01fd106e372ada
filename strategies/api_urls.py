"""Addresses of the strategies API."""

app_name = "strategies_api"

urlpatterns: list[object] = []
