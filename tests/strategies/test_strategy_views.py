"""The pages of a strategy through the test client: who may see and do what, hostile input, number of queries, no script."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from strategies.domain import access, sections, versions, workflow
from strategies.domain.markup import to_doc
from strategies.domain.text import replace_text
from strategies.models import ApprovalCase, Section, Version
from strategies.queries.outline import outline
from tests.factories.strategies import make_strategy, working_version
from tests.factories.texts import words

HX = {"HX-Request": "true"}


@pytest.fixture
def desk(world: SimpleNamespace) -> SimpleNamespace:
    """The world with a goal that has a sub-goal and text, and a way to ask for pages as somebody."""
    chapter = next(node.section for node in outline(world.draft) if node.kind == "chapter")
    world.chapter = chapter
    world.goal = sections.add_section(
        version_id=world.draft.pk, kind="goal", title="Ett klokt mål", parent_id=chapter.pk, by=world.leader
    )
    world.sub = sections.add_section(
        version_id=world.draft.pk, kind="subgoal", title="Ett delmål", parent_id=world.goal.pk, by=world.leader
    )
    replace_text(section_id=world.goal.pk, by=world.leader, doc=to_doc("Alla ska kunna bo här."), via="import")

    def client(who: str) -> Client:
        browser = Client(raise_request_exception=False)
        if who != "anonymous":
            browser.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return browser

    world.client = client
    return world


def url(name: str, *args: Any) -> str:
    return reverse(f"strategies:{name}", args=args)


def freeze(desk: SimpleNamespace, label: str = "Samrådsversion 1", **more: Any) -> Version:
    return versions.freeze_version(version_id=desk.draft.pk, by=desk.leader, label=label, **more)


PEOPLE = ("leader", "editor", "secretary", "reader", "outsider", "nobody", "anonymous")
INSIDE = {
    "leader": 200,
    "editor": 200,
    "secretary": 200,
    "reader": 200,
    "outsider": 404,
    "nobody": 404,
    "anonymous": 302,
}
WRITERS = INSIDE | {"secretary": 403, "reader": 403}
LEADER = WRITERS | {"editor": 403}


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("strategy", INSIDE), ("draft", INSIDE), ("draft_section", INSIDE), ("section_history", INSIDE), ("versions", INSIDE),
        ("decision", INSIDE), ("history", INSIDE), ("goal_facts", WRITERS), ("add_section", WRITERS), ("rename_section", WRITERS),
        ("freeze", LEADER), ("submit", LEADER),
    ],
)  # fmt: skip
def test_page_by_person(desk: SimpleNamespace, page: str, expected: dict[str, int]):
    more = {
        "draft_section": [desk.goal.uuid],
        "section_history": [desk.goal.uuid],
        "goal_facts": [desk.goal.uuid],
        "rename_section": [desk.goal.pk],
    }
    address = url(page, desk.strategy.pk, *more.get(page, []))
    assert {who: desk.client(who).get(address).status_code for who in PEOPLE} == expected


@pytest.mark.parametrize(
    ("granted", "expected"),
    [
        (None, {"leader": 200, "reader": 200, "outsider": 404, "nobody": 404, "anonymous": 404}),
        ("actor", {"leader": 200, "reader": 200, "outsider": 200, "nobody": 404, "anonymous": 404}),
        ("public", {"leader": 200, "reader": 200, "outsider": 200, "nobody": 200, "anonymous": 200}),
    ],
)
@pytest.mark.parametrize("page", ["version", "proof"])
def test_frozen_version_by_person_and_grant(
    desk: SimpleNamespace, page: str, granted: str | None, expected: dict[str, int]
):
    frozen = freeze(desk)
    if granted == "actor":
        membership = desk.outsider.memberships.get()
        access.grant(version=frozen, reason="prov", by=desk.leader, actors=[membership.actor])
    elif granted == "public":
        access.grant(version=frozen, reason="prov", by=desk.leader, public=True)
    assert {who: desk.client(who).get(url(page, frozen.pk)).status_code for who in expected} == expected


def test_the_draft_is_read_by_nobody_outside(desk: SimpleNamespace):
    statuses = [
        desk.client(who).get(url("version", desk.draft.pk)).status_code for who in ("reader", "outsider", "anonymous")
    ]
    assert statuses == [200, 404, 404]


def test_a_consultee_reads_without_the_regions_tools(desk: SimpleNamespace):
    frozen = freeze(desk)
    access.grant(version=frozen, reason="prov", by=desk.leader, public=True)
    page = desk.client("outsider").get(url("version", frozen.pk)).content.decode()
    assert "Alla ska kunna bo här." in page
    assert "Samrådsversion" in page
    assert f"/strategier/{desk.strategy.pk}/" not in page


@pytest.mark.parametrize(
    "page",
    ["version", "strategy", "draft", "versions", "decision", "draft_section", "section_history", "proof", "compare"],
)
def test_queries_do_not_grow_with_the_text(desk: SimpleNamespace, page: str):
    """The same number with one goal and with many more sections, versions and events."""
    frozen = freeze(desk)
    desk.draft = versions.fork_version(version_id=frozen.pk, by=desk.leader)
    addresses = {
        "version": url("version", desk.draft.pk), "proof": url("proof", frozen.pk), "compare": url("compare", frozen.pk, desk.draft.pk),
        "draft_section": url("draft_section", desk.strategy.pk, desk.goal.uuid),
        "section_history": url("section_history", desk.strategy.pk, desk.goal.uuid),
    }  # fmt: skip
    address = addresses.get(page) or url(page, desk.strategy.pk)
    browser = desk.client("leader")
    before = count(browser, address)
    goal = Section.objects.get(version=desk.draft, uuid=desk.goal.uuid)
    for number in range(4):
        more = sections.add_section(
            version_id=desk.draft.pk, kind="subgoal", title=f"Mer {number}", parent_id=goal.pk, by=desk.editor
        )
        replace_text(section_id=more.pk, by=desk.editor, doc=to_doc(f"Text {number}"), via="import")
        sections.set_goal_facts(
            section_id=more.pk,
            by=desk.editor,
            revision=0,
            target_year=2035,
            responsible_ids=[desk.region.pk],
            policy_item_ids=[1, 2],
        )
    assert count(browser, address) == before


def count(browser: Client, address: str) -> int:
    """Queries of a page on its second visit (the first fills the caches of the process)."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_reading_costs_a_stranger_no_more_than_the_region(desk: SimpleNamespace):
    frozen = freeze(desk)
    access.grant(version=frozen, reason="prov", by=desk.leader, public=True)
    inside, outside = (count(desk.client(who), url("version", frozen.pk)) for who in ("leader", "anonymous"))
    assert outside <= inside


