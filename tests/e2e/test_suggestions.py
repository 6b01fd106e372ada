"""Suggesting in real browsers: typing, deleting, Enter and bold; a colleague sees it live, accepts one and refuses another."""

# ruff: noqa: F811 - a fixture that is imported

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible
from tests.e2e.test_editor import World, put_cursor, saved, world  # noqa: F401 - a fixture
from tests.e2e.waiting import until

LIVE = 20_000  # ms
PLAIN = "from strategies.domain.diff import without_suggestions\nfrom strategies.domain.documents import plain_text\n"


def without(here: World, accept: bool = False) -> str:
    """The text in the database with every suggestion refused, or accepted."""
    return here.run(PLAIN + f"print(plain_text(without_suggestions(section.doc, accept={accept})))").strip()


def reviewer(here: World) -> Page:
    """Gun, who may only suggest."""
    code = here.ids["code"]
    here.run(
        "from actors.models import Role\nfrom tests.factories.actors import make_person\n"
        f"make_person(section.version.strategy.owner, Role.REVIEWER, name='Gun Gran', email='gun{code}@region.example', password={PASSWORD!r})"
    )
    return here.open("gun")


def rows(here: World) -> dict[str, list[str]]:
    found = here.stack.query(
        "SELECT u.name, s.state FROM strategies_suggestion s JOIN actors_user u ON u.id = s.author_id"
        " WHERE s.section_id = %s ORDER BY s.id",
        [here.ids["section"]],
    )
    states: dict[str, list[str]] = {}
    for name, state in found:
        states.setdefault(name, []).append(state)
    return states


def click_in(page: Page, where: str) -> None:
    """With the mouse, in the middle of the words."""
    box = page.locator(where).first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_one_suggests_and_a_colleague_settles(world: Callable[..., World]) -> None:
    here = world()
    before = here.stored()
    anna, bo = here.open("anna"), here.open("bo")
    bo.keyboard.press("Control+Alt+s")
    expect(bo.locator(".editor.is-suggesting")).to_be_visible()
    expect(bo.locator(".editor-mode")).to_contain_text("Du föreslår")

    put_cursor(bo, "Första stycket")
    bo.keyboard.type(" Ett förslag 😀.")
    new = anna.locator("ins span.suggested--insertion")
    expect(new).to_have_text("Ett förslag 😀.", timeout=LIVE)
    expect(new).to_have_attribute("title", re.compile("^Tillagt av Bo Berg .*"))
    bo.keyboard.press("Enter")
    bo.keyboard.type("Ett nytt stycke.")
    put_cursor(bo, "Andra stycket")
    for _letter in "länet.":
        bo.keyboard.press("Backspace")
    expect(anna.locator("del")).to_contain_text("länet.", timeout=LIVE)
    put_cursor(bo, "en punkt till")
    bo.keyboard.press("Shift+Home")
    bo.keyboard.press("Control+b")
    expect(anna.locator(".suggested--modification")).to_have_text("en punkt till", timeout=LIVE)
    saved(bo)
    assert without(here) == before
    assert without(here, accept=True).splitlines() == [
        "Nuläge", "Första stycket om länet. Ett förslag 😀.", "Ett nytt stycke.", "Andra stycket om ", "en punkt", "en punkt till",
    ]  # fmt: skip
    assert_accessible(anna)
    assert_accessible(bo)

    click_in(anna, "ins span.suggested--insertion")
    expect(anna.locator(".editor-suggestion")).to_contain_text("lägg till ”Ett förslag 😀.”")
    anna.get_by_role("button", name="Godta", exact=True).click()
    expect(anna.locator("ins span.suggested--insertion")).to_have_count(0, timeout=LIVE)
    expect(bo.locator("ins span.suggested--insertion")).to_have_count(0, timeout=LIVE)
    assert "länet. Ett förslag 😀.\nAndra" in without(here)
    click_in(anna, "del .suggested--deletion")
    anna.keyboard.press("Control+Alt+a")
    expect(bo.locator("del")).to_have_count(0, timeout=LIVE)
    expect(anna.locator("del")).to_have_count(0)
    anna.keyboard.press("Control+z")  # the decision is taken back, not what was typed
    expect(bo.locator("del")).to_have_count(1, timeout=LIVE)
    expect(anna.locator("del")).to_have_count(1)
    assert until(lambda: rows(here)["Bo Berg"].count("open"), lambda count: count == 3)
    anna.get_by_role("button", name="Avslå alla i avsnittet").click()
    expect(anna.locator(".editor-bar--suggestions")).to_be_hidden(timeout=LIVE)
    assert "Ett nytt stycke" not in here.stored()
    assert set(rows(here)["Bo Berg"]) == {"accepted", "rejected"}


