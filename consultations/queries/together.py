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


def pieces_of(response: Response) -> dict[str, Piece]:
    """ "summary", "position-<section>", "answer-<question>", "point-<id>" -> the piece. Three queries."""
    found = {
        "summary": Piece(
            response.revision,
            {"kind": response.kind, "summary": response.summary, "own_case_number": response.own_case_number},
        )
    }
    for position in Position.objects.filter(response=response):
        values = {"stance": position.stance, "reason": position.reason}
        found[f"position-{position.section_id}"] = Piece(position.revision, values)
    for answer in Answer.objects.filter(response=response):
        found[f"answer-{answer.question_id}"] = Piece(answer.revision, {"value": answer.given})
    for point in Point.objects.filter(response=response):
        values = {"text": point.text, "kind": point.kind, "suggested_wording": point.suggested_wording}
        found[f"point-{point.pk}"] = Piece(point.revision, values)
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
