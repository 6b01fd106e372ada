"""The region's list of points with 900 and with 9,000 points: the whole page, through the platform, a filter, a search.

The peer is the same fifty rows, with the same joins and counts, by hand-written SQL and psycopg, printed with an f-string: no
permissions, no filters, no page around it.
"""

from __future__ import annotations

import html
from statistics import median
from typing import Any

RESPONSES, ROUNDS = 90, 25
ROWS = """
SELECT r.number, p.number, a.name, p.kind, p.text, p.suggested_wording, s.title, n.quote, d.decision
FROM consultations_point p
JOIN consultations_response r ON r.id = p.response_id AND r.state = 'submitted'
JOIN actors_actor a ON a.id = r.actor_id
LEFT JOIN strategies_section s ON s.id = p.section_id
LEFT JOIN strategies_anchor n ON n.id = p.anchor_id
LEFT JOIN consultations_disposition d ON d.point_id = p.id AND d.current
WHERE r.round_id = %(round)s ORDER BY r.number, p.number LIMIT 50
"""
COUNTS = """
SELECT count(*), count(d.id) FROM consultations_point p
JOIN consultations_response r ON r.id = p.response_id AND r.state = 'submitted'
LEFT JOIN consultations_disposition d ON d.point_id = p.id AND d.current WHERE r.round_id = %(round)s
"""


def run(emit: Any, ctx: Any) -> None:
    ctx.setup_django("points")
    for points in (900, 9_000):
        world = make_points(ctx, points)
        size = f"{points} points"
        plain = median(ctx.seconds(lambda: by_hand(world)) for _ in range(ROUNDS)) * 1000  # noqa: B023
        for name, query in (("", ""), (", undecided", "?status=undecided"), (", one word", "?text=kollektivtrafiken")):
            milliseconds, queries = page(ctx, world, query)
            peer = f"plain SQL and an f-string ({plain:.1f} ms)"
            emit("server_ms_p50", milliseconds, "ms", size=size + name, peer=peer, ratio=milliseconds / plain)
            emit("queries", queries, "queries", size=size + name)


def page(ctx: Any, world: Any, query: str) -> tuple[float, int]:
    """Median time of the page in ms, and its number of queries."""
    from django.db import connection  # only once setup_django has run
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(world.leader, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/samrad/{world.round.pk}/synpunkter/{query}"

    def get() -> None:
        assert client.get(address).status_code == 200

    for _warm in range(3):
        get()
    with CaptureQueriesContext(connection) as seen:
        get()
    queries = len(seen)  # now: the next request empties the log
    return median(ctx.seconds(get) for _ in range(ROUNDS)) * 1000, queries


def by_hand(world: Any) -> str:
    """The peer."""
    from django.db import connection  # only once setup_django has run

    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"round": world.round.pk})
        total, decided = cursor.fetchone()
        cursor.execute(ROWS, {"round": world.round.pk})
        rows = ["<li>" + " ".join(html.escape(str(cell)) for cell in row) + "</li>" for row in cursor.fetchall()]
    return f"<h1>{decided} av {total}</h1><ul>{''.join(rows)}</ul>"


def make_points(ctx: Any, points: int) -> Any:
    """A closed round with so many points from ninety consultees, a third decided, and a changed draft after it."""
    from consultations.domain import dispositions, invitations, responses, rounds  # only once setup_django has run
    from consultations.models import Point
    from tests.factories import consultations as make
    from tests.factories.actors import make_municipality, make_person

    ctx.say(f"writing {points} points")
    code = "98" if points == 900 else "96"
    world = make.make_round(code, municipalities=RESPONSES)
    actors = [make_municipality(code, number) for number in range(1, RESPONSES + 1)]
    invitations.invite_actors(round_id=world.round.pk, actor_ids=[actor.pk for actor in actors], by=world.leader)
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    words = (
        "Bygg ut kollektivtrafiken i hela länet",
        "Landsbygden måste synas tydligare",
        "Målet går inte att följa upp",
    )
    for number, actor in enumerate(actors):
        person = make_person(actor, "editor", "signatory")
        response = responses.start_response(round_id=world.round.pk, actor_id=actor.pk, by=person)
        for n in range(points // RESPONSES):
            about: Any = (
                {"section_id": world.goal.pk, "selection": {"quote": "stärka tåget"}},
                {"section_id": world.subgoal.pk},
                {},
            )[n % 3]
            text = (
                f"{words[(number + n) % 3]}. Synpunkt {n} från {actor.name}, med skäl som tar en mening till att säga."
            )
            responses.add_point(response_id=response.pk, by=person, text=text, kind="change", **about)
        responses.submit_response(response_id=response.pk, by=person)
    rounds.close_round(round_id=world.round.pk, by=world.leader)
    make.next_draft(world, "Regionen ska stärka tåget, bussen och cykeln.")
    ids = list(Point.objects.filter(response__round=world.round).values_list("pk", flat=True))[::3]
    for start in range(0, len(ids), 500):
        dispositions.decide_points(
            round_id=world.round.pk,
            point_ids=ids[start : start + 500],
            by=world.leader,
            decision="noted",
            reason="Tack.",
        )
    return world
