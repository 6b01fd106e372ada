"""The supervisor starts, watches and stops; the guardian cleans up when the supervisor can't."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from rus_platform.local.processes import ROOT, ChildFailed, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
# A child that ignores SIGTERM and has a child of its own.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("ready", flush=True)
time.sleep(60)
"""


def gone(pid: int, *, seconds: float = 10.0) -> bool:
    """Whether the process ends within the time (a zombie has ended)."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_leaving_the_block_stops_every_child_and_the_guardian():
    with Supervisor() as supervisor:
        pids = [supervisor.start("sleep", SLEEP).process.pid for _ in range(2)] + [supervisor.guardian.pid]
    assert all(gone(pid, seconds=1) for pid in pids)


def test_a_stubborn_child_and_its_own_children_are_killed(tmp_path):
    log = tmp_path / "log"
    with Supervisor() as supervisor:
        child = supervisor.start("stubborn", [sys.executable, "-c", STUBBORN], log=log)
        while "ready" not in log.read_text():
            time.sleep(0.05)
        family = [child.process.pid, *[each.pid for each in psutil.Process(child.process.pid).children()]]
        supervisor.stop(child, seconds=0.2)
    assert len(family) == 2
    assert all(gone(pid, seconds=2) for pid in family)


def test_check_names_the_child_that_died():
    with Supervisor() as supervisor:
        supervisor.start("worker", [sys.executable, "-c", "raise SystemExit(3)"]).process.wait()
        with pytest.raises(ChildFailed, match=r"worker stopped by itself \(exit code 3\)"):
            supervisor.check()


def test_step_fails_in_words():
    with Supervisor() as supervisor, pytest.raises(ChildFailed, match="migrate failed with exit code 2"):
        supervisor.step("migrate", [sys.executable, "-c", "raise SystemExit(2)"])


def test_nothing_outlives_a_supervisor_that_is_killed():
    code = (
        "import sys, time\n"
        "from rus_platform.local.processes import Supervisor\n"
        "supervisor = Supervisor()\n"
        f"child = supervisor.start('sleep', {SLEEP!r})\n"
        "print(child.process.pid, supervisor.guardian.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pids = [int(pid) for pid in supervisor.stdout.readline().split()]
        os.kill(supervisor.pid, signal.SIGKILL)
        assert all(gone(pid) for pid in pids)
