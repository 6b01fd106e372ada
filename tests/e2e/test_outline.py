"""The outline worked in by several hands: choosing many, dragging, state and owners, and the lock for review."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.e2e.test_strategy_pages import PAGES, build, signed_in
from tests.live_stack import LiveStack


@pytest.fixture
def own(live_stack: LiveStack) -> dict[str, Any]:
    """A strategy of the test's own, with two leaders: Siv and Tor."""
    ids = build(live_stack)
    live_stack.python(
        "from actors.models import Actor, Role\nfrom strategies.models import Strategy\n"
        "from tests.factories.actors import make_person\n"
        f"region = Strategy.objects.get(pk={ids['strategy']}).owner\n"
        f"make_person(region, Role.EDITOR, name='Tor Torp', email='tor@region{ids['code']}.example', password='en-lang-och-lugn-losenfras')\n"
    )
    return ids


def names(page: Page) -> list[str]:
    return page.locator(".outline-title-link").all_inner_texts()


def test_several_rows_are_chosen_and_moved_together(new_person: Callable[..., Page], own: dict[str, Any]):
    page = signed_in(new_person, own)
    page.goto(PAGES["draft"].format(**own))
    bar = page.locator("#flera")
    expect(bar).to_be_hidden()
    page.get_by_role("link", name="Vad strategin är till för").focus()
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_role("heading", name="2 valda avsnitt")).to_be_visible()
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_role("heading", name="3 valda avsnitt")).to_be_visible()
    page.keyboard.press("Shift+ArrowUp")
    expect(page.get_by_role("heading", name="2 valda avsnitt")).to_be_visible()
    assert_accessible(page)
    bar.get_by_label("Flytta", exact=True).select_option("sist under")
    bar.get_by_label("Vart").select_option(label="8 Genomförande")
    bar.get_by_role("button", name="Flytta").click()
    expect(page.locator("#status")).to_have_text("2 avsnitt är flyttade.")
    found = names(page)
    at = found.index("Finansiering")
    assert found[at + 1 : at + 3] == ["Vad strategin är till för", "Så har strategin tagits fram"]
    expect(page.get_by_role("heading", name="2 valda avsnitt")).to_be_visible()  # and can be moved on
    bar.get_by_role("button", name="Avmarkera").click()
    expect(bar).to_be_hidden()

    first = page.get_by_label("Välj Roller och ansvar")
    first.click()
    page.get_by_label("Välj Finansiering").click(modifiers=["Shift"])
    expect(page.get_by_role("heading", name="3 valda avsnitt")).to_be_visible()
    row = page.locator(".outline-row", has_text="Roller och ansvar")
    target = page.locator(".outline-row", has_text="Utvärdering och lärande").locator(".outline-line")
    row.locator("[data-handle]").hover()
    page.mouse.down()
    box = target.bounding_box()
    assert box
    page.mouse.move(box["x"] + 200, box["y"] - 60, steps=4)
    page.mouse.move(box["x"] + 200, box["y"] + box["height"] - 3, steps=4)
    expect(page.locator(".outline-row.is-after")).to_have_count(1)
    expect(page.locator(".outline-drag-count")).to_have_text("3 avsnitt")
    page.mouse.up()
    expect(page.locator("#status")).to_have_text("3 avsnitt är flyttade.")
    found = names(page)
    at = found.index("Utvärdering och lärande")
    assert found[at + 1 : at + 4] == ["Roller och ansvar", "Samverkan", "Finansiering"]

    bar.get_by_role("button", name="Ta bort").click()
    expect(page.locator(".toast")).to_contain_text("3 avsnitt är borttagna ur utkastet.")
    assert "Samverkan" not in names(page)
    page.locator(".toast").get_by_role("button", name="Ångra").click()
    expect(page.locator(".outline-rows")).to_contain_text("Samverkan")


def test_escape_takes_a_drag_back(new_person: Callable[..., Page], own: dict[str, Any]):
    page = signed_in(new_person, own)
    page.goto(PAGES["draft"].format(**own))
    before = names(page)
    page.locator(f"#rad-{own['second_row']} [data-handle]").hover()
    page.mouse.down()
    page.locator(f"#rad-{own['row']} .outline-line").hover(position={"x": 200, "y": 3})
    expect(page.locator(".is-before")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".is-before, .is-dragged, .outline-drag-count")).to_have_count(0)
    page.mouse.up()
    assert names(page) == before


