"""The coverage board of a round with 200 and with 2,000 consultees: the page, and the question whether it has changed.

The peer is the physical limit: the same bytes of ready HTML fetched with one query and handed out by a plain Django view.
"""

from __future__ import annotations

import re
from functools import partial
from statistics import median
from typing import Any

TIMES = 15


def run(emit: Any, ctx: Any) -> None:
    ctx.setup_django("coverage")
    from django.conf import settings  # all of these once Django is set up
    from django.test import Client, override_settings

    from consultations.domain import rounds
    from consultations.models import Response
    from rus_platform.kit import clock
    from tests.benchmarks import plain_page
    from tests.benchmarks.bench_pages import count, page
    from tests.benchmarks.round_world import many_consultees

    settings.ALLOWED_HOSTS = ["testserver"]
    queries = {}
    for code, number in (("92", 200), ("93", 2_000)):
        world = many_consultees(code, number)
        rounds.open_round(round_id=world.round.pk, by=world.leader)
        invited = list(world.round.invitations.values_list("actor_id", flat=True))
        now = clock.now()
        Response.objects.bulk_create(  # half have answered; written straight, since only the board is measured
            Response(
                round=world.round, actor_id=actor, created_at=now, created_by=world.leader, state="submitted", number=n,
                submitted_at=now, submitted_by=world.leader,
            )
            for n, actor in enumerate(invited[: number // 2], 1)
        )  # fmt: skip
        client = Client()
        client.force_login(world.leader)
        address = f"/samrad/{world.round.pk}/svarslage/"
        for what, url in (("", address), (", every name", f"{address}?alla")):
            get = partial(page, client, url)
            html = get()
            plain_page.keep(html, number)
            with override_settings(ROOT_URLCONF=plain_page.__name__):
                peer = p50(ctx, partial(page, client, "/plain/"))
            ours = p50(ctx, get)
            against = f"plain Django view, {len(html) / 1000:.0f} kB of ready HTML in one query ({peer:.1f} ms)"
            emit("server_ms_p50", ours, "ms", size=f"{number} consultees{what}", peer=against, ratio=ours / peer)
            queries[number, what] = count(get)
            emit("queries", queries[number, what], "queries", size=f"{number} consultees{what}")
        stamp = re.search(r"sett=([0-9a-f.]+)", page(client, address))[1]
        ask = partial(client.get, f"{address}nu/?sett={stamp}")
        emit("unchanged_ms_p50", p50(ctx, ask), "ms", size=f"{number} consultees")
    if len(set(queries.values())) > 1:
        raise AssertionError(f"More consultees make more queries: {queries}")


def p50(ctx: Any, call: Any) -> float:
    """Milliseconds, the median of many, warm."""
    for _ in range(2):
        call()
    return median(ctx.seconds(call) for _ in range(TIMES)) * 1000
