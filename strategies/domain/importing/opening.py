"""Opening a Word file that somebody sent: refused in words, or handed on as a small clean archive.

Nothing in the file is believed: sizes are counted while reading, XML is read without entities, depth is bounded,
and only the parts that a text is made of reach the converter. What points out of the file is never fetched.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from lxml import etree

from rus_platform.kit.errors import Invalid

MAX_FILE = 20_000_000  # bytes that may be sent
MAX_UNPACKED = 200_000_000  # bytes of all parts together
MAX_PART = 60_000_000  # bytes of one part
MAX_PARTS = 5000
MAX_DEPTH = 150  # of the XML; a table in a table in a table needs about 40
MAX_ELEMENTS = 1_500_000
MAX_CELLS = 40_000

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Office files, and new ones with a password ([MS-CFB] 2.2)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"  # the same names, in the strict form of the format
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
CONTENT_TYPES = "[Content_Types].xml"
MAIN = re.compile(r"word/document\d*\.xml")
#: what a text is made of; headers, footers, settings, embedded files and the rest stay behind
KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|word/(?:document\d*|styles|numbering|footnotes|endnotes|comments(?:Extended)?)\.xml"
    r"|word/_rels/(?:document\d*|footnotes|endnotes)\.xml\.rels|word/media/[^/]+"
)
EXTERNAL_KEPT = "/hyperlink"  # links are text to us; pictures and templates on other servers are not fetched
MACROS = ("macroEnabled", "ms-word.vbaProject", "ms-office.vbaProject")


@dataclass
class Opened:
    """``data``: the clean archive. ``parts``: the XML of its text parts by name. ``external``: pictures left on other servers."""

    data: bytes
    parts: dict[str, bytes]
    external: int = 0
    left_out: set[str] = field(default_factory=set)


def refused(words: str) -> Invalid:
    """The refusal, at the field."""
    return Invalid(words, {"file": words})


def open_docx(data: bytes) -> Opened:
    """The parts of a Word file that we read. Invalid, in words, for everything that is none, or that no text would be."""
    check_kind(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _clean(archive)
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
            _("Filen är skadad och går inte att öppna. Öppna den i Word, spara den på nytt och försök igen.")
        ) from error


def check_kind(data: bytes) -> None:
    """Invalid, saying what the file is, when its first bytes tell that it is no Word file (.docx)."""
    if not data:
        raise refused(_("Filen är tom."))
    if len(data) > MAX_FILE:
        raise refused(
            _("Filen är större än 20 MB. Minska bilderna i Word (Komprimera bilder) eller dela upp dokumentet.")
        )
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refused(
                _("Filen har ett lösenord. Ta bort lösenordet i Word (Arkiv, Info, Skydda dokument) och försök igen.")
            )
        raise refused(_("Filen är i Words äldre format (.doc). Spara den som .docx i Word och försök igen."))
    if data.startswith(b"%PDF"):
        raise refused(_("Filen är en PDF. Läs in Word-dokumentet som den gjordes av i stället."))
    if data.startswith(b"{\\rtf"):
        raise refused(_("Filen är i formatet RTF. Spara den som .docx i Word och försök igen."))
    if not data.startswith(b"PK"):
        raise refused(_("Filen är inget Word-dokument. Välj en fil som slutar på .docx."))


def _clean(archive: zipfile.ZipFile) -> Opened:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    names = [info.filename for info in infos]
    _check_archive(infos, names)
    types = _read(archive, archive.getinfo(CONTENT_TYPES)) if CONTENT_TYPES in names else b""
    _check_type(types, names)
    opened = Opened(b"", {})
    out, total = io.BytesIO(), 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as clean:
        for info in infos:
            if not KEPT.fullmatch(info.filename):
                opened.left_out.add(info.filename)
                continue
            data = _read(archive, info)
            total += len(data)
            if total > MAX_UNPACKED:
                raise _bomb()
            data = _checked_part(info.filename, data, opened)
            clean.writestr(info.filename, data)
    opened.data = out.getvalue()
    return opened


def _check_archive(infos: list[zipfile.ZipInfo], names: list[str]) -> None:
    if any(info.flag_bits & 0x1 for info in infos):
        raise refused(_("Filen har ett lösenord. Ta bort lösenordet och försök igen."))
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise _bomb()
    if len(set(names)) != len(names):
        raise refused(_("Filen är inte uppbyggd som ett Word-dokument: samma del finns två gånger."))


def _check_type(types: bytes, names: list[str]) -> None:
    if any(word.encode() in types for word in MACROS) or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise refused(
            _(
                "Filen innehåller makron, små program som vi aldrig tar emot. Spara den som ”Word-dokument (.docx)” och försök igen."
            )
        )
    if types and any(MAIN.fullmatch(name) for name in names):
        return
    if any(name.startswith("xl/") for name in names):
        raise refused(_("Filen är ett Excel-ark. Välj ett Word-dokument."))
    if any(name.startswith("ppt/") for name in names):
        raise refused(_("Filen är en PowerPoint-presentation. Välj ett Word-dokument."))
    if "content.xml" in names:
        raise refused(_("Filen är i OpenDocument-format (.odt). Spara den som .docx och försök igen."))
    raise refused(_("Filen är inget Word-dokument. Välj en fil som slutar på .docx."))


def _bomb() -> Invalid:
    return refused(_("Filen är orimligt stor när den packas upp, och läses inte."))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The part's bytes, counted as they come: what the archive says about its size is not believed."""
    found = bytearray()
    with archive.open(info) as stream:
        while chunk := stream.read(1 << 18):
            found += chunk
            if len(found) > MAX_PART:
                raise _bomb()
    return bytes(found)


