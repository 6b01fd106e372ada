"""The page that shows every component: accessible in every look, at every width, with and without a script."""

from collections.abc import Callable
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll

LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "contrast": {"contrast": "more"},
}


@pytest.mark.parametrize(("look", "width"), [*product(LOOKS, [320, 1280]), ("light", 768)])
def test_every_component_is_accessible(new_page: Callable[..., Page], look: str, width: int):
    page = new_page(width=width, reduced_motion="reduce", **LOOKS[look])
    page.goto("/designsystem/")
    assert_accessible(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_open_menus_and_dialogs_are_accessible(new_page: Callable[..., Page], width: int):
    page = new_page(width=width, reduced_motion="reduce")
    page.goto("/designsystem/")
    page.locator(".bar summary", has_text="Utseende och språk").click()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Frys en version").click()
    expect(page.get_by_role("dialog", name="Frys en version")).to_be_visible()
    assert_accessible(page)


def test_theme_and_font_are_remembered(new_page: Callable[..., Page]):
    page = new_page()
    page.goto("/designsystem/")
    page.locator(".bar summary", has_text="Utseende och språk").click()
    page.get_by_role("button", name="Mörkt").click()
    page.get_by_role("button", name="Extra tydlig").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-font", "hyperlegible")
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Atkinson Hyperlegible Next"')


def test_theme_is_chosen_without_a_script(new_page: Callable[..., Page]):
    page = new_page(java_script_enabled=False)
    page.goto("/designsystem/")
    page.locator(".bar summary", has_text="Utseende och språk").click()
    page.get_by_role("button", name="Mörkt").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url.endswith("/designsystem/")


def test_language_is_switched_where_one_stands(new_page: Callable[..., Page]):
    page = new_page()
    page.goto("/designsystem/")
    page.locator(".bar summary", has_text="Utseende och språk").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/designsystem/")


def test_question_is_asked_before_something_is_removed(new_page: Callable[..., Page]):
    page = new_page(reduced_motion="reduce")
    page.goto("/designsystem/")
    page.get_by_role("button", name="Ta bort avsnittet").click()
    question = page.get_by_role("dialog", name="Ta bort avsnittet ”Befolkning”?")
    expect(question.get_by_role("button", name="Avbryt")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ta bort avsnittet")).to_be_focused()
    assert page.url.endswith("/designsystem/")
    page.get_by_role("button", name="Ta bort avsnittet").click()
    question.get_by_role("button", name="Ta bort").click()
    page.wait_for_url("**/designsystem/?#ex-dialogs")


def test_toast_is_said_and_can_be_closed(new_page: Callable[..., Page]):
    page = new_page(reduced_motion="reduce")
    page.goto("/designsystem/")
    page.get_by_role("button", name="Visa ett kort besked").click()
    expect(page.locator("#status")).to_have_text("Avsnittet flyttades till plats 3.")
    page.get_by_role("button", name="Stäng meddelandet").click()
    expect(page.locator(".toast")).to_have_count(0)


def test_tabs_follow_the_arrow_keys(new_page: Callable[..., Page]):
    page = new_page(reduced_motion="reduce")
    page.goto("/designsystem/")
    page.get_by_role("tab", name="Läs").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Jämför")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Jämför")).to_contain_text("Ändringarna sedan förra versionen.")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Läs")).to_be_focused()


def test_the_first_stop_is_the_way_past_the_navigation(new_page: Callable[..., Page]):
    page = new_page()
    page.goto("/designsystem/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_page_that_does_not_exist_says_so(new_page: Callable[..., Page]):
    page = new_page(width=320)
    assert page.goto("/finns-inte/").status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("look", LOOKS)
def test_the_accessibility_statement_is_accessible(new_page: Callable[..., Page], look: str):
    page = new_page(reduced_motion="reduce", **LOOKS[look])
    page.goto("/tillganglighet/")
    assert_accessible(page)
