"""The health page: can this process reach its servers, and is the background work alive?"""

import logging
import time
from collections.abc import Callable

from celery import shared_task
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)
SEEN = "worker-seen"
FRESH_SECONDS = 60


@shared_task(ignore_result=True)
def note_worker_alive() -> None:
    """Sent by beat every ten seconds; proves that beat, broker and worker all run."""
    cache.set(SEEN, time.time(), timeout=24 * 3600)


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database and Valkey answer, else 503. The worker is reported, since restarting
    the web would not bring it back: monitoring should watch ``worker``."""
    database, valkey = works(check_database), works(lambda: cache.get(SEEN))
    seen = cache.get(SEEN) if valkey else None
    age = None if seen is None else round(time.time() - seen)
    body = {
        "database": database,
        "valkey": valkey,
        "worker": age is not None and age < FRESH_SECONDS,
        "worker_seen_seconds_ago": age,
    }
    return JsonResponse(body, status=200 if database and valkey else 503)


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def works(check: Callable[[], object]) -> bool:
    """Whether the check passes; the reason it doesn't is in the server's own log, not on a public page."""
    try:
        check()
    except Exception:
        logger.warning("Health check failed", exc_info=True)
        return False
    return True
