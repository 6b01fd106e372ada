"""`manage.py extract_messages`: brings locale/en/…/django.po up to date with the code, keeping the translations."""

from typing import Any

from django.core.management.base import BaseCommand

from rus_platform.local.messages import extracted, po_file, read


class Command(BaseCommand):
    help = "Bring the message files up to date with code and templates."

    def handle(self, *args: Any, **options: Any) -> None:
        file = po_file("en")
        text = extracted("en")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        catalogue = read(file, "en")
        missing = [m.id for m in catalogue if m.id and not (m.string if isinstance(m.string, str) else all(m.string))]
        self.stdout.write(f"{len(catalogue)} messages, {len(missing)} without English")
