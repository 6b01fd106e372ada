"""The list of suggestions and the editor's own address for them: who may do what, without a script, and as many questions."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import Role
from strategies.domain import documents
from strategies.models import Section, Suggestion
from tests.factories.actors import make_person
from tests.factories.strategies import make_strategy, working_version
from tests.factories.texts import make_section, write
from tests.strategies.test_suggestions import add_mark, at, suggest_text


@pytest.fixture
def desk(world: SimpleNamespace) -> SimpleNamespace:
    """A draft in which Gun (who may only suggest) and the editor have suggested in two sections."""
    world.people["reviewer"] = world.reviewer = make_person(world.region, Role.REVIEWER, name="Gun Gran")
    world.one = make_section(world.draft, "Ett två tre.\n\nFyra fem sex.", by=world.leader, title="Första avsnittet")
    world.other = make_section(world.draft, "Sju åtta nio.", by=world.leader, title="Andra avsnittet")
    write(world.one, world.reviewer, suggest_text(at(world.one, "två"), "nytt ", "g1"))
    write(world.one, world.editor, add_mark(at(world.one, "fem"), at(world.one, "fem") + 4, "deletion", "e1"))
    write(world.other, world.reviewer, suggest_text(at(world.other, "åtta"), "mer ", "g2"))
    return world


def client(desk: SimpleNamespace, who: str) -> Client:
    browser = Client(raise_request_exception=False)
    if who != "anonymous":
        browser.force_login(desk.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return browser


def page(desk: SimpleNamespace, query: str = "") -> str:
    return reverse("strategies:suggestions", args=[desk.strategy.pk]) + query


def text(section: Section) -> str:
    return documents.plain_text(Section.objects.get(pk=section.pk).doc)


def states(desk: SimpleNamespace) -> dict[str, str]:
    return dict(Suggestion.objects.values_list("mark_id", "state"))


@pytest.mark.parametrize(
    ("who", "status"),
    [("leader", 200), ("editor", 200), ("reviewer", 200), ("reader", 200), ("secretary", 200), ("outsider", 404), ("nobody", 404), ("anonymous", 302)],
)  # fmt: skip
def test_who_sees_the_list(desk: SimpleNamespace, who: str, status: int) -> None:
    response = client(desk, who).get(page(desk))
    assert response.status_code == status
    if status == 200:
        shown = response.content.decode()
        assert (
            "3 öppna förslag" in shown
            and "Gun Gran" in shown
            and "<ins>nytt</ins>" in shown
            and "<del>fem</del>" in shown
        )
        assert ("Godta de markerade" in shown) == (who in ("leader", "editor"))


def test_the_list_by_person_and_section(desk: SimpleNamespace) -> None:
    browser = client(desk, "leader")
    theirs = browser.get(page(desk, f"?av={desk.reviewer.pk}")).content.decode()
    assert "nytt" in theirs and "mer" in theirs and "<del>fem</del>" not in theirs
    here = browser.get(page(desk, f"?avsnitt={desk.other.pk}")).content.decode()
    assert "<ins>mer</ins>" in here and "<ins>nytt</ins>" not in here


def post(desk: SimpleNamespace, who: str, query: str = "", **data: Any) -> Any:
    return client(desk, who).post(page(desk, query), data)


def test_one_a_selection_all_of_one_person_and_back(desk: SimpleNamespace) -> None:
    assert post(desk, "leader", one=f"accept:{desk.one.pk}:g1").status_code == 302
    assert text(desk.one).startswith("Ett nytt två tre.")
    post(desk, "leader", do="refuse", id=[f"{desk.one.pk}:e1"])
    assert states(desk) == {"g1": "accepted", "e1": "rejected", "g2": "open"}
    batch = Suggestion.objects.get(mark_id="g1").batch_id
    assert "Ta tillbaka beslutet" in client(desk, "leader").get(page(desk)).content.decode()
    post(desk, "leader", undo=f"{desk.one.pk}:{batch}")
    assert states(desk)["g1"] == "open"
    post(desk, "editor", f"?av={desk.reviewer.pk}", do="accept-all")
    assert states(desk) == {"g1": "accepted", "e1": "rejected", "g2": "accepted"}
    assert (text(desk.one), text(desk.other)) == ("Ett nytt två tre.\nFyra fem sex.", "Sju mer åtta nio.")
    assert "Inga öppna förslag" in client(desk, "leader").get(page(desk)).content.decode()


@pytest.mark.parametrize(
    ("who", "data", "status"),
    [
        ("reviewer", {"one": "accept:ONE:g1"}, 403),
        ("reviewer", {"one": "refuse:ONE:e1"}, 403),
        ("reviewer", {"one": "refuse:ONE:g1"}, 302),  # takes back her own
        ("reviewer", {"do": "accept-all"}, 403),
        ("reader", {"one": "refuse:ONE:g1"}, 403),
        ("outsider", {"one": "refuse:ONE:g1"}, 404),
        ("leader", {"do": "accept"}, 422),
        ("leader", {"do": "wipe"}, 422),
        ("leader", {"one": "accept:999999:g1"}, 422),
        ("leader", {"one": "accept:ONE:nope"}, 302),
        ("leader", {"undo": "ONE:nope"}, 422),
    ],
)
def test_who_settles_by_form(desk: SimpleNamespace, who: str, data: dict[str, str], status: int) -> None:
    before = text(desk.one)
    given = {key: value.replace("ONE", str(desk.one.pk)) for key, value in data.items()}
    assert post(desk, who, **given).status_code == status
    if (who, status) != ("reviewer", 302):
        assert (text(desk.one), set(states(desk).values())) == (before, {"open"})


def test_a_section_of_another_draft_is_not_settled_from_here(desk: SimpleNamespace) -> None:
    elsewhere = make_section(working_version(make_strategy(desk.region, by=desk.leader)), "Text.", by=desk.leader)
    write(elsewhere, desk.reviewer, suggest_text(1, "x", "z1"))
    assert post(desk, "leader", one=f"accept:{elsewhere.pk}:z1").status_code == 422


def test_as_many_questions_for_three_suggestions_as_for_thirty(desk: SimpleNamespace) -> None:
    browser = client(desk, "leader")
    browser.get(page(desk))
    with CaptureQueriesContext(connection) as few:
        browser.get(page(desk))
    for n in range(9):
        more = make_section(desk.draft, "Text här.", by=desk.leader, title=f"Avsnitt {n}")
        for m in range(3):
            write(more, desk.reviewer, suggest_text(1, "x", f"n{n}x{m}"))
    with CaptureQueriesContext(connection) as many:
        browser.get(page(desk))
    assert len(many) == len(few)


def test_the_section_page_leads_to_its_suggestions_and_shows_the_text_without_them(desk: SimpleNamespace) -> None:
    address = reverse("strategies:draft_section", args=[desk.strategy.pk, desk.one.uuid])
    for who in ("leader", "reviewer", "reader"):
        shown = client(desk, who).get(address).content.decode()
        assert "2 öppna ändringsförslag" in shown
        assert "Ett två tre." in shown and "nytt två" not in shown
        assert ("data-editor" in shown) == (who != "reader")
    whole = client(desk, "reader").get(reverse("strategies:version", args=[desk.draft.pk])).content.decode()
    assert "Ett två tre." in whole and "Fyra fem sex." in whole and "<ins" not in whole


# --- The editor's address -----------------------------------------------------------------------------


def api(desk: SimpleNamespace, name: str) -> str:
    return reverse(f"strategies_api:{name}", args=[desk.draft.pk, desk.one.uuid])


def settle(desk: SimpleNamespace, who: str, **body: Any) -> Any:
    return client(desk, who).post(api(desk, "suggestions"), body, content_type="application/json")


def test_the_editor_is_told_whose_suggestions_they_are(desk: SimpleNamespace) -> None:
    for who, only in (("leader", False), ("reviewer", True)):
        began = client(desk, who).get(api(desk, "section")).json()
        assert (began["can_edit"], began["only_suggest"]) == (True, only)
        assert {key: value["name"] for key, value in began["suggestions"].items()} == {
            "g1": "Gun Gran",
            "e1": desk.editor.name,
        }
    assert client(desk, "reader").get(api(desk, "section")).json()["can_edit"] is False


def test_the_editor_settles_and_takes_back(desk: SimpleNamespace) -> None:
    answer = settle(desk, "leader", ids=["g1", "e1"], accept=True).json()
    assert answer["count"] == 2 and text(desk.one) == "Ett nytt två tre.\nFyra sex."
    assert settle(desk, "leader", undo=answer["batch"]).json()["count"] == 2
    assert set(states(desk).values()) == {"open"}
    assert settle(desk, "reviewer", ids=["e1"], accept=False).status_code == 403
    assert settle(desk, "reviewer", ids=["g1"], accept=False).json()["count"] == 1


@pytest.mark.parametrize(
    "body",
    [{}, {"ids": "g1", "accept": True}, {"ids": ["g1"]}, {"ids": ["g1"], "accept": "yes"}, {"ids": [1], "accept": True}, {"undo": "x"}, {"undo": None}],
)  # fmt: skip
def test_the_editor_with_a_misshapen_question(desk: SimpleNamespace, body: dict[str, Any]) -> None:
    assert settle(desk, "leader", **body).status_code == 422
