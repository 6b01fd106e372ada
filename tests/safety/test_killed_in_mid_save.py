"""The web process is killed again and again while somebody writes: what was confirmed is there, and nothing is there twice.

Slow; `RUS_KILLS` says how many times (3 by default, for every run; many more by hand).
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from rus_platform.local.processes import ROOT
from rus_platform.local.servers import free_port
from tests.live_stack import LiveStack

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("RUS_KILLS", "3"))
PREPARE = """
import json
from django.conf import settings
from importlib import import_module
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from actors.models import Role
from tests.factories.actors import make_person, make_region
from tests.factories.strategies import make_strategy, working_version
from tests.factories.texts import make_section
region = make_region("24")
anna = make_person(region, Role.LEADER, name="Anna")
section = make_section(working_version(make_strategy(region, by=anna)), "Start.", by=anna)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session.update({SESSION_KEY: str(anna.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0], HASH_SESSION_KEY: anna.get_session_auth_hash()})
session.create()
print(json.dumps({"session": session.session_key, "version": section.version_id, "uuid": str(section.uuid), "pk": section.pk}))
"""
JUDGE = """
import json
from strategies.domain import documents, steps, text
from strategies.models import Section
section = Section.objects.get(pk=%d)
rows = list(section.steps.order_by("n"))
node = documents.read({"type": "doc", "content": []})
for row in rows:
    node = steps.apply_step(node, steps.read_step({k: v for k, v in row.step.items() if k != "undo"}))
print(json.dumps({
    "numbers": [row.n for row in rows], "version": section.doc_version, "replayed": text.plain(node) == section.doc,
    "batches": [str(row.batch_id) for row in rows], "words": documents.plain_text(section.doc),
}))
"""


@pytest.fixture
def web(live_stack: LiveStack) -> Iterator["Web"]:
    """A web process of its own beside the stack's, on the same database."""
    process = Web(live_stack)
    process.start()
    yield process
    process.kill()


class Web:
    """A uvicorn that can be killed and started again."""

    def __init__(self, stack: LiveStack) -> None:
        self.env, self.port = stack.env, free_port()
        self.log = Path(stack.state) / "killed-web.log"

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "rus_platform.asgi:application",
            "--port",
            str(self.port),
            "--lifespan",
            "off",
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=log, stderr=log)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def test_what_was_confirmed_is_there_after_every_kill(web: Web, live_stack: LiveStack) -> None:
    place = json.loads(live_stack.python(PREPARE).splitlines()[-1])
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    dice = random.Random(7)
    confirmed, version, killed = [], 1, 0
    version = json.loads(live_stack.python(JUDGE % place["pk"]).splitlines()[-1])["version"]
    next_kill = time.monotonic() + 6
    deadline = time.monotonic() + 60 + 20 * KILLS
    while (killed < KILLS or len(confirmed) < 10 * KILLS) and time.monotonic() < deadline:
        batch = str(uuid.uuid4())
        step = {
            "stepType": "replace",
            "from": 1,
            "to": 1,
            "slice": {"content": [{"type": "text", "text": f"[{batch}] "}]},
        }
        while time.monotonic() < deadline:  # as the browser: the same batch until there is an answer
            if killed < KILLS and time.monotonic() > next_kill and confirmed:
                killed += 1
                kill_soon(web, dice.random() * 0.05)
                next_kill = time.monotonic() + 8 + dice.random() * 2
            answer = send(opener, web, place, {"version": version, "batch_id": batch, "steps": [step]})
            if answer is not None:
                version = answer["version"]
                confirmed.append(batch)
                break
            time.sleep(0.1)
    found = json.loads(live_stack.python(JUDGE % place["pk"]).splitlines()[-1])
    assert killed == KILLS
    assert len(confirmed) >= 10 * KILLS
    assert found["numbers"] == list(range(1, found["version"] + 1))
    assert found["replayed"]
    assert [found["batches"].count(batch) for batch in confirmed] == [1] * len(confirmed)
    assert [found["words"].count(batch) for batch in confirmed] == [1] * len(confirmed)


def kill_soon(web: Web, seconds: float) -> None:
    """Kill -9 while a request may be under way, and begin again."""
    from threading import Thread

    def work() -> None:
        time.sleep(seconds)
        web.kill()
        web.start()

    Thread(target=work).start()


def send(opener: Any, web: Web, place: dict[str, Any], body: dict[str, Any]) -> dict[str, Any] | None:
    """One try; None when there was no answer (a killed server, or one not up yet)."""
    token = "t" * 32
    request = Request(
        f"http://127.0.0.1:{web.port}/api/utkast/{place['version']}/avsnitt/{place['uuid']}/steg/", json.dumps(body).encode(), method="POST",
        headers={"Content-Type": "application/json", "Cookie": f"sessionid={place['session']}; csrftoken={token}", "X-CSRFToken": token},
    )  # fmt: skip
    try:
        with opener.open(request, timeout=10) as answer:
            return dict(json.load(answer))
    except HTTPError as refusal:
        assert refusal.code >= 500, refusal.read()
        return None
    except (URLError, OSError, ValueError):
        return None
