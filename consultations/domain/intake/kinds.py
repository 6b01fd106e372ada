"""What a file really is, by its first bytes and not by its name; and in words what to do with one that is not taken."""

import io
import re
import zipfile
import zlib
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from rus_platform.kit import tables
from strategies.domain.importing.opening import MAX_FILE, MAX_PARTS, MAX_UNPACKED, OLE, check_kind, refused

DOCX, ODT, PDF, MAIL, TEXT, XLSX, CSV = "docx", "odt", "pdf", "mail", "text", "xlsx", "csv"
RTF, OUTLOOK, PICTURE, OLD_WORD = "rtf", "outlook", "picture", "doc"
SINGLE = (DOCX, ODT, PDF, MAIL, TEXT, RTF, OUTLOOK, PICTURE, OLD_WORD)
MANY = (XLSX, CSV)
MAIL_HEADERS = re.compile(
    rb"\A(?:From |\xef\xbb\xbf|\s)*(?:(?:From|To|Subject|Date|Received|Return-Path|MIME-Version|Message-ID|Delivered-To|X-[\w-]+|Content-Type|Authentication-Results|DKIM-Signature|ARC-[\w-]+|Thread-[\w-]+|Reply-To|Cc)[ \t]*:)",
    re.IGNORECASE,
)  # fmt: skip
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\0", b"MM\0*", b"BM")
PHOTOGRAPHS = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1", b"ftypavif")  # as telephones take them
NAMED_IN_OLE = {name: name.encode("utf-16-le") for name in ("EncryptedPackage", "__properties_version1.0", "WordDocument", "_VBA_PROJECT")}  # fmt: skip
NAMES = {
    DOCX: (".docx",), ODT: (".odt",), PDF: (".pdf",), MAIL: (".eml",), TEXT: (".txt", ".md"), XLSX: (".xlsx",), CSV: (".csv", ".tsv", ".txt"), RTF: (".rtf", ".doc"),
    OUTLOOK: (".msg",), PICTURE: (".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic", ".heif", ".avif"), OLD_WORD: (".doc", ".dot"),
}  # fmt: skip
WORDS = {
    DOCX: "Word (.docx)", ODT: "OpenDocument (.odt)", PDF: "PDF", MAIL: _lazy("e-brev (.eml)"), TEXT: _lazy("ren text"), XLSX: "Excel (.xlsx)", CSV: "CSV", RTF: "RTF",
    OUTLOOK: _lazy("e-brev från Outlook (.msg)"), PICTURE: _lazy("en bild"), OLD_WORD: _lazy("Words äldre format (.doc)"),
}  # fmt: skip


def kind_of(data: bytes, name: str, allowed: tuple[str, ...] = SINGLE) -> str:
    """One of ``allowed``. Invalid, in words, for everything else."""
    if not data:
        raise refused(_("Filen är tom."))
    if len(data) > MAX_FILE:
        raise refused(_("Filen är större än 20 MB. Minska bilderna i den, eller dela upp den."))
    ending = PurePath(name.lower().replace("\\", "/")).suffix
    if ending in (".docm", ".dotm", ".xlsm", ".xltm"):
        raise refused(_("Filer med makron tas inte emot. Spara filen utan makron (.docx eller .xlsx) och försök igen."))
    found = _kind(data, ending, allowed)
    if found in allowed:
        return found
    if found in MANY:
        raise refused(
            _(
                "Filen är ett kalkylark. Här läses ett svar i taget; flera svar på en gång läser regionen in från tabell."
            )
        )
    raise refused(_("Välj en tabell: en Excel-fil (.xlsx) eller CSV-fil med en synpunkt på varje rad."))


def _kind(data: bytes, ending: str, allowed: tuple[str, ...]) -> str:
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(OLE):
        return _old_office(data, ending)
    if data.startswith(b"PK"):
        return _archive(data)
    if data.startswith(b"{\\rtf"):
        return RTF
    if data.startswith(PICTURES) or data[8:12] == b"WEBP" or data[4:12] in PHOTOGRAPHS:
        return PICTURE
    if data[:4] == b"\x7fELF" or data[:2] == b"MZ":
        raise refused(_("Filen är ett program, och tas inte emot."))
    if MAIL_HEADERS.match(data[:4096]) and (ending == ".eml" or allowed != MANY):
        return MAIL
    if _is_text(data):
        return CSV if CSV in allowed or ending in (".csv", ".tsv") else TEXT
    raise refused(
        _(
            "Filen är av ett slag som inte kan läsas. Skicka Word (.docx), OpenDocument (.odt), PDF, en bild eller ett e-brev (.eml eller .msg)."
        )
    )


def _old_office(data: bytes, ending: str) -> str:
    """A letter from Outlook, or a Word file of the older kind: by the names of the streams in it. All others are refused."""
    named = {name for name, words in NAMED_IN_OLE.items() if words in data}
    if "__properties_version1.0" in named:
        return OUTLOOK
    if "EncryptedPackage" in named:
        check_kind(data)
    if "_VBA_PROJECT" in named:
        raise refused(_("Filer med makron tas inte emot. Spara filen utan makron (.docx eller .xlsx) och försök igen."))
    if "WordDocument" in named:
        return OLD_WORD
    if ending == ".msg":
        raise refused(_("Outlook-brevet är skadat. Spara det på nytt, eller som .eml, och försök igen."))
    raise refused(_("Filen är i ett äldre Office-format. Spara den som .docx eller .xlsx och försök igen."))


def _archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError, zlib.error) as error:
        raise refused(
            _("Filen är skadad och går inte att öppna. Öppna den, spara den på nytt och försök igen.")
        ) from error
    names = {info.filename for info in infos}
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise refused(_("Filen är orimligt stor när den packas upp, och läses inte."))
    if any(name.startswith("word/") for name in names):
        return DOCX
    if any(name.startswith("xl/") for name in names):
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise refused(
                _("Filer med makron tas inte emot. Spara filen utan makron (.docx eller .xlsx) och försök igen.")
            )
        return XLSX
    if "content.xml" in names:
        if any(name.startswith(("Basic/", "Scripts/")) for name in names):
            raise refused(
                _("Filer med makron tas inte emot. Spara filen utan makron (.docx eller .xlsx) och försök igen.")
            )
        return ODT
    raise refused(_("Filen är ett arkiv (zip). Packa upp den och skicka dokumenten vart för sig."))


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    sample = data[:65536]
    if b"\0" in sample and "\0" not in tables.decoded(sample):
        return True  # UTF-16 that has lost its mark
    return b"\0" not in sample and sum(byte < 9 or 13 < byte < 32 for byte in sample) < len(sample) / 100


def clean_name(name: str) -> str:
    """A file's own name: no folders, nothing that is invisible or turns the direction of the letters. May be empty."""
    last = PurePath(name.replace("\\", "/")).name
    clean = "".join(sign for sign in last if sign.isprintable()).strip()[-200:]
    return clean if clean.strip(".") else ""


def misnamed(kind: str, name: str) -> str:
    """A sentence when the name says something else than what the file is; else ""."""
    ending = PurePath(name.lower()).suffix
    known = {one for endings in NAMES.values() for one in endings}
    if ending in known and ending not in NAMES[kind]:
        return _("Filens namn slutar på %(ending)s, men den är %(kind)s. Den lästes som det den är.") % {
            "ending": ending,
            "kind": WORDS[kind],
        }
    return ""


def decoded(data: bytes) -> str:
    """Text of unknown encoding, without the zeros that no text has."""
    return tables.decoded(data).replace("\0", "")
