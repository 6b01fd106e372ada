"""Writing a section in a real browser: what is typed is saved, merged and never lost."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Picture
from playwright.sync_api import Page, expect

from strategies.domain.documents import plain_text
from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible
from tests.e2e.waiting import until
from tests.live_stack import LiveStack

SETUP = """
import json, uuid
from actors.domain.membership import give_role
from actors.models import Role
from tests.factories.actors import make_person, make_region
from tests.factories.strategies import make_strategy, working_version
from tests.factories.texts import make_section
code = {code!r}
region = make_region(code)
anna = make_person(region, Role.LEADER, name="Anna Ask", email=f"anna{{code}}@region.example", password={password!r})
bo = make_person(region, Role.EDITOR, name="Bo Berg", email=f"bo{{code}}@region.example", password={password!r})
version = working_version(make_strategy(region, by=anna))
section = make_section(version, {text!r}, by=anna, title="Kompetens i hela länet")
goal = make_section(version, title="Ett klimatneutralt län", kind="goal")
print(json.dumps({{"version": version.pk, "uuid": str(section.uuid), "section": section.pk, "goal": goal.pk, "code": code}}))
"""
TEXT = "## Nuläge\n\nFörsta stycket om länet.\n\nAndra stycket om länet.\n\n- en punkt\n- en punkt till\n"


class World:
    """A draft with a section, Anna and Bo who write in it."""

    def __init__(self, stack: LiveStack, new_person: Callable[..., Page], code: str, text: str = TEXT) -> None:
        self.stack, self.new_person = stack, new_person
        made = stack.python(SETUP.format(code=code, password=PASSWORD, text=text))
        self.ids: dict[str, Any] = json.loads(made.splitlines()[-1])
        self.url = f"/utkast/{self.ids['version']}/avsnitt/{self.ids['uuid']}/text/"

    def open(self, who: str = "anna", **options: Any) -> Page:
        page = self.new_person(f"{who}{self.ids['code']}@region.example", create=False, **options)
        return self.visit(page)

    def visit(self, page: Page) -> Page:
        page.goto(self.url)
        expect(page.locator(".ProseMirror")).to_be_visible()
        return page

    def stored(self) -> str:
        """The words as they stand in the database now."""
        [(doc,)] = self.stack.query("SELECT doc FROM strategies_section WHERE id = %s", [self.ids["section"]])
        return plain_text(doc)

    def comes_to(self, words: str) -> str:
        """The words in the database, once ``words`` are among them."""
        return until(self.stored, lambda stored: words in stored)

    def is_rid_of(self, words: str) -> str:
        """The words in the database, once ``words`` are not among them any more."""
        return until(self.stored, lambda stored: words not in stored)

    def run(self, code: str) -> str:
        return self.stack.python(
            f"from strategies.models import *\nsection = Section.objects.get(pk={self.ids['section']})\n{code}"
        )


@pytest.fixture
def world(
    live_stack: LiveStack, new_person: Callable[..., Page], request: pytest.FixtureRequest
) -> Callable[..., World]:
    codes = iter(range(30, 90))
    used = live_stack.__dict__.setdefault("used_codes", set())

    def make(text: str = TEXT) -> World:
        code = str(next(code for code in codes if code not in used))
        used.add(int(code))
        return World(live_stack, new_person, code, text)

    return make


def put_cursor(page: Page, text: str, *, at_end: bool = True) -> None:
    """The cursor in the block that says ``text``."""
    page.locator(".ProseMirror p, .ProseMirror li, .ProseMirror h2").filter(has_text=text).last.click()
    page.keyboard.press("End" if at_end else "Home")


def saved(page: Page) -> None:
    expect(page.locator(".editor-state")).to_contain_text(re.compile(r"^\s*Sparat \d\d[:.]\d\d"), timeout=60_000)
    expect(page.locator(".editor[data-state=saved]")).to_be_visible()


def test_typing_is_saved_and_is_there_after_reload(world: Callable[..., World]) -> None:
    here = world()
    page = here.open()
    put_cursor(page, "Första stycket")
    page.keyboard.type(" Här skriver Anna åäö 😀.")
    page.keyboard.press("Enter")
    page.keyboard.type("Ett nytt stycke.")
    saved(page)
    here.visit(page)
    expect(page.locator(".ProseMirror")).to_contain_text("Här skriver Anna åäö 😀.")
    here.comes_to("Första stycket om länet. Här skriver Anna åäö 😀.\nEtt nytt stycke.\nAndra")


def test_two_people_write_at_once_and_both_texts_stay(world: Callable[..., World]) -> None:
    here = world()
    anna, bo = here.open("anna"), here.open("bo")
    put_cursor(anna, "Första stycket")
    put_cursor(bo, "Andra stycket")
    for word in ["alfa", "beta", "gamma", "delta"]:
        anna.keyboard.type(f" {word}")
        bo.keyboard.type(f" {word.upper()}")
    saved(anna)
    saved(bo)
    for page in (anna, bo):
        expect(page.locator(".ProseMirror")).to_contain_text("länet. alfa beta gamma delta")
        expect(page.locator(".ProseMirror")).to_contain_text("länet. ALFA BETA GAMMA DELTA")
    expect(anna.locator(".editor-others")).to_contain_text("Bo Berg skriver också här")


def test_text_typed_without_network_is_sent_when_it_is_back(world: Callable[..., World]) -> None:
    here = world()
    page = here.open()
    put_cursor(page, "Första stycket")
    page.context.set_offline(True)
    page.keyboard.type(" Skrivet på tåget.")
    expect(page.locator(".editor-state")).to_contain_text("Ej sparat – ingen kontakt, texten finns kvar i webbläsaren")
    here.run("from tests.factories.texts import write, insert; from actors.models import User\n"
             f"write(section, User.objects.get(email='bo{here.ids['code']}@region.example'), insert(1, 'Bo: '))")  # fmt: skip
    page.context.set_offline(False)
    saved(page)
    here.comes_to("Bo: Nuläge\nFörsta stycket om länet. Skrivet på tåget.")


# What the browser keeps for the day after, as text.
KEPT = """() => new Promise((resolve) => {
    const request = indexedDB.open("rus-text");
    request.onsuccess = () => {
        const all = request.result.transaction("unsent").objectStore("unsent").getAll();
        all.onsuccess = () => { request.result.close(); resolve(all.result.map((entry) => spelled(entry.steps)).join("|")); };
    };
    const spelled = (steps) => steps.flatMap((step) => step.slice?.content ?? []).map((node) => node.text ?? "").join("");
})"""


def test_text_survives_a_killed_tab(world: Callable[..., World]) -> None:
    here = world()
    page = here.open()
    put_cursor(page, "Andra stycket")
    page.context.set_offline(True)
    page.keyboard.type(" Nästan borta.")
    expect(page.locator(".editor[data-state=offline]")).to_be_visible()
    until(lambda: page.evaluate(KEPT), lambda kept: "Nästan borta." in kept)
    fresh = page.context.new_page()
    page.close(run_before_unload=False)
    fresh.context.set_offline(False)
    here.run("from tests.factories.texts import write, insert; from actors.models import User\n"
             f"write(section, User.objects.get(email='bo{here.ids['code']}@region.example'), insert(1, 'Bo: '))")  # fmt: skip
    here.visit(fresh)
    expect(fresh.locator(".ProseMirror")).to_contain_text("Andra stycket om länet. Nästan borta.")
    saved(fresh)
    here.comes_to("Bo: Nuläge\nFörsta stycket om länet.\nAndra stycket om länet. Nästan borta.")


def test_words_in_a_paragraph_that_somebody_removed_are_rescued(world: Callable[..., World]) -> None:
    here = world()
    anna, bo = here.open("anna"), here.open("bo")
    put_cursor(anna, "Andra stycket", at_end=False)
    for _ in range(6):
        anna.keyboard.press("ArrowRight")
    anna.context.set_offline(True)
    anna.keyboard.type("Mina viktiga ord. ")
    put_cursor(bo, "Första stycket")
    bo.keyboard.press("Shift+ArrowDown")
    bo.keyboard.press("Shift+End")
    bo.keyboard.press("Backspace")
    here.is_rid_of("Andra")
    anna.context.set_offline(False)
    card = anna.locator(".rescued")
    expect(card).to_contain_text("Mina viktiga ord.")
    expect(card).to_contain_text("Bo Berg tog bort stycket medan du skrev i det.")
    card.get_by_role("button", name="Lägg tillbaka vid markören").click()
    expect(card).to_have_count(0)
    saved(anna)
    here.comes_to("Mina viktiga ord.")


def test_words_that_somebody_removed_without_having_seen_them_are_rescued(world: Callable[..., World]) -> None:
    here = world()
    anna, bo = here.open("anna"), here.open("bo")
    bo.context.set_offline(True)
    put_cursor(bo, "Första stycket")
    bo.keyboard.press("Shift+ArrowDown")
    bo.keyboard.press("Shift+End")
    bo.keyboard.press("Backspace")
    expect(bo.locator(".editor[data-state=offline]")).to_be_visible()
    put_cursor(anna, "Andra stycket")
    anna.keyboard.press("ArrowLeft")
    anna.keyboard.type(" Mina viktiga ord")
    here.comes_to("Andra stycket om länet Mina viktiga ord.")
    saved(anna)
    bo.context.set_offline(False)
    expect(anna.locator(".rescued")).to_contain_text("Mina viktiga ord")
    expect(anna.locator(".rescued")).to_contain_text("Bo Berg tog bort stycket medan du skrev i det.")
    here.is_rid_of("Andra")
    expect(bo.locator(".rescued")).to_have_count(0)


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("from actors.models import Membership; from django.utils import timezone\n"
         "Membership.objects.filter(user__email__startswith='bo{code}').update(until=timezone.now())",
         "inte tillgång|inte längre rätt"),
        ("from django.utils import timezone\nVersion.objects.filter(pk=section.version_id).update("
         "status='consultation', frozen_at=timezone.now(), frozen_by_id=section.version.created_by_id, sha256='x')", "Versionen"),
        ("from django.utils import timezone\nSection.objects.filter(pk=section.pk).update("
         "removed_at=timezone.now(), removed_by_id=section.version.created_by_id)", "tagits bort"),
    ],
    ids=["role revoked", "version frozen", "section removed"],
)  # fmt: skip
def test_losing_the_right_to_write_keeps_the_text(world: Callable[..., World], what: str, says: str) -> None:
    here = world()
    page = here.open("bo")
    put_cursor(page, "Andra stycket")
    page.context.set_offline(True)
    page.keyboard.type(" Mitt i en mening")
    here.run(what.replace("{code}", here.ids["code"]))
    page.context.set_offline(False)
    expect(page.locator(".editor-closed")).to_contain_text(re.compile(says), timeout=60_000)
    expect(page.locator(".rescued")).to_contain_text("Mitt i en mening")
    expect(page.locator(".ProseMirror")).to_have_attribute("contenteditable", "false")
    assert "Mitt i en mening" not in here.stored()


def paste(page: Page, html: str = "", text: str = "") -> None:
    page.locator(".ProseMirror").evaluate(
        """(element, [html, text]) => {
            const data = new DataTransfer();
            if (html) data.setData("text/html", html);
            data.setData("text/plain", text);
            element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [html, text],
    )


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {margin:0}</style></head><body>
<!--StartFragment--><p class=MsoNormal style='mso-pagination:none'><b>Fetstil</b> från Word<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span style='font:7.0pt'>&nbsp;</span></span>Punkt ett</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o</span>Under ett</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>Punkt två</p>
<table><tr><td style='width:10pt'><p>cell</p></td></tr></table>
<script>window.hacked = true</script><img src=x onerror="window.hacked = true"><a href="javascript:window.hacked=true">farlig</a><!--EndFragment--></body></html>"""


def test_pasted_word_is_cleaned_and_scripts_never_run(world: Callable[..., World]) -> None:
    here = world()
    page = here.open()
    put_cursor(page, "Första stycket")
    page.keyboard.press("Enter")
    paste(page, WORD, "x")
    text = page.locator(".ProseMirror")
    expect(text.locator("strong")).to_have_text("Fetstil")
    expect(text.locator("ul > li > ul > li")).to_contain_text("Under ett")
    expect(text.locator("td")).to_contain_text("cell")
    expect(text.locator("img, [style*=mso], a")).to_have_count(0)
    saved(page)
    assert page.evaluate("window.hacked") is None
    here.comes_to("Punkt två")


def test_a_paste_of_20_mb_is_refused_in_words_and_nothing_changes(world: Callable[..., World]) -> None:
    here = world()
    page = here.open()
    put_cursor(page, "Första stycket")
    page.locator(".ProseMirror").evaluate(
        """(element) => {
            const data = new DataTransfer();
            data.setData("text/plain", "Länet ska ".repeat(2_000_000));
            element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_role("alertdialog")).to_contain_text("för stort (20 miljoner tecken)")
    page.get_by_role("button", name="Jag förstår").click()
    assert here.stored().startswith("Nuläge\nFörsta stycket om länet.\nAndra")


