"""The pieces of a response that people write at the same time: what each says now, and who is at which."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from actors.models import User
from actors.queries.roles import people_with
from consultations import rules
from consultations.models import Answer, Point, Position, Response
from consultations.states import ResponseState

HERE = 20  # seconds that somebody counts as writing after the last sign


@dataclass(frozen=True)
class Piece:
    """``values``: field -> what it says. ``revision`` 0: nobody has written in it."""

    revision: int
    values: dict[str, Any]


Row = Response | Position | Answer | Point
SAID = {
    Response: ("kind", "summary", "own_case_number"),
    Position: ("stance", "reason"),
    Point: ("text", "kind", "suggested_wording"),
}


def piece_of(row: Row) -> Piece:
    """What a row says as a piece. No queries."""
    if isinstance(row, Answer):
        return Piece(row.revision, {"value": row.given})
    return Piece(row.revision, {name: getattr(row, name) for name in SAID[type(row)]})


def pieces_of(response: Response) -> dict[str, Piece]:
    """ "summary", "position-<section>", "answer-<question>", "point-<id>" -> the piece. Three queries."""
    found = {"summary": piece_of(response)}
    found |= {f"position-{row.section_id}": piece_of(row) for row in Position.objects.filter(response=response)}
    found |= {f"answer-{row.question_id}": piece_of(row) for row in Answer.objects.filter(response=response)}
    found |= {f"point-{row.pk}": piece_of(row) for row in Point.objects.filter(response=response)}
    return found


def state_words(response: Response) -> str:
    """What has happened to a response that is not being written now, or is again, for those who had it open; "" when
    nothing has. At most one query."""
    who = {"who": response.submitted_by or response.ready_by or response.returned_by}
    if response.state == ResponseState.DRAFTING:
        return _("%(who)s har tagit tillbaka svaret till utkast. Det går att skriva igen.") % who if who["who"] else ""
    said = {
        ResponseState.READY: _("%(who)s har sagt att svaret är klart. Texten ligger fast tills någon tar tillbaka svaret till utkast."),
        ResponseState.DECIDED: _("Beslutet om svaret är inskrivet. Texten ligger fast."),
        ResponseState.SUBMITTED: _("%(who)s har lämnat in svaret. Det kan inte längre ändras."),
        ResponseState.SUPERSEDED: _("En senare version av svaret är inlämnad. Den här kan inte längre ändras."),
        ResponseState.UNSENT: _("Samrådet har stängt. Svaret lämnades aldrig in, men allt ni har sparat finns kvar."),
    }  # fmt: skip
    return said[ResponseState(response.state)] % who


def note_writing(response: Response, user: User, piece: str) -> None:
    """Remember for a short while that ``user`` writes in a piece. Without a cache nobody is told."""
    try:
        row = {"person": user.pk, "name": user.name, "piece": piece[:40]}
        cache.set(_key(response.pk, user.pk), row, HERE)
    except RedisError:
        return


def who_writes(response: Response, *, but: User) -> list[dict[str, Any]]:
    """Colleagues at work now: [{"person", "name", "piece"}]. One query and one look in the cache."""
    ids = [user.pk for user in people_with(response.actor_id, *rules.WRITERS) if user.pk != but.pk]
    try:
        return list(cache.get_many([_key(response.pk, pk) for pk in ids]).values())
    except RedisError:
        return []


def _key(response_id: int, user_id: int) -> str:
    return f"writes:{response_id}:{user_id}"
