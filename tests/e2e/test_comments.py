"""Comments in the draft in real browsers: by keyboard, live, by form; they stay with their words, or say that those are gone."""

# ruff: noqa: F811 - a fixture that is imported

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.e2e.test_editor import World, saved, world  # noqa: F401 - a fixture

STRATEGY = "print(section.version.strategy_id)"
COMMENT = """
from actors.models import User
from strategies.domain import comments
who = User.objects.get(email='{who}{code}@region.example')
print(comments.add_comment(version_id=section.version_id, section_id=section.pk, by=who, text={text!r}, key={key!r},
                           words={{'quote': {quote!r}}}).pk)
"""


class Draft:
    """The section's page in the draft, as people open it."""

    def __init__(self, here: World) -> None:
        self.here = here
        self.strategy = here.run(STRATEGY).split()[-1]
        self.url = f"/strategier/{self.strategy}/utkast/{here.ids['uuid']}/"

    def open(self, who: str, **options: object) -> Page:
        page = self.here.new_person(f"{who}{self.here.ids['code']}@region.example", create=False, **options)
        page.goto(self.url)
        expect(page.locator(".ProseMirror")).to_be_visible()
        expect(page.locator(".editor[data-state=saved]")).to_be_visible()
        return page

    def comment(self, quote: str, text: str, who: str = "bo", key: str = "") -> str:
        code = COMMENT.format(
            who=who, code=self.here.ids["code"], text=text, quote=quote, key=key or f"{quote}-{text}"[:40]
        )
        return self.here.run(code).split()[-1]


def select_words(page: Page, words: str) -> None:
    """By keyboard: Home, to the words, Shift and arrows over them."""
    block = page.locator(".ProseMirror p").filter(has_text=words).first
    before = (block.text_content() or "").index(words)
    block.click()
    page.keyboard.press("Home")
    for _letter in range(before):
        page.keyboard.press("ArrowRight")
    for _letter in words:
        page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("words => getSelection().toString() === words", arg=words)
    page.evaluate(TOLD)  # keys come faster than fingers: let the browser tell the editor of its selection


TOLD = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def card(page: Page, text: str):
    return page.locator(".thread").filter(has_text=text)


def mark(page: Page, words: str):
    return page.locator(".ProseMirror .comment-mark").filter(has_text=words)


def test_comment_by_keyboard_and_a_reply_that_comes_live(world: Callable[..., World]) -> None:
    draft = Draft(world())
    anna, bo = draft.open("anna"), draft.open("bo")
    select_words(anna, "Första stycket")
    anna.keyboard.press("Control+Alt+m")
    field = anna.locator(".margin .thread-new textarea[name=text]")
    expect(field).to_be_focused()
    expect(anna.locator(".margin .thread-new blockquote")).to_have_text("Första stycket")
    anna.keyboard.type("Vad menar vi, @bo")
    expect(anna.get_by_role("listbox").get_by_role("option", name="Bo Berg")).to_be_visible()
    anna.keyboard.press("Enter")
    expect(field).to_have_value("Vad menar vi, @Bo Berg ")
    assert_accessible(anna)
    anna.keyboard.press("Tab")
    anna.keyboard.press("Tab")
    anna.keyboard.press("Enter")
    expect(card(anna, "Vad menar vi")).to_be_focused()
    expect(mark(anna, "Första stycket")).to_have_class(re.compile("is-current"))
    # a colleague sees it without doing anything, and answers
    expect(card(bo, "Vad menar vi")).to_be_visible()
    expect(mark(bo, "Första stycket")).to_be_visible()
    card(bo, "Vad menar vi").get_by_text("Svara").click()
    card(bo, "Vad menar vi").locator("textarea").fill("Det första.")
    card(bo, "Vad menar vi").get_by_role("button", name="Skicka svaret").click()
    expect(card(anna, "Vad menar vi")).to_contain_text("Det första.")
    # the letter, once; the notice too
    letter = draft.here.stack.wait_for_letter(f"bo{draft.here.ids['code']}@region.example", "nämnde dig")
    assert "Första stycket" in letter.get_content()
    bo.goto("/notiser/")
    expect(bo.get_by_text("nämnde dig i en kommentar")).to_have_count(1)
    # from the card to the words and back by keyboard
    card(anna, "Vad menar vi").get_by_role("button", name="Till orden").focus()
    anna.keyboard.press("Enter")
    expect(anna.locator(".ProseMirror")).to_be_focused()
    anna.keyboard.press("ArrowLeft")
    anna.keyboard.press("Control+Alt+m")
    expect(card(anna, "Vad menar vi")).to_be_focused()
    assert_accessible(anna)


