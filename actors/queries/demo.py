"""The accounts of a demonstration, shown on its sign-in page, and where to go without one."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class DemoAccount:
    """Somebody to sign in as; ``group`` is the organisation, ``about`` what there is to see and do as that person."""

    email: str
    name: str
    group: str
    about: str
    password: str


@dataclass(frozen=True)
class DemoDoor:
    """A page that needs no account."""

    url: str
    name: str
    about: str


def _rows() -> list[dict[str, Any]]:
    """From the JSON file that ``manage.py demo`` writes: accounts [{email, name, group, about, password}] and doors [{url, name,
    about}]. Empty outside a demo."""
    path = getattr(settings, "DEMO_ACCOUNTS_FILE", "")
    if not settings.DEMO or not path or not Path(path).is_file():
        return []
    return list(json.loads(Path(path).read_text("utf-8")))


def _words(row: dict[str, Any], name: str) -> str:
    """In the reader's language, when it is a sentence of the demo's own."""
    text = str(row.get(name, ""))
    return _(text) if text else ""


def demo_accounts() -> list[DemoAccount]:
    """In the order of the story; those of one organisation together."""
    return [
        DemoAccount(row["email"], row["name"], row.get("group", ""), _words(row, "about"), row["password"])
        for row in _rows()
        if "email" in row
    ]


def demo_doors() -> list[DemoDoor]:
    """Pages for those without an account."""
    return [DemoDoor(row["url"], _words(row, "name"), _words(row, "about")) for row in _rows() if "url" in row]
