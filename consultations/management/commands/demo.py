"""`manage.py demo`: fill an empty platform with the fictional county."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from actors.models import User
from consultations.demo.casting import PASSWORD, Account
from consultations.demo.story import Story


class Command(BaseCommand):
    help = (
        "Fills an empty platform with a fictional county: an adopted strategy, a closed consultation and an open one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seed", type=int, default=1, help="another number gives another county's figures and opinions"
        )

    def handle(self, *, seed: int, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("The platform is not empty. The demo is only made in an empty one.")
        began = time.monotonic()
        accounts = Story(seed, lambda text: self.stdout.write(f"  {time.monotonic() - began:5.1f} s  {text}")).tell()
        write_accounts(accounts)
        self.stdout.write(as_text(accounts))


def write_accounts(accounts: list[Account]) -> None:
    """For the sign-in page (JSON) and for whoever started the platform (text)."""
    path = Path(settings.DEMO_ACCOUNTS_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(account) for account in accounts], ensure_ascii=False, indent=1), "utf-8")
    path.with_suffix(".txt").write_text(as_text(accounts), "utf-8")


def as_text(accounts: list[Account]) -> str:
    """The accounts as lines to print."""
    rows = [f"{account.email:<44} {account.about}" for account in accounts]
    return "\n".join(["Påhittat län. Demonstrationskonton:", "", *rows, "", f"Lösenord för alla: {PASSWORD}", ""])
