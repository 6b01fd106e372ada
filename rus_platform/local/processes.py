"""Child processes that are started, watched, logged and always stopped."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
GUARDIAN = Path(__file__).with_name("guardian.py")


class Stopped(Exception):
    """Somebody asked the supervisor to stop (Ctrl-C, SIGTERM or a closed terminal)."""


class ChildFailed(RuntimeError):
    """A child ended although nobody asked it to, or a step returned an error."""


@dataclass
class Child:
    """A running program, leader of its own process group."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: int
    printer: threading.Thread | None = field(default=None)

    @property
    def running(self) -> bool:
        return self.process.poll() is None


class Supervisor:
    """Owns children. Leaving the `with` block stops them all, last started first."""

    def __init__(self, *, keep_open: Sequence[int] = (), quiet: bool = False) -> None:
        """``keep_open``: file descriptors (locks) that the guardian holds until all is stopped."""
        self.children: list[Child] = []
        self.quiet = quiet
        self.guardian = subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARDIAN)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=tuple(keep_open),
            text=True,
            bufsize=1,
        )

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.stop_all()

    def listen_to_signals(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal become the exception Stopped."""

        def stop(number: int, frame: FrameType | None) -> None:
            for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(each, signal.SIG_IGN)  # once is enough: we are stopping
            raise Stopped(signal.Signals(number).name)

        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, stop)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        stop_signal: int = signal.SIGTERM,
        log: Path | None = None,
    ) -> Child:
        """Start a program; its output goes to ``log``, or line by line, with its name, to ours."""
        output: int | IO[bytes] = log.open("ab") if log else subprocess.PIPE
        process = subprocess.Popen(
            [str(part) for part in command],
            env=dict(env) if env is not None else None,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        child = Child(name, process, stop_signal)
        self.children.append(child)
        self._tell_guardian(f"+{process.pid} {stop_signal}")
        if log and not isinstance(output, int):
            output.close()
        else:
            child.printer = threading.Thread(target=self._print_lines, args=(child,), daemon=True)
            child.printer.start()
        return child

    def step(self, name: str, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> None:
        """Run a program to its end; ChildFailed when it fails."""
        child = self.start(name, command, env=env)
        code = child.process.wait()
        self._forget(child)
        if code:
            raise ChildFailed(f"{name} failed with exit code {code}; the reason stands above.")

    def watch(self) -> None:
        """Return never, except through Stopped, or ChildFailed when a child dies on its own."""
        while True:
            self.check()
            time.sleep(0.25)

    def check(self) -> None:
        """ChildFailed when a child has ended that nobody asked to end."""
        for child in self.children:
            code = child.process.poll()
            if code is not None:
                raise ChildFailed(f"{child.name} stopped by itself ({describe(code)}).")

    def stop(self, child: Child, *, seconds: float = 10.0) -> None:
        """Ask, wait, then kill; what is left of its process group goes too."""
        if child.running:
            signal_group(child.process.pid, child.stop_signal, leader_only=True)
            try:
                child.process.wait(seconds)
            except subprocess.TimeoutExpired:
                signal_group(child.process.pid, signal.SIGKILL)
                child.process.wait()
        signal_group(child.process.pid, signal.SIGKILL)
        self._forget(child)

    def stop_all(self) -> None:
        """Stop everything and wait until the guardian is gone as well."""
        for child in reversed(list(self.children)):
            self.stop(child)
        if self.guardian.stdin and not self.guardian.stdin.closed:
            self.guardian.stdin.close()
        self.guardian.wait()

    def _forget(self, child: Child) -> None:
        if child.printer:
            child.printer.join(2)
        self.children.remove(child)
        self._tell_guardian(f"-{child.process.pid}")

    def _tell_guardian(self, line: str) -> None:
        assert self.guardian.stdin is not None
        try:
            self.guardian.stdin.write(line + "\n")
        except BrokenPipeError as error:
            raise ChildFailed("The guardian process is gone; stopping, since nothing would clean up.") from error

    def _print_lines(self, child: Child) -> None:
        assert child.process.stdout is not None
        with child.process.stdout as lines:
            for raw in lines:
                if not self.quiet:
                    say(f"{child.name:>8} │ {raw.decode(errors='replace').rstrip()}")


def say(text: str = "") -> None:
    """Print a line for a person, whole even when several threads print."""
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except (BrokenPipeError, OSError):  # nobody reads any more: that stops nothing
        pass


def signal_group(group: int, number: int, *, leader_only: bool = False) -> None:
    """Signal a process group (or only its leader); silence when it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        (os.kill if leader_only else os.killpg)(group, number)


def describe(code: int) -> str:
    """An exit code in words."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
