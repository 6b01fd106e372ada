"""A Word file becomes a draft in a real browser, with a real worker; then its words are replaced and judged."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.factories.documents import make_docx
from tests.live_stack import LiveStack

REGION = """
import json
from actors.models import Role
from tests.factories.actors import make_person, make_region
from tests.factories.strategies import make_strategy
region = make_region("26")
leader = make_person(region, Role.LEADER, name="Lena Prov", email="lena@region26.example", password=%r)
print(json.dumps(make_strategy(region, by=leader).pk))
"""


def judge(page: Page) -> None:
    """Accessible and not wider than the screen, on a desk and on a small phone."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
        assert_no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_word_file_is_looked_at_and_taken_in(live_stack: LiveStack, new_person: Callable[..., Page]):
    strategy = json.loads(live_stack.python(REGION % PASSWORD).splitlines()[-1])
    page = new_person("lena@region26.example", create=False, reduced_motion="reduce")
    page.goto(f"/strategier/{strategy}/utkast/")
    page.get_by_role("link", name="Läs in ett dokument").click()
    judge(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "rus.docx", "mimeType": "application/octet-stream", "buffer": make_docx()}
    )
    page.get_by_role("button", name="Läs dokumentet").click()
    expect(page.get_by_role("button", name="Ta in i utkastet")).to_be_visible(timeout=120_000)  # polled: nobody reloads
    expect(page.get_by_text("1 kommentar står inte i texten.")).to_be_visible()
    judge(page)
    page.locator("input[type=checkbox]").first.uncheck()
    page.get_by_role("button", name="Ta in i utkastet").click()
    expect(page.get_by_role("link", name="Ett län som reser").first).to_be_visible()
    expect(page.get_by_role("link", name="Inledande text")).to_have_count(0)

    page.goto(f"/strategier/{strategy}/sok/?words=länet&new=regionen&whole=on")
    expect(page.locator("mark")).to_have_count(1)
    judge(page)
    page.get_by_role("button", name="Byt de markerade").click()
    expect(page.get_by_role("heading", name="”länet” finns inte i utkastet")).to_be_visible()

    page.goto(f"/strategier/{strategy}/ordlista/")
    page.get_by_label("Ordet vi använder").fill("järnväg")
    page.get_by_label("I stället för").fill("tåget")
    page.get_by_role("button", name="Lägg till").click()
    expect(page.get_by_role("button", name="Byt alla 2")).to_be_visible()  # in a heading and in a text
    judge(page)
    for address in (f"/strategier/{strategy}/sprak/", "/hjalp/tangenter/"):
        page.goto(address)
        judge(page)


def test_a_paste_keeps_its_form(live_stack: LiveStack, new_person: Callable[..., Page]):
    strategy = json.loads(
        live_stack.python(REGION.replace('"26"', '"25"').replace("region26", "region25") % PASSWORD).splitlines()[-1]
    )
    page = new_person("lena@region25.example", create=False, reduced_motion="reduce")
    page.goto(f"/strategier/{strategy}/lasa-in/")
    page.evaluate("""() => {
        const data = new DataTransfer();
        data.setData("text/html", "<h1>Nuläge</h1><ul><li>Ett</li></ul>");
        data.setData("text/plain", "Nuläge Ett");
        const area = document.querySelector("[data-paste]");
        area.focus();
        area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        area.value = "Nuläge Ett";  // a made-up paste writes nothing by itself
    }""")
    expect(page.locator("[data-paste-said]")).to_be_visible()
    page.get_by_role("button", name="Läs texten").click()
    expect(page.get_by_role("button", name="Ta in i utkastet")).to_be_visible(timeout=120_000)
    assert page.locator("input[name=title-0]").input_value() == "Nuläge"
