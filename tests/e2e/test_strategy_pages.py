"""The pages of a strategy in a real browser: accessible in every look, and the outline by mouse, keyboard and without script."""

import json
import re
from collections.abc import Callable
from itertools import count, product
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.live_stack import LiveStack

SETUP = """
import json
from actors.models import Role
from strategies.domain import sections, text, versions, workflow
from strategies.domain.markup import to_doc
from strategies.models import PolicyItem, StrategyActor
from strategies.queries.outline import outline
from tests.factories.actors import make_person, make_region
from tests.factories.strategies import make_strategy, working_version
region = make_region(CODE, municipalities=4)
siv = make_person(region, Role.LEADER, Role.SECRETARY, name="Siv Sand", email=f"siv@region{CODE}.example", password=PASSWORD)
rut = make_person(region, Role.READER, name="Rut Rask", email=f"rut@region{CODE}.example", password=PASSWORD)
strategy = make_strategy(region, by=siv, title=f"Strategi för Sago{CODE}")
version = working_version(strategy)
chapters = [node.section for node in outline(version) if node.level == 1]
goals = [
    sections.add_section(version_id=version.pk, kind="goal", title=title, by=siv, parent_id=chapters[4].pk)
    for title in ("Ett län som håller ihop", "Ett län som ställer om")
]
sub = sections.add_section(version_id=version.pk, kind="subgoal", title="Fler bostäder", by=siv, parent_id=goals[0].pk)
sections.set_goal_facts(
    section_id=goals[0].pk, by=siv, revision=0, target_year=2035,
    responsible_ids=StrategyActor.objects.filter(strategy=strategy).values_list("actor_id", flat=True)[:2],
    policy_item_ids=PolicyItem.objects.filter(number__in=[3, 4]).values_list("pk", flat=True),
)
WORDS = "Inledande ord om länet.\\n\\n## Nuläge\\n\\nFler pendlar i dag.\\n\\n| År | Antal |\\n|---|---|\\n| 2020 | 12 |\\n\\nAlla delar av länet ska leva."
for row in (chapters[0], goals[0], sub):
    text.replace_text(section_id=row.pk, by=siv, doc=to_doc(WORDS), via="import")
frozen = versions.freeze_version(version_id=version.pk, by=siv, label="Samrådsversion 1")
draft = versions.fork_version(version_id=frozen.pk, by=siv)
rows = {str(row.uuid): row for row in draft.sections.all()}
goal = rows[str(goals[0].uuid)]
text.replace_text(section_id=goal.pk, by=siv, doc=to_doc(WORDS.replace("Fler", "Allt fler") + "\\n\\nEtt nytt stycke."), via="import")
taken = sections.add_section(version_id=draft.pk, kind="text", title="Överflödigt", by=siv)
sections.remove_section(section_id=taken.pk, by=siv)
decided = make_strategy(region, by=siv, title=f"Till beslut i Sago{CODE}")
case = workflow.submit_for_decision(version_id=working_version(decided).pk, by=siv, label="Beslutsförslag", summary="Kort om ärendet.")
from rus_platform.kit import clock
workflow.record_decision(
    case_id=case.pk, body="development_board", outcome="approved", decided_on=clock.today(), paragraph="§ 7", by=siv,
    note="Nämnden tillstyrker.", reservations=[{"kind": "reservation", "by_whom": "Lo Lind (X)", "text": "För svagt."}],
)
print(json.dumps({
    "strategy": strategy.pk, "frozen": frozen.pk, "draft": draft.pk, "goal": str(goal.uuid), "second": str(goals[1].uuid),
    "decided": decided.pk, "row": goal.pk, "second_row": rows[str(goals[1].uuid)].pk,
}))
"""
PAGES = {
    "overview": "/strategier/{strategy}/",
    "overview with a case": "/strategier/{decided}/",
    "draft": "/strategier/{strategy}/utkast/",
    "no draft": "/strategier/{decided}/utkast/",
    "add after": "/strategier/{strategy}/utkast/nytt/?efter={row}",
    "rename": "/strategier/{strategy}/avsnitt/{row}/rubrik/",
    "section": "/strategier/{strategy}/utkast/{goal}/",
    "facts": "/strategier/{strategy}/utkast/{goal}/uppgifter/",
    "section history": "/strategier/{strategy}/utkast/{goal}/historik/",
    "versions": "/strategier/{strategy}/versioner/",
    "freeze": "/strategier/{strategy}/frys/",
    "reading": "/versioner/{frozen}/",
    "proof": "/versioner/{frozen}/bevis/",
    "compare": "/versioner/{frozen}/jamfor/{draft}/",
    "compare side by side": "/versioner/{frozen}/jamfor/{draft}/?visa=bredvid",
    "decisions": "/strategier/{decided}/beslut/",
    "no decisions": "/strategier/{strategy}/beslut/",
    "submit": "/strategier/{strategy}/till-beslut/",
    "history": "/strategier/{strategy}/historik/",
}
NO_BAND = {"history"}  # shows no text


