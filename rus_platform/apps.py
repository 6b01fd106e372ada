"""The platform itself as a Django app: it owns no models, only the shell, the kit's tags and the commands."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "rus_platform"
    label = "rus_platform"
