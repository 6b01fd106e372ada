"""Every page of a consultation in a real browser: accessible, no wider than the window, usable with mouse and keyboard."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.e2e.waiting import until
from tests.live_stack import LiveStack

# One world for all: a round being prepared, one open with a draft, one closed with decisions and a changed draft.
WORLD = """
import json
from actors.models import Role
from consultations.domain import dispositions, invitations, responses, rounds
from consultations.queries.changes import change_choices
from tests.factories import consultations as make
from tests.factories.actors import make_person

def password(user):
    user.set_password(%r)
    user.save(update_fields=["password"])
    return user.email

closed, answer = make.make_submitted("28", points=6)
make.other_consultee(closed)
make.close(closed)
draft = make.next_draft(closed, "Regionen ska stärka tåget, bussen och cykeln.")
point = answer.points.first()
dispositions.decide_point(point_id=point.pk, by=closed.leader, decision="not", reason="Det ryms inte i budgeten.")
change = change_choices(point, draft)[0]
dispositions.link_change(point_id=point.pk, section_id=change.section_id, by=closed.leader, before=change.before, after=change.after)
opened = make.make_open_round("28")
response = make.start(opened)
make.write(opened, response, points=6)
prepared = rounds.create_round(version_id=closed.version.pk, title="Komplettering", by=closed.leader)
fresh = make.make_open_round("27")
print(json.dumps({
    "leader": password(closed.leader), "opener": password(opened.leader), "editor": password(opened.editor),
    "signatory": password(opened.signatory), "answered": password(closed.signatory), "newcomer": password(fresh.editor),
    "closed": closed.round.pk, "opened": opened.round.pk, "prepared": prepared.pk, "strategy": closed.strategy.pk,
    "answer": answer.pk, "draft": response.pk, "point": point.pk, "own_point": response.points.first().pk,
    "goal": opened.goal.pk, "version": closed.version.pk, "fresh": fresh.round.pk, "newcomers": fresh.municipality.pk,
    "token": make.token_of(fresh), "invitation": opened.round.invitations.first().pk,
}))
"""

PAGES = {
    "leader": [
        "/samrad/", "/strategier/{strategy}/samrad/", "/versioner/{version}/nytt-samrad/", "/samrad/{prepared}/forbered/",
        "/samrad/{prepared}/sandlista/", "/samrad/{prepared}/fragor/", "/samrad/{prepared}/forhandsgranska/",
        "/samrad/{prepared}/oppna/", "/samrad/{closed}/", "/samrad/{closed}/svarslage/", "/samrad/{closed}/synpunkter/",
        "/samrad/{closed}/synpunkter/?text=finnsinte", "/synpunkter/{point}/", "/samrad/{closed}/andringar/",
        "/samrad/{closed}/avsluta/", "/samrad/{closed}/anstand/ge/?igen=1", "/svar/{answer}/", "/svar/{answer}/las/",
    ],
    "opener": [
        "/samrad/{opened}/svarslage/", "/samrad/{opened}/stang/", "/samrad/{opened}/sandlista/", "/inbjudningar/{invitation}/adress/",
        "/inbjudningar/{invitation}/", "/samrad/{opened}/paminn/", "/samrad/{opened}/anstand/", "/samrad/{opened}/anstand/ge/",
        "/samrad/{opened}/sandlista/fil/", "/samrad/{opened}/svarslage/?lage=drafting",
    ],
    "signatory": [
        "/samrad/", "/samrad/{opened}/", "/svar/{draft}/", "/svar/{draft}/las/", "/svar/{draft}/stallningstaganden/",
        "/svar/{draft}/fragor/", "/svar/{draft}/sammanfattning/", "/svar/{draft}/synpunkter/", "/svar/{draft}/synpunkter/ny/",
        "/svar/{draft}/synpunkter/ny/?avsnitt={goal}", "/svar/synpunkt/{own_point}/", "/svar/{draft}/lamna-in/",
    ],
    "answered": ["/svar/{answer}/", "/svar/{answer}/kvitto/"],
    "newcomer": ["/samrad/{fresh}/svara/{newcomers}/", "/samrad/{fresh}/anstand/{newcomers}/"],
    "": ["/samrad/", "/samrad/{opened}/", "/samrad/{closed}/", "/svar/{answer}/", "/inbjudan/{token}/"],
}  # fmt: skip


@pytest.fixture(scope="module")
def world(live_stack: LiveStack) -> dict[str, object]:
    return json.loads(live_stack.python(WORLD % PASSWORD).splitlines()[-1])


@pytest.fixture
def visitor(world, new_person, new_page) -> Callable[..., Page]:
    """``visitor("leader", width=320)``: one of the world's people in a browser; "" is nobody."""

    def come(who: str, **page: object) -> Page:
        return new_person(world[who], create=False, **page) if who else new_page(**page)

    return come


