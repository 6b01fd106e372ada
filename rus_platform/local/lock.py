"""Writes the lock files again from pyproject.toml: `.venv/bin/python -m rus_platform.local.lock`.

``dev`` is resolved first and binds the others, so that they agree. Versions already locked stay
unless pyproject.toml asks for others, or ``--upgrade`` is given.
"""

import subprocess
import sys

from rus_platform.local.processes import ROOT

SOURCES = {
    "dev": ["pyproject.toml", "--extra", "local", "--extra", "dev"],
    "local": ["pyproject.toml", "--extra", "local", "--constraints", "requirements/dev.txt"],
    "base": ["pyproject.toml", "--constraints", "requirements/dev.txt"],
    "node": ["requirements/node.in"],
}
HEADER = "# Made by `python -m rus_platform.local.lock` from pyproject.toml; do not edit.\n"


def main() -> None:
    uv = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    uv += ["--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", *sys.argv[1:]]
    for kind, source in SOURCES.items():
        lock = ROOT / "requirements" / f"{kind}.txt"
        subprocess.run([*uv, *source, "-o", lock], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        lock.write_text(HEADER + lock.read_text().removeprefix(HEADER))
        print(lock.relative_to(ROOT))


if __name__ == "__main__":
    main()
