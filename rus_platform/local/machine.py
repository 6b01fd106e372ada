"""What must come from the operating system, and how to say so when it is missing."""

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rus_platform.local.processes import say


@dataclass(frozen=True)
class Need:
    """Something a wheel can't bring: how to see that it is there, its Debian package, what it is for."""

    package: str
    purpose: str
    present: Callable[[], bool]
    required: bool = True


def library(name: str) -> Callable[[], bool]:
    """Whether the dynamic linker finds the library."""
    return lambda: ctypes.util.find_library(name) is not None


def program(name: str) -> Callable[[], bool]:
    """Whether the program is on PATH."""
    return lambda: shutil.which(name) is not None


TO_RUN = [
    Need("libpango-1.0-0", "PDF", library("pango-1.0")),
    Need("libpangoft2-1.0-0", "PDF", library("pangoft2-1.0")),
    Need("libharfbuzz-subset0", "fonts in PDF", library("harfbuzz-subset")),
]
TO_TEST = [
    *TO_RUN,
    Need("chromium", "browser tests", program("chromium")),
    Need("poppler-utils", "reading PDF back", program("pdfinfo")),
    Need("qpdf", "checking PDF", program("qpdf")),
    Need("libreoffice-writer-nogui", "round trips of Word files", program("soffice"), required=False),
    Need("default-jre-headless", "veraPDF", program("java"), required=False),
    Need("libjaxb-java", "veraPDF", lambda: any(Path("/usr/share/java").glob("jaxb-runtime*.jar")), required=False),
]


def provide(needs: Iterable[Need]) -> None:
    """Install what is missing (root on Debian), else stop with the command a person can run."""
    missing = [need for need in needs if not need.present()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install([need.package for need in missing])
        missing = [need for need in missing if not need.present()]
    for need in missing:
        if not need.required:
            say(f"• {need.package} is not installed: what needs it ({need.purpose}) is skipped")
    if required := [need for need in missing if need.required]:
        reasons = ", ".join(f"{need.package} ({need.purpose})" for need in required)
        packages = " ".join(need.package for need in required)
        raise SystemExit(f"This machine lacks {reasons}.\nOn Debian and Ubuntu: sudo apt-get install {packages}")


def apt_install(packages: list[str]) -> None:
    """Install Debian packages, quietly; failures show in what is still missing afterwards."""
    say(f"• Installing from the system's packages: {' '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if subprocess.run(install, env=quiet, stdin=subprocess.DEVNULL, capture_output=True).returncode:
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        subprocess.run(install, env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr)
