"""Addresses of the consultations app."""

app_name = "consultations"

urlpatterns: list[object] = []
