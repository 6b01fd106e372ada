"""Checkpoints and comparisons in the browser: keep, read, compare side by side and in line, go back."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.e2e.test_strategy_pages import PAGES, build, signed_in
from tests.live_stack import LiveStack


@pytest.fixture
def own(live_stack: LiveStack) -> dict[str, Any]:
    return build(live_stack)


@pytest.mark.parametrize(("look", "width"), [("light", 1280), ("dark", 320)])
def test_keep_write_compare_and_go_back(new_person: Callable[..., Page], own: dict[str, Any], look: str, width: int):
    page = signed_in(new_person, own, width=width, color_scheme=look)
    page.goto(f"/strategier/{own['strategy']}/sparpunkter/")
    assert_accessible(page)
    page.get_by_label("Namn på sparpunkten").fill("Före mötet")
    page.get_by_role("button", name="Gör en sparpunkt nu").click()
    expect(page.get_by_role("link", name="Före mötet", exact=True)).to_be_visible()

    page.goto(PAGES["section"].format(**own))
    expect(page.locator(".editor")).to_have_attribute("data-state", "saved")
    page.locator(".ProseMirror p").first.click()
    page.keyboard.press("End")
    page.keyboard.type(" Sagt efteråt.")
    page.keyboard.press("Enter")
    page.keyboard.type("Och ett stycke till.")
    expect(page.locator(".editor")).to_have_attribute("data-state", "saved")

    page.goto(f"/strategier/{own['strategy']}/versioner/")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_label("Från", exact=True).select_option(
        page.locator("#fran option", has_text="Före mötet").get_attribute("value")
    )
    page.get_by_role("button", name="Jämför", exact=True).click()
    expect(page.locator("ins").first).to_contain_text("Sagt efteråt.")
    expect(page.locator("[data-change-count]")).to_contain_text("ändringar")  # the script is there
    page.keyboard.press("n")
    expect(page.locator(".diff-change:focus")).to_have_count(1)
    assert_accessible(page)
    page.goto(page.url + "?visa=bredvid")
    table = page.locator(".diff-side").first
    expect(table.get_by_role("cell").nth(1)).to_contain_text("Sagt efteråt.")
    expect(table.get_by_role("cell").nth(0)).not_to_contain_text("Sagt efteråt.")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Ta tillbaka som det var").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ett län som håller ihop")
    expect(page.locator(".ProseMirror")).not_to_contain_text("Sagt efteråt.")

    page.goto(f"/strategier/{own['strategy']}/sparpunkter/")
    expect(page.get_by_role("link", name="Före en återställning", exact=True)).to_be_visible()
    page.get_by_role("link", name="Före en återställning", exact=True).click()
    expect(page.locator("main")).to_contain_text("Sagt efteråt.")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Återställ hela utkastet").click()
    page.get_by_role("dialog").get_by_role("button", name="Återställ utkastet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Utkast 2")
    page.goto(PAGES["section"].format(**own))
    expect(page.locator(".ProseMirror")).to_contain_text("Sagt efteråt.")