def test_comment_follows_its_words_is_gone_with_them_and_comes_back_with_undo(world: Callable[..., World]) -> None:
    draft = Draft(world())
    draft.comment("Andra stycket", "Hör det hit?")
    anna, bo = draft.open("anna"), draft.open("bo")
    expect(mark(anna, "Andra stycket")).to_be_visible()
    anna.locator(".ProseMirror p").filter(has_text="Andra stycket").click()
    anna.keyboard.press("Home")
    anna.keyboard.type("Se här: ")
    expect(mark(anna, "Andra stycket")).to_have_text("Andra stycket")
    expect(mark(bo, "Andra stycket")).to_have_text("Andra stycket")
    saved(anna)
    select_words(anna, "Andra stycket")
    anna.keyboard.press("Delete")
    lost = "[data-lost-cards] .thread"
    expect(anna.locator(lost)).to_contain_text("Andra stycket")
    expect(bo.locator(lost)).to_contain_text("Andra stycket")
    expect(mark(anna, "Andra")).to_have_count(0)
    saved(anna)
    other = draft.open("anna")
    other.locator(".margin-lost > summary").click()
    expect(other.locator(lost)).to_contain_text("Orden finns inte kvar i texten")
    assert_accessible(other)
    anna.locator(".ProseMirror").focus()
    anna.keyboard.press("Control+z")
    for page in (anna, bo, other):
        expect(mark(page, "Andra stycket")).to_have_text("Andra stycket")
        expect(page.locator(lost)).to_have_count(0)
        expect(page.locator("[data-cards] .thread")).to_contain_text("Hör det hit?")


def test_resolve_and_reopen(world: Callable[..., World]) -> None:
    draft = Draft(world())
    draft.comment("Första", "Kort fråga")
    anna, bo = draft.open("anna"), draft.open("bo")
    card(anna, "Kort fråga").get_by_role("button", name="Löst").click()
    for page in (anna, bo):
        expect(page.locator(".thread")).to_have_count(0)
        expect(mark(page, "Första")).to_have_count(0)
    bo.get_by_role("link", name="1 löst").click()
    expect(card(bo, "Kort fråga")).to_contain_text("Löst av Anna Ask")
    card(bo, "Kort fråga").get_by_role("button", name="Öppna igen").click()
    expect(card(anna, "Kort fråga")).to_be_visible()
    expect(mark(anna, "Första")).to_be_visible()


def test_cards_never_overlap_and_are_a_list_on_a_narrow_screen(world: Callable[..., World]) -> None:
    draft = Draft(world())
    for n, quote in enumerate(["Första stycket", "stycket om länet", "om länet", "Andra stycket", "en punkt"]):
        if quote in ("stycket om länet", "om länet"):
            continue
        for more in range(2):
            draft.comment(
                quote if quote != "en punkt" else "en punkt till",
                f"Kommentar {n} {more}. " + "Mycket att säga. " * 12,
                key=f"{n}-{more}",
            )
    anna = draft.open("anna")
    expect(anna.locator(".thread")).to_have_count(6)
    for at in (0, 3, 5):
        anna.locator("[data-cards] .thread").nth(at).click(position={"x": 5, "y": 5})
        anna.wait_for_function("() => document.querySelector('.thread.is-current') !== null")
        anna.wait_for_function(APART)
    assert_accessible(anna)
    anna.set_viewport_size({"width": 320, "height": 800})
    anna.wait_for_function("() => !document.querySelector('.margin').classList.contains('is-placed')")
    assert_no_sideways_scroll(anna)
    assert anna.evaluate(APART)
    assert_accessible(anna)


APART = """() => {
  const boxes = [...document.querySelectorAll('[data-cards] .thread')].map((one) => one.getBoundingClientRect()).sort((a, b) => a.top - b.top);
  return boxes.every((box, n) => n === 0 || box.top >= boxes[n - 1].bottom - 1);
}"""


