"""A whole running platform for tests: real web server, worker, beat, database, queue and mail."""

import email
import email.policy
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg

from rus_platform.local.processes import ROOT, Supervisor
from rus_platform.local.servers import Servers, create_database, free_port, sibling
from rus_platform.local.stack import MANAGE, platform_environment, start_mailbox, start_platform


class LiveStack:
    """Where it answers (``url``), its environment and logs, and hands to reach into it."""

    def __init__(self, supervisor: Supervisor, state: Path, worker: str) -> None:
        """A dedicated, migrated database and queue on the servers that ./test started."""
        for folder in ("media", "static"):
            (state / folder).mkdir(parents=True)
        self.supervisor, self.state, self.port = supervisor, state, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        number = int(worker.removeprefix("gw")) if worker.startswith("gw") else 0
        maintenance = sibling(os.environ["DATABASE_URL"], "postgres")
        create_database(maintenance, f"live_{worker}")
        servers = Servers(sibling(maintenance, f"live_{worker}"), sibling(os.environ["REDIS_URL"], str(number + 8)))
        outside = {
            name: value
            for name, value in os.environ.items()
            if name not in {"MEDIA_ROOT", "STATIC_ROOT", "LOCAL_MAILDIR", "SECRET_KEY"}
        }
        self.env = platform_environment(outside, state, servers, host="127.0.0.1", port=self.port)
        supervisor.step("migrate", [*MANAGE, "migrate", "--noinput", "-v", "0"], env=self.env)
        start_mailbox(supervisor, self.env, log=state / "mail.log")
        start_platform(supervisor, self.env, state, host="127.0.0.1", port=self.port, logs=state)

    def kill_worker(self) -> None:
        """As a power cut does: no goodbye, in the middle of whatever it does. Another one is started at once."""
        worker = next(child for child in self.supervisor.children if child.name == "worker")
        os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.wait()
        self.supervisor.stop(worker)
        self.supervisor.start("worker", worker.process.args, env=self.env, log=self.state / "worker.log")  # type: ignore[arg-type]

    def python(self, code: str) -> str:
        """What ``code`` prints when run inside the platform (``manage.py shell -c``); fails with its traceback."""
        command = [*MANAGE, "shell", "--no-imports", "-c", code]
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{code}\n{done.stdout}{done.stderr}"
        return done.stdout.strip()

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of the platform's database as they are committed now."""
        with psycopg.connect(self.env["DATABASE_URL"], autocommit=True) as connection:
            return connection.execute(sql, parameters).fetchall()  # type: ignore[call-overload,no-any-return]

    def create_person(self, address: str, password: str, **fields: object) -> None:
        """An account to log in with."""
        self.python(
            "from django.contrib.auth import get_user_model\n"
            f"get_user_model().objects.create_user(email={address!r}, password={password!r}, **{fields!r})"
        )

    def letters(self, to: str = "") -> list[EmailMessage]:
        """Letters that have arrived, oldest first, only those to ``to`` when given."""
        files = sorted((self.state / "mail" / "new").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        read = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
        return [letter for letter in read if not to or to in str(letter["X-RcptTo"])]  # type: ignore[misc]

    def wait_for_letter(self, to: str, subject: str = "", *, seconds: float = 120.0) -> EmailMessage:
        """The newest letter to ``to`` whose subject contains ``subject``, once it has come."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [letter for letter in self.letters(to) if subject in str(letter["Subject"])]
            if found:
                return found[-1]
            time.sleep(0.2)
        subjects = [f"{letter['X-RcptTo']}: {letter['Subject']}" for letter in self.letters()]
        raise AssertionError(f"No letter to {to} about {subject!r} in {seconds:.0f} s. In the box: {subjects}")

    def log_marks(self) -> dict[Path, int]:
        """How long each log is now."""
        return {log: log.stat().st_size for log in self.state.glob("*.log")}

    def logs_since(self, marks: dict[Path, int]) -> str:
        """What has been logged since the marks, at most the last 60 lines of each process."""
        parts = []
        for log in sorted(self.state.glob("*.log")):
            text = log.read_bytes()[marks.get(log, 0) :].decode(errors="replace")
            if text.strip():
                parts.append(f"--- {log.stem}\n" + "\n".join(text.splitlines()[-60:]))
        return "\n".join(parts)