def _checked_part(name: str, data: bytes, opened: Opened) -> bytes:
    if name.startswith("word/media/"):
        return data
    _check_xml(data)
    if name.endswith(".rels"):
        return _without_external(data, opened)
    data = data.replace(STRICT, W.strip("{}").encode())
    if b":move" in data:
        data = _moves_as_changes(data)
    opened.parts[name] = data
    return data


def _moves_as_changes(data: bytes) -> bytes:
    """Text that was moved while changes were tracked as an insertion and a deletion: the converter knows no moves."""
    root = etree.fromstring(data, parser())
    for old, new in (("moveTo", "ins"), ("moveFrom", "del")):
        for element in root.iter(W + old):
            element.tag = W + new
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def parser() -> etree.XMLParser:
    """Reads XML from outside: no entities, no network, no document type, lxml's own bounds on depth and length."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )


def _check_xml(data: bytes) -> None:
    """Bounds on a part before anything builds a tree of it; a document type (which Word never writes) is refused."""
    depth = elements = cells = 0
    try:
        for event, element in etree.iterparse(
            io.BytesIO(data),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        ):
            if event == "end":
                depth -= 1
                element.clear()
                continue
            if element.getparent() is None and element.getroottree().docinfo.doctype:
                raise refused(_("Filen innehåller hänvisningar som Word aldrig skriver, och läses inte."))
            depth, elements, cells = depth + 1, elements + 1, cells + (element.tag == W + "tc")
            if depth > MAX_DEPTH:
                raise refused(_("Filen är nästlad djupare än något verkligt dokument, och läses inte."))
            if elements > MAX_ELEMENTS:
                raise _bomb()
            if cells > MAX_CELLS:
                raise refused(
                    _("Filen har tabeller med mer än 40 000 celler. Lägg stora tabeller som bilagor i stället.")
                )
    except etree.XMLSyntaxError as error:
        raise refused(
            _("Filen är skadad: texten i den går inte att läsa. Öppna den i Word, spara den på nytt och försök igen.")
        ) from error


def _without_external(data: bytes, opened: Opened) -> bytes:
    """The relations without those that lead out of the file (links excepted) or up out of its folder."""
    root = etree.fromstring(data, parser())
    for relation in list(root.iter(RELATIONSHIP)):
        kind, target = relation.get("Type", ""), relation.get("Target", "")
        if relation.get("TargetMode") == "External" and not kind.endswith(EXTERNAL_KEPT):
            opened.external += kind.endswith("/image")
            root.remove(relation)
        elif relation.get("TargetMode") != "External" and ".." in target.split("/"):
            root.remove(relation)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