def test_comment_on_the_reading_page_by_selection_and_on_a_paragraph_by_keyboard(world: Callable[..., World]) -> None:
    draft = Draft(world())
    page = draft.here.new_person(f"anna{draft.here.ids['code']}@region.example", create=False)
    page.goto(f"/versioner/{draft.here.ids['version']}/")
    page.locator("p").filter(has_text="Andra stycket").evaluate(
        "(p) => getSelection().setBaseAndExtent(p.firstChild, 0, p.firstChild, 5)"
    )
    page.get_by_role("button", name="Kommentera orden").click()
    page.locator(".thread-new textarea[name=text]").fill("Andra av vad?")
    page.get_by_role("button", name="Spara kommentaren").click()
    expect(card(page, "Andra av vad?")).to_be_focused()
    expect(page.locator("a.comment-mark")).to_have_text("Andra")
    page.locator("a.comment-mark").focus()
    page.keyboard.press("Enter")
    expect(card(page, "Andra av vad?")).to_be_focused()
    page.locator("p").filter(has_text="Första stycket").locator(".block-comment").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".thread-new textarea[name=text]")).to_be_focused()
    page.keyboard.type("Hela stycket.")
    page.get_by_role("button", name="Spara kommentaren").click()
    expect(page.locator("a.comment-mark").first).to_have_text("Första stycket om länet.")
    assert_accessible(page)


def test_comment_without_javascript(world: Callable[..., World]) -> None:
    draft = Draft(world())
    draft.comment("Första", "Från Bo")
    page = draft.here.new_person(
        f"anna{draft.here.ids['code']}@region.example", create=False, java_script_enabled=False
    )
    page.goto(draft.url)
    expect(card(page, "Från Bo")).to_be_visible()
    page.locator("[data-new-comment]").click()
    page.get_by_label("Stycke").select_option(label="Andra stycket om länet.")
    page.get_by_label("Orden som kommentaren gäller").fill("om länet")
    page.get_by_role("textbox", name="Kommentar", exact=True).fill("Vilket län, @Bo Berg?")
    page.get_by_role("button", name="Spara kommentaren").click()
    expect(page.locator("blockquote")).to_have_text("om länet")
    page.get_by_role("textbox", name="Kommentar", exact=True).fill("Mitt eget svar.")
    page.get_by_role("button", name="Skicka svaret").click()
    expect(card(page, "Mitt eget svar.")).to_be_visible()
    page.get_by_role("button", name="Löst").click()
    expect(page.get_by_text("Löst av Anna Ask")).to_be_visible()


def test_the_queue_of_words_to_confirm(world: Callable[..., World]) -> None:
    draft = Draft(world())
    draft.comment("Andra stycket", "Vart tog det vägen?")
    draft.here.run(
        "from tests.factories.texts import write, delete; from tests.strategies.test_comments import place_of\n"
        "from actors.models import User; from strategies.domain import carry\n"
        "at = place_of(section, 'Andra stycket')\n"
        f"write(section, User.objects.get(email='bo{draft.here.ids['code']}@region.example'), delete(at, at + 13))\n"
        "carry.resolve_anchors(version_id=section.version_id)"
    )
    anna = draft.here.new_person(f"anna{draft.here.ids['code']}@region.example", create=False)
    anna.goto(f"/strategier/{draft.strategy}/kommentarer/")
    anna.get_by_role("link", name="Bekräfta ord").click()
    expect(anna.get_by_role("heading", name="Finns inte kvar ”Andra stycket”")).to_be_visible()
    assert_accessible(anna)
    anna.set_viewport_size({"width": 320, "height": 800})
    assert_no_sideways_scroll(anna)
    anna.get_by_label("På ett annat ställe").check()
    anna.get_by_label("Orden, kopierade ur texten").fill("Första stycket")
    anna.get_by_role("button", name="Bekräfta").click()
    expect(anna.locator(".toast-text")).to_have_text("Det är bekräftat.")
    expect(anna.get_by_text("Inget att bekräfta")).to_be_visible()
    anna.set_viewport_size({"width": 1280, "height": 900})
    anna.goto(draft.url)
    expect(mark(anna, "Första stycket")).to_be_visible()
    expect(card(anna, "Vart tog det vägen?")).to_contain_text("Omformulerad")
