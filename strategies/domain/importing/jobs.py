"""Reading a document in: ask for it, let a worker read it, cancel it, try again. Nothing of it is in the draft yet."""

import hashlib
import io
from pathlib import PurePath
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.notify import notify
from actors.models import User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid
from rus_platform.kit.locking import lock
from rus_platform.kit.queue import send_after_commit
from rus_platform.kit.work import Progress, ended, left_behind, outcome, take, teller
from strategies import rules
from strategies.domain.images import add_image
from strategies.domain.importing.opening import MAX_FILE, check_kind, open_docx, refused
from strategies.domain.importing.parts import Parts, parts_of
from strategies.domain.importing.reading import read_docx
from strategies.models import ImportJob, ImportKind, Strategy
from strategies.states import IMPORT_STATES, ImportState

MAX_PASTE = 5_000_000  # characters
MOST_OPEN = 20  # documents of one strategy that wait to be looked at
UNDER_WAY = (ImportState.WAITING, ImportState.RUNNING)
OPEN = (*UNDER_WAY, ImportState.READY, ImportState.FAILED)
TASK = "strategies.tasks.read_document"


# --- asking


def import_document(*, strategy_id: int, by: User, file: BinaryIO, name: str, size: int) -> ImportJob:
    """Take a Word file and have it read. Forbidden; Invalid when it is plainly none, or larger than 20 MB."""
    if size > MAX_FILE:
        raise refused(
            _("Filen är större än 20 MB. Minska bilderna i Word (Komprimera bilder) eller dela upp dokumentet.")
        )
    if name.lower().endswith((".docm", ".dotm")):
        raise refused(_("Filer med makron tas inte emot. Spara den som ”Word-dokument (.docx)” och försök igen."))
    data = file.read(MAX_FILE + 1)
    check_kind(data)
    return _asked(strategy_id, by, ImportKind.DOCX, PurePath(name.replace("\\", "/")).name, data, "docx")


def import_paste(*, strategy_id: int, by: User, html: str, text: str = "") -> ImportJob:
    """Take what was pasted from Word, Google Docs or a web page. ``text``: the same without its form, used when there is no HTML."""
    source = html.strip() or as_html(text)
    if len(source) > MAX_PASTE:
        raise Invalid(
            _("Det du klistrade in är för stort. Dela upp det i flera delar."),
            {"text": _("Högst fem miljoner tecken.")},
        )
    if not source.strip():
        raise Invalid(_("Det finns ingen text att läsa in."), {"text": _("Klistra in texten först.")})
    return _asked(strategy_id, by, ImportKind.PASTE, "Inklistrad text", source.encode("utf-8", "replace"), "html")


def as_html(text: str) -> str:
    """Plain text as HTML: an empty line parts paragraphs, "# " makes a heading."""
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        marks = len(block) - len(block.lstrip("#"))
        words = block.strip().replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
        if 0 < marks <= 6 and block[marks : marks + 1] == " " and "\n" not in block.strip():
            found.append(f"<h{marks}>{words.lstrip('# ')}</h{marks}>")
        elif words:
            found.append(f"<p>{words}</p>")
    return "".join(found)


@transaction.atomic
def _asked(strategy_id: int, by: User, kind: str, name: str, data: bytes, suffix: str) -> ImportJob:
    strategy = lock(Strategy.objects.filter(pk=strategy_id).select_related("owner"))
    if not rules.can_edit(fresh(by), strategy):
        raise Forbidden(_("Du har inte rätt att läsa in text i den här strategin."))
    digest = hashlib.sha256(data).hexdigest()
    same = strategy.imports.filter(sha256=digest, requested_by=by, state__in=(*UNDER_WAY, ImportState.READY)).first()
    if same is not None:
        return same  # a double click, or the same file again
    if strategy.imports.filter(state__in=OPEN).count() >= MOST_OPEN:
        raise Invalid(_("Det ligger redan många inlästa dokument och väntar. Ta in eller avbryt några av dem först."))
    clean = "".join(letter for letter in name if letter.isprintable())[-200:] or _("Dokument")
    job = ImportJob(
        strategy=strategy,
        kind=kind,
        name=clean,
        size=len(data),
        sha256=digest,
        requested_at=clock.now(),
        requested_by=by,
    )
    job.file.save(f"{digest}.{suffix}", ContentFile(data), save=False)
    job.file.close()
    job.save()
    record(by=by, verb="import_document", obj=job, strategy_id=strategy.pk, kind=kind, size=job.size, sha256=digest)
    send_after_commit(TASK, job.pk)
    return job


@transaction.atomic
def cancel_import(*, job_id: int, by: User) -> ImportJob:
    """Leave the document; nothing of it comes into the draft. The same again is one."""
    job = lock_job(job_id, by)
    if job.state == ImportState.CANCELLED:
        return job
    IMPORT_STATES.check(job.state, ImportState.CANCELLED)
    job.state, job.finished_at, job.parts = ImportState.CANCELLED, clock.now(), []
    job.save(update_fields=["state", "finished_at", "parts"])
    record(by=by, verb="cancel_import", obj=job, strategy_id=job.strategy_id)
    return job