def press_button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_everything_of_the_toolbar_by_keyboard(world: Callable[..., World]) -> None:
    here = world("Ett stycke att skriva i.")
    page = here.open()
    put_cursor(page, "Ett stycke")
    page.keyboard.press("Alt+F10")
    expect(page.get_by_label("Slag av stycke")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Kortkommandon")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Kortkommandon i texten")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Kortkommandon i texten")).to_be_hidden()
    put_cursor(page, "Ett stycke")
    page.keyboard.press("Enter")
    page.keyboard.type("## Rubrik")
    page.keyboard.press("Enter")
    page.keyboard.type("- punkt")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("fet")
    page.keyboard.press("Control+b")
    expect(page.get_by_role("button", name="Fet")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Control+Alt+f")
    page.keyboard.type("En fotnot, se https://www.region.se/kalla.")
    page.keyboard.press("Enter")
    expect(page.locator(".footnote-mark")).to_have_count(1)
    page.keyboard.type(" och mer")
    saved(page)
    wanted = "Ett stycke att skriva i.\nRubrik\npunkt\nfet [En fotnot, se https://www.region.se/kalla.] och mer"
    until(here.stored, lambda stored: stored == wanted)
    page.keyboard.press("Escape")
    expect(page.locator(".prose h2")).to_have_text("Rubrik")
    expect(page.locator(".footnotes a[href='https://www.region.se/kalla']")).to_be_visible()


def test_a_table_grows_and_a_picture_gets_its_words(world: Callable[..., World], tmp_path: Path) -> None:
    here = world("Ett stycke.")
    page = here.open()
    put_cursor(page, "Ett stycke")
    press_button(page, "Tabell")
    page.get_by_role("button", name="Lägg in tabellen").click()
    page.keyboard.type("Mål")
    page.keyboard.press("Tab")
    page.keyboard.type("År")
    press_button(page, "Rad under")
    press_button(page, "Kolumn efter")
    expect(page.locator(".ProseMirror tr")).to_have_count(4)
    expect(page.locator(".ProseMirror th")).to_have_count(4)
    put_cursor(page, "Ett stycke")
    Picture.new("RGB", (60, 40), (20, 90, 70)).save(tmp_path / "bild.png")
    press_button(page, "Bild")
    page.get_by_label("Bildfil").set_input_files(tmp_path / "bild.png")
    page.get_by_role("button", name="Spara bilden").click()
    expect(page.get_by_role("alert").filter(has_text="Beskriv bilden")).to_be_visible()
    page.get_by_label("Beskrivning för den som inte ser bilden").fill("En grön ruta")
    page.get_by_role("button", name="Spara bilden").click()
    expect(page.locator(".ProseMirror figure img")).to_have_js_property("naturalWidth", 60)
    saved(page)
    here.comes_to("En grön ruta")


def test_a_wrong_file_is_refused_in_words(world: Callable[..., World], tmp_path: Path) -> None:
    here = world("Ett stycke.")
    page = here.open()
    (tmp_path / "bild.png").write_text("<svg onload=alert(1)>")
    press_button(page, "Bild")
    page.get_by_label("Bildfil").set_input_files(tmp_path / "bild.png")
    page.get_by_label("Bilden är bara dekorativ").check()
    page.get_by_role("button", name="Spara bilden").click()
    expect(page.get_by_role("alert").filter(has_text="ingen bild som går att läsa")).to_be_visible()


def test_a_reference_follows_renumbering(world: Callable[..., World]) -> None:
    here = world("Ett stycke.")
    page = here.open()
    put_cursor(page, "Ett stycke")
    page.keyboard.type(" Se ")
    page.keyboard.press("Control+Alt+r")
    page.get_by_label("Sök mål").fill("klimat")
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror .ref")).to_have_text("Mål 1 Ett klimatneutralt län")
    saved(page)
    here.run(
        "from rus_platform.kit import clock\n"
        "Section.objects.create(version=section.version, kind='goal', title='Nytt', position=-1, updated_at=clock.now())"
    )
    page.evaluate("document.dispatchEvent(new CustomEvent('rus:outline-changed'))")
    expect(page.locator(".ProseMirror .ref")).to_have_text("Mål 2 Ett klimatneutralt län")


def test_two_tabs_of_one_person(world: Callable[..., World]) -> None:
    here = world()
    first = here.open()
    second = here.visit(first.context.new_page())
    put_cursor(first, "Första stycket")
    first.keyboard.type(" Flik ett.")
    put_cursor(second, "Andra stycket")
    second.keyboard.type(" Flik två.")
    saved(first)
    saved(second)
    here.comes_to("länet. Flik ett.\nAndra stycket om länet. Flik två.")


def test_leaving_with_unsaved_text_warns(world: Callable[..., World]) -> None:
    here = world()
    page = here.open()
    put_cursor(page, "Första stycket")
    page.context.set_offline(True)
    page.keyboard.type("!")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
    saved(page)


def test_an_empty_section_is_begun_by_typing_not_by_reading(world: Callable[..., World]) -> None:
    here = world("")
    page = here.open()
    page.wait_for_timeout(1000)  # long enough for whatever would be sent by itself
    assert here.run("print(section.doc_version)") == "0"
    page.locator(".ProseMirror").click()
    page.keyboard.type("Det första ordet")
    saved(page)
    until(here.stored, lambda stored: stored == "Det första ordet")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_editor_is_accessible_and_fits(world: Callable[..., World], width: int, scheme: str) -> None:
    here = world()
    page = here.open(width=width, color_scheme=scheme)
    put_cursor(page, "Första stycket")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Länk")).to_be_visible()
    assert_accessible(page)


def test_without_javascript_a_form_saves(world: Callable[..., World]) -> None:
    here = world()
    page = here.new_person(f"anna{here.ids['code']}@region.example", create=False, java_script_enabled=False)
    page.goto(here.url)
    box = page.get_by_label("Text", exact=True)
    box.fill(box.input_value().replace("Andra stycket", "Det **andra** stycket"))
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_text("Texten är sparad.")).to_be_visible()
    here.comes_to("Det andra stycket om länet.")
