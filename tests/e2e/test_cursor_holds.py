"""The cursor is where the person put it, also when the browser tells of it late, and whatever others do meanwhile.

A busy browser handles the next key before it has told the page that the cursor has moved; here it always does.
"""

# ruff: noqa: F811 - a fixture that is imported

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.test_editor import World, put_cursor, world  # noqa: F401 - a fixture

LATE = """addEventListener("selectionchange", (event) => {
    if (!event.isTrusted) return;
    event.stopImmediatePropagation();
    setTimeout(() => document.dispatchEvent(new Event("selectionchange")), 700);
}, true);"""


def late(here: World, who: str = "anna", **options: Any) -> Page:
    """A browser that tells of the cursor 700 ms after it has moved."""
    page = here.new_person(f"{who}{here.ids['code']}@region.example", create=False, **options)
    page.add_init_script(LATE)
    return here.visit(page)


def test_enter_splits_where_the_cursor_is(world: Callable[..., World]) -> None:
    here = world()
    page = late(here)
    put_cursor(page, "Andra stycket")
    page.keyboard.press("Enter")
    page.keyboard.type("Ett nytt stycke.")
    here.comes_to("Första stycket om länet.\nAndra stycket om länet.\nEtt nytt stycke.\nen punkt")


def test_a_selection_made_with_keys_is_what_is_removed(world: Callable[..., World]) -> None:
    here = world()
    page = late(here)
    put_cursor(page, "Första stycket")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+End")
    page.keyboard.press("Backspace")
    here.comes_to("Nuläge\nFörsta stycket om länet.\nen punkt")


def test_another_persons_cursor_and_words_leave_mine_alone(world: Callable[..., World]) -> None:
    here = world()
    bo, anna = late(here, "bo"), here.open("anna")
    expect(bo.locator(".editor-others")).to_contain_text("Anna Ask")
    put_cursor(bo, "Första stycket")
    put_cursor(anna, "Andra stycket")
    for words in (" ett", " två", " tre"):
        put_cursor(bo, "Första stycket", at_end=False)
        anna.keyboard.type(words)
        expect(bo.locator(".ProseMirror")).to_contain_text(words)
        bo.keyboard.type("x")
    here.comes_to("Nuläge\nxxxFörsta stycket om länet.\nAndra stycket om länet. ett två tre")


def test_after_a_dialog_the_cursor_is_where_it_was(world: Callable[..., World]) -> None:
    here = world()
    page = late(here)
    put_cursor(page, "Första stycket")
    for key, name in (("Control+k", "Länk"), ("Control+Alt+r", "Hänvisning"), ("Control+/", "Kortkommandon i texten")):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.type("!")
    page.keyboard.press("Control+Alt+f")
    expect(page.get_by_role("dialog", name="Fotnot")).to_be_visible()
    page.keyboard.type("Källan.")
    page.keyboard.press("Enter")
    page.keyboard.type("?")
    here.comes_to("Nuläge\nFörsta stycket om länet.!!! [Källan.]?\nAndra")
