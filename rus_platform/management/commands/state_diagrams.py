"""`manage.py state_diagrams`: writes docs/states/*.md from the state tables; CI compares."""

from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import module_has_submodule
from django.utils.translation import override

from rus_platform.kit.states import TABLES, StateTable


def state_tables() -> dict[str, StateTable]:
    """Every table, once each app's ``states`` module is read."""
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "states"):
            import_module(f"{app.name}.states")
    return dict(sorted(TABLES.items()))


def page(table: StateTable) -> str:
    """The diagram, and a table of who has the ball, in the interface's words."""
    with override("sv"):
        rows = [f"| `{state.value}` | {state.label} | {table.owners[state]} |" for state in table.states]
    head = f"# {table.name}\n\nMade by `manage.py state_diagrams`; do not edit.\n\n```mermaid\n{table.mermaid()}```\n\n"
    return head + "\n".join(["| state | shown as | owner |", "|---|---|---|", *rows]) + "\n"


def pages() -> dict[Path, str]:
    """File -> what it must hold."""
    return {settings.BASE_DIR / "docs" / "states" / f"{name}.md": page(table) for name, table in state_tables().items()}


class Command(BaseCommand):
    help = "Write docs/states/*.md from the state tables."

    def handle(self, *args: Any, **options: Any) -> None:
        for file, text in pages().items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            self.stdout.write(str(file.relative_to(settings.BASE_DIR)))
