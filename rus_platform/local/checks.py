"""Stage two of `./test`: static checks, then pytest against servers of its own.

`./test` alone runs everything; with arguments only pytest, with those arguments. Each call has its own
PostgreSQL and Valkey in a temporary directory, so several calls do not disturb each other.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rus_platform.local import assets, machine
from rus_platform.local.processes import ROOT, ChildFailed, Stopped, Supervisor, say
from rus_platform.local.servers import start_servers

PYTHON = [sys.executable, "-m"]
STATIC_CHECKS = {
    "ruff check": [*PYTHON, "ruff", "check", "."],
    "ruff format": [*PYTHON, "ruff", "format", "--check", "."],
    "types": [*PYTHON, "mypy"],
    "imports": [str(Path(sys.executable).with_name("lint-imports"))],
}
WHOLE_SUITE = ["-n", "2", "--dist", "loadgroup"]  # browser tests are one group: one worker, in order


def test_environment(state: Path) -> dict[str, str]:
    """The environment that tests need besides the servers' addresses; secrets are made up on the spot."""
    for folder in ("media", "static", "mail"):
        (state / folder).mkdir(exist_ok=True)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "rus_platform.settings",
        "SECRET_KEY": os.urandom(32).hex(),
        "MEDIA_ROOT": str(state / "media"),
        "STATIC_ROOT": str(state / "static"),
        "LOCAL_MAILDIR": str(state / "mail"),
        "RUS_TEST_STATE": str(state),
    }


def run_static_checks(env: dict[str, str]) -> list[str]:
    """Names of the checks that failed; each says how long it took."""
    failed = []
    for name, command in STATIC_CHECKS.items():
        started = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL).returncode
        say(f"• {name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - started:.1f} s)")
        failed += [name] if code else []
    return failed


def run_pytest(arguments: list[str], env: dict[str, str]) -> int:
    """pytest's own exit code. It has the terminal, so Ctrl-C and --pdb reach it."""
    process = subprocess.Popen([*PYTHON, "pytest", *arguments], cwd=ROOT, env=env)
    try:
        return process.wait()
    except Stopped:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        raise


def build_assets(*, whole_suite: bool) -> None:
    """A broken front end stops the whole suite, but not the tests of one Python module."""
    try:
        assets.build_assets()
    except assets.BuildFailed as error:
        if whole_suite:
            raise
        say(f"{error}\n• Going on without: only browser tests need it")


def run(arguments: list[str]) -> int:
    """Servers, checks, tests; the exit code."""
    machine.provide(machine.TO_TEST)
    build_assets(whole_suite=not arguments)
    with tempfile.TemporaryDirectory(prefix="rus-test-") as folder, Supervisor() as supervisor:
        supervisor.listen_to_signals()
        state = Path(folder)
        state.chmod(0o711)  # PostgreSQL, which is not root, walks through
        env = test_environment(state) | start_servers(supervisor, state, durable=False).environment()
        failed = [] if arguments else run_static_checks(env)
        code = run_pytest(arguments or WHOLE_SUITE, env)
    if failed:
        say(f"Static checks failed: {', '.join(failed)}")
    return code or (1 if failed else 0)


def main() -> None:
    try:
        raise SystemExit(run(sys.argv[1:]))
    except (ChildFailed, assets.BuildFailed) as error:
        raise SystemExit(str(error)) from None
    except (Stopped, KeyboardInterrupt):
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