def test_a_finger_drags_too(new_person: Callable[..., Page], own: dict[str, Any]):
    page = signed_in(new_person, own, width=390, has_touch=True, is_mobile=True)
    page.goto(PAGES["draft"].format(**own))
    row, first = page.locator(f"#rad-{own['second_row']}"), page.locator(f"#rad-{own['row']}")
    handle = row.locator("[data-handle]")
    handle.scroll_into_view_if_needed()
    start, goal = handle.bounding_box(), first.locator(".outline-line").bounding_box()
    assert start and goal
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    x, y = start["x"] + 8, start["y"] + 12
    touch("touchStart", (x, y))
    touch("touchMove", (x + 30, (y + goal["y"]) / 2))
    touch("touchMove", (x + 60, goal["y"] + 4))
    expect(first).to_have_class(re.compile("is-before"))
    touch("touchEnd")
    expect(row).to_contain_text("Mål 1")
    assert_no_sideways_scroll(page)


def test_many_without_a_script(new_person: Callable[..., Page], own: dict[str, Any]):
    page = signed_in(new_person, own, width=390, java_script_enabled=False)
    page.goto(PAGES["draft"].format(**own))
    page.get_by_label("Välj Roller och ansvar").check()
    page.get_by_label("Välj Samverkan").check()
    page.locator("#flera").get_by_label("Läge").select_option("Klart för granskning")
    page.get_by_role("button", name="Sätt läget").click()
    expect(page.locator(".outline-row", has_text="Samverkan")).to_contain_text("Klart för granskning")
    page.get_by_role("link", name="Inte klara").click()
    expect(page.locator(".outline-row", has_text="Samverkan")).to_have_count(0)
    expect(page.locator(".outline-row", has_text="Finansiering")).to_have_count(1)


@pytest.mark.parametrize(("look", "width"), [("light", 320), ("dark", 1280)])
def test_state_owners_and_lock_are_seen_by_a_colleague(
    new_person: Callable[..., Page], own: dict[str, Any], look: str, width: int
):
    siv = signed_in(new_person, own, width=width, color_scheme=look)
    tor = signed_in(new_person, own, "tor")
    section = PAGES["section"].format(**own)
    tor.goto(section)
    editor = tor.locator(".ProseMirror")
    expect(editor).to_be_visible()
    siv.goto(section)
    siv.get_by_text("Läge och ansvar", exact=True).click()
    siv.get_by_label("Läge", exact=True).select_option("Klart för granskning")
    siv.get_by_label("Tor Torp").check()
    assert_accessible(siv)
    siv.get_by_role("button", name="Spara", exact=True).click()
    expect(siv.locator(".section-state-now")).to_contain_text("Tor Torp")
    siv.get_by_text("Läge och ansvar", exact=True).click()
    siv.get_by_role("link", name="Lås för granskning").click()
    siv.get_by_role("button", name="Lås avsnittet").click()
    expect(siv.get_by_role("alert").first).to_contain_text("Skriv varför avsnittet låses.")
    siv.get_by_label("Varför låses avsnittet?").fill("Granskas av juristen")
    assert_accessible(siv)
    siv.get_by_role("button", name="Lås avsnittet").click()
    expect(siv.get_by_text("Låst för granskning")).to_be_visible()
    assert_accessible(siv)
    assert_no_sideways_scroll(siv)

    expect(tor.locator(".editor-closed")).to_contain_text(
        "är låst för granskning av Siv Sand: Granskas av juristen", timeout=20_000
    )
    expect(editor).to_have_attribute("contenteditable", "false")
    siv.goto(PAGES["draft"].format(**own))
    expect(siv.locator(f"#rad-{own['row']}")).to_contain_text("låst")
    assert_accessible(siv)
    assert_no_sideways_scroll(siv)
    tor.goto(PAGES["draft"].format(**own) + "?visa=mina")
    expect(tor.locator(".outline-row")).to_have_count(1)
    tor.goto(section)
    expect(tor.locator(".callout")).to_contain_text("Granskas av juristen")
    expect(tor.get_by_role("button", name="Lås upp")).to_have_count(0)
    expect(tor.locator("[data-editor]")).to_have_count(0)
    siv.goto(section)
    siv.get_by_role("button", name="Lås upp").click()
    expect(siv.locator(".ProseMirror")).to_be_visible()