# --- Bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "goal", "title": ""}, {"kind": "nonsense", "title": "X"}, {"kind": "text", "title": "X" * 300},
        {"kind": "subgoal", "title": "Utan mål"}, {"kind": "text", "title": "\x00"}, {},
        {"kind": "text", "title": "X", "parent": "abc"},
    ],
)  # fmt: skip
def test_a_section_that_cannot_be_is_refused_in_words_and_the_form_kept(desk: SimpleNamespace, data: dict[str, str]):
    before = desk.draft.sections.count()
    answer = desk.client("leader").post(url("add_section", desk.strategy.pk), data)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert desk.draft.sections.count() == before


@pytest.mark.parametrize("near", ["0", "-1", "abc", "99999999999999999999999", "٣"])
def test_a_row_that_is_not_there_is_refused_in_words(desk: SimpleNamespace, near: str):
    for answer in (
        desk.client("leader").get(url("add_section", desk.strategy.pk), {"efter": near}),
        desk.client("leader").post(url("add_section", desk.strategy.pk), {"near": near, "kind": "text", "title": "X"}),
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"direction": "sideways"}, 422), ({"direction": "up"}, 422), ({"parent": "self"}, 422), ({"parent": "child"}, 422),
        ({"parent": "99999999999999999999999", "after": "x"}, 302), ({"parent": "987654321"}, 404),
    ],
)  # fmt: skip
def test_moves_that_cannot_be_are_refused_in_words(desk: SimpleNamespace, data: dict[str, str], status: int):
    known = {"self": str(desk.goal.pk), "child": str(desk.sub.pk)}
    siblings = [row.pk for row in desk.draft.sections.filter(parent=desk.chapter)]
    if data == {"direction": "up"}:
        sections.move_section(section_id=desk.goal.pk, parent_id=desk.chapter.pk, by=desk.leader)
    data = {key: known.get(value, value) for key, value in data.items()}
    answer = desk.client("leader").post(url("move_section", desk.strategy.pk, desk.goal.pk), data)
    assert answer.status_code == status, (siblings, answer.content.decode()[:300])


