"""When things happened. ``now`` is the moment of the visitor; recent events are counted back from it."""

import random
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from consultations.demo.drafting import working_hour
from rus_platform.kit import clock

CHRISTMAS, EPIPHANY = (12, 22), (1, 6)


def at(text: str, hour: int = 9) -> datetime:
    """A date and hour (UTC) in the past that does not depend on today."""
    return datetime.fromisoformat(text).replace(hour=hour, tzinfo=UTC)


class Moments:
    """The same for the same seed and day."""

    def __init__(self, seed: int) -> None:
        self.now = clock.now()
        self.rng = random.Random(f"{seed}/story")

    def ago(self, days: float, hour: int = 9) -> datetime:
        """A working hour ``days`` ago; the Friday before when that was a weekend."""
        moment = self.now - timedelta(days=days)
        weekday = moment - timedelta(days=max(0, moment.weekday() - 4))
        return weekday.replace(hour=hour, minute=0, second=0, microsecond=0)

    def midnight(self, days: float) -> datetime:
        """The last minute of that day in Sweden; one that is to come waits for the end of the holidays."""
        moment = timezone.localtime(self.ago(days)).replace(hour=23, minute=59)
        while moment > self.now and not EPIPHANY < (moment.month, moment.day) < CHRISTMAS:
            moment += timedelta(days=7)
        return moment

    def office_time(self, moment: datetime, earliest: datetime) -> datetime:
        """Some time of a working day, that day or the Friday before, not before ``earliest``."""
        return max(working_hour(moment, self.rng), earliest + timedelta(hours=2 + 20 * self.rng.random()))
