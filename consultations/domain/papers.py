"""Papers of a response: asked for, made by a worker, kept by what they show, and cleared away."""

import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.mail import release
from actors.models import User
from actors.queries.roles import fresh
from consultations import visibility
from consultations.domain import receipts
from consultations.models import Paper, PaperKind, Response
from consultations.queries.responses import response_for
from consultations.states import HANDED_IN, PAPER_STATES, PaperState
from rus_platform.kit import clock
from rus_platform.kit.errors import NotFound, WrongState
from rus_platform.kit.queue import send_after_commit
from rus_platform.kit.work import Overtaken, is_at_work, left_behind, still_mine
from strategies.domain.publish import in_words

logger = logging.getLogger(__name__)
TASK = "consultations.tasks.make_paper"
KEPT = timedelta(days=7)  # made again, should anybody ask afterwards
MOST_ATTEMPTS = 3  # a worker that dies of the same paper again and again gives up


class Made(NamedTuple):
    """The file, and what it shows (as it was when it was made)."""

    data: bytes
    content_sha256: str


# --- asking


@transaction.atomic
def request_paper(*, response_id: int, kind: str, content_sha256: str, by: User) -> Paper:
    """Ask for a paper of the response as it is now, in one's own language. Made already, or being made, it is that one; one
    that failed is tried again. Raises NotFound, WrongState (no receipt yet)."""
    response = response_for(response_id)
    if response is None or not (
        visibility.can_see_response(fresh(by), response) and visibility.can_see_redacted(by, response)
    ):
        raise NotFound(_("Svaret finns inte, eller så får du inte se det."))
    if kind == PaperKind.RECEIPT and response.state not in HANDED_IN:
        raise WrongState(_("Svaret är inte inlämnat, så det finns inget kvitto än."))
    paper, is_new = _wanted(response, kind, content_sha256, get_language() or settings.LANGUAGE_CODE, by)
    if is_new:
        own = visibility.can_see_notes(by, response)
        region = response.round.version.strategy.owner
        record(
            by=by, verb="request_paper", obj=response, actor=response.actor,
            private_to=response.actor if own else region, kind=kind,
        )  # fmt: skip
    return paper


def ask_for_receipt(response: Response, content_sha256: str = "") -> Paper:
    """The platform's own request, in the transaction that hands the response in: the letters wait for it."""
    return _wanted(response, PaperKind.RECEIPT, content_sha256, settings.LANGUAGE_CODE, None)[0]


def _wanted(response: Response, kind: str, content: str, language: str, by: User | None) -> tuple[Paper, bool]:
    """The row, and whether there is something to make."""
    asked = {"content_sha256": content, "requested_at": clock.now(), "requested_by": by}
    rows = Paper.objects.select_for_update(of=("self",))
    paper, is_new = rows.get_or_create(response=response, kind=kind, language=language, defaults=asked)
    if not is_new:
        same = paper.content_sha256 in ("", content)  # "": a receipt, whose words never change
        if same and paper.state != PaperState.FAILED:
            return paper, False
        PAPER_STATES.check(paper.state, PaperState.WAITING)
        paper.state, paper.attempts, paper.error, paper.started_at = PaperState.WAITING, 0, "", None
        for name, value in asked.items():
            setattr(paper, name, value)
        paper.save()
    send_after_commit(TASK, paper.pk)
    return paper, True


# --- making


def make_paper(*, paper_id: int, render: Callable[[Paper], Made]) -> Paper | None:
    """Make the file with ``render(paper)`` and keep it; a failure is kept in words. Letters that wait for it go either way.

    Called by a worker, as often as it likes: what is made is not made again. None when there was nothing to do.
    """
    paper = _take(paper_id)
    if paper is None:
        return None
    try:
        with translation.override(paper.language):
            made = render(paper)
        sha256 = hashlib.sha256(made.data).hexdigest()
        name = _store(made.data, sha256)
    except Overtaken:
        return None
    except Exception as problem:  # whatever it was, the person who waits is told, and can ask again
        logger.exception("Paper %s could not be made", paper.pk)
        return _fail(paper, in_words(problem))
    return _finish(paper, made, name, sha256)


