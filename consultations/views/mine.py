"""Only what is shared out to me: the filter over positions, questions and points, with who has the rest."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from consultations.models import Assignment, Response, StandIn
from consultations.queries.responses import ResponseContent, questions_of, sections_with_position
from consultations.queries.sharing import (
    Holders,
    Shares,
    Written,
    answers_for,
    holders_of,
    shares_of,
    stand_ins_of,
    written_by_person,
)
from consultations.views.loading import person
from strategies.queries.outline import Outline, outline

ONLY_MINE = "mina"


@dataclass
class Filter:
    """What the filter says. ``others``: (name, how many), those with the most first, and last what nobody has."""

    mine: int = 0
    total: int = 0
    only_mine: bool = False
    shared: bool = False
    others: list[tuple[str, int]] = field(default_factory=list)


def holders_for(request: HttpRequest, response: Response, tree: Outline) -> Holders:
    """Who has what, as the person sees it. Two queries."""
    stand_ins = stand_ins_of(response.actor_id)
    return holders_of(shares_of(response), tree, answers_for(person(request), stand_ins))


def sifted(
    request: HttpRequest,
    response: Response,
    rows: list[Any],
    tree: Outline,
    holder: Callable[[Holders, Any], Assignment | None],
) -> dict[str, Any]:
    """``rows`` (each dict with ``share`` and ``share_is_mine``), only one's own with ``?mina=1``, and the ``filter``."""
    if response.alone:
        return {"rows": rows, "filter": Filter()}
    holders = holders_for(request, response, tree)
    for row in rows:
        row["share"] = holder(holders, row)
        row["share_is_mine"] = holders.is_mine(row["share"]) or bool(row.get("written_by_me"))
    mine = [row for row in rows if row["share_is_mine"]]
    only = ONLY_MINE in request.GET and holders.any
    found = Filter(len(mine), len(rows), only, holders.any, _others(rows))
    return {"rows": mine if only else rows, "filter": found}


def _others(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Names of those who have what is not one's own."""
    left = [row["share"] for row in rows if not row["share_is_mine"]]
    named = Counter(share.person.name for share in left if share is not None)
    nobody = sum(share is None for share in left)
    return [*named.most_common(), *([(_("ingen särskild"), nobody)] if nobody else [])]


def progress_by_person(
    response: Response, content: ResponseContent, shares: Shares, stand_ins: list[StandIn]
) -> list[Written]:
    """How far each of those who have a part has come. Three queries, none when nothing has been shared out."""
    if not shares:
        return []
    holders = holders_of(shares, outline(response.round.version), ())
    wanted = [
        (holders.of_section(row.pk), row.pk in content.positions) for row in sections_with_position(response.round)
    ]
    for question in questions_of(response.round):
        answer = content.answers.get(question.pk)
        wanted.append((holders.of_question(question), answer is not None and answer.given != ""))
    wanted.append((holders.summary, bool(response.summary)))
    return written_by_person(shares, wanted, stand_ins)
