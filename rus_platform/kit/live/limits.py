"""What one browser may do: how often it may speak, and how many sessions one person may have open."""

import time
from collections import Counter

LONGEST = 1_000  # characters in a message; the web server itself refuses much longer ones
PER_SECOND = 25.0
AT_ONCE = 60
SESSIONS = 20  # of one person in one web process


class Pace:
    """A bucket of ``AT_ONCE`` messages that fills by ``PER_SECOND``."""

    def __init__(self) -> None:
        self._left, self._at = float(AT_ONCE), time.monotonic()

    def allows(self) -> bool:
        """Whether one more message is within bounds."""
        now = time.monotonic()
        self._left = min(AT_ONCE, self._left + (now - self._at) * PER_SECOND)
        self._at = now
        self._left -= 1
        return self._left >= 0


class Crowd:
    """Open sessions per person in this process."""

    def __init__(self) -> None:
        self._open: Counter[int] = Counter()

    def enter(self, user_id: int) -> bool:
        """Count one more; False, and not counted, when the person has as many as one may have."""
        if self._open[user_id] >= SESSIONS:
            return False
        self._open[user_id] += 1
        return True

    def leave(self, user_id: int) -> None:
        """Count one less."""
        self._open[user_id] -= 1
        if self._open[user_id] <= 0:
            del self._open[user_id]


crowd = Crowd()
