from django.apps import AppConfig

from consultations import wording
from rus_platform.kit.wording import register


class ConsultationsConfig(AppConfig):
    name = "consultations"

    def ready(self) -> None:
        register(wording.SENTENCES)