def test_words_typed_as_the_lock_comes_are_kept(new_person: Callable[..., Page], own: dict[str, Any]):
    siv, tor = signed_in(new_person, own), signed_in(new_person, own, "tor")
    section = PAGES["section"].format(**own)
    tor.goto(section)
    editor = tor.locator(".ProseMirror")
    expect(tor.locator(".editor")).to_have_attribute("data-state", "saved")
    tor.context.set_offline(True)
    editor.locator("p").first.click()
    tor.keyboard.press("End")
    tor.keyboard.type(" Sagt i sista stund.")
    siv.goto(section + "las/")
    siv.get_by_label("Varför låses avsnittet?").fill("Granskas")
    siv.get_by_role("button", name="Lås avsnittet").click()
    expect(siv.get_by_text("Låst för granskning")).to_be_visible()
    tor.context.set_offline(False)
    expect(tor.locator(".rescued-text")).to_contain_text("Sagt i sista stund.", timeout=30_000)
    siv.get_by_role("button", name="Lås upp").click()
    expect(editor).to_have_attribute("contenteditable", "true", timeout=30_000)
    expect(tor.locator(".rescued-text")).to_contain_text("Sagt i sista stund.")
    tor.get_by_role("button", name="Lägg tillbaka vid markören").click()
    expect(editor).to_contain_text("Sagt i sista stund.")
    expect(tor.locator(".editor")).to_have_attribute("data-state", "saved")


def test_a_section_is_split_merged_and_undone(new_person: Callable[..., Page], own: dict[str, Any]):
    page = signed_in(new_person, own, width=390)
    section = PAGES["section"].format(**own)
    page.goto(section)
    page.get_by_role("link", name="Dela avsnittet").click()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Dela avsnittet").click()
    expect(page.get_by_role("alert").first).to_contain_text("Välj ett stycke.")
    page.get_by_label("Mellanrubrik: Nuläge").check()
    page.get_by_role("button", name="Dela avsnittet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nuläge")
    expect(page.locator(".ProseMirror")).to_contain_text("Allt fler pendlar i dag.")
    expect(page.locator(".section-ties")).to_contain_text("Delat från Ett län som håller ihop")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("link", name="Historiken före delningen").click()
    expect(page.locator("main")).to_contain_text("delade ”Ett län som håller ihop”; ”Nuläge” blev ett eget avsnitt")
    page.go_back()
    page.get_by_role("link", name="Slå ihop").click()
    page.get_by_label("Föregående: Mål 1 Ett län som håller ihop").check()
    assert_accessible(page)
    page.get_by_role("button", name="Slå ihop").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ett län som håller ihop")
    expect(page.locator("main").get_by_role("heading", name="Nuläge")).to_be_visible()
    expect(page.locator(".section-ties")).to_contain_text("Innehåller ”Nuläge” sedan")
    page.get_by_role("button", name="Ångra sammanslagningen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nuläge")
    page.get_by_role("button", name="Ångra delningen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ett län som håller ihop")
    expect(page.locator(".ProseMirror")).to_contain_text("Allt fler pendlar i dag.")


def test_a_split_while_a_colleague_writes_keeps_her_words(new_person: Callable[..., Page], own: dict[str, Any]):
    siv, tor = signed_in(new_person, own), signed_in(new_person, own, "tor")
    section = PAGES["section"].format(**own)
    tor.goto(section)
    expect(tor.locator(".editor")).to_have_attribute("data-state", "saved")
    tor.context.set_offline(True)
    tor.locator(".ProseMirror p").last.click()
    tor.keyboard.press("End")
    tor.keyboard.type(" Skrivet i tåget.")
    siv.goto(section + "dela/")
    siv.get_by_label("Mellanrubrik: Nuläge").check()
    siv.get_by_role("button", name="Dela avsnittet").click()
    expect(siv.get_by_role("heading", level=1)).to_have_text("Nuläge")
    tor.context.set_offline(False)
    expect(tor.locator(".rescued-text")).to_contain_text("Skrivet i tåget.", timeout=30_000)
    expect(tor.locator(".ProseMirror")).not_to_contain_text("Nuläge")
