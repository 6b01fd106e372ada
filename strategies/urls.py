"""Addresses of the strategies app."""

from strategies.views import text_form

app_name = "strategies"

urlpatterns = [
    *text_form.urlpatterns,
]
