"""Waiting for a state, never for a time: the journeys pass at any speed of the machine."""

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Locator, Page, expect

T = TypeVar("T")
PATIENCE = 60.0  # seconds


def until(read: Callable[[], T], wanted: Callable[[T], bool], *, seconds: float = PATIENCE) -> T:
    """What ``read`` returns, once ``wanted`` is true of it. AssertionError with the last value when that never comes."""
    deadline = time.monotonic() + seconds
    while True:
        value = read()
        if wanted(value):
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"Still not so after {seconds:.0f} s: {value!r}")
        time.sleep(0.1)


def press(page: Page, name: str) -> None:
    """The button or link that says ``name``."""
    target = page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True))
    target.first.click()


def send(page: Page, name: str) -> None:
    """Press a button that sends something, and wait for the answer: whoever goes on at once takes it back."""
    with page.expect_response(lambda response: response.request.method == "POST"):
        press(page, name)


def reload_until(locator: Locator, words: str, *, seconds: float = 2 * PATIENCE) -> None:
    """Load the page again, as an impatient person does, until ``locator`` says ``words``."""
    deadline = time.monotonic() + seconds
    while words not in locator.inner_text() and time.monotonic() < deadline:
        locator.page.wait_for_timeout(500)
        locator.page.reload()
    expect(locator).to_contain_text(words)
