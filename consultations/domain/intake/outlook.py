"""Outlook's own letters (.msg), and what Outlook packs into a letter for others (winmail.dat)."""

import base64

from django.utils.translation import gettext as _

from consultations.domain.intake.mail import Letter, read_letter
from consultations.domain.intake.outside import facts_of
from strategies.domain.importing.opening import refused

PATIENCE = 120  # seconds by the clock


def read_outlook(data: bytes) -> Letter:
    """The letter with all that is in it. Invalid, in words, when it cannot be read."""
    *_before, said = facts_of("msg_reader", data, patience=PATIENCE)
    if "letter" not in said:
        raise refused(
            _("Outlook-brevet är skadat och går inte att läsa. Spara det på nytt, eller kopiera texten till Word.")
        )
    return read_letter(base64.b64decode(said["letter"]))
