"""From a Word file to HTML that the text reader understands. No database; pictures are handed to ``keep_picture``."""

import io
import re
from collections.abc import Callable
from typing import Any

import mammoth
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lxml import etree

from rus_platform.kit.work import Progress
from strategies.domain.importing.opening import Opened, W, refused
from strategies.domain.importing.parts import Parts, parts_of
from strategies.domain.importing.traces import notices_of, traces_of
from strategies.domain.importing.tracked import with_marks

#: bytes of a picture, its description -> uuid of the kept one, or "" when it could not be kept
KeepPicture = Callable[[bytes, str], str]

STYLE_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
MAX_PICTURES = 300
STYLES = """
p[style-name='Title'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Caption'] => p:fresh
p[style-name='caption'] => p:fresh
"""


def read_docx(
    opened: Opened, keep_picture: KeepPicture, progress: Progress, *, keep_changes: bool = False
) -> tuple[Parts, list[str], list[dict[str, str]]]:
    """(what it says, what could not be kept, its comments). ``keep_changes``: tracked changes stand in the text as suggestions, and
    are listed; else they are accepted. Invalid when the converter cannot make sense of the file."""
    progress(_("Läser texten"), 1, 4)
    found = traces_of(opened)
    pictures = _Pictures(keep_picture, progress)
    data, changes = with_marks(opened) if keep_changes else (opened.data, [])
    try:
        html = mammoth.convert_to_html(
            io.BytesIO(data), style_map=STYLES + heading_styles(opened), include_embedded_style_map=False,
            external_file_access=False, convert_image=mammoth.images.img_element(pictures.keep),
        ).value  # fmt: skip
    except RecursionError as error:
        raise refused(_("Filen är nästlad djupare än något verkligt dokument, och läses inte.")) from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as error:
        raise refused(
            _("Filen är skadad: texten i den går inte att läsa. Öppna den i Word, spara den på nytt och försök igen.")
        ) from error
    progress(_("Delar upp i avsnitt"), 3, 4)
    parts = parts_of(html, pictures.kept, changes)
    notices = [*notices_of(found, kept=bool(changes)), *pictures.notices(opened.external), *parts.notices]
    return parts, notices, found.comments


class _Pictures:
    """Hands pictures over one by one, and counts those that could not be kept."""

    def __init__(self, keep_picture: KeepPicture, progress: Progress) -> None:
        self.hand_over, self.progress = keep_picture, progress
        self.kept: list[str] = []
        self.failed: list[str] = []
        self.count = 0

    def keep(self, image: Any) -> dict[str, str]:
        """Called by the converter for each picture; the address it gives is read again by ``parts_of``."""
        self.count += 1
        self.progress(_("Sparar bild %(n)s") % {"n": self.count}, 2, 4)
        kind = (image.content_type or "").rsplit("/", 1)[-1]
        uuid = ""
        if self.count <= MAX_PICTURES:
            try:
                with image.open() as stream:
                    uuid = self.hand_over(stream.read(), image.alt_text or "")
            except (OSError, KeyError):  # a picture that the file names but does not hold
                uuid = ""
        if not uuid:
            self.failed.append(kind)
            return {"src": ""}
        self.kept.append(uuid)
        return {"src": f"#{len(self.kept) - 1}"}

    def notices(self, external: int) -> list[str]:
        said = []
        if self.failed:
            kinds = ", ".join(sorted({kind for kind in self.failed if kind})) or _("okänt format")
            said.append(
                ngettext(
                    "%(n)s bild kunde inte följa med (%(kinds)s).",
                    "%(n)s bilder kunde inte följa med (%(kinds)s).",
                    len(self.failed),
                )
                % {"n": len(self.failed), "kinds": kinds}
            )
        if external:
            said.append(
                ngettext(
                    "%(n)s bild ligger på en annan server och hämtas inte.",
                    "%(n)s bilder ligger på andra servrar och hämtas inte.",
                    external,
                )
                % {"n": external}
            )
        return said


def heading_styles(opened: Opened) -> str:
    """Style map lines for styles of the file's own that have an outline level (ECMA-376 part 1, 17.3.1.20), inherited ones too."""
    if "word/styles.xml" not in opened.parts:
        return ""
    levels: dict[str, int] = {}
    based: dict[str, str] = {}
    for style in etree.fromstring(
        opened.parts["word/styles.xml"], etree.XMLParser(resolve_entities=False, no_network=True)
    ).iter(W + "style"):
        name = style.get(W + "styleId") or ""
        level, above = style.find(f"{W}pPr/{W}outlineLvl"), style.find(W + "basedOn")
        if style.get(W + "type") != "paragraph" or not STYLE_ID.fullmatch(name):
            continue
        if level is not None and (level.get(W + "val") or "").isdecimal():
            levels[name] = int(level.get(W + "val"))
        elif above is not None:
            based[name] = above.get(W + "val") or ""
    for name in based:
        above_it, steps = based[name], 0
        while above_it not in levels and above_it in based and steps < 20:
            above_it, steps = based[above_it], steps + 1
        if above_it in levels and name not in levels:
            levels[name] = levels[above_it]
    return "".join(f"p.{name} => h{level + 1}:fresh\n" for name, level in levels.items() if level <= 5)
