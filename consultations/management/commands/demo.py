"""`manage.py demo`: fill an empty platform with the fictional county."""

import json
import time
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from actors.models import User
from consultations.demo.casting import PASSWORD, Account
from consultations.demo.doors import Door
from consultations.demo.story import Story


class Command(BaseCommand):
    help = "Fills an empty platform with a fictional county: an adopted strategy, a closed consultation, an early dialogue, a referral."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seed", type=int, default=1, help="another number gives another county's figures and opinions"
        )

    def handle(self, *, seed: int, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("The platform is not empty. The demo is only made in an empty one.")
        began = time.monotonic()
        accounts, doors = Story(
            seed, lambda text: self.stdout.write(f"  {time.monotonic() - began:5.1f} s  {text}")
        ).tell()
        write_accounts(accounts, doors)
        self.stdout.write(as_text(accounts))


def write_accounts(accounts: list[Account], doors: list[Door]) -> None:
    """For the sign-in page (JSON) and for whoever started the platform (text)."""
    path = Path(settings.DEMO_ACCOUNTS_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(row) for row in (*accounts, *doors)]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    path.with_suffix(".txt").write_text(as_text(accounts), "utf-8")


def as_text(accounts: list[Account]) -> str:
    """The accounts as lines to print."""
    rows = []
    for group, people in groupby(accounts, key=lambda account: account.group):
        rows += ["", group, *(f"  {account.email:<42} {account.about}" for account in people)]
    return "\n".join(["Påhittat län. Demonstrationskonton:", *rows, "", f"Lösenord för alla: {PASSWORD}", ""])
