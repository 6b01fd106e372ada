from django.apps import AppConfig

from rus_platform.kit.wording import register
from strategies import wording, wording_publication, wording_space, wording_writing


class StrategiesConfig(AppConfig):
    name = "strategies"

    def ready(self) -> None:
        register(wording.SENTENCES)
        register(wording_publication.SENTENCES)
        register(wording_space.SENTENCES)
        register(wording_writing.SENTENCES)
