"""Addresses of the strategies API."""

from django.urls import path

from strategies import api

app_name = "strategies_api"

urlpatterns = [
    path("utkast/<int:version_id>/avsnitt/", api.ReferencesView.as_view(), name="references"),
    path("utkast/<int:version_id>/bilder/", api.ImagesView.as_view(), name="images"),
    path("utkast/<int:version_id>/avsnitt/<uuid:uuid>/", api.SectionView.as_view(), name="section"),
    path("utkast/<int:version_id>/avsnitt/<uuid:uuid>/html/", api.HtmlView.as_view(), name="html"),
    path("utkast/<int:version_id>/avsnitt/<uuid:uuid>/forslag/", api.SuggestionsView.as_view(), name="suggestions"),
    path("utkast/<int:version_id>/avsnitt/<uuid:uuid>/steg/", api.StepsView.as_view(), name="steps"),
]