def test_letters_and_blanks_are_taken_away_one_by_one_in_the_middle_of_a_line(world: Callable[..., World]) -> None:
    here = world()
    before = here.stored()
    bo = here.open("bo")
    bo.keyboard.press("Control+Alt+s")
    put_cursor(bo, "Första stycket", at_end=False)
    for _letter in "Första stycket om":
        bo.keyboard.press("ArrowRight")
    for _letter in "stycket om":
        bo.keyboard.press("Backspace")
    put_cursor(bo, "Andra stycket", at_end=False)
    for _letter in "Andra st":
        bo.keyboard.press("Delete")
    expect(bo.locator("del").first).to_have_text("stycket om")
    expect(bo.locator("del").last).to_have_text("Andra st")
    expect(bo.locator("ins")).to_have_count(0)
    saved(bo)
    assert without(here) == before
    assert without(here, accept=True).splitlines()[1:3] == ["Första  länet.", "ycket om länet."]


def test_enter_and_backspace_over_the_end_of_a_paragraph(world: Callable[..., World]) -> None:
    here = world()
    before = here.stored()
    bo = here.open("bo")
    bo.keyboard.press("Control+Alt+s")
    put_cursor(bo, "Första stycket", at_end=False)
    for _letter in "Första ":
        bo.keyboard.press("ArrowRight")
    bo.keyboard.press("Enter")
    expect(bo.locator(".suggested-seam--split")).to_have_count(1)
    bo.keyboard.type("X")
    put_cursor(bo, "Andra stycket", at_end=False)
    bo.keyboard.press("Backspace")
    expect(bo.locator(".suggested-seam--join")).to_have_count(1)
    put_cursor(bo, "en punkt", at_end=True)
    bo.keyboard.press("Enter")
    bo.keyboard.type("ny punkt")
    saved(bo)
    assert without(here) == before
    assert without(here, accept=True).splitlines() == [
        "Nuläge", "Första ", "Xstycket om länet.Andra stycket om länet.", "en punkt", "en punkt till", "ny punkt",
    ]  # fmt: skip
    put_cursor(bo, "Xstycket", at_end=False)
    bo.keyboard.press("Backspace")  # one's own division is taken back for real
    expect(bo.locator(".suggested-seam--split")).to_have_count(0)
    here.visit(bo)
    expect(bo.locator(".editor.is-suggesting")).to_be_visible()  # remembered
    bo.keyboard.press("Control+Alt+s")
    put_cursor(bo, "Andra stycket")
    bo.keyboard.type(" Direkt.")
    saved(bo)
    assert "Direkt." in without(here)


