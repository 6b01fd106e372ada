"""Text that a closed browser left behind, met again when much has changed: it is sent, or shown, never thrown away or mixed up."""

# ruff: noqa: F811 - a fixture that is imported

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD
from tests.e2e.test_editor import KEPT, World, put_cursor, saved, world  # noqa: F401 - a fixture
from tests.e2e.waiting import until


def left_behind(here: World, words: str) -> Page:
    """Anna types without network and her tab is killed: another tab of the same browser, network back."""
    page = here.open("anna")
    put_cursor(page, "Andra stycket")
    page.context.set_offline(True)
    page.keyboard.type(words)
    expect(page.locator(".editor[data-state=offline]")).to_be_visible()
    until(lambda: page.evaluate(KEPT), lambda kept: words in kept)
    fresh = page.context.new_page()
    page.close(run_before_unload=False)
    fresh.context.set_offline(False)
    return fresh


def sign_in(page: Page, address: str) -> None:
    page.context.clear_cookies()
    page.goto(reverse("actors:login"))
    form = page.locator("form:has(input[type=password])")
    form.locator("input[type=email], input[name=username], input[name=email]").first.fill(address)
    form.locator("input[type=password]").fill(PASSWORD)
    form.locator("[type=submit]").first.click()
    page.wait_for_url(lambda url: reverse("actors:login") not in url)


def test_somebody_else_on_the_same_computer_neither_sees_nor_sends_it(world: Callable[..., World]) -> None:
    here = world()
    page = left_behind(here, " Annas hemliga ord.")
    sign_in(page, f"bo{here.ids['code']}@region.example")
    here.visit(page)
    put_cursor(page, "Första stycket")
    page.keyboard.type(" Bo var här.")
    saved(page)
    expect(page.locator("body")).not_to_contain_text("hemliga")
    assert "hemliga" not in here.comes_to("Bo var här.")
    assert "hemliga" in page.evaluate(KEPT)
    sign_in(page, f"anna{here.ids['code']}@region.example")
    here.visit(page)
    here.comes_to("länet. Bo var här.\nAndra stycket om länet. Annas hemliga ord.")


def test_a_text_that_has_moved_far_ahead_takes_it_in(world: Callable[..., World]) -> None:
    here = world()
    page = left_behind(here, " Länge borta.")
    here.run(
        "from tests.factories.texts import write, insert; from actors.models import User\n"
        f"bo = User.objects.get(email='bo{here.ids['code']}@region.example')\n"
        "for _ in range(3): write(section, bo, *[insert(1, 'x')] * 250)"
    )
    here.visit(page)
    saved(page)
    assert here.comes_to("Andra stycket om länet. Länge borta.").count("x") == 750


def test_a_section_that_was_removed_meanwhile_shows_it_to_be_copied(world: Callable[..., World]) -> None:
    here = world()
    page = left_behind(here, " Kvar att kopiera.")
    here.run(
        "from django.utils import timezone\nSection.objects.filter(pk=section.pk).update("
        "removed_at=timezone.now(), removed_by_id=section.version.created_by_id)"
    )
    page.goto(here.url)
    expect(page.locator(".rescued")).to_contain_text("Kvar att kopiera.")
    expect(page.locator(".editor-closed")).to_be_visible()
