"""Addresses of the strategies app."""

from strategies.urls_space import urlpatterns as space_urls
from strategies.views import text_form

app_name = "strategies"

urlpatterns = [
    *space_urls,
    *text_form.urlpatterns,
]
