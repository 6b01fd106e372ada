"""Read delivery status notices, so that a letter that came back is seen to have done so."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from actors.domain import bounces


class Command(BaseCommand):
    help = "Reads notices of undelivered letters: a Maildir (BOUNCE_MAILDIR, or the one named), or one notice on standard input (-)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source", nargs="?", default=settings.BOUNCE_MAILDIR, help="a Maildir, or - for standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["source"]
        if not source:
            raise CommandError("Name a Maildir, set BOUNCE_MAILDIR, or pipe one notice in and say -.")
        if source == "-":
            letter = bounces.take_in(sys.stdin.buffer.read(bounces.LONGEST))
            self.stdout.write(f"bounced: {letter.to}" if letter else "nothing to note")
            return
        counted = bounces.take_in_folder(source)
        self.stdout.write(f"read {counted['read']}, noted {counted['bounced']}")
