"""The platform's own processes: mailbox, web, worker and beat. Used by `./run` and by the browser tests."""

import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from rus_platform.local.processes import ROOT, ChildFailed, Supervisor
from rus_platform.local.servers import Servers, free_port, secret

PYTHON = [sys.executable]
MANAGE = [sys.executable, str(ROOT / "manage.py")]


def platform_environment(
    inherited: Mapping[str, str], state: Path, servers: Servers, *, host: str, port: int
) -> dict[str, str]:
    """The environment of every process of one copy of the platform; what is set outside wins where it may."""
    local = {
        "DJANGO_SETTINGS_MODULE": "rus_platform.settings",
        "SECRET_KEY": secret(state / "secret-key"),
        "SITE_URL": f"http://{host}:{port}",
        "ALLOWED_HOSTS": f"127.0.0.1,localhost,[::1],{host}",
        "DEMO": "1",
        "MEDIA_ROOT": str(state / "media"),
        "STATIC_ROOT": str(state / "static"),
        "LOCAL_MAILDIR": str(state / "mail"),
        "DEMO_ACCOUNTS": str(state / "demo-accounts.txt"),
        "PYTHONUNBUFFERED": "1",
    }
    # The mail server is never taken from outside: a demo must not be able to write to real people.
    mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_HOST_USER": "", "EMAIL_HOST_PASSWORD": "", "EMAIL_USE_TLS": "0"}
    return {**local, **inherited, **servers.environment(), **mail, "LOCAL_MAILDIR": local["LOCAL_MAILDIR"]}


def start_mailbox(supervisor: Supervisor, env: dict[str, str], *, log: Path | None = None) -> None:
    """The SMTP server; its port is added to ``env``."""
    env["EMAIL_PORT"] = str(free_port())
    command = [*PYTHON, "-m", "rus_platform.local.mailbox", env["EMAIL_PORT"], env["LOCAL_MAILDIR"]]
    supervisor.start("mail", command, env=env, log=log)


def start_platform(
    supervisor: Supervisor, env: dict[str, str], state: Path, *, host: str, port: int, logs: Path | None = None
) -> None:
    """Web, worker and beat, ready: the web answers its health page. ``logs``: a folder for their output."""

    def log(name: str) -> Path | None:
        return logs / f"{name}.log" if logs else None

    celery = [*PYTHON, "-m", "celery", "-A", "rus_platform"]
    supervisor.start("web", web_command(host, port), env=env, log=log("web"))
    worker = ["worker", "--loglevel", "WARNING", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    supervisor.start("worker", [*celery, *worker, "-n", f"local-{port}@%h"], env=env, log=log("worker"))
    beat = ["beat", "--loglevel", "WARNING", "--schedule", str(state / "beat-schedule"), "--pidfile="]
    supervisor.start("beat", [*celery, *beat], env=env, log=log("beat"))
    wait_for_web(supervisor, f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/halsa/")


def web_command(host: str, port: int) -> list[str]:
    """One web process. A live session's messages are short: whoever sends long ones is cut off. A connection that lies idle is
    kept longer than anybody in between keeps it, or what they send just as it closes would be lost on the way."""
    web = [*PYTHON, "-m", "uvicorn", "rus_platform.asgi:application", "--host", host, "--port", str(port)]
    return [
        *web,
        "--lifespan",
        "off",
        "--no-server-header",
        "--timeout-graceful-shutdown",
        "4",
        "--ws-max-size",
        "16384",
        "--timeout-keep-alive",
        "75",
    ]


def wait_for_web(supervisor: Supervisor, url: str, *, seconds: float = 60.0) -> None:
    """Until the health page answers 200; ChildFailed when a process dies first or time runs out."""
    deadline = time.monotonic() + seconds
    while not answers(url):
        supervisor.check()
        if time.monotonic() > deadline:
            raise ChildFailed(f"The web server did not answer at {url} within {seconds:.0f} seconds.")
        time.sleep(0.1)


def answers(url: str) -> bool:
    """Whether a GET gives 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
