"""What the print may fetch: our own style sheets and fonts, and the pictures of the strategy. Nothing else, from nowhere else.

Addresses are ``asset:fonts/x.woff2`` (a file below ``static/``) and ``picture:<uuid>``; there is no path, no protocol and no
network behind them, so a text can ask for whatever it likes.
"""

import io
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import woff2
from weasyprint.urls import URLFetcher, URLFetcherResponse

STATIC = Path(settings.BASE_DIR) / "static"
FONTS = re.compile(r"source-(?:serif-4|sans-3)-latin(?:-ext)?-(?:400-normal|400-italic|600-normal|700-normal)\Z")
KINDS = {".woff2": "font/woff2", ".css": "text/css"}
ASSET = re.compile(r"asset:((?:build/fonts|css/print)/[a-z0-9-]+\.(?:woff2|css))\Z")
PICTURE = re.compile(r"picture:([0-9a-f-]{36})\Z")
FACE = re.compile(r"@font-face\s*{[^}]*}", re.S)
TOKEN = re.compile(r"(--[\w-]+):\s*((?:[^;(]|\((?:[^()]|\([^()]*\))*\))+);")
LIGHT = re.compile(r"light-dark\(\s*((?:[^,()]|\([^()]*\))+),(?:[^()]|\([^()]*\))*\)")


class NotAllowed(ValueError):
    """An address that is not one of ours."""


class LocalAssets(URLFetcher):  # type: ignore[misc]
    """Fetches what is named above; refuses the rest, and remembers what was refused."""

    def __init__(self, read_picture: Callable[[str], bytes | None], *, unpacked_fonts: bool = True) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.read_picture, self.unpacked_fonts = read_picture, unpacked_fonts
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        if found := ASSET.match(url):
            file = STATIC / found[1]
            if file.suffix == ".woff2" and self.unpacked_fonts:
                return URLFetcherResponse(url, unpacked(file), {"Content-Type": "font/ttf"})
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": KINDS[file.suffix]})
        if found := PICTURE.match(url):
            data = self.read_picture(found[1])
            if data is not None:
                return URLFetcherResponse(url, data, {"Content-Type": _kind(data)})
        self.refused.append(url)
        raise NotAllowed(f"not one of ours: {url[:80]}")


@cache
def unpacked(file: Path) -> bytes:
    """A woff2 font as TrueType, once per process: unpacking takes a quarter of the time of a hundred pages."""
    out = io.BytesIO()
    woff2.decompress(io.BytesIO(file.read_bytes()), out)
    return out.getvalue()


def _kind(data: bytes) -> str:
    if data.lstrip().startswith((b"<svg", b"<?xml")):
        return "image/svg+xml"
    return "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"


def style_sheet() -> str:
    """Tokens as they are in the light theme, our font faces, and the book."""
    return "\n".join([f":root {{ {tokens()} }}", faces(), (STATIC / "css" / "print" / "book.css").read_text("utf-8")])


@cache
def tokens() -> str:
    """The design tokens, resolved for print: one source for screen and paper."""
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / "tokens.css").read_text("utf-8"), flags=re.S)
    root = css[css.index(":root") :]
    root = root[: root.index(":root[")]
    return " ".join(
        f"{name}: {LIGHT.sub(lambda light: light[1].strip(), value).strip()};" for name, value in TOKEN.findall(root)
    )


@cache
def faces() -> str:
    """The faces of ``fonts.css`` that the book uses and that are there; without them the machine's own fonts are used."""
    css = (STATIC / "css" / "fonts.css").read_text("utf-8")
    kept = []
    for face in FACE.findall(css):
        file = re.search(r"\.\./(build/fonts/([\w-]+)\.woff2)", face)
        if file and FONTS.match(file[2]) and (STATIC / file[1]).exists():
            kept.append(face.replace("../build/", "asset:build/"))
    return "\n".join(kept)
