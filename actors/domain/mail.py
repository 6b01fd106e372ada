"""Letters: queued in the verb's own transaction, sent by Celery afterwards, once, however often it must try."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template import Context, engines
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.bounces import return_address
from actors.models import MailState, OutgoingMail, User
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.queue import send_after_commit

MOST_ATTEMPTS = 40
BATCH = 50


def queue_mail(*, to: str, subject: str, template: str, context: dict[str, Any], key: str) -> OutgoingMail:
    """Keep a letter to be sent after commit. The same ``key`` never gives two letters.

    ``template``: path under templates/email/ without ending; ``.txt`` must exist, ``.html`` is used when it does.
    """
    letter = queue_mails([{"to": to, "subject": subject, "template": template, "context": context, "key": key}])
    return letter[0]


def queue_mails(letters: Iterable[dict[str, Any]]) -> list[OutgoingMail]:
    """Many letters at once (opening a round): two queries whatever their number. Same keys as ``queue_mail``, and
    ``attachments``: [{name, mime, text}] for small text files; ``not_before``: when it goes unless ``release`` lets it go."""
    now = clock.now()
    rows = []
    with translation.override(settings.LANGUAGE_CODE):
        for letter in letters:
            context = {"site_url": settings.SITE_URL, **letter["context"]}
            rows.append(
                OutgoingMail(
                    key=letter["key"],
                    to=letter["to"],
                    subject=" ".join(str(letter["subject"]).split())[:250],
                    text=render_text(f"email/{letter['template']}.txt", context),
                    attachments=letter.get("attachments", []),
                    next_attempt_at=letter.get("not_before", now),
                    created_at=now,
                )
            )
    OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True)
    send_after_commit("actors.tasks.send_waiting_mail")  # without a broker, beat finds the letters later
    kept = {row.key: row for row in OutgoingMail.objects.filter(key__in=[row.key for row in rows])}
    return [kept[row.key] for row in rows]


@transaction.atomic
def release(*, prefix: str, enclosed: tuple[str, str, bytes] | None = None) -> int:
    """Let the letters whose keys begin with ``prefix``, and that have waited to be let go, go now; ``enclosed`` (name, MIME
    type, bytes) goes with them. What has been sent is left alone, and nothing is enclosed twice. How many."""
    letters = OutgoingMail.objects.filter(key__startswith=prefix, state=MailState.WAITING).order_by("pk")
    rows = list(letters.select_for_update())
    for letter in rows:
        if enclosed and all(file["name"] != enclosed[0] for file in letter.attachments):
            name, mime, data = enclosed
            letter.attachments = [
                *letter.attachments,
                {"name": name, "mime": mime, "base64": b64encode(data).decode()},
            ]
        if not letter.attempts:
            letter.next_attempt_at = min(letter.next_attempt_at, clock.now())
    OutgoingMail.objects.bulk_update(rows, ["attachments", "next_attempt_at"])
    send_after_commit("actors.tasks.send_waiting_mail")
    return len(rows)


def render_text(template: str, context: dict[str, Any]) -> str:
    """A plain text: nothing in it is HTML, so nothing is escaped."""
    return engines["django"].engine.get_template(template).render(Context(context, autoescape=False)).strip() + "\n"  # type: ignore[attr-defined]


@transaction.atomic
def send_mail_again(*, mail_id: int, by: User) -> OutgoingMail:
    """Let a letter that could not be sent try once more (support staff). WrongState when it was sent."""
    letter = lock(OutgoingMail.objects.filter(pk=mail_id))
    if not (by.is_active and by.is_staff):
        raise Forbidden(_("Bara supportpersonal kan skicka brev igen."))
    if letter.state == MailState.SENT:
        raise WrongState(_("Brevet är redan skickat."))
    letter.state, letter.attempts, letter.next_attempt_at = MailState.WAITING, 0, clock.now()
    letter.bounced_at, letter.bounce = None, ""
    letter.save(update_fields=["state", "attempts", "next_attempt_at", "bounced_at", "bounce"])
    record(by=by, verb="send_mail_again", obj=letter)
    send_after_commit("actors.tasks.send_waiting_mail")
    return letter


def send_waiting(limit: int = BATCH) -> int:
    """Send letters that are due, one transaction each; returns how many were sent.

    Workers side by side skip one another's rows. A letter is marked in the same transaction that sends it: a worker killed
    between the two sends that one letter twice, with the same Message-ID, by which mail servers know that they have it.
    """
    sent = 0
    with get_connection() as connection:
        for _turn in range(limit):
            with transaction.atomic():
                letter = (
                    OutgoingMail.objects.select_for_update(skip_locked=True)
                    .filter(state=MailState.WAITING, next_attempt_at__lte=clock.now())
                    .order_by("next_attempt_at", "id")
                    .first()
                )
                if letter is None:
                    break
                sent += _send(letter, connection)
    return sent


def _send(letter: OutgoingMail, connection: Any) -> int:
    """Try one letter; keep what happened. 1 when it went away."""
    letter.message_id = letter.message_id or _message_id(letter)
    message = EmailMultiAlternatives(
        letter.subject, letter.text, return_address(letter) or settings.DEFAULT_FROM_EMAIL, [letter.to], connection=connection,
        headers={"Message-ID": letter.message_id, "From": settings.DEFAULT_FROM_EMAIL},
    )  # fmt: skip
    for file in letter.attachments:
        message.attach(file["name"], b64decode(file["base64"]) if "base64" in file else file["text"], file["mime"])
    letter.attempts += 1
    try:
        message.send()
    except SMTPRecipientsRefused as refusal:
        letter.state, letter.last_error = MailState.FAILED, str(refusal)[:400]
        letter.bounced_at, letter.bounce = clock.now(), _said(refusal)
    except ValueError as problem:  # an address or subject that no letter can carry: it must not hold up the others
        letter.state, letter.last_error = MailState.FAILED, str(problem)[:400]
    except (OSError, SMTPException) as problem:
        letter.last_error = str(problem)[:400]
        letter.next_attempt_at = clock.now() + timedelta(seconds=min(15 * 2**letter.attempts, 3600))
        if letter.attempts >= MOST_ATTEMPTS:
            letter.state = MailState.FAILED
    else:
        letter.state, letter.sent_at, letter.last_error = MailState.SENT, clock.now(), ""
        letter.attachments = [{**file, "base64": ""} if "base64" in file else file for file in letter.attachments]
    letter.save(
        update_fields=[
            "message_id", "attempts", "state", "last_error", "next_attempt_at", "sent_at", "bounced_at", "bounce", "attachments",
        ]
    )  # fmt: skip
    return int(letter.state == MailState.SENT)


def _message_id(letter: OutgoingMail) -> str:
    """Always the same for a letter, also when the worker that sent it is gone and has told nobody; no stranger can guess it."""
    told = salted_hmac(
        "actors.mail.message_id", f"{letter.pk} {letter.key} {letter.created_at.isoformat()}", algorithm="sha256"
    )
    return f"<{letter.pk}.{told.hexdigest()[:40]}@{_domain()}>"


def _said(refusal: SMTPRecipientsRefused) -> str:
    """What the other side said of the address, as text."""
    said = [answer[1] for answer in refusal.recipients.values()]
    words = [text.decode(errors="replace") if isinstance(text, bytes) else str(text) for text in said]
    return " ".join(" ".join(words).split())[:400]


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rstrip(">").rsplit("@", 1)[-1]
