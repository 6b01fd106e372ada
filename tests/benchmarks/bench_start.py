"""Cold and second start of `./run` in a fresh clone, against the least that any such start must do."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from rus_platform.local.processes import ROOT
from rus_platform.local.servers import free_port


def run(emit: Any, ctx: Any) -> None:
    clone = ctx.state / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    port = free_port()
    cold, second = (seconds_until_served(clone, port, ctx) for _ in range(2))
    install = ctx.seconds(lambda: plain_install(ctx.state / "plain"))
    bare = seconds_bare_server(clone)
    emit(
        "seconds",
        cold,
        "s",
        size="cold, empty platform",
        peer="venv and pip install of the same lock",
        ratio=cold / install,
    )
    emit(
        "seconds",
        second,
        "s",
        size="second, empty platform",
        peer="uvicorn alone on the same code",
        ratio=second / bare,
    )


def seconds_until_served(clone: Path, port: int, ctx: Any) -> float:
    """From `./run --empty` to the first answer of the health page; stopped afterwards."""
    outside = {
        name: os.environ[name] for name in os.environ if name not in {"DATABASE_URL", "REDIS_URL", "VIRTUAL_ENV"}
    }
    log = (ctx.state / "run.log").open("ab")
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, clone / "run", "--empty"],
        cwd=clone,
        env={**outside, "PORT": str(port)},
        stdout=log,
        stderr=log,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/halsa/", process)
        return time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(60)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with exit code {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"No answer from {url}")


def plain_install(folder: Path) -> None:
    """What no start can do without: an environment with the dependencies."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--require-hashes", "-r", ROOT / "requirements" / "local.txt"], check=True)


def seconds_bare_server(clone: Path) -> float:
    """Importing Django and our code and answering once, with no servers, migrations or worker."""
    port = free_port()
    env = {
        **os.environ,
        "SECRET_KEY": "only-for-this-measurement",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
    }
    started = time.perf_counter()
    command = [
        clone / ".venv" / "bin" / "python",
        "-m",
        "uvicorn",
        "rus_platform.asgi:application",
        "--port",
        str(port),
    ]
    process = subprocess.Popen([*command, "--log-level", "critical", "--lifespan", "off"], cwd=clone, env=env)
    try:
        wait_for_any_answer(port)
        return time.perf_counter() - started
    finally:
        process.kill()
        process.wait()


def wait_for_any_answer(port: int) -> None:
    """Until HTTP is spoken at all, whatever the status."""
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/static/none.css", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
