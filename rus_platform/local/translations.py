"""Translations: django.po -> django.mo with Babel, so that no gettext need be installed."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]


def compile_translations() -> None:
    """Every django.po -> django.mo that is missing or older."""
    for source in [*ROOT.glob("*/locale/*/LC_MESSAGES/*.po"), *ROOT.glob("locale/*/LC_MESSAGES/*.po")]:
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as po:
            catalogue = read_po(po, locale=source.parents[1].name)
        with target.open("wb") as mo:
            write_mo(mo, catalogue)