def select_words(page: Page, first: str, last: str) -> None:
    """Mark from ``first`` up to and with ``last`` as a person does."""
    page.evaluate(
        """([first, last]) => {
            const place = (words, end) => {
                const walker = document.createTreeWalker(document.querySelector("[data-commenting]"), NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    const at = node.data.indexOf(words);
                    if (at >= 0) return [node, end ? at + words.length : at];
                }
                throw new Error(words);
            };
            const range = document.createRange();
            range.setStart(...place(first, false));
            range.setEnd(...place(last, true));
            range.startContainer.parentElement.scrollIntoView({ block: "center" });
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }""",
        [first, last],
    )


@pytest.mark.parametrize("who", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_pages_are_accessible(visitor, world, who, width, scheme):
    page = visitor(who, width=width, color_scheme=scheme, reduced_motion="reduce")
    for address in PAGES[who]:
        answer = page.goto(address.format(**world))
        assert answer.status == 200, page.url
        assert_accessible(page)
        assert_no_sideways_scroll(page)


def test_words_over_a_border_become_a_point_and_a_mark(visitor, world):
    page = visitor("editor", reduced_motion="reduce")
    page.goto(f"/svar/{world['draft']}/las/")
    expect(page.locator(".anchor-mark")).not_to_have_count(0)
    marks = page.locator(".anchor-mark").count()
    select_words(page, "arbeta i hela länet", "Länet ska vara öppet")
    page.get_by_role("button", name="Skriv en synpunkt om orden").click()
    form = page.locator(".point-form")
    expect(form.get_by_label("Orden som synpunkten gäller")).to_have_value(
        "arbeta i hela länet. Länet ska växa.\nLänet ska vara öppet"
    )
    expect(form.get_by_label("Er synpunkt")).to_be_focused()
    assert_accessible(page)
    form.get_by_label("Er synpunkt").fill("Två stycken hör ihop.")
    form.get_by_role("button", name="Spara synpunkten").click()
    card = page.locator(".margin-card", has_text="Två stycken hör ihop.")
    expect(card).to_be_focused()
    until(page.locator(".anchor-mark").count, lambda now: now > marks)
    assert_accessible(page)
    page.reload()
    expect(page.locator(".anchor-mark", has_text="Länet ska vara öppet")).to_be_visible()
    select_words(page, "hela länet. Länet", "hela länet. Länet")  # overlaps the one before
    page.get_by_role("button", name="Skriv en synpunkt om orden").click()
    page.locator(".point-form").get_by_label("Er synpunkt").fill("Samma ord en gång till.")
    page.locator(".point-form").get_by_role("button", name="Spara synpunkten").click()
    expect(page.locator(".margin-card", has_text="Samma ord en gång till.")).to_be_visible()
    page.reload()
    expect(page.locator(".anchor-mark--many").first).to_be_visible()


def test_a_paragraph_is_commented_by_keyboard(visitor, world):
    page = visitor("editor", reduced_motion="reduce")
    page.goto(f"/svar/{world['draft']}/las/")
    button = page.locator("p", has_text="Länet ska vara öppet för alla").get_by_role("link", name="Kommentera stycket")
    button.focus()
    page.keyboard.press("Enter")
    form = page.locator(".point-form")
    expect(form.get_by_label("Orden som synpunkten gäller")).to_have_value("Länet ska vara öppet för alla.")
    page.keyboard.type("Skrivet utan mus.")
    form.get_by_role("link", name="Avbryt").click()
    expect(button).to_be_focused()
    expect(form).to_have_count(0)


def test_words_in_the_form_stay_when_the_net_is_gone(visitor, world):
    page = visitor("editor", reduced_motion="reduce")
    page.goto(f"/svar/{world['draft']}/las/")
    page.get_by_role("link", name="Kommentera avsnittet Ett län som reser").click()
    form = page.locator(".point-form")
    form.get_by_label("Er synpunkt").fill("Får inte försvinna.")
    page.context.set_offline(True)
    form.get_by_role("button", name="Spara synpunkten").click()
    expect(form.locator(".field-error")).to_contain_text("Ingen kontakt")
    page.context.set_offline(False)
    form.get_by_role("button", name="Spara synpunkten").click()
    expect(page.locator(".margin-card", has_text="Får inte försvinna.")).to_be_visible()


def test_a_position_is_saved_where_one_stands(visitor, world):
    page = visitor("editor", reduced_motion="reduce")
    page.goto(f"/svar/{world['draft']}/stallningstaganden/")
    card = page.locator(".position", has_text="Fler tar tåget")
    card.get_by_label("Tillstyrker", exact=True).check()
    card.get_by_role("button", name="Spara").press("Enter")
    expect(page.locator(".position", has_text="Fler tar tåget")).to_contain_text("Sparat av")
    expect(page.locator(".position", has_text="Fler tar tåget").get_by_role("button", name="Spara")).to_be_focused()
    assert_accessible(page)


def test_points_are_filtered_and_ticked_by_keyboard(visitor, world):
    page = visitor("leader", reduced_motion="reduce")
    page.goto(f"/samrad/{world['closed']}/synpunkter/")
    page.get_by_label("Läge").select_option("undecided")
    expect(page.get_by_role("heading", name="5 synpunkter")).to_be_visible()
    expect(page).to_have_url(re.compile("status=undecided"))
    page.locator("h2").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-ticked]")).to_have_text("2")
    page.get_by_label("Beslut", exact=True).last.select_option("not")
    page.get_by_role("button", name="Besluta").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv skälet")
    expect(page.locator(".tick:checked")).to_have_count(2)
    assert_accessible(page)
    page.get_by_label("Offentligt skäl").fill("Det ryms inte.")
    page.get_by_role("button", name="Besluta").click()
    expect(page.get_by_role("heading", name="3 synpunkter")).to_be_visible()


def test_all_of_it_without_a_script(visitor, world):
    page = visitor("editor", java_script_enabled=False)
    page.goto(f"/svar/{world['draft']}/las/")
    page.get_by_role("link", name="Kommentera avsnittet Ett län som reser").click()
    page.get_by_label("Orden som synpunkten gäller").fill("stärka tåget")
    page.get_by_label("Er synpunkt").fill("Skriven utan skript.")
    page.get_by_role("button", name="Spara synpunkten").click()
    expect(page.locator(".margin-card", has_text="Skriven utan skript.")).to_be_visible()
    page.goto(f"/svar/{world['draft']}/stallningstaganden/")
    card = page.locator(".position", has_text="Fler tar tåget")
    card.get_by_label("Avstyrker", exact=True).check()
    card.get_by_role("button", name="Spara").click()
    expect(page.locator(".position", has_text="Fler tar tåget").get_by_label("Avstyrker", exact=True)).to_be_checked()
