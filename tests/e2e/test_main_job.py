"""The main job from beginning to end, in real browsers, by those who do it: an officer, two municipal officers, the board
secretary and a citizen."""

import io
import json
import re
from collections.abc import Callable

import pikepdf
from playwright.sync_api import Browser, Page, expect

from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.e2e.waiting import press, reload_until, send
from tests.live_stack import LiveStack

REGION = """
import json
from actors.models import Role
from tests.factories.actors import make_county, make_person, make_region
region = make_region("29", municipalities=4)
for role, name in ((Role.LEADER, "olga"), (Role.SECRETARY, "sten")):
    make_person(region, role, name=f"{name.title()} Prov", email=f"{name}@region29.example", password=%r)
from actors.models import Actor
municipality = Actor.objects.get(municipality_id="2901")
print(json.dumps({"municipality": municipality.name}))
"""
CALM = {"reduced_motion": "reduce"}  # axe must not measure a toast half way through its fading
SENTENCE = "Regionen ska tillsammans med kommunerna bygga ut tågtrafiken i hela länet."
CHANGED = "Regionen ska tillsammans med kommunerna bygga ut tåg- och busstrafiken i hela länet."


def select_words(page: Page, words: str) -> None:
    """Mark words in the reading view as a person does, with the mouse's selection."""
    page.evaluate(
        """words => {
            for (const block of document.querySelectorAll("[data-words] [data-block]")) {
                const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    const at = node.data.indexOf(words);
                    if (at < 0) continue;
                    const range = document.createRange();
                    range.setStart(node, at);
                    range.setEnd(node, at + words.length);
                    node.parentElement.scrollIntoView({ block: "center" });
                    getSelection().removeAllRanges();
                    getSelection().addRange(range);
                    return;
                }
            }
            throw new Error("not found: " + words);
        }""",
        words,
    )


def saved(page: Page) -> None:
    """The editor says that everything is kept."""
    expect(page.locator(".editor-state")).to_contain_text(re.compile(r"Sparat \d\d[:.]\d\d"))


def write(page: Page, text: str) -> None:
    """Type in the section's editor and wait until it is saved."""
    editor = page.locator(".ProseMirror")
    expect(editor).to_be_visible()
    editor.click()
    page.keyboard.type(text)
    saved(page)


