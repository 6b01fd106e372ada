"""The whole strategy on one page, at eighty pages of text and at four times that: a frozen version, and the draft just
after somebody has written in it (its HTML is then made anew).

The peer is the physical limit: the same bytes of ready HTML fetched with one query and handed out by a plain Django view.
"""

from __future__ import annotations

from functools import partial
from statistics import median
from typing import Any

TIMES = 30


def run(emit: Any, ctx: Any) -> None:
    ctx.setup_django("pages")
    from django.conf import settings  # all of these once Django is set up
    from django.test import Client, override_settings

    from actors.models import Role
    from strategies.domain import versions
    from strategies.models import Section
    from tests.benchmarks import plain_page
    from tests.factories.actors import make_person, make_region
    from tests.factories.long_texts import write_long_text
    from tests.factories.strategies import make_strategy, working_version
    from tests.factories.texts import insert, write

    settings.ALLOWED_HOSTS = ["testserver"]
    queries = {}
    for scale, size in ((1, "80 pages"), (4, "4x text")):
        region = make_region(f"9{scale}")
        leader = make_person(region, Role.LEADER)
        strategy = make_strategy(region, by=leader)
        write_long_text(working_version(strategy), leader, scale=scale)
        frozen = versions.freeze_version(version_id=working_version(strategy).pk, by=leader, label="Samrådsversion 1")
        draft = versions.fork_version(version_id=frozen.pk, by=leader)
        ctx.say(f"{size}: {frozen.sections.count()} sections")
        client = Client()
        client.force_login(leader)

        get = partial(page, client, f"/versioner/{frozen.pk}/")
        html = get()
        plain_page.keep(html, frozen.sections.count())
        with override_settings(ROOT_URLCONF=plain_page.__name__):
            peer = p50(ctx, partial(page, client, "/plain/"))
        ours = p50(ctx, get)
        queries[size] = count(get)
        against = f"plain Django view, {len(html) / 1000:.0f} kB of ready HTML in one query ({peer:.1f} ms)"
        emit("server_ms_p50", ours, "ms", size=f"frozen, {size}", peer=against, ratio=ours / peer)
        emit("queries", queries[size], "queries", size=f"frozen, {size}")

        section = Section.objects.filter(version=draft).exclude(doc__content=[]).first()
        get = partial(page, client, f"/versioner/{draft.pk}/")
        written = []
        for _ in range(TIMES // 3):
            write(section, leader, insert(1, "Ett ord till. "))
            written.append(ctx.seconds(get) * 1000)
        emit(
            "server_ms_p50",
            median(written),
            "ms",
            size=f"draft just written in, {size}",
            peer=against,
            ratio=median(written) / peer,
        )
    if len(set(queries.values())) > 1:
        raise AssertionError(f"More text makes more queries: {queries}")


def page(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def p50(ctx: Any, call: Any) -> float:
    """Milliseconds, the median of many, warm."""
    for _ in range(3):
        call()
    return median(ctx.seconds(call) for _ in range(TIMES)) * 1000


def count(call: Any) -> int:
    from django.db import connection  # once Django is set up
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)
