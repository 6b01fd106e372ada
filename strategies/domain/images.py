"""Pictures in the text: believed only after decoding, stored only after encoding anew."""

import hashlib
import io
import uuid as uuids
import warnings
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image as Pillow
from PIL import ImageFile, ImageOps, UnidentifiedImageError

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid
from rus_platform.kit.locking import lock
from strategies import rules
from strategies.models import Image, Strategy

MAX_BYTES = 10_000_000
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2400  # pixels: a full A4 width in print at 290 dpi
READ = ("JPEG", "PNG", "WEBP", "GIF")
SUFFIX = {"image/jpeg": "jpg", "image/png": "png"}


def add_image(*, strategy_id: int, by: User, file: BinaryIO, size: int) -> Image:
    """Keep an uploaded picture. The same picture twice is one. Forbidden; Invalid when it is not a picture we take."""
    if size > MAX_BYTES:
        raise Invalid(
            _("Bilden är större än 10 MB. Minska den och försök igen."), fields={"image": _("Större än 10 MB")}
        )
    data, mime, width, height = encode_anew(file.read(MAX_BYTES + 1))
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        strategy = lock(Strategy.objects.filter(pk=strategy_id))
        if not rules.can_edit(fresh(by), strategy):
            raise Forbidden(_("Du har inte rätt att lägga in bilder i den här strategin."))
        known = strategy.images.filter(sha256=digest).first()
        if known is not None:
            return known
        image = Image(
            uuid=uuids.uuid4(), strategy=strategy, mime=mime, sha256=digest, uploaded_at=clock.now(), uploaded_by=by
        )
        image.file.save(f"{image.uuid}.{SUFFIX[mime]}", ContentFile(data), save=False)
        image.width, image.height = width, height  # after the file: the field would measure it anew
        image.file.close()
        image.save()
        record(by=by, verb="add_image", obj=image, strategy_id=strategy.pk, width=width, height=height, mime=mime)
    return image


def encode_anew(data: bytes) -> tuple[bytes, str, int, int]:
    """(bytes, mime, width, height) of the picture, upright, without metadata, at most ``LONGEST_SIDE`` pixels long."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on for the whole process
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            with Pillow.open(io.BytesIO(data), formats=READ) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise _refused(_("Bilden har för många bildpunkter. Minska den och försök igen."))
                return _encoded(opened)
    except Pillow.DecompressionBombWarning as error:
        raise _refused(_("Bilden har för många bildpunkter. Minska den och försök igen.")) from error
    except (UnidentifiedImageError, Pillow.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise _refused(_("Filen är ingen bild som går att läsa. Välj en JPEG-, PNG-, WebP- eller GIF-bild.")) from error


def _refused(words: str) -> Invalid:
    return Invalid(words, fields={"image": words})


def _encoded(opened: Pillow.Image) -> tuple[bytes, str, int, int]:
    photo = opened.format == "JPEG"
    opened.seek(0)
    picture = ImageOps.exif_transpose(opened)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Pillow.Resampling.LANCZOS)
    clean = picture.convert("RGB" if photo or not _has_alpha(picture) else "RGBA")
    clean.info.clear()
    out = io.BytesIO()
    if photo:
        clean.save(out, "JPEG", quality=86, optimize=True, progressive=True)
    else:
        clean.save(out, "PNG", optimize=True)
    return out.getvalue(), "image/jpeg" if photo else "image/png", clean.width, clean.height


def _has_alpha(picture: Pillow.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
