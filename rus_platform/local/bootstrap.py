"""Stage one of `./run`, `./test` and `./bench`: the virtual environment.

Standard library only, and never imported as part of the package: it runs before anything is
installed. It makes `.venv`, installs the locked and hashed dependencies, and hands the process
over to the environment's Python (same process id, so a signal reaches the right program).
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed-locks.json"
OLDEST = (3, 11)


def say(text: str) -> None:
    """Progress for a person; standard output belongs to the program that follows."""
    print(text, file=sys.stderr, flush=True)


def lock_file(kind: str) -> Path:
    """The lock of a kind: base, local (to run here), dev (to test), node (Node.js from a wheel)."""
    return ROOT / "requirements" / f"{kind}.txt"


def lock_hash(kind: str) -> str:
    """SHA-256 of the lock, which is what the stamp remembers."""
    return hashlib.sha256(lock_file(kind).read_bytes()).hexdigest()


def installed() -> dict[str, str]:
    """Kind -> hash of what the stamp says is installed; empty when there is no usable environment."""
    try:
        stamp = json.loads(STAMP.read_text())
        works = subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0
        return dict(stamp) if works else {}
    except (OSError, ValueError):
        return {}


def is_ready(kind: str) -> bool:
    """Whether the environment holds this lock. The dev lock contains the local one."""
    stamp = installed()
    wider = {"local": ("local", "dev")}.get(kind, (kind,))
    return any(stamp.get(each) == lock_hash(each) for each in wider)


def make_venv() -> None:
    """A fresh environment, with words when the system's Python lacks the parts."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    say("• Making a virtual environment in .venv")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
    if made.returncode == 0:
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"• Python lacks its venv module: installing {package}")
        subprocess.run(["apt-get", "update", "-qq"], stdout=sys.stderr, check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", package], stdout=sys.stderr, check=False)
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
    if made.returncode:
        raise SystemExit(
            f"Could not make a virtual environment:\n{made.stdout}{made.stderr}\n"
            f"On Debian and Ubuntu: sudo apt-get install {package}"
        )


def install(kind: str) -> None:
    """Bring the environment to the lock; every file is checked against its hash."""
    if is_ready(kind):
        return
    make_venv()
    say(f"• Installing locked dependencies ({kind}); the first time takes a minute or two")
    command: list[str] = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run([*command, "--require-hashes", "-r", lock_file(kind)], stdout=sys.stderr)
    if done.returncode:
        raise SystemExit(
            "Dependencies could not be installed; the reason stands above.\n"
            "Check that this machine reaches a Python package index, then start again: what was fetched is kept."
        )
    STAMP.write_text(json.dumps({**installed(), kind: lock_hash(kind)}))


def enter(kind: str, module: str) -> None:
    """Make the environment ready, then become `python -m module` with this program's arguments."""
    if sys.version_info < OLDEST:
        find_newer_python()
    state = ROOT / ".local"
    state.mkdir(exist_ok=True)
    try:
        with (state / "setup.lock").open("a") as door:
            fcntl.flock(door, fcntl.LOCK_EX)  # two starts at once take turns
            install(kind)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", module, *sys.argv[1:]])


def find_newer_python() -> None:
    """Start over with a newer Python when there is one, else say what is missing."""
    for minor in (14, 13, 12, 11):
        if found := shutil.which(f"python3.{minor}"):
            os.execv(found, [found, *sys.argv])
    raise SystemExit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]} ({sys.executable}).")
