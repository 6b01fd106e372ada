from django.apps import AppConfig

from actors import wording
from rus_platform.kit.wording import register


class ActorsConfig(AppConfig):
    name = "actors"

    def ready(self) -> None:
        register(wording.SENTENCES)