def test_a_section_of_another_strategy_cannot_be_touched(desk: SimpleNamespace):
    other = make_strategy(desk.region, by=desk.leader)
    foreign = working_version(other).sections.first()
    assert foreign is not None
    for name in ("rename_section", "move_section", "remove_section", "restore_section"):
        assert (
            desk.client("leader")
            .post(url(name, desk.strategy.pk, foreign.pk), {"title": "X", "revision": 0})
            .status_code
            == 404
        )


@pytest.mark.parametrize("name", ["move_section", "remove_section", "restore_section", "fork"])
def test_a_get_changes_nothing(desk: SimpleNamespace, name: str):
    args = [desk.draft.pk] if name == "fork" else [desk.strategy.pk, desk.goal.pk]
    assert desk.client("leader").get(url(name, *args)).status_code == 405


@pytest.mark.parametrize("who", ["secretary", "reader", "outsider", "nobody"])
@pytest.mark.parametrize("name", ["rename_section", "move_section", "remove_section"])
def test_those_who_may_not_write_change_nothing(desk: SimpleNamespace, who: str, name: str):
    data = {"title": "Kapat", "revision": desk.goal.revision, "direction": "down"}
    answer = desk.client(who).post(url(name, desk.strategy.pk, desk.goal.pk), data)
    assert answer.status_code in (403, 404)
    after = Section.objects.get(pk=desk.goal.pk)
    assert (after.title, after.revision, after.removed_at) == (desk.goal.title, desk.goal.revision, None)


def test_a_stale_heading_shows_both(desk: SimpleNamespace):
    old = Section.objects.get(pk=desk.goal.pk).revision
    sections.rename_section(section_id=desk.goal.pk, title="Annas rubrik", by=desk.leader, revision=old)
    for headers in ({}, HX):
        data = {"title": "Bos rubrik", "revision": old}
        answer = desk.client("editor").post(
            url("rename_section", desk.strategy.pk, desk.goal.pk), data, headers=headers
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Annas rubrik" in page
        assert "Bos rubrik" in page
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision is not None
    again = desk.client("editor").post(
        url("rename_section", desk.strategy.pk, desk.goal.pk), {"title": "Bos rubrik", "revision": revision[1]}
    )
    assert again.status_code == 302
    assert Section.objects.get(pk=desk.goal.pk).title == "Bos rubrik"


def test_wrong_facts_keep_what_was_chosen(desk: SimpleNamespace):
    address = url("goal_facts", desk.strategy.pk, desk.goal.uuid)
    wrong = desk.client("leader").post(
        address, {"target_year": "1066", "sdg": ["987"], "responsible": ["1"], "revision": "0"}
    )
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert 'value="1066"' in page
    assert page.count("field-error") >= 2
    assert Section.objects.get(pk=desk.goal.pk).target_year is None


# --- The outline's own ways ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("near", "kind", "code"),
    [
        ("goal", "goal", "Mål 2"),
        ("goal", "subgoal", "Delmål 1.2"),
        ("sub", "subgoal", "Delmål 1.2"),
        ("sub", "goal", "Mål 2"),
        ("sub", "chapter", "2"),
    ],
)
def test_a_new_section_lands_at_the_nearest_place_that_takes_it(desk: SimpleNamespace, near: str, kind: str, code: str):
    data = {"near": getattr(desk, near).pk, "kind": kind, "title": "Det nya"}
    answer = desk.client("leader").post(url("add_section", desk.strategy.pk), data, headers=HX)
    assert answer.status_code == 200
    assert {title: found for found, title in outline(desk.draft).labels.values()}["Det nya"] == code
    assert code in answer["HX-Trigger"].encode().decode("unicode_escape")


