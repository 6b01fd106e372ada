"""The worker is killed in the middle of its work: the work is done all the same, and nothing is done twice."""

import json
from collections import Counter

import pytest

from tests.e2e.waiting import until
from tests.live_stack import LiveStack

pytestmark = pytest.mark.slow
KILLS, LETTERS = 3, 120
QUEUE = """
from actors.domain.mail import queue_mails
from actors.models import OutgoingMail
from django.db import transaction
from rus_platform.kit import clock
from rus_platform.kit.queue import send_after_commit
with transaction.atomic():
    OutgoingMail.objects.bulk_create(
        OutgoingMail(key=f"killed:{n}", to=f"nummer{n}@killed.example", subject=f"Brev {n}", text="Hej. " * 2000,
                     next_attempt_at=clock.now(), created_at=clock.now())
        for n in range(LETTERS)
    )
    for _ in range(6):
        send_after_commit("actors.tasks.send_waiting_mail")
"""
BOOK = """
import json
from actors.models import Role
from strategies.domain.publish import request_pdf
from strategies.domain.versions import freeze_version
from tests.factories.actors import make_person, make_region
from tests.factories.long_texts import write_long_text
from tests.factories.strategies import make_strategy, working_version
region = make_region("23")
anna = make_person(region, Role.LEADER, name="Anna")
version = working_version(make_strategy(region, by=anna))
write_long_text(version, anna)
freeze_version(version_id=version.pk, by=anna, label="Samrådsversion 1")
publication = request_pdf(version_id=version.pk, by=anna)
print(json.dumps({"publication": publication.pk, "version": version.pk, "anna": anna.pk}))
"""


def test_letters_are_all_sent_and_none_twice(live_stack: LiveStack) -> None:
    def arrived() -> int:
        return len(live_stack.letters("killed.example"))

    live_stack.python(QUEUE.replace("LETTERS", str(LETTERS)))
    for kill in range(1, KILLS + 1):
        until(arrived, lambda count: count > LETTERS * kill // (KILLS + 2), seconds=400)  # noqa: B023
        live_stack.kill_worker()

    def waiting() -> int:
        return int(
            live_stack.query("SELECT count(*) FROM actors_outgoingmail WHERE key LIKE 'killed:%%' AND state <> 'sent'")[
                0
            ][0]
        )

    until(waiting, lambda count: count == 0, seconds=600)
    letters = live_stack.letters("killed.example")
    assert {str(letter["X-RcptTo"]) for letter in letters} == {f"nummer{n}@killed.example" for n in range(LETTERS)}
    numbers = Counter(str(letter["Message-ID"]) for letter in letters)
    assert len(numbers) == LETTERS, "a letter has always the same number"
    assert len(letters) - LETTERS <= KILLS, (
        "only a letter that was under way at a kill can come again, with its own number"
    )


def test_a_pdf_is_made_once(live_stack: LiveStack) -> None:
    made = json.loads(live_stack.python(BOOK).splitlines()[-1])

    def publication() -> tuple[str, str]:
        return live_stack.query("SELECT state, file FROM strategies_publication WHERE id = %s", [made["publication"]])[
            0
        ]  # type: ignore[return-value]

    for _kill in range(2):
        until(publication, lambda row: row[0] in ("running", "done"), seconds=120)
        live_stack.kill_worker()
        # a minute and a half later
        live_stack.query(
            "UPDATE strategies_publication SET heartbeat_at = heartbeat_at - interval '100 s' WHERE id = %s RETURNING id",
            [made["publication"]],
        )
    until(publication, lambda row: row[0] == "done", seconds=600)
    rows = live_stack.query(
        "SELECT (SELECT count(*) FROM strategies_publication WHERE version_id = %s),"
        " (SELECT count(*) FROM actors_auditevent WHERE verb = 'render_publication' AND object_id = %s::text),"
        " (SELECT count(*) FROM actors_notification WHERE user_id = %s AND kind = 'pdf_ready')",
        [made["version"], made["version"], made["anna"]],
    )
    assert rows == [(1, 1, 1)]
    state, file = publication()
    assert (live_stack.state / "media" / file).read_bytes().startswith(b"%PDF-1.7")