@transaction.atomic
def read_again(*, job_id: int, by: User) -> ImportJob:
    """Try once more to read a document that could not be read."""
    job = lock_job(job_id, by)
    if job.state in UNDER_WAY:
        return job
    IMPORT_STATES.check(job.state, ImportState.WAITING)
    job.state, job.error, job.done, job.stage, job.requested_at = ImportState.WAITING, "", 0, "", clock.now()
    job.save(update_fields=["state", "error", "done", "stage", "requested_at"])
    record(by=by, verb="read_again", obj=job, strategy_id=job.strategy_id)
    send_after_commit(TASK, job.pk)
    return job


def lock_job(job_id: int, by: User) -> ImportJob:
    """The locked job, for somebody who may write in the draft."""
    job = lock(ImportJob.objects.filter(pk=job_id).select_related("strategy__owner"))
    if not rules.can_edit(fresh(by), job.strategy):
        raise Forbidden(_("Du har inte rätt att läsa in text i den här strategin."))
    return job


# --- reading


def read_document(*, job_id: int) -> ImportJob | None:
    """Read what was sent, and say that it can be looked at; a refusal is kept in words. None when there was nothing to do.

    Called by a worker, as often as it likes: of two at once one reads.
    """
    job = _take(job_id)
    if job is None:
        return None
    tell = teller(job, is_news=lambda done, total, before: done != before)
    came = outcome(lambda: _read(job, tell), in_words)
    if came is None:
        return None
    found, why = came
    return _finish(job, *found) if found is not None else _fail(job, why)


def _read(job: ImportJob, tell: Progress) -> tuple[Parts, list[str], list[dict[str, str]]]:
    tell(_("Öppnar"), 0, 4)
    with job.file.open("rb") as file:
        data = file.read(MAX_FILE + 1)
    if job.kind == ImportKind.PASTE:
        parts = parts_of(data.decode("utf-8", "replace"))
        return parts, parts.notices, []

    def keep(picture: bytes, alt: str) -> str:
        try:
            with io.BytesIO(picture) as opened:
                return str(
                    add_image(strategy_id=job.strategy_id, by=job.requested_by, file=opened, size=len(picture)).uuid
                )
        except Invalid:
            return ""

    return read_docx(open_docx(data), keep, tell, keep_changes=True)


@transaction.atomic
def _take(job_id: int) -> ImportJob | None:
    """The job, marked as being read by this worker; None when it is read, or another worker is at it."""
    rows = ImportJob.objects.select_related("requested_by").filter(pk=job_id)
    job: ImportJob | None = take(rows, IMPORT_STATES, total=4)
    return job


@transaction.atomic
def _finish(job: ImportJob, parts: Parts, notices: list[str], comments: list[dict[str, str]]) -> ImportJob | None:
    row: ImportJob | None = ended(
        job, IMPORT_STATES, ImportState.READY, stage="", done=4, total=4, parts=[part.as_json() for part in parts.parts],
        notices=notices, comments=comments, changes=[change.as_json() for change in parts.changes],
    )  # fmt: skip
    if row is None:
        return None
    record(by=None, verb="read_document", obj=row, strategy_id=row.strategy_id, parts=len(row.parts))
    _announce(row, "import_ready", _("”%(name)s” är inläst och klar att granska."))
    return row


@transaction.atomic
def _fail(job: ImportJob, words: str) -> ImportJob | None:
    row: ImportJob | None = ended(job, IMPORT_STATES, ImportState.FAILED, error=words[:400])
    if row is None:
        return None
    record(by=None, verb="fail_import", obj=row, strategy_id=row.strategy_id)
    _announce(row, "import_failed", _("”%(name)s” kunde inte läsas in."))
    return row


def in_words(problem: Exception) -> str:
    """Why, for the person who waits; the log has the rest."""
    if type(problem).__name__ == "SoftTimeLimitExceeded":
        return _("Det tog för lång tid att läsa dokumentet. Dela upp det och försök igen.")
    if isinstance(problem, MemoryError):
        return _("Dokumentet är för stort för servern just nu. Dela upp det och försök igen.")
    if isinstance(problem, OSError):
        return _("Filen gick inte att hämta ur lagret. Försök igen om en stund.")
    return _("Något gick fel när dokumentet lästes. Försök igen, och kontakta supporten om det händer igen.")


def _announce(job: ImportJob, kind: str, words: str) -> None:
    notify(
        users=[job.requested_by],
        kind=kind,
        text=words % {"name": job.name},
        url=f"/strategier/{job.strategy_id}/lasa-in/{job.pk}/",
    )


def see_to_imports() -> int:
    """Send again what a worker never took or left unfinished; how many."""
    again = list(ImportJob.objects.filter(left_behind()).values_list("pk", flat=True))
    for pk in again:
        send_after_commit(TASK, pk)
    return len(again)
