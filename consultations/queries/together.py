"""The pieces of a response that people write at the same time: what each says now, and who is at which."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from actors.models import User
from actors.queries.roles import people_with
from consultations import rules
from consultations.models import Answer, Point, Position, Response

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


def note_writing(response: Response, user: User, piece: str) -> None:
    """Remember for a short while that ``user`` writes in a piece. Without a cache nobody is told."""
    try:
        cache.set(_key(response.pk, user.pk), {"name": user.name, "piece": piece[:40]}, HERE)
    except RedisError:
        return


def who_writes(response: Response, *, but: User) -> list[dict[str, str]]:
    """Colleagues at work now: [{"name", "piece"}]. One query and one look in the cache."""
    ids = [user.pk for user in people_with(response.actor_id, *rules.WRITERS) if user.pk != but.pk]
    try:
        return list(cache.get_many([_key(response.pk, pk) for pk in ids]).values())
    except RedisError:
        return []


def _key(response_id: int, user_id: int) -> str:
    return f"writes:{response_id}:{user_id}"
