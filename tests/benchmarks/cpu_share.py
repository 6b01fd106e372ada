"""Who used the computer's time while something was measured: this process, those it started, and everybody else (Linux)."""

import os
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass
class Use:
    """Seconds of computing so far, by whom."""

    own: float
    database: float
    started: float  # everything else that this process started: the web processes
    everybody: float

    def since(self, before: "Use") -> "Use":
        """What was used in between."""
        return Use(*(now - then for now, then in zip(vars(self).values(), vars(before).values(), strict=True)))

    @property
    def others(self) -> float:
        """What has nothing to do with the measurement."""
        return max(0.0, self.everybody - self.own - self.database - self.started)


def used() -> Use:
    """As it is now."""
    found = {int(folder.name): stat for folder in PROC.glob("[0-9]*") if (stat := _stat(folder))}
    mine, more = {os.getpid()}, {os.getpid()}
    while more:
        more = {pid for pid, (_name, parent, _spent) in found.items() if parent in more}
        mine |= more
    database = sum(found[pid][2] for pid in mine if pid in found and found[pid][0].startswith("postgres"))
    own = found[os.getpid()][2]
    everything = sum(found[pid][2] for pid in mine if pid in found)
    words = (PROC / "stat").read_text().split("\n", 1)[0].split()[1:]
    idle = int(words[3]) + int(words[4])
    total = sum(int(word) for word in words[:8])
    return Use(own, database, everything - own - database, (total - idle) / TICK)


def _stat(folder: Path) -> tuple[str, int, float] | None:
    """Name, parent and seconds of a process; None when it is gone."""
    try:
        text = (folder / "stat").read_text()
    except OSError:
        return None
    name, _dash, rest = text.partition("(")[2].rpartition(")")
    words = rest.split()
    return name, int(words[1]), (int(words[11]) + int(words[12])) / TICK
