"""Shared by all tests. The servers' addresses come from `./test` in the environment."""

import itertools
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from rus_platform.local.processes import ROOT, Supervisor
from tests.live_stack import LiveStack

PATIENCE = 40_000  # milliseconds that a page may take, on a machine that has much else to do
PASSWORD = "en-lang-och-lugn-losenfras"
CORNERS = itertools.count(1)
FAILURES = ROOT / ".local" / "test-failures"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
# Said by the browser about every response that is not 2xx; tests judge those themselves.
EXPECTED_IN_CONSOLE = re.compile(r"Failed to load resource")


def pytest_configure(config: pytest.Config) -> None:
    """Say what to do instead of failing in a hundred places."""
    if "DATABASE_URL" not in os.environ:
        raise pytest.UsageError("Start the tests with ./test: it starts the servers they need.")
    expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever uses the live stack is an e2e test, and all of them run in one xdist worker, in order."""
    for item in items:
        if "live_stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failing e2e test shows what the servers logged and leaves a picture of every open page."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("live_stack")
    if stack and report.failed:
        report.sections.append(("servers", stack.logs_since(getattr(item, "log_marks", {}))))
        for number, page in enumerate(getattr(item, "open_pages", [])):
            picture = FAILURES / f"{re.sub(r'[^a-zA-Z0-9_]+', '-', item.name)}-{number}.png"
            if not page.is_closed():
                page.screenshot(path=picture, full_page=True)
                report.sections.append(("screen", f"{page.url} {picture.relative_to(ROOT)}"))
    return report


@pytest.fixture(autouse=True)
def own_language_first() -> None:
    """A page that another test read in English leaves its language in the thread; each test begins with the platform's."""
    from django.utils import translation  # Django is set up by pytest-django, after this module is read

    translation.deactivate()


@pytest.fixture(autouse=True)
def own_corner_of_the_cache() -> None:
    """What one test has counted (the brakes on public forms, say) is not counted for the next."""
    from django.conf import settings  # readable only once the environment is known to be there
    from django.core.cache import cache

    corner = f"{WORKER}-{next(CORNERS)}"
    settings.CACHES["default"]["KEY_PREFIX"] = corner  # for threads that the test begins
    cache.key_prefix = corner  # type: ignore[attr-defined]


# --- The live stack -------------------------------------------------------------------------
@pytest.fixture(scope="session")
def live_stack() -> Iterator[LiveStack]:
    """Real servers on a database of their own; see tests/live_stack.py."""
    # Playwright's sync API runs an event loop in this thread, which Django takes for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with Supervisor() as supervisor:
        yield LiveStack(supervisor, Path(os.environ["RUS_TEST_STATE"]) / f"live-{WORKER}", WORKER)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's own Chromium: no browser is ever downloaded."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.fail("Chromium is not installed (Debian: apt-get install chromium)")
    return {"executable_path": chromium, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture
def new_page(live_stack: LiveStack, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """``new_page(width=1280, **context_options) -> Page``: a browser of its own, where "/" is the platform.

    A script error, or a refusal by the content security policy, fails the test at its end
    (``page.context.errors.clear()`` after one that was meant).
    """
    request.node.log_marks, request.node.open_pages = live_stack.log_marks(), []
    FAILURES.mkdir(parents=True, exist_ok=True)
    contexts = []

    def open_page(width: int = 1280, height: int = 900, **options: Any) -> Page:
        viewport = {"width": width, "height": height}
        settings = {"base_url": live_stack.url, "locale": "sv-SE", "timezone_id": "Europe/Stockholm", **options}
        context = browser.new_context(viewport=viewport, **settings)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        context.errors = []  # type: ignore[attr-defined]
        context.on("weberror", lambda error: context.errors.append(str(error.error)))  # type: ignore[attr-defined]
        context.on("console", lambda message: note(context, message))
        contexts.append(context)
        page = context.new_page()
        request.node.open_pages.append(page)
        return page

    yield open_page
    errors = [error for context in contexts for error in context.errors]
    for context in contexts:
        context.close()
    assert errors == [], "The browser reported errors"


def note(context: Any, message: Any) -> None:
    """Keep a console error unless it is one of the expected."""
    if message.type == "error" and not EXPECTED_IN_CONSOLE.search(message.text):
        context.errors.append(f"{message.text} ({message.page.url if message.page else '?'})")


@pytest.fixture
def browser_page(new_page: Callable[..., Page]) -> Page:
    """One page, not logged in."""
    return new_page()


@pytest.fixture
def new_person(live_stack: LiveStack, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """``new_person("anna@region.example") -> Page``: a person of their own browser, logged in.

    The account is made when ``create`` (fields of the user in ``fields``), else it must exist with ``password``.
    """

    def log_in(
        address: str,
        *,
        password: str = PASSWORD,
        create: bool = True,
        fields: dict[str, Any] | None = None,
        **page: Any,
    ) -> Page:
        from django.urls import reverse  # Django is set up by pytest-django, after this module is read

        if create:
            live_stack.create_person(address, password, **(fields or {}))
        tab = new_page(**page)
        tab.goto(reverse("actors:login"))
        form = tab.locator("form:has(input[type=password])")
        form.locator("input[type=email], input[name=username], input[name=email]").first.fill(address)
        form.locator("input[type=password]").fill(password)
        form.locator("[type=submit]").first.click()
        tab.wait_for_url(lambda url: reverse("actors:login") not in url)
        return tab

    return log_in