def looks_right(page: Page) -> None:
    """Accessible by axe and no wider than the window."""
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def test_main_job(
    live_stack: LiveStack, new_person: Callable[..., Page], new_page: Callable[..., Page], browser: Browser
) -> None:
    names = json.loads(live_stack.python(REGION % PASSWORD).splitlines()[-1])
    olga = new_person("olga@region29.example", create=False, **CALM)

    # 2. A region's space
    olga.goto("/strategier/ny/")
    olga.get_by_label("Sago29 län").check()
    press(olga, "Fortsätt")
    olga.get_by_label("Namn", exact=False).first.fill("Regional utvecklingsstrategi för Sago29")
    olga.get_by_label("Från år").fill("2026")
    olga.get_by_label("Till år").fill("2040")
    press(olga, "Fortsätt")
    press(olga, "Fortsätt")
    looks_right(olga)
    press(olga, "Skapa strategin")
    olga.wait_for_url(re.compile(r"/strategier/\d+/"))
    strategy = re.search(r"/strategier/(\d+)/", olga.url).group(1)  # type: ignore[union-attr]
    olga.goto(f"/strategier/{strategy}/")
    expect(olga.get_by_role("heading", level=1)).to_have_text("Regional utvecklingsstrategi för Sago29")
    looks_right(olga)
    olga.goto(f"/strategier/{strategy}/aktorer/")  # the actors of the county are there at once
    expect(olga.get_by_text(names["municipality"]).first).to_be_visible()
    looks_right(olga)

    # 3. Draft: outline, goal, text, facts
    olga.goto(f"/strategier/{strategy}/utkast/")
    looks_right(olga)
    olga.get_by_label("Slag", exact=True).select_option("goal")
    olga.get_by_label("Rubrik", exact=True).fill("Ett län som reser hållbart")
    olga.get_by_label("Under", exact=True).select_option(
        label=re.search(r"\d+ Mål\b", olga.locator("#under").inner_text()).group(0)
    )  # type: ignore[union-attr]
    press(olga, "Lägg till")
    expect(olga.get_by_role("heading", level=1)).to_have_text("Ett län som reser hållbart")
    write(olga, SENTENCE)
    goal = olga.url
    second = olga.context.new_page()  # two tabs of the same section
    second.goto(goal)
    expect(second.locator(".ProseMirror")).to_contain_text("bygga ut tågtrafiken")
    second.locator(".ProseMirror p").last.click()
    second.keyboard.press("End")
    second.keyboard.press("Enter")
    second.keyboard.type("Alla ska kunna pendla till arbete och studier.")
    saved(second)
    expect(olga.locator(".ProseMirror")).to_contain_text("Alla ska kunna pendla")
    second.close()
    looks_right(olga)
    press(olga, "Ändra uppgifterna")
    olga.get_by_label("Målår").fill("2035")
    olga.get_by_label("Hållbara städer och samhällen").check()
    olga.get_by_label(names["municipality"], exact=True).check()
    looks_right(olga)
    press(olga, "Spara uppgifterna")
    expect(olga.get_by_text("2035")).to_be_visible()
    olga.goto(f"/strategier/{strategy}/utkast/")
    row = olga.locator(".outline-row", has_text="Ett län som reser hållbart")
    row.get_by_role("button", name="Flytta upp").click()  # by keyboard or mouse, the code follows
    expect(olga.locator(".outline-row", has_text="Mål 1")).to_contain_text("Ett län som reser hållbart")

    # 4. Version
    press(olga, "Frys en version")
    looks_right(olga)
    press(olga, "Frys")
    expect(olga.get_by_role("heading", name="Samrådsversion 1")).to_be_visible()
    looks_right(olga)
    olga.get_by_role("link", name="Samrådsversion 1").first.click()
    expect(olga.get_by_text(SENTENCE)).to_be_visible()
    expect(olga.locator(".band")).to_contain_text("Samrådsversion")
    looks_right(olga)
    version = re.search(r"/versioner/(\d+)/", olga.url).group(1)  # type: ignore[union-attr]

    # 5. Consultation round
    olga.goto(f"/strategier/{strategy}/samrad/")
    looks_right(olga)
    press(olga, "Samråd om Samrådsversion 1")
    olga.get_by_label("Namn på samrådet").fill("Remiss våren")
    press(olga, "Börja förbereda")
    olga.get_by_label("Missiv").fill("Vi vill veta om målen är de rätta.")
    olga.get_by_label("Stänger").fill("2099-03-31T16:00")
    looks_right(olga)
    press(olga, "Spara och gå vidare")
    looks_right(olga)
    olga.get_by_label(re.compile(r"^Kommun \(")).check()
    press(olga, "Lägg till på sändlistan")
    expect(olga.get_by_role("heading", name="Sändlista: 4 remissinstanser")).to_be_visible()
    olga.get_by_role("link", name=f"Ändra adress {names['municipality']}").click()
    olga.get_by_label("E-post").fill("kommunen@sago29.example")
    send(olga, "Spara adressen")
    press(olga, "Vidare till frågorna")
    olga.get_by_label("Fråga", exact=True).fill("Är målen tydliga?")
    olga.get_by_label("Svarstyp").select_option("scale")
    looks_right(olga)
    send(olga, "Lägg till frågan")
    press(olga, "Vidare till förhandsgranskning")
    looks_right(olga)
    press(olga, "Vidare till att öppna")
    looks_right(olga)
    press(olga, "Öppna nu och skicka inbjudningarna")
    expect(olga.locator(".page-header")).to_contain_text("Öppen")
    looks_right(olga)
    round_ = re.search(r"/samrad/(\d+)/", olga.url).group(1)  # type: ignore[union-attr]

    # 6. A municipality answers: two people, real letters
    letter = live_stack.wait_for_letter("kommunen@sago29.example", "Inbjudan")
    link = re.search(r"/inbjudan/\S+", letter.get_content()).group(0)  # type: ignore[union-attr]
    maja = new_page(**CALM)
    maja.goto(link)
    looks_right(maja)
    maja.get_by_label("Ditt namn").fill("Maja Modig")
    press(maja, "Fortsätt till svaret")
    looks_right(maja)
    press(maja, "Börja svara")
    expect(maja.get_by_role("heading", name="Så långt har ni kommit")).to_be_visible()
    looks_right(maja)
    answer = re.search(r"/svar/(\d+)/", maja.url).group(1)  # type: ignore[union-attr]
    maja.get_by_label("Ny intern anteckning").fill("Stäm av med nämnden: hemligt")
    send(maja, "Spara anteckningen")
    expect(maja.get_by_text("hemligt")).to_be_visible()
    press(maja, "Bjud in en kollega")
    maja.get_by_role("link", name="Bjud in", exact=False).first.click()
    maja.get_by_label("Namn").fill("Nils Nordin")
    maja.get_by_label("E-post").fill("nils@sago29.example")
    maja.get_by_label(re.compile("^Handläggare")).check()
    send(maja, "Skicka inbjudan")
    welcome = live_stack.wait_for_letter("nils@sago29.example")
    nils = new_page(width=390, height=844, **CALM)
    nils.goto(re.search(r"/valkommen/\S+", welcome.get_content()).group(0))  # type: ignore[union-attr]
    for box in nils.locator("input[type=password]").all():
        box.fill(PASSWORD)
    with nils.expect_response(lambda response: response.request.method == "POST"):
        nils.locator("main form [type=submit]").first.click()
    nils.goto(f"/svar/{answer}/las/")
    looks_right(nils)
    select_words(nils, "bygga ut tågtrafiken")
    nils.get_by_role("button", name="Skriv en synpunkt om orden").click()
    nils.get_by_label("Er synpunkt").fill("Bussen behövs också där tåget inte går.")
    nils.get_by_label("Slag", exact=True).select_option("change")
    nils.get_by_label("Föreslagen lydelse").fill("bygga ut tåg- och busstrafiken")
    send(nils, "Spara synpunkten")
    expect(nils.locator(".comment-card")).to_contain_text("Bussen behövs också")
    looks_right(nils)
    nils.goto(f"/svar/{answer}/lamna-in/")
    expect(nils.get_by_text("Du kan inte lämna in")).to_be_visible()

    maja.goto(f"/svar/{answer}/las/")
    expect(maja.locator("a.anchor-mark")).to_have_text("bygga ut tågtrafiken")
    looks_right(maja)
    maja.goto(f"/svar/{answer}/synpunkter/ny/")
    maja.get_by_label("Er synpunkt").fill("Strategin är lätt att läsa.")
    send(maja, "Spara synpunkten")
    maja.goto(f"/svar/{answer}/stallningstaganden/")
    card = maja.locator("form.position", has_text="Ett län som reser hållbart")
    card.get_by_label("Tillstyrker med ändringar").check()
    card.get_by_role("button", name="Spara").click()
    expect(card).to_contain_text("Sparat av Maja Modig")
    looks_right(maja)
    maja.goto(f"/svar/{answer}/fragor/")
    maja.get_by_label("4", exact=True).check()
    looks_right(maja)
    send(maja, "Spara svaren")
    maja.goto(f"/svar/{answer}/lamna-in/")
    submit = f"Lämna in för {names['municipality']}"
    press(maja, submit)
    expect(
        maja.get_by_role("link", name=re.compile("Skriv ert skäl"))
    ).to_be_visible()  # refused: the reason is missing
    looks_right(maja)
    maja.goto(f"/svar/{answer}/stallningstaganden/")
    card.get_by_label("Skäl").fill("Bussen saknas.")
    card.get_by_role("button", name="Spara").click()
    expect(card).to_contain_text("Sparat av Maja Modig")
    expect(card.get_by_label("Skäl")).to_have_value("Bussen saknas.")
    stale = maja.context.new_page()  # a tab that will know nothing of what comes
    stale.route("**/nytt/**", lambda route: route.abort())
    stale.route_web_socket(re.compile("/live/"), lambda socket: socket.close())
    stale.goto(f"/svar/{answer}/stallningstaganden/")
    maja.goto(f"/svar/{answer}/lamna-in/")
    press(maja, submit)
    expect(maja.get_by_role("heading", name="Svaret är inlämnat")).to_be_visible()
    looks_right(maja)
    digest = maja.locator("code.hash").inner_text()
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    receipt = live_stack.wait_for_letter("kommunen@sago29.example", "Kvitto").get_body()
    assert receipt is not None
    assert digest in receipt.get_content()
    old = stale.locator("form.position", has_text="Ett län som reser hållbart")
    old.get_by_label("Avstyrker").check()
    old.get_by_role("button", name="Spara").click()
    expect(stale.locator("body")).to_contain_text("inlämnat och kan inte ändras")
    stale.close()
    maja.context.errors.clear()  # type: ignore[attr-defined]

    # the hour comes: the round closes by itself
    live_stack.python(
        "from django.utils import timezone; from consultations.models import ConsultationRound;"
        f"ConsultationRound.objects.filter(pk={round_}).update(closes_at=timezone.now())"
    )
    olga.goto(f"/samrad/{round_}/")
    reload_until(olga.locator(".page-header"), "Stängd –")

    # 7. The region decides; the internal note is nowhere
    olga.goto(f"/svar/{answer}/")
    expect(olga.get_by_text("Bussen behövs också")).to_be_visible()
    assert "hemligt" not in olga.content()
    looks_right(olga)
    olga.goto(f"/samrad/{round_}/avsluta/")
    press(olga, "Avsluta och meddela alla som svarat")
    expect(olga.locator("body")).to_contain_text("2 synpunkter har inte fått något svar än")
    olga.goto(f"/strategier/{strategy}/versioner/")
    olga.get_by_role("button", name="Börja nästa utkast").first.click()
    expect(olga.get_by_role("heading", level=1)).to_contain_text("Utkast")
    olga.get_by_role("link", name="Ett län som reser hållbart").click()
    expect(olga.locator(".ProseMirror")).to_be_visible()
    olga.locator(".ProseMirror").click()
    olga.evaluate(
        """() => {
            const walker = document.createTreeWalker(document.querySelector(".ProseMirror"), NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf("tågtrafiken");
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + "tågtrafiken".length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
            }
        }"""
    )
    olga.keyboard.type("tåg- och busstrafiken")
    expect(olga.locator(".ProseMirror")).to_contain_text(CHANGED)
    saved(olga)
    olga.goto(f"/samrad/{round_}/synpunkter/?status=undecided")
    looks_right(olga)
    expect(olga.locator(".point-row")).to_have_count(2)
    olga.get_by_role("link", name="Bussen behövs också").click()
    reload_until(olga.locator(".compare").first, "Omformulerad")  # the clock carries the words over
    looks_right(olga)
    olga.get_by_label("Tillgodoses", exact=True).check()
    press(olga, "Spara beslutet")
    expect(olga.locator(".toast-text")).to_contain_text("Beslutet är sparat.")
    olga.locator("input[name=change]").first.check()
    press(olga, "Koppla till ändringen")
    expect(olga.locator(".toast-text")).to_contain_text("Synpunkten är kopplad till ändringen.")
    looks_right(olga)
    olga.goto(f"/samrad/{round_}/synpunkter/?status=undecided")
    olga.locator(".point-row input[type=checkbox]").first.check()
    olga.get_by_label("Beslut", exact=True).last.select_option("noted")
    send(olga, "Besluta om de förkryssade")
    olga.goto(f"/samrad/{round_}/avsluta/")
    looks_right(olga)
    press(olga, "Avsluta och meddela alla som svarat")
    expect(olga.locator(".page-header")).to_contain_text("Avslutad")
    maja.goto(f"/svar/{answer}/")
    expect(maja.locator("main")).to_contain_text("Tillgodoses")
    expect(maja.locator("main")).to_contain_text("tåg- och busstrafiken")
    looks_right(maja)
    live_stack.wait_for_letter("kommunen@sago29.example", "Så blev det")
    draft = live_stack.python(
        f"from strategies.models import Version; print(Version.objects.get(strategy_id={strategy}, status='working').pk)"
    )
    olga.goto(f"/versioner/{version}/jamfor/{draft}/")
    expect(olga.locator("ins").first).to_be_visible()
    looks_right(olga)

    # 8. Approval and PDF
    olga.goto(f"/strategier/{strategy}/till-beslut/")
    looks_right(olga)
    send(olga, "Lämna till nämnden")
    sten = new_person("sten@region29.example", create=False, **CALM)
    for paragraph, outcome in (("§ 12", "Tillstyrker"), ("§ 34", "Tillstyrker"), ("§ 56", "Antar")):
        sten.goto(f"/strategier/{strategy}/beslut/")
        looks_right(sten)
        sten.get_by_label(re.compile(f"^{outcome}")).check()
        sten.get_by_label("Beslutsdatum").fill(sten.evaluate("new Date().toLocaleDateString('sv-SE')"))
        sten.get_by_label("Paragraf").fill(paragraph)
        if outcome == "Antar":
            sten.get_by_label("Av", exact=True).first.fill("Ledamot Lo Lind (X)")
            sten.get_by_label("Lydelse", exact=True).first.fill("Målåret borde vara 2030.")
        press(sten, "För in beslutet")
        expect(sten.locator("main")).to_contain_text(paragraph)
    looks_right(sten)
    olga.goto(f"/versioner/{draft}/")
    expect(olga.locator(".band")).to_contain_text("Antagen")
    olga.goto(f"/versioner/{draft}/pdf/")
    looks_right(olga)
    press(olga, "Skapa PDF")
    expect(olga.get_by_role("progressbar").or_(olga.get_by_role("link", name="Öppna PDF")).first).to_be_visible()
    expect(olga.get_by_role("link", name="Öppna PDF")).to_be_visible(timeout=180_000)
    looks_right(olga)

    citizen = new_page(width=390, height=844, **CALM)
    citizen.goto("/")
    looks_right(citizen)
    citizen.get_by_role("link", name=re.compile("Regional utvecklingsstrategi för Sago29")).first.click()
    expect(citizen.locator("main")).to_contain_text(CHANGED)
    expect(citizen.locator("main")).to_contain_text("§ 56")
    expect(citizen.locator("main")).to_contain_text("Lo Lind")
    looks_right(citizen)
    href = citizen.locator("a[href*=pdf]").first.get_attribute("href")
    file = citizen.request.get(f"{live_stack.url}{href}")
    assert file.headers["content-type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(file.body())) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) > 3
    assert citizen.goto(f"/svar/{answer}/").ok  # the round's answers are public once it closed
    assert "hemligt" not in citizen.content()
