"""axe-core on a page, with its findings as words."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from rus_platform.local.processes import ROOT

SOURCE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, *, within: str | None = None, skip_rules: tuple[str, ...] = ()) -> list[str]:
    """One readable text per violation on the page as it is now, or inside the selector ``within``."""
    if not SOURCE.exists():
        pytest.fail("axe-core is not installed: it is a devDependency of frontend/ (./test installs it)")
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(SOURCE.read_text() + "; true")  # through the debugger, which the strict CSP does not bind
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    options["rules"] = {rule: {"enabled": False} for rule in skip_rules}
    found = page.evaluate(
        "async ([within, options]) => (await axe.run(within || document, options)).violations", [within, options]
    )
    return [describe(violation) for violation in found]


def describe(violation: dict[str, Any]) -> str:
    """Rule, help and the first elements with the reason, as axe tells it."""
    nodes = violation["nodes"]
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']} - {len(nodes)} element"]
    for node in nodes[:5]:
        summary = " ".join(node.get("failureSummary", "").split())
        lines.append(f"    {json.dumps(node['target'], ensure_ascii=False)} {node['html'][:160]}\n        {summary}")
    return "\n".join(lines)


def assert_accessible(page: Page, **options: Any) -> None:
    """Fail with the list of what axe found."""
    found = violations(page, **options)
    assert not found, f"{page.url}\n" + "\n".join(found)


def assert_no_sideways_scroll(page: Page) -> None:
    """Nothing is wider than the window."""
    extra = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert extra <= 0, f"{page.url} is {extra} px wider than the window"
