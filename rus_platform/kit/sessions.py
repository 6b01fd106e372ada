"""Django's sessions in the database, whose reading, a part of every request, is prepared."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from rus_platform.kit.prepared import Prepared

_data = Prepared(
    lambda key, now: (
        db.SessionStore.get_model_class()
        .objects.filter(session_key=key, expire_date__gt=now)
        .values_list("session_data")
    ),
    "the key",
    datetime.min.replace(tzinfo=UTC),
)


class SessionStore(db.SessionStore):
    """The same sessions, stored in the same place."""

    def load(self) -> dict[str, Any]:
        """What the session remembers; nothing, and no session, when it has ended."""
        rows = _data(self.session_key, timezone.now())
        if not rows:
            self._session_key = None
        return self.decode(rows[0][0]) if rows else {}
