"""OpenDocument and RTF to Word, by pandoc, in a process with limits; then it is read as Word files are."""

import io
import subprocess
import zipfile
import zlib

import pypandoc
from django.utils.translation import gettext as _

from strategies.domain.importing.opening import MAX_PART, MAX_UNPACKED, refused

PATIENCE = 120  # seconds
MEMORY = "-M700m"  # of pandoc's heap


def to_docx(data: bytes) -> bytes:
    """An OpenDocument text as a Word file. Invalid, in words, when it has a password, is damaged or too large."""
    _check_archive(data)
    return by_pandoc(data, "odt")


def by_pandoc(data: bytes, form: str) -> bytes:
    """The file as a Word file. ``form``: pandoc's name of what it is. Invalid, in words."""
    command = [
        pypandoc.get_pandoc_path(), "+RTS", MEMORY, "-RTS", "--sandbox", f"--from={form}", "--to=docx", "--output=-",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise refused(_("Det tog för lång tid att läsa filen. Spara den som .docx och försök igen.")) from error
    if done.returncode or not done.stdout.startswith(b"PK"):
        raise refused(_("Filen är skadad och går inte att läsa. Spara den som .docx och försök igen."))
    return done.stdout


def _check_archive(data: bytes) -> None:
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in _read(
                archive, "META-INF/manifest.xml"
            ):
                raise refused(_("Filen har ett lösenord. Ta bort lösenordet och försök igen."))
            for info in archive.infolist():
                if info.flag_bits & 0x1:
                    raise refused(_("Filen har ett lösenord. Ta bort lösenordet och försök igen."))
                total += len(_read(archive, info.filename))
                if total > MAX_UNPACKED:
                    raise refused(_("Filen är orimligt stor när den packas upp, och läses inte."))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        ValueError,
        KeyError,
        RuntimeError,
    ) as error:
        raise refused(
            _("Filen är skadad och går inte att öppna. Öppna den, spara den på nytt och försök igen.")
        ) from error


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Counted as it comes: what the archive says about sizes is not believed."""
    found = bytearray()
    with archive.open(name) as stream:
        while chunk := stream.read(1 << 18):
            found += chunk
            if len(found) > MAX_PART:
                raise refused(_("Filen är orimligt stor när den packas upp, och läses inte."))
    return bytes(found)
