"""A PDF's text, read by a process of its own (``pdf_reader``) that can be stopped, and that cannot take the worker with it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.domain.intake.draft import Reading
from consultations.domain.intake.outside import facts_of
from consultations.domain.intake.pictures import pages_drawn
from consultations.models import IntakeKind
from rus_platform.kit.errors import Invalid
from rus_platform.kit.work import Progress
from strategies.domain.importing.opening import refused

PATIENCE = 240  # seconds by the clock


def read_pdf(data: bytes, tell: Progress) -> Reading:
    """The lines of the file. Invalid, in words, when it has a password or is damaged. One without text says so in ``notices``."""
    said = _run(data, tell)
    if error := said.get("error"):
        raise _refusal(error)
    found = Reading(IntakeKind.PDF, original=said["lines"], pages=said["pages"])
    blank = said["blank"]
    if not found.original or (blank and len(blank) == said["read"]):
        found.original = []
        found.notices.append(
            _(
                "PDF-filen är inskannad: den är en bild av text, och ingen text kunde läsas ur den. Originalet sparas. Skriv av synpunkterna bredvid bilden, eller be om filen som den skrevs i."
            )
        )
    elif blank:
        found.notices.append(
            ngettext(
                "%(n)s sida har ingen läsbar text (%(pages)s). Läs den i originalet.",
                "%(n)s sidor har ingen läsbar text (%(pages)s). Läs dem i originalet.",
                len(blank),
            )
            % {"n": len(blank), "pages": ", ".join(map(str, blank[:12]))}
        )
    found.pictures = pages_drawn(data, blank, tell)
    if said["read"] < said["pages"]:
        found.notices.append(_("Bara de första %(n)s sidorna lästes.") % {"n": said["read"]})
    return found


def _run(data: bytes, tell: Progress) -> dict[str, Any]:
    """What the reader says last."""
    said: dict[str, Any] = {}
    for said in facts_of("pdf_reader", data, patience=PATIENCE):
        if "page" in said:
            tell(_("Läser sida %(n)s av %(of)s") % {"n": said["page"], "of": said["of"]}, said["page"], said["of"] + 1)
    return said


def _refusal(error: str) -> Invalid:
    if error == "password":
        return refused(_("PDF-filen har ett lösenord. Spara den utan lösenord och försök igen."))
    if error == "damaged":
        return refused(_("PDF-filen är skadad och går inte att öppna. Spara den på nytt och försök igen."))
    return refused(
        _(
            "PDF-filen tog för lång tid eller för mycket minne att läsa. Dela upp den, eller skicka texten som Word-dokument."
        )
    )
