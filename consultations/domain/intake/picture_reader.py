"""Draws pictures anew for reading, with limits: ``python -m consultations.domain.intake.picture_reader FOLDER [PAGE ...] < file``.

The file is a picture (several pages of a TIFF too), or a PDF of which the pages named (from 1) are drawn. Each is written to
the folder as a JPEG without what a camera adds (place, owner), turned as it is meant to be seen. Says {"page", "of", "width",
"height", "name"} for each; then {"end"} or {"error"}.
"""

import contextlib
import io
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from consultations.domain.intake.confined import confine, say

LONGEST_SIDE = 1800  # dots: small print of a page can be read
MOST_DOTS = 120_000_000  # of a picture before it is made smaller
MOST_PAGES = 60
QUALITY = 78


def main() -> None:
    confine()

    from PIL import Image  # after the limits: they hold for the library too

    Image.MAX_IMAGE_PIXELS = MOST_DOTS // 2  # twice that is refused
    warnings.simplefilter("ignore")
    folder, wanted = Path(sys.argv[1]), [int(n) for n in sys.argv[2:]][:MOST_PAGES]
    data = sys.stdin.buffer.read()
    try:
        drawn = _of_pdf(data, wanted) if b"%PDF-" in data[:1024] else _of_picture(data)
        for n, (of, picture) in enumerate(drawn, 1):
            name = f"{n}.jpg"
            picture.save(folder / name, "JPEG", quality=QUALITY, optimize=True)
            say(page=n, of=of, width=picture.width, height=picture.height, name=name)
    except Image.DecompressionBombError:
        say(error="bomb")
        return
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, IndexError, KeyError, TypeError):
        say(error="damaged")
        return
    say(end=True)


def _of_picture(data: bytes) -> Iterator[tuple[int, Any]]:
    from PIL import Image, ImageOps, ImageSequence  # after the limits

    with contextlib.suppress(ImportError):
        import pi_heif  # where it is installed, photographs of telephones are read too

        pi_heif.register_heif_opener()
    with Image.open(io.BytesIO(data)) as opened:
        of = min(getattr(opened, "n_frames", 1), MOST_PAGES) if opened.format in ("TIFF", "MPO") else 1
        for n, frame in enumerate(ImageSequence.Iterator(opened)):
            if n == of:
                return
            frame.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            yield of, _fit(ImageOps.exif_transpose(frame))


def _of_pdf(data: bytes, wanted: list[int]) -> Iterator[tuple[int, Any]]:
    import pypdfium2 as pdfium  # after the limits

    try:
        document = pdfium.PdfDocument(data)
        for number in wanted:
            page = document[number - 1]
            scale = min(LONGEST_SIDE / max(*page.get_size(), 1.0), 4.0)
            yield len(wanted), _fit(page.render(scale=scale).to_pil())
            page.close()
    except pdfium.PdfiumError as error:
        raise ValueError from error


def _fit(picture: Any) -> Any:
    from PIL import Image  # after the limits

    made = picture.copy()
    made.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if made.mode in ("RGBA", "LA", "P", "PA"):
        under = Image.new("RGB", made.size, "white")
        layer = made.convert("RGBA")
        under.paste(layer, mask=layer.getchannel("A"))
        return under
    if made.mode in ("I;16", "I", "F"):
        made = made.point(lambda value: value / 256).convert("L") if made.mode != "F" else made.convert("L")
    clean = made.convert("RGB")
    clean.info = {}
    return clean


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        say(error="memory")
