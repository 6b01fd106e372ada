"""Publishing: ask for a version's PDF, and let a worker make it, once for the same text in the same design."""

import hashlib
import json
import logging
from collections.abc import Callable
from functools import cache
from importlib.metadata import version as version_of_package
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.notify import notify
from actors.models import User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden
from rus_platform.kit.locking import lock
from rus_platform.kit.queue import send_after_commit
from rus_platform.kit.work import Overtaken, Progress, is_at_work, left_behind, still_mine, teller
from strategies import rules
from strategies.domain.versions import manifest_of
from strategies.models import ApprovalCase, Publication, Version
from strategies.states import PUBLICATION_STATES, PublicationState, TextStatus

logger = logging.getLogger(__name__)
PDF = "pdf"
ROOT = Path(settings.BASE_DIR)
LOOKS = ("templates/print/*.html", "static/css/print/*.css", "static/css/tokens.css", "static/build/fonts/*.woff2")
PRINTING = ("archive", "artwork", "assets", "book", "html", "pdf", "tag_tree", "tags", "tree", "typesetting")


class Made(Protocol):
    """What a renderer gives: the file, its pages, the hash of its bytes."""

    data: bytes
    pages: int
    sha256: str


# --- asking


@transaction.atomic
def request_pdf(*, version_id: int, by: User) -> Publication:
    """Ask for the PDF of a version as it is now. The same text in the same design is one publication, whoever asks.

    One that failed is tried again. Raises Forbidden.
    """
    version = lock(Version.objects.filter(pk=version_id).select_related("strategy__owner"))
    if not rules.can_publish(fresh(by), version.strategy):
        raise Forbidden(_("Bara den som arbetar med strategin kan beställa en PDF av den."))
    return _wanted(version, by)


@transaction.atomic
def publish(*, version_id: int) -> Publication | None:
    """The platform's own request, for an adopted version that has never had a PDF; None when it has."""
    version = lock(Version.objects.filter(pk=version_id).select_related("strategy__owner"))
    if version.status != TextStatus.ADOPTED or version.publications.filter(format=PDF).exists():
        return None
    return _wanted(version, None)


def _wanted(version: Version, by: User | None) -> Publication:
    content = content_sha256(version)
    publication = Publication.objects.select_for_update().filter(format=PDF, content_sha256=content).first()
    if publication is None:
        publication = Publication.objects.create(
            version=version, format=PDF, content_sha256=content, requested_at=clock.now(), requested_by=by
        )
    elif publication.state == PublicationState.FAILED:
        PUBLICATION_STATES.check(publication.state, PublicationState.WAITING)
        publication.state, publication.error, publication.done, publication.stage = PublicationState.WAITING, "", 0, ""
        publication.requested_at, publication.requested_by = clock.now(), by
        publication.save(update_fields=["state", "error", "done", "stage", "requested_at", "requested_by"])
    else:
        return publication  # made, or being made
    record(by=by, verb="request_pdf", obj=version, strategy_id=version.strategy_id, publication=publication.pk)
    send_after_commit("strategies.tasks.render_pdf", publication.pk)
    return publication