@transaction.atomic
def _take(paper_id: int) -> Paper | None:
    """The paper, marked as being made by this worker; None when it is made, given up, or another worker is at it."""
    paper = Paper.objects.select_for_update().filter(pk=paper_id).first()
    if paper is None or paper.state in (PaperState.DONE, PaperState.FAILED):
        return None
    if paper.state == PaperState.RUNNING and is_at_work(paper):
        return None
    PAPER_STATES.check(paper.state, PaperState.RUNNING)
    if paper.attempts >= MOST_ATTEMPTS:
        _give_up(paper)
        return None
    paper.state, paper.started_at, paper.heartbeat_at = PaperState.RUNNING, clock.now(), clock.now()
    paper.attempts += 1
    paper.save(update_fields=["state", "started_at", "heartbeat_at", "attempts"])
    return paper


def _give_up(paper: Paper) -> None:
    paper.state, paper.finished_at = PaperState.FAILED, clock.now()
    paper.error = _("Det gick inte att skapa filen. Kontakta supporten om det händer igen.")
    paper.save(update_fields=["state", "finished_at", "error"])
    _let_letters_go(paper)


def _store(data: bytes, sha256: str) -> str:
    name = f"papers/{sha256}.pdf"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(data))


@transaction.atomic
def _finish(paper: Paper, made: Made, name: str, sha256: str) -> Paper | None:
    row = still_mine(paper).select_for_update().first()
    if row is None:
        _forget([name])
        return None
    PAPER_STATES.check(row.state, PaperState.DONE)
    before = row.file.name or ""
    row.state, row.finished_at, row.content_sha256 = PaperState.DONE, clock.now(), made.content_sha256
    row.file.name, row.file_sha256 = name, sha256
    row.save()
    _forget({before} - {name})
    _let_letters_go(row, made.data)
    return row


@transaction.atomic
def _fail(paper: Paper, words: str) -> Paper | None:
    row = still_mine(paper).select_for_update().first()
    if row is None:
        return None
    PAPER_STATES.check(row.state, PaperState.FAILED)
    row.state, row.error, row.finished_at = PaperState.FAILED, words, clock.now()
    row.save(update_fields=["state", "error", "finished_at"])
    _let_letters_go(row)
    return row


def _let_letters_go(paper: Paper, data: bytes | None = None) -> None:
    """The receipt's letters have waited for their enclosure; without one they say where it is found."""
    if paper.kind == PaperKind.RECEIPT and paper.language == settings.LANGUAGE_CODE:
        name = f"kvitto-{paper.response.number}.pdf"
        enclosed = (name, "application/pdf", data) if data else None
        release(prefix=receipts.letter_key(paper.response_id, ""), enclosed=enclosed)


# --- seeing to


def see_to_papers() -> int:
    """Send again what a worker never took or left unfinished, and clear away what nobody has asked for lately; how many."""
    again = list(Paper.objects.filter(left_behind()).values_list("pk", flat=True))
    for pk in again:
        send_after_commit(TASK, pk)
    return len(again) + _clear_away()


@transaction.atomic
def _clear_away() -> int:
    old = Paper.objects.filter(finished_at__lt=clock.now() - KEPT, requested_at__lt=clock.now() - KEPT)
    rows = list(old.exclude(state__in=[PaperState.WAITING, PaperState.RUNNING]).select_for_update(skip_locked=True))
    Paper.objects.filter(pk__in=[row.pk for row in rows]).delete()
    _forget({row.file.name or "" for row in rows})
    return len(rows)


def _forget(names: Iterable[str]) -> None:
    """Remove stored files that no paper has any more, once the transaction is safe."""

    def remove() -> None:
        for name in names:
            if name and not Paper.objects.filter(file=name).exists():
                default_storage.delete(name)

    transaction.on_commit(remove, robust=True)
