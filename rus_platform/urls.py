"""Every address of the platform."""

from django.contrib import admin
from django.urls import include, path

from rus_platform import health, views

handler400 = "rus_platform.views.bad_request"

urlpatterns = [
    path("", views.home, name="home"),
    path("designsystem/", views.designsystem, name="designsystem"),
    path("utseende/", views.appearance, name="appearance"),
    path("tillganglighet/", views.accessibility, name="accessibility"),
    path("halsa/", health.health, name="health"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("actors.urls")),
    path("", include("strategies.urls")),
    path("", include("consultations.urls")),
    path("api/", include("strategies.api_urls")),
    path("admin/", admin.site.urls),
]