def test_removing_says_so_with_a_way_back(desk: SimpleNamespace):
    browser = desk.client("leader")
    answer = browser.post(url("remove_section", desk.strategy.pk, desk.goal.pk), headers=HX)
    assert url("restore_section", desk.strategy.pk, desk.goal.pk) in answer["HX-Trigger"]
    page = browser.get(url("draft", desk.strategy.pk)).content.decode()
    assert "Borttaget" in page
    plain = browser.post(url("restore_section", desk.strategy.pk, desk.goal.pk))
    assert plain["Location"].endswith(f"#rad-{desk.goal.pk}")
    assert "Ett klokt mål" in {title for _code, title in outline(desk.draft).labels.values()}


def test_the_rows_offer_only_moves_that_work(desk: SimpleNamespace):
    """Every offered move is done and undone; every other is refused."""
    from rus_platform.kit.errors import Invalid
    from strategies.domain.outline_rows import rows_of

    back = {"up": "down", "down": "up", "in": "out"}
    for row in rows_of(desk.draft, outline(desk.draft)):
        for direction in ("up", "down", "in", "out"):
            before = [(node.uuid, node.level) for node in outline(desk.draft)]
            if direction not in row.moves:
                with pytest.raises(Invalid):
                    sections.nudge_section(section_id=row.node.section.pk, direction=direction, by=desk.leader)
                continue
            place = Section.objects.get(pk=row.node.section.pk)
            sections.nudge_section(section_id=place.pk, direction=direction, by=desk.leader)
            if direction in back and direction != "in":
                sections.nudge_section(section_id=place.pk, direction=back[direction], by=desk.leader)
            else:
                older = (
                    desk.draft.sections.filter(parent=place.parent, position__lt=place.position)
                    .order_by("position")
                    .last()
                )
                sections.move_section(
                    section_id=place.pk, parent_id=place.parent_id, after_id=older.pk if older else None, by=desk.leader
                )
            assert [(node.uuid, node.level) for node in outline(desk.draft)] == before


def test_between_two_drafts_the_page_says_how_to_go_on(desk: SimpleNamespace):
    frozen = freeze(desk)
    page = desk.client("leader").get(url("draft", desk.strategy.pk)).content.decode()
    assert url("fork", frozen.pk) in page
    assert url("fork", frozen.pk) not in desk.client("reader").get(url("draft", desk.strategy.pk)).content.decode()
    assert desk.client("leader").post(url("fork", frozen.pk))["Location"] == url("draft", desk.strategy.pk)


# --- Versions and decisions -----------------------------------------------------------------------------------


def test_freezing_tells_what_is_missing_and_does_it_anyway(desk: SimpleNamespace):
    address = url("freeze", desk.strategy.pk)
    page = desk.client("leader").get(address).content.decode()
    assert "Mål och delmål utan målår" in page
    assert desk.client("leader").post(address, {"status": "consultation", "label": ""}).status_code == 422
    assert desk.client("leader").post(address, {"status": "adopted", "label": "X"}).status_code == 422
    assert (
        desk.client("leader").post(address, {"status": "consultation", "label": "Samrådsversion 1"}).status_code == 302
    )
    assert Version.objects.get(pk=desk.draft.pk).status == "consultation"


@pytest.mark.parametrize(
    "query", ["", "?fran=1", "?fran=x&till=y", "?fran=99999999999999999999&till=1", "?fran={v}&till={v}"]
)
def test_two_versions_must_be_chosen(desk: SimpleNamespace, query: str):
    answer = desk.client("leader").get(url("choose", desk.strategy.pk) + query.format(v=desk.draft.pk))
    assert answer["Location"] == url("versions", desk.strategy.pk)


