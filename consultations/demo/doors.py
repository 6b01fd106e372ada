"""Where a visitor of the demonstration can go without an account."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from consultations.models import ConsultationRound


@dataclass(frozen=True, slots=True)
class Door:
    """``url`` on this platform; ``about``: what there is to see and do."""

    url: str
    name: str
    about: str


def doors(*, closed: ConsultationRound, running: ConsultationRound) -> list[Door]:
    return [
        Door(f"/samrad/{running.pk}/for-alla/", gettext_noop("Energiremissen, för alla"),
             gettext_noop("Läs förslaget, se vilka som är tillfrågade, prenumerera, eller svara som privatperson.")),
        Door(f"/samrad/{closed.pk}/for-alla/", gettext_noop("Samrådet om strategin, för alla"),
             gettext_noop("Det har stängt, så svaren är offentliga. I några av dem är ord maskade, med skäl.")),
        Door("/postlada/", gettext_noop("Breven till dem som är bjudna"),
             gettext_noop("Öppna en inbjudan i postlådan och svara för en förening genom länken, utan konto.")),
    ]  # fmt: skip
