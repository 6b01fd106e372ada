"""Stage two of `./bench [NAME]`: one JSON object per figure on standard output, everything else on standard error.

A benchmark is tests/benchmarks/bench_<name>.py with ``run(emit, ctx)``; see tests/benchmarks/README.md.
"""

import contextlib
import importlib
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from rus_platform.local import assets, machine
from rus_platform.local.checks import test_environment
from rus_platform.local.processes import ROOT, ChildFailed, Stopped, Supervisor, say
from rus_platform.local.servers import create_database, sibling, start_servers
from rus_platform.local.stack import MANAGE

FOLDER = ROOT / "tests" / "benchmarks"


class Context:
    """What a benchmark may use: servers of its own kind, a scratch folder, a stopwatch."""

    def __init__(self, supervisor: Supervisor, state: Path, env: dict[str, str]) -> None:
        self.supervisor, self.state, self.env = supervisor, state, env

    def setup_django(self, name: str) -> None:
        """Django in this process, on a fresh migrated database ``bench_<name>`` (durable, as in production)."""
        maintenance = sibling(self.env["DATABASE_URL"], "postgres")
        create_database(maintenance, f"bench_{name}")
        self.env["DATABASE_URL"] = sibling(maintenance, f"bench_{name}")
        os.environ.update(self.env)
        self.supervisor.step("migrate", [*MANAGE, "migrate", "--noinput", "-v", "0"], env=self.env)
        import django  # only now are its settings in the environment

        django.setup()

    def say(self, text: str) -> None:
        """Progress, for the person who waits."""
        say(f"  {text}")

    def seconds(self, call: Callable[[], object]) -> float:
        """How long one call takes."""
        started = time.perf_counter()
        call()
        return time.perf_counter() - started


Emit = Callable[..., None]


def emitter(bench: str, out: int) -> Emit:
    """``emit(figure, value, unit, size=..., peer=..., ratio=...)`` for one benchmark."""

    def emit(
        figure: str, value: float, unit: str, *, size: str = "", peer: str | None = None, ratio: float | None = None
    ) -> None:
        line = {"bench": bench, "figure": figure, "value": round(value, 4), "unit": unit, "size": size}
        line |= {"peer": peer, "ratio": None if ratio is None else round(ratio, 4)}
        os.write(out, (json.dumps(line, ensure_ascii=False) + "\n").encode())

    return emit


def names() -> list[str]:
    """Every benchmark there is."""
    return sorted(file.stem.removeprefix("bench_") for file in FOLDER.glob("bench_*.py"))


def load(name: str) -> ModuleType:
    return importlib.import_module(f"tests.benchmarks.bench_{name}")


def measure(name: str, out: int) -> None:
    """One benchmark in a process of its own, so that no other's caches or memory colour it."""
    with tempfile.TemporaryDirectory(prefix="rus-bench-") as folder, Supervisor() as supervisor:
        supervisor.listen_to_signals()
        state = Path(folder)
        state.chmod(0o711)
        env = test_environment(state) | start_servers(supervisor, state, durable=True).environment()
        load(name).run(emitter(name, out), Context(supervisor, state, env))


def main() -> None:
    wanted = sys.argv[1:] or names()
    if unknown := set(wanted) - set(names()):
        raise SystemExit(f"No benchmark called {', '.join(sorted(unknown))}. There are: {', '.join(names())}")
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints goes to standard error
    machine.provide(machine.TO_RUN)
    assets.build_assets()
    failed = []
    for name in wanted:
        say(f"• {name}")
        pid = os.fork()
        if pid == 0:
            os._exit(measured(name, out))
        failed += [name] if wait(pid) else []
    if failed:
        raise SystemExit(f"Failed: {', '.join(failed)}")


def wait(pid: int) -> int:
    """The child's exit code; Ctrl-C is passed on by the terminal, so only wait."""
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def measured(name: str, out: int) -> int:
    """Exit code of one benchmark."""
    try:
        measure(name, out)
    except Stopped:
        return 130
    except (Exception, ChildFailed):
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main()