def test_comparing_goes_from_older_to_newer_and_stays_in_the_strategy(desk: SimpleNamespace):
    frozen = freeze(desk)
    draft = versions.fork_version(version_id=frozen.pk, by=desk.leader)
    goal = draft.sections.get(uuid=desk.goal.uuid)
    replace_text(section_id=goal.pk, by=desk.leader, doc=to_doc("Alla ska kunna bo och arbeta här."), via="import")
    browser = desk.client("leader")
    chosen = browser.get(url("choose", desk.strategy.pk), {"fran": draft.pk, "till": frozen.pk})
    assert chosen["Location"] == url("compare", frozen.pk, draft.pk)
    pages = [
        browser.get(url("compare", *pair)).content.decode() for pair in ((frozen.pk, draft.pk), (draft.pk, frozen.pk))
    ]
    assert all("Samrådsversion 1 → Utkast 2" in page and "och arbeta" in page for page in pages)
    other = working_version(make_strategy(desk.region, by=desk.leader))
    assert browser.get(url("compare", frozen.pk, other.pk)).status_code == 404
    assert desk.client("outsider").get(url("compare", frozen.pk, draft.pk)).status_code == 404


def test_a_decision_pressed_twice_is_one(desk: SimpleNamespace):
    from rus_platform.kit import clock

    workflow.submit_for_decision(version_id=desk.draft.pk, by=desk.leader, label="Beslutsförslag")
    browser = desk.client("secretary")
    for body, outcome in (
        ("development_board", "approved"),
        ("executive_board", "approved"),
        ("regional_council", "adopted"),
    ):
        data = {
            "body": body,
            "outcome": outcome,
            "decided_on": clock.today().isoformat(),
            "paragraph": "§ 4",
            "note": "",
        }
        for _press in range(2):
            assert browser.post(url("decision", desk.strategy.pk), data).status_code in (200, 302)
    case = ApprovalCase.objects.get(version=desk.draft)
    assert [row.body for row in case.decisions.all()] == ["development_board", "executive_board", "regional_council"]
    assert case.state == "adopted"


@pytest.mark.parametrize("who", ["leader", "editor", "reader"])
def test_only_the_secretary_has_the_form(desk: SimpleNamespace, who: str):
    workflow.submit_for_decision(version_id=desk.draft.pk, by=desk.leader, label="Beslutsförslag")
    address = url("decision", desk.strategy.pk)
    assert "För in beslutet från regionala utvecklingsnämnden" in desk.client("secretary").get(address).content.decode()
    assert "För in beslutet" not in desk.client(who).get(address).content.decode()
    desk.client(who).post(
        address, {"body": "development_board", "outcome": "approved", "decided_on": "2026-01-01", "paragraph": "§ 1"}
    )
    assert ApprovalCase.objects.get(version=desk.draft).decisions.count() == 0


def test_a_wrong_decision_keeps_what_was_written(desk: SimpleNamespace):
    workflow.submit_for_decision(version_id=desk.draft.pk, by=desk.leader, label="Beslutsförslag")
    data = {
        "body": "development_board", "outcome": "adopted", "decided_on": "2099-01-01", "paragraph": "", "note": "Lång lydelse",
        "kind": ["reservation"], "by_whom": ["Lo Lind"], "text": [""],
    }  # fmt: skip
    answer = desk.client("secretary").post(url("decision", desk.strategy.pk), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Lång lydelse" in page
    assert "Lo Lind" in page


# --- History ---------------------------------------------------------------------------------------------------


def test_who_wrote_what_is_told_through_versions(desk: SimpleNamespace):
    frozen = freeze(desk)
    draft = versions.fork_version(version_id=frozen.pk, by=desk.leader)
    goal = draft.sections.get(uuid=desk.goal.uuid)
    replace_text(section_id=goal.pk, by=desk.editor, doc=to_doc("Alla ska kunna bo här. Och arbeta."), via="restore")
    page = desk.client("reader").get(url("section_history", desk.strategy.pk, desk.goal.uuid)).content.decode()
    assert page.index("Utkast 2") < page.index("Samrådsversion 1")
    assert desk.editor.name in page
    assert desk.leader.name in page
    assert "+12" in page
    assert words(goal) == "Alla ska kunna bo här. Och arbeta."
    untouched = url("section_history", desk.strategy.pk, desk.sub.uuid)
    assert "Ingen har skrivit här än" in desk.client("reader").get(untouched).content.decode()
