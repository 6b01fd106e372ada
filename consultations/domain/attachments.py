"""Files that go with a response: known by their content, kept as they were sent, never run and never shown inside a page."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePath
from typing import BinaryIO

import pikepdf
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from consultations import rules
from consultations.domain.responses import check_takes, lock_draft
from consultations.models import Attachment, Response
from consultations.states import IN_WORK
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from strategies.domain.images import encode_anew
from strategies.domain.importing.opening import open_docx

LARGEST = 20_000_000  # bytes
MOST = 20  # files of one response
ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENDINGS = {"application/pdf": ".pdf", DOCX: ".docx", ODT: ".odt", "image/jpeg": ".jpg", "image/png": ".png"}
UNPACKED = 200_000_000  # bytes of all parts of a file together


def add_attachment(
    *, response_id: int, by: User, file: BinaryIO, name: str, size: int, is_minutes: bool = False
) -> Attachment:
    """Put a file with the response while it has not been handed in. The same file twice is one.

    The words stand still while a decision is waited for, but the extract of the minutes may come then.
    Raises Forbidden, WrongState, Invalid (kind, size, number).
    """
    if size > LARGEST:
        raise _refused(_("Filen är större än 20 MB. Minska den eller dela upp den."))
    data, mime = checked(file.read(LARGEST + 1))
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        response = _lock(response_id, by, is_minutes)
        known = response.attachments.filter(sha256=digest, is_minutes=is_minutes).first()
        if known is not None:
            return known
        if response.attachments.count() >= MOST:
            raise _refused(_("Ett svar kan ha högst %(n)s bilagor.") % {"n": MOST})
        row = Attachment(
            response=response, name=_named(name, mime), mime=mime, size=len(data), sha256=digest, is_minutes=is_minutes,
            uploaded_at=clock.now(), uploaded_by=by,
        )  # fmt: skip
        row.file.save(f"{digest[:32]}{ENDINGS[mime]}", ContentFile(data), save=False)
        row.file.close()
        row.save()
        record(
            by=by, verb="add_attachment", obj=row, actor=response.actor, private_to=response.actor, sha256=digest,
            size=len(data),
        )  # fmt: skip
    return row


@transaction.atomic
def remove_attachment(*, attachment_id: int, by: User) -> None:
    """Take a file out of a response that has not been handed in."""
    found = Attachment.objects.filter(pk=attachment_id).values("response_id", "is_minutes").first()
    if found is None:
        raise NotFound(_("Bilagan finns inte kvar."))
    response = _lock(found["response_id"], by, found["is_minutes"])
    row = lock(Attachment.objects.filter(pk=attachment_id, response=response))
    record(by=by, verb="remove_attachment", obj=row, actor=response.actor, private_to=response.actor)
    name = row.file.name
    row.delete()
    forget({str(name)})


def _lock(response_id: int, by: User, is_minutes: bool) -> Response:
    """The locked response in which a file may be put: any time before it is handed in for minutes, else while drafting."""
    if not is_minutes:
        return lock_draft(response_id, by)
    response = lock(Response.objects.filter(pk=response_id).select_related("actor", "round__version__strategy"))
    if not rules.can_record_decision(fresh(by), response):
        raise Forbidden(_("Du kan inte skriva in beslut för organisationen. Be er administratör om en roll."))
    if response.state not in IN_WORK:
        raise WrongState(_("Svaret är inlämnat och kan inte ändras."))
    check_takes(response)
    return response


def forget(names: Iterable[str]) -> None:
    """Remove stored files that no response has any more, once the transaction is safe."""

    def remove() -> None:
        for name in names:
            if name and not Attachment.objects.filter(file=name).exists():
                default_storage.delete(name)

    transaction.on_commit(remove, robust=True)


def _named(name: str, mime: str) -> str:
    """The file's name without folders, with the ending that its content has."""
    plain = PurePath(name.replace("\x00", "").replace("\\", "/")).name
    stem = "".join(sign for sign in plain if sign.isprintable() and sign not in '"<>').strip(". ") or _("bilaga")
    ending = ENDINGS[mime]
    if ending == ".jpg" and stem.lower().endswith(".jpeg"):
        return stem[-200:]
    return stem[-200:] if stem.lower().endswith(ending) else f"{stem[:190]}{ending}"


def _refused(words: str) -> Invalid:
    return Invalid(words, {"file": words})


def checked(data: bytes) -> tuple[bytes, str]:
    """(what is kept, its kind). Invalid, in words, unless it is a PDF, DOCX, ODT or picture that can be opened."""
    if not data:
        raise _refused(_("Filen är tom."))
    if len(data) > LARGEST:
        raise _refused(_("Filen är större än 20 MB. Minska den eller dela upp den."))
    if b"%PDF-" in data[:1024]:
        _check_pdf(data)
        return data, "application/pdf"
    if data.startswith(b"PK"):
        if _is_odt(data):
            return data, ODT
        open_docx(data)
        return data, DOCX
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8")) or data[8:12] == b"WEBP":
        picture, mime, _width, _height = _picture(data)
        return picture, mime
    raise _refused(_("Filen är av ett slag som inte tas emot. Skicka PDF, Word (.docx), ODT eller en bild."))


def _picture(data: bytes) -> tuple[bytes, str, int, int]:
    try:
        return encode_anew(data)
    except Invalid as refusal:
        raise _refused(str(refusal)) from refusal


def _check_pdf(data: bytes) -> None:
    """A PDF that everybody can open."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pages = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise _refused(
            _("PDF-filen har ett lösenord, så regionen kan inte öppna den. Ta bort lösenordet först.")
        ) from error
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        raise _refused(_("PDF-filen är skadad och går inte att öppna.")) from error
    if not pages:
        raise _refused(_("PDF-filen har inga sidor."))


def _is_odt(data: bytes) -> bool:
    """Whether the archive is an OpenDocument text; Invalid when it is one that nobody should open."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            if "mimetype" not in names or archive.getinfo("mimetype").file_size > 200:
                return False
            if archive.read("mimetype").decode("ascii", "replace").strip() != ODT:
                return False
            too_large = sum(info.file_size for info in infos) > UNPACKED or len(infos) > 5000
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, RuntimeError, NotImplementedError) as error:
        raise _refused(_("Filen är skadad och går inte att öppna.")) from error
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise _refused(_("Filer med makron tas inte emot. Spara dokumentet utan makron och försök igen."))
    if too_large:
        raise _refused(_("Filen blir för stor när den packas upp."))
    return True
