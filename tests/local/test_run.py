"""`./run` itself, on a port and data of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from rus_platform.local.processes import ROOT
from rus_platform.local.servers import free_port

INHERITED = {"DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "STATIC_ROOT", "LOCAL_MAILDIR", "SECRET_KEY", "RUS_TEST_STATE"}


@pytest.fixture
def port() -> Iterator[int]:
    """A free port, whose data is thrown away afterwards."""
    number = free_port()
    yield number
    shutil.rmtree(ROOT / ".local" / str(number), ignore_errors=True)


def start(port: int, log: Path, **more: str) -> subprocess.Popen[bytes]:
    """`./run --empty` on the port, from an environment that names no servers."""
    env = {name: value for name, value in os.environ.items() if name not in INHERITED}
    with log.open("wb") as output:
        command = [sys.executable, ROOT / "run", "--empty"]
        return subprocess.Popen(command, env={**env, "PORT": str(port), **more}, stdout=output, stderr=output)


def wait_for_health(port: int, process: subprocess.Popen[bytes], log: Path) -> dict[str, object]:
    """What the health page says, once it answers."""
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/halsa/", timeout=2) as answer:
                return json.load(answer)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def processes_of(port: int) -> list[str]:
    """Everything that belongs to the copy on this port, by command line or (Valkey renames itself) by folder."""
    marks = (f".local/{port}/", f"--port {port}", f"local-{port}@")
    lines = [
        f"{' '.join(each.info['cmdline'] or [])} {each.info['cwd']}/"
        for each in psutil.process_iter(["cmdline", "cwd"])
    ]
    return [line for line in lines if any(mark in line for mark in marks)]


@pytest.mark.slow
def test_run_starts_everything_and_stops_cleanly(port, tmp_path):
    log = tmp_path / "log"
    process = start(port, log)
    try:
        health = wait_for_health(port, process, log)
        assert (health["database"], health["valkey"]) == (True, True)
        names = " ".join(processes_of(port))
        assert all(name in names for name in ("postgres", "valkey", "mailbox", "uvicorn", "worker", "beat"))
        second = start(port, tmp_path / "second")
        assert second.wait(60) == 1
        assert "Another copy is running" in (tmp_path / "second").read_text()
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(60)
    assert (code, processes_of(port)) == (0, [])
    assert "Stopped; no process is left." in log.read_text()


@pytest.mark.slow
def test_run_says_when_a_process_dies_and_stops_the_rest(port, tmp_path):
    log = tmp_path / "log"
    process = start(port, log)
    try:
        wait_for_health(port, process, log)
        beat = [
            each for each in psutil.process_iter(["cmdline"]) if f".local/{port}/beat" in " ".join(each.info["cmdline"])
        ]
        beat[0].kill()
        code = process.wait(60)
    finally:
        process.kill()
    assert code == 1
    assert "beat stopped by itself (signal SIGKILL)." in log.read_text()
    assert processes_of(port) == []


def test_run_says_that_the_port_is_taken(port, tmp_path):
    import socket  # only this test needs it

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        process = start(port, tmp_path / "log")
        assert process.wait(60) == 1
    assert f"Can't listen on 127.0.0.1:{port}" in (tmp_path / "log").read_text()
    assert "Choose another: PORT=8001 ./run" in (tmp_path / "log").read_text()


@pytest.mark.parametrize("text", ["0", "70000", "abc", "-1"])
def test_run_refuses_a_port_that_is_none(text, tmp_path):
    process = start(0, tmp_path / "log", PORT=text)
    assert process.wait(60) == 1
    assert f"PORT must be a number from 1 to 65535, not '{text}'." in (tmp_path / "log").read_text()
