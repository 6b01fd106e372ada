"""The accounts of a demonstration, shown on its sign-in page."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class DemoAccount:
    """Somebody to sign in as; ``about`` says what that person does in the demo."""

    email: str
    name: str
    about: str
    password: str


def demo_accounts() -> list[DemoAccount]:
    """From the JSON file that ``manage.py demo`` writes: [{email, name, about, password}]. Empty outside a demo."""
    path = getattr(settings, "DEMO_ACCOUNTS_FILE", "")
    if not settings.DEMO or not path or not Path(path).is_file():
        return []
    rows = json.loads(Path(path).read_text("utf-8"))
    return [DemoAccount(row["email"], row["name"], row.get("about", ""), row["password"]) for row in rows]