def content_sha256(version: Version) -> str:
    """What the file depends on: the text, what stands about it on the first pages, and the design."""
    strategy, adopted = version.strategy, version.status in (TextStatus.ADOPTED, TextStatus.SUPERSEDED)
    case = ApprovalCase.objects.filter(version=version).prefetch_related("decisions__reservations").first()
    facts: dict[str, Any] = {
        "text": version.sha256 or manifest_of(version)["sha256"],
        "status": "adopted" if adopted else version.status,
        "version": [version.pk, version.label, version.number, str(version.adopted_on), str(version.frozen_at)],
        "strategy": [strategy.title, strategy.owner.name, strategy.contact],
        "counties": [county.name for county in strategy.counties.all()],
        "case": [(case.case_number if case else "") or strategy.case_number],
        "decisions": [
            [
                row.body,
                row.outcome,
                str(row.decided_on),
                row.paragraph,
                [[o.kind, o.by_whom] for o in row.reservations.all()],
            ]
            for row in (case.decisions.all() if case else [])
        ],
        "design": design(),
    }
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@cache
def design() -> str:
    """A fingerprint of all that decides how a text looks on paper: templates, style sheets, fonts, our code, the engine."""
    digest = hashlib.sha256(version_of_package("weasyprint").encode())
    files = [file for pattern in LOOKS for file in ROOT.glob(pattern)]
    for file in sorted(files + [ROOT / "strategies" / "publishing" / f"{name}.py" for name in PRINTING]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


# --- making


def render_publication(*, publication_id: int, render: Callable[[Version, Progress], Made]) -> Publication | None:
    """Make the file with ``render(version, progress)``, store it, and say that it is done; a failure is kept in words.

    Called by a worker, as often as it likes: what is made is not made again, and of two workers at once one makes it.
    None when there was nothing to do.
    """
    publication = _take(publication_id)
    if publication is None:
        return None
    try:
        made = render(publication.version, teller(publication, is_news=lambda done, total, before: done in (0, total)))
        name = _store(publication.file.storage, made)
    except Overtaken:
        return None
    except Exception as problem:  # whatever it was, the person who waits is told, and can ask again
        logger.exception("Publication %s could not be rendered", publication.pk)
        return _fail(publication, problem)
    return _finish(publication, made, name)


@transaction.atomic
def _take(publication_id: int) -> Publication | None:
    """The publication, marked as being made by this worker; None when it is made, or another worker is at it."""
    row = Publication.objects.select_for_update().filter(pk=publication_id).first()
    if row is None or row.state in (PublicationState.DONE, PublicationState.FAILED):
        return None
    now = clock.now()
    if row.state == PublicationState.RUNNING and is_at_work(row):
        return None
    PUBLICATION_STATES.check(row.state, PublicationState.RUNNING)
    row.state, row.started_at, row.heartbeat_at, row.done, row.total = PublicationState.RUNNING, now, now, 0, 0
    fields = ["state", "started_at", "heartbeat_at", "done", "total"]
    if not row.version.is_frozen:  # a draft may have been written in since it was asked for: it is printed as it is now
        content = content_sha256(row.version)
        if not Publication.objects.filter(format=PDF, content_sha256=content).exclude(pk=row.pk).exists():
            row.content_sha256 = content
            fields.append("content_sha256")
    row.save(update_fields=fields)
    return row


def _store(storage: Storage, made: Made) -> str:
    """Keep the bytes under their own hash, and read them back: what is promised is what lies there."""
    name = f"publications/{made.sha256}.pdf"
    if not storage.exists(name):
        name = storage.save(name, ContentFile(made.data))
    with storage.open(name, "rb") as file:
        kept = hashlib.sha256(file.read()).hexdigest()
    if kept != made.sha256:
        raise OSError(f"{name} does not hold what was written")
    return name


@transaction.atomic
def _finish(publication: Publication, made: Made, name: str) -> Publication | None:
    row = still_mine(publication).select_for_update().first()
    if row is None:
        return None
    PUBLICATION_STATES.check(row.state, PublicationState.DONE)
    row.state, row.stage, row.done, row.total = PublicationState.DONE, "", 1, 1
    row.file.name, row.file_sha256, row.file_bytes, row.pages = name, made.sha256, len(made.data), made.pages
    row.finished_at = clock.now()
    row.save()
    version = row.version
    record(
        by=None, verb="render_publication", obj=version, strategy_id=version.strategy_id, publication=row.pk,
        sha256=made.sha256, pages=made.pages,
    )  # fmt: skip
    _announce(row, "pdf_ready", _("PDF:en av ”%(version)s” är klar: %(pages)s sidor."), pages=made.pages)
    return row


@transaction.atomic
def _fail(publication: Publication, problem: Exception) -> Publication | None:
    row = still_mine(publication).select_for_update().first()
    if row is None:
        return None
    PUBLICATION_STATES.check(row.state, PublicationState.FAILED)
    row.state, row.error, row.finished_at = PublicationState.FAILED, in_words(problem), clock.now()
    row.save(update_fields=["state", "error", "finished_at"])
    version = row.version
    record(by=None, verb="fail_publication", obj=version, strategy_id=version.strategy_id, publication=row.pk)
    _announce(row, "pdf_failed", _("PDF:en av ”%(version)s” kunde inte skapas. Försök igen."))
    return row


def in_words(problem: Exception) -> str:
    """Why, in words for the person who waits; the log has the rest."""
    if type(problem).__name__ == "SoftTimeLimitExceeded":
        return _("Det tog för lång tid att skapa filen. Försök igen om en stund.")
    if isinstance(problem, OSError):
        return _("Filen gick inte att spara. Försök igen om en stund, och kontakta supporten om det händer igen.")
    if isinstance(problem, MemoryError):
        return _("Servern hade för lite minne just nu. Försök igen om en stund.")
    return _("Något gick fel när filen skapades. Försök igen, och kontakta supporten om det händer igen.")


def _announce(publication: Publication, kind: str, words: str, **more: Any) -> None:
    if publication.requested_by is None:
        return
    notify(
        users=[publication.requested_by],
        kind=kind,
        text=words % {"version": publication.version.label, **more},
        url=f"/versioner/{publication.version_id}/pdf/",
    )


def see_to_publications() -> int:
    """Ask for what is adopted but has no PDF, and send again what a worker never took or left unfinished; how many."""
    never = Version.objects.filter(status=TextStatus.ADOPTED).exclude(publications__format=PDF)
    asked = [publish(version_id=pk) for pk in never.values_list("pk", flat=True)]
    again = list(Publication.objects.filter(left_behind()).values_list("pk", flat=True))
    for pk in again:
        send_after_commit("strategies.tasks.render_pdf", pk)
    return len([row for row in asked if row]) + len(again)
