"""Sees to it that nothing outlives its supervisor, not even after `kill -9`.

A small program of its own (standard library only). It reads `+pid signal` and `-pid` lines from
its standard input; when the input ends, the supervisor is gone, and every process group still on
the list is asked to stop with its signal and killed a few seconds later.
"""

import os
import signal
import sys
import time

GRACE_SECONDS = 6.0


def send(group: int, number: int) -> bool:
    """Signal a process group; False when nobody is left in it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    groups: dict[int, int] = {}
    for line in sys.stdin:
        name, _, number = line[1:].partition(" ")
        if line.startswith("+"):
            groups[int(name)] = int(number)
        else:
            groups.pop(int(name), None)
    left = {group for group, number in groups.items() if send(group, number)}
    deadline = time.monotonic() + GRACE_SECONDS
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = {group for group in left if send(group, 0)}
    for group in left:
        send(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