def test_whoever_may_only_suggest(world: Callable[..., World]) -> None:
    here = world()
    before = here.stored()
    gun, anna = reviewer(here), here.open("anna")
    expect(gun.locator(".editor-mode")).to_contain_text("Den som skriver i utkastet godtar eller avslår dem.")
    expect(gun.get_by_role("button", name="Godta", exact=True)).to_be_hidden()
    put_cursor(gun, "Första stycket")
    gun.keyboard.press("Shift+Home")
    gun.keyboard.type("Helt andra ord.")
    gun.keyboard.press("Enter")
    gun.keyboard.type("Och ett stycke till.")
    saved(gun)
    assert without(here) == before
    put_cursor(anna, "Andra stycket")
    anna.keyboard.type(" Av Anna.")
    expect(gun.locator(".ProseMirror")).to_contain_text("Av Anna.", timeout=LIVE)
    put_cursor(gun, "Andra stycket")
    for _letter in "Anna.":
        gun.keyboard.press("Backspace")
    saved(gun)
    assert "länet. Av Anna." in without(here) and "länet. Av \n" in without(here, accept=True)
    gun.keyboard.press("Control+Alt+a")  # her own she may take back
    expect(gun.locator("del")).to_have_count(1, timeout=LIVE)
    anna.get_by_role("button", name="Godta alla i avsnittet").click()
    expect(gun.locator(".ProseMirror")).to_contain_text("Helt andra ord.")
    expect(gun.locator(".suggested")).to_have_count(0, timeout=LIVE)
    here.is_rid_of("Första stycket")


def test_the_list_of_suggestions_without_a_script(world: Callable[..., World]) -> None:
    here = world()
    gun = reviewer(here)
    put_cursor(gun, "Första stycket")
    gun.keyboard.type(" Tillagt av Gun.")
    put_cursor(gun, "Andra stycket", at_end=False)
    gun.keyboard.press("Control+Shift+ArrowRight")
    gun.keyboard.press("Delete")
    saved(gun)
    anna = here.new_person(f"anna{here.ids['code']}@region.example", create=False, java_script_enabled=False)
    anna.goto(
        here.run(
            "from django.urls import reverse; print(reverse('strategies:suggestions', args=[section.version.strategy_id]))"
        )
    )
    expect(anna.get_by_text("2 öppna förslag i utkastet.")).to_be_visible()
    anna.set_viewport_size({"width": 320, "height": 800})
    assert anna.locator("body").bounding_box()["width"] <= 320  # type: ignore[index]
    anna.get_by_label("Vem").select_option(label="Gun Gran")
    anna.get_by_role("button", name="Visa").click()
    anna.get_by_role("checkbox").first.check()
    anna.get_by_role("button", name="Godta de markerade").click()
    expect(anna.get_by_text("1 förslag är godtaget.")).to_be_visible()
    assert "länet. Tillagt av Gun." in without(here)
    anna.get_by_role("button", name="Avslå 1").click()
    expect(anna.get_by_text("Inga öppna förslag här")).to_be_visible()
    anna.get_by_role("button", name="Ta tillbaka beslutet").first.click()
    expect(anna.get_by_text("1 förslag är öppna igen.")).to_be_visible()
    assert sorted(rows(here)["Gun Gran"]) == ["accepted", "open"]


def test_the_list_of_suggestions_is_accessible(world: Callable[..., World]) -> None:
    here = world()
    gun = reviewer(here)
    put_cursor(gun, "en punkt till")
    gun.keyboard.press("Enter")
    gun.keyboard.type("ny punkt")
    saved(gun)
    assert_accessible(gun)
    put_cursor(gun, "Nuläge")
    gun.keyboard.press("Control+Alt+3")
    saved(gun)
    anna = here.new_person(f"anna{here.ids['code']}@region.example", create=False)
    anna.goto(
        here.run(
            "from django.urls import reverse; print(reverse('strategies:suggestions', args=[section.version.strategy_id]))"
        )
    )
    expect(anna.get_by_text("Rubriknivå 2 blir 3", exact=True)).to_be_visible()
    assert_accessible(anna)
    anna.set_viewport_size({"width": 320, "height": 800})
    assert anna.evaluate("document.documentElement.scrollWidth") <= 320
    gun.set_viewport_size({"width": 320, "height": 800})
    assert gun.evaluate("document.documentElement.scrollWidth") <= 320
