"""Originals that are pictures: photographs, scans, the pages of a PDF without text. Drawn anew, so that a person can type beside them.

No text is guessed out of them. The original is kept as it was; what is shown is a new picture without what a camera adds.
"""

import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from consultations.domain.intake.draft import Picture, Reading
from consultations.domain.intake.outside import facts_of
from consultations.models import IntakeKind
from rus_platform.kit.work import Progress
from strategies.domain.importing.opening import refused

PATIENCE = 180  # seconds by the clock
MOST_DRAWN = 60  # pages of one original
SMALL = 300  # dots: a picture less than this on a side is a logotype, not a page


def read_picture(data: bytes, tell: Progress) -> Reading:
    """A photograph or a scan. Invalid, in words, when it cannot be opened."""
    found = Reading(IntakeKind.PICTURE)
    error = _draw(data, (), found.pictures, tell)
    if error and not found.pictures:
        raise refused(
            _("Bilden är orimligt stor, och öppnas inte.")
            if error == "bomb"
            else _("Bilden är skadad och går inte att öppna. Spara den som JPEG eller PDF och försök igen.")
        )
    found.pages = len(found.pictures)
    found.notices.append(
        _("Filen är en bild, och ingen text läses ur bilder. Originalet sparas. Skriv av synpunkterna bredvid bilden.")
    )
    return found


def pages_drawn(data: bytes, pages: list[int], tell: Progress) -> list[Picture]:
    """Pages of a PDF that have no text, drawn; as far as they can be."""
    found: list[Picture] = []
    if pages:
        _draw(data, tuple(map(str, pages[:MOST_DRAWN])), found, tell)
    for picture, number in zip(found, pages, strict=False):
        picture.page = number
    return found


def is_logotype(found: Reading) -> bool:
    """Whether all that was read is a small picture: what hangs below a signature."""
    return bool(found.pictures) and all(min(row.width, row.height) < SMALL for row in found.pictures)


def _draw(data: bytes, pages: tuple[str, ...], found: list[Picture], tell: Progress) -> str:
    """Fill ``found``; the error, or ""."""
    said: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for said in facts_of("picture_reader", data, folder, *pages, patience=PATIENCE):
            if "name" in said:
                made = (Path(folder) / said["name"]).read_bytes()
                found.append(Picture(made, said["width"], said["height"], said["page"]))
                tell(_("Ritar sida %(n)s av %(of)s") % {"n": said["page"], "of": said["of"]}, said["page"], said["of"])
    return str(said.get("error", ""))