CODES = count(47)


def build(stack: LiveStack) -> dict[str, Any]:
    """A strategy with a consultation version and a draft, and another whose draft is on its way to decision."""
    code = str(next(CODES))
    made = stack.python(f"PASSWORD, CODE = {PASSWORD!r}, {code!r}\n{SETUP}").splitlines()[-1]
    return {"code": code, **json.loads(made)}


@pytest.fixture(scope="module")
def ids(live_stack: LiveStack) -> dict[str, Any]:
    """For tests that only look."""
    return build(live_stack)


@pytest.fixture
def own(live_stack: LiveStack) -> dict[str, Any]:
    """For a test that changes it."""
    return build(live_stack)


def signed_in(new_person: Callable[..., Page], ids: dict[str, Any], who: str = "siv", **options: Any) -> Page:
    return new_person(f"{who}@region{ids['code']}.example", create=False, reduced_motion="reduce", **options)


@pytest.mark.parametrize(("look", "width"), [*product(["light", "dark"], [320, 1280])])
def test_every_page_is_accessible(new_person: Callable[..., Page], ids: dict[str, Any], look: str, width: int):
    page = signed_in(new_person, ids, width=width, color_scheme=look)
    for name, address in PAGES.items():
        page.goto(address.format(**ids))
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        if name == "section":
            expect(page.locator(".ProseMirror")).to_be_visible()
        if name not in NO_BAND:
            expect(page.locator(".band"), name).to_be_visible()
        assert_accessible(page)
        assert_no_sideways_scroll(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_open_parts_are_accessible(new_person: Callable[..., Page], ids: dict[str, Any], width: int):
    page = signed_in(new_person, ids, width=width)
    page.goto(PAGES["draft"].format(**ids))
    row = page.locator(f"#rad-{ids['row']}")
    if width == 320:
        row.locator("summary").click()
    else:
        row.hover()
    assert_accessible(page)
    row.get_by_role("link", name="Nytt avsnitt här").click()
    expect(row.get_by_label("Rubrik", exact=True)).to_be_focused()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.goto(PAGES["reading"].format(**ids))
    if width == 320:
        page.locator("[data-contents] > summary").click()
        assert_accessible(page)


def test_the_outline_by_keyboard(new_person: Callable[..., Page], own: dict[str, Any]):
    page = signed_in(new_person, own)
    page.goto(PAGES["draft"].format(**own))
    link = page.get_by_role("link", name="Ett län som ställer om")
    row = page.locator(f"#rad-{own['second_row']}")
    expect(row).to_contain_text("Mål 2")
    link.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(row).to_contain_text("Mål 1")
    expect(link).to_be_focused()
    expect(page.locator("#status")).to_have_text("”Ett län som ställer om” är flyttat och är nu Mål 1.")
    page.get_by_role("link", name="Förord", exact=True).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#status")).to_have_text("Avsnittet kan inte flyttas längre åt det hållet.")
    link.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(row).to_contain_text("Mål 2")
    row.get_by_role("button", name="Flytta upp").focus()
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Mål 1")
    expect(row.get_by_role("button", name="Flytta upp")).to_be_focused()
    row.get_by_role("button", name="Flytta ned").click()
    expect(row).to_contain_text("Mål 2")


def test_a_drag_puts_a_section_where_it_is_dropped(new_person: Callable[..., Page], own: dict[str, Any]):
    page = signed_in(new_person, own)
    page.goto(PAGES["draft"].format(**own))
    first, second = page.locator(f"#rad-{own['row']}"), page.locator(f"#rad-{own['second_row']}")
    line = first.locator(".outline-line")
    second.locator("[data-handle]").drag_to(line, target_position={"x": 200, "y": 3})
    expect(second).to_contain_text("Mål 1")
    expect(page.get_by_role("link", name="Ett län som ställer om")).to_be_focused()
    first.locator("[data-handle]").drag_to(second.locator(".outline-line"), target_position={"x": 200, "y": 3})
    expect(first).to_contain_text("Mål 1")
    first.locator("[data-handle]").drag_to(second.locator(".outline-line"), target_position={"x": 200, "y": 20})
    expect(page.get_by_role("dialog")).to_contain_text("Mål kan inte ligga under mål")  # and nothing has moved
    page.keyboard.press("Escape")
    expect(first).to_contain_text("Mål 1")


def test_add_rename_remove_and_undo_where_one_stands(new_person: Callable[..., Page], own: dict[str, Any]):
    page = signed_in(new_person, own)
    page.goto(PAGES["draft"].format(**own))
    row = page.locator(f"#rad-{own['second_row']}")
    row.hover()
    row.get_by_role("link", name="Nytt avsnitt här").click()
    expect(row.get_by_label("Rubrik", exact=True)).to_be_focused()
    page.keyboard.press("Enter")  # without a heading
    expect(row.get_by_role("alert")).to_be_visible()
    row.get_by_label("Nytt", exact=True).select_option("subgoal")
    row.get_by_label("Rubrik", exact=True).fill("Halverade utsläpp")
    page.keyboard.press("Enter")
    made = page.get_by_role("link", name="Halverade utsläpp", exact=True)
    expect(made).to_be_focused()
    expect(page.locator(".outline-row", has=made)).to_contain_text("Delmål 2.1")

    new = page.locator(".outline-row", has_text="Halverade utsläpp")
    new.hover()
    new.get_by_role("link", name="Byt rubrik").click()
    field = page.locator(".rename-here").get_by_label("Rubrik")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(made).to_be_visible()
    new.hover()
    new.get_by_role("link", name="Byt rubrik").click()
    expect(field).to_be_focused()
    field.fill("Utsläpp nära noll")
    page.keyboard.press("Enter")
    renamed = page.get_by_role("link", name="Utsläpp nära noll", exact=True)
    expect(renamed).to_be_focused()

    new = page.locator(".outline-row", has=renamed)
    new.hover()
    new.get_by_role("button", name="Ta bort").click()
    expect(page.locator(".toast")).to_contain_text("är borttaget ur utkastet")
    expect(page.locator(".outline-rows")).not_to_contain_text("Utsläpp nära noll")
    page.locator(".toast").get_by_role("button", name="Ångra").click()
    expect(page.locator(".outline-rows")).to_contain_text("Utsläpp nära noll")


def test_the_outline_without_a_script(new_person: Callable[..., Page], own: dict[str, Any]):
    page = signed_in(new_person, own, width=390, java_script_enabled=False)
    page.goto(PAGES["draft"].format(**own))
    row = page.locator(f"#rad-{own['second_row']}")
    row.locator("summary").click()
    row.get_by_role("button", name="Flytta upp").click()
    expect(row).to_contain_text("Mål 1")
    row.locator("summary").click()
    row.get_by_role("link", name="Byt rubrik").click()
    page.get_by_label("Rubrik").fill("Ett län som ställer om i tid")
    page.get_by_role("button", name="Spara rubriken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ett län som ställer om i tid")
    page.goto(PAGES["draft"].format(**own))
    row.locator("summary").click()
    row.get_by_role("link", name="Nytt avsnitt här").click()
    page.get_by_label("Rubrik").fill("Skrivet utan skript")
    page.get_by_role("button", name="Lägg till").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skrivet utan skript")
    page.goto(PAGES["draft"].format(**own))
    added = page.locator(".outline-row", has_text="Skrivet utan skript")
    added.locator("summary").click()
    added.get_by_role("button", name="Ta bort").click()
    page.get_by_role("listitem").filter(has_text="Skrivet utan skript").get_by_role(
        "button", name="Ta tillbaka"
    ).click()
    expect(page.locator(".outline-rows")).to_contain_text("Skrivet utan skript")


def test_a_reader_sees_the_outline_but_no_tools(new_person: Callable[..., Page], ids: dict[str, Any]):
    page = signed_in(new_person, ids, "rut")
    page.goto(PAGES["draft"].format(**ids))
    expect(page.locator(".outline-row").first).to_be_visible()
    assert page.locator("main form, main [data-handle]").count() == 0
    page.goto(PAGES["section"].format(**ids))
    expect(page.locator("main")).to_contain_text("Alla delar av länet ska leva.")
    assert page.locator("main form, main [data-editor]").count() == 0


def test_long_reading_shows_where_one_is(new_person: Callable[..., Page], ids: dict[str, Any]):
    page = signed_in(new_person, ids)
    page.goto(PAGES["reading"].format(**ids))
    page.locator("#avsnitt-" + ids["goal"]).evaluate("node => node.scrollIntoView()")
    expect(page.locator("[data-contents] a[aria-current]")).to_contain_text("Ett län som håller ihop")
    page.get_by_role("button", name="A större").click()
    page.reload()
    expect(page.get_by_role("button", name="A större")).to_have_attribute("aria-pressed", "true")
    page.locator(".strategy-goal p[data-block]").first.hover()
    href = page.locator(".paragraph-link").get_attribute("href")
    assert href and page.locator(href).count() == 1


def test_next_change_by_key_and_by_button(new_person: Callable[..., Page], ids: dict[str, Any]):
    page = signed_in(new_person, ids)
    page.goto(PAGES["compare"].format(**ids))
    counter = page.locator("[data-change-count]")
    expect(counter).to_have_text(re.compile(r"^\d+ ändringar$"))
    page.keyboard.press("n")
    expect(counter).to_have_text(re.compile(r"^Ändring 1 av"))
    expect(page.locator(".diff-change:focus")).to_have_count(1)
    page.get_by_role("button", name="Nästa ändring").click()
    expect(counter).to_have_text(re.compile(r"^Ändring 2 av"))
    page.keyboard.press("p")
    expect(counter).to_have_text(re.compile(r"^Ändring 1 av"))
