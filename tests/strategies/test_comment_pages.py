"""Pages of comments: everything works as forms, a constant number of queries, and only for the region."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from strategies.domain import comments, versions
from strategies.models import Comment
from tests.factories.texts import delete, make_section, write
from tests.strategies.test_comments import TEXT, on_words, place_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(world, client):
    section = make_section(world.draft, TEXT, by=world.editor, title="Text & mer")
    made = SimpleNamespace(**vars(world), section=section, client=client)
    made.comment = on_words(
        made, "utveckla kollektivtrafiken", by=world.reader, text="Hur då? <b>@" + world.editor.name
    )
    client.force_login(world.reader)
    return made


def at(talk, name, *args, **query):
    return reverse(f"strategies:{name}", args=args or [talk.strategy.pk], query=query)


def page(talk, name, *args, **query):
    answer = talk.client.get(at(talk, name, *args, **query))
    assert answer.status_code == 200
    return answer.content.decode()


def test_list_page_takes_the_same_queries_for_one_and_many(talk):
    def queries():
        page(talk, "comments")
        with CaptureQueriesContext(connection) as captured:
            page(talk, "comments")
        return len(captured)

    one = queries()
    for quote in ("invånare", "fri och tillgänglig"):
        made = on_words(talk, quote, by=talk.editor)
        comments.reply(comment_id=made.pk, by=talk.leader, text="Ja", key=f"r{made.pk}")
    assert queries() == one <= 18


def test_section_and_reading_page_take_the_same_queries_for_one_and_many(talk):
    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert talk.client.get(address).status_code == 200
        return len(captured)

    addresses = [at(talk, "draft_section", talk.strategy.pk, talk.section.uuid), at(talk, "version", talk.draft.pk)]
    for address in addresses:
        queries(address)
    few = [queries(address) for address in addresses]
    for quote in ("invånare", "fri och tillgänglig", "lägre än"):
        on_words(talk, quote, by=talk.editor)
    assert [queries(address) for address in addresses] == few


def test_card_shows_what_was_said_escaped_and_who_is_named(talk):
    shown = page(talk, "comments")
    assert "Hur då? &lt;b&gt;" in shown
    assert f'<strong class="mention">@{talk.editor.name}</strong>' in shown


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"reader", "editor"}),
        ({"vems": "mine"}, {"reader"}),
        ({"vems": "assigned"}, {"editor"}),
        ({"vems": "named"}, set()),
        ({"lage": "resolved"}, {"leader"}),
        ({"lage": "gone"}, {"editor"}),
        ({"lage": "all"}, {"reader", "editor", "leader"}),
        ({"person": "editor"}, {"editor"}),
        ({"lage": "skräp", "vems": "x", "person": "x", "avsnitt": "x"}, {"reader", "editor"}),
    ],
)
def test_list_filters(talk, query, expected):
    mine = on_words(talk, "invånare", by=talk.editor, assignee_id=talk.reader.pk)
    solved = comments.add_comment(version_id=talk.draft.pk, by=talk.leader, text="Klart", key="z")
    comments.resolve_comment(comment_id=solved.pk, by=talk.leader)
    start = place_of(talk.section, "invånare")
    write(talk.section, talk.editor, delete(start, start + 8))
    if query.get("person") in talk.people:
        query = {"person": talk.people[query["person"]].pk}
    shown = page(talk, "comments", **query)
    found = {"reader": talk.comment, "editor": mine, "leader": solved}
    assert {name for name, row in found.items() if f'id="kommentar-{row.pk}"' in shown} == expected


def test_a_lost_comment_shows_its_old_words(talk):
    start = place_of(talk.section, "utveckla")
    write(talk.section, talk.editor, delete(start, start + 26))
    shown = page(talk, "comments", lage="gone")
    assert "Orden finns inte kvar i texten" in shown
    assert "utveckla kollektivtrafiken" in shown


def test_new_comment_by_pasted_words_without_script(talk):
    address = at(talk, "new_comment")
    assert "Andelen invånare" in page(talk, "new_comment", avsnitt=talk.section.uuid), "paragraphs to choose among"
    answer = talk.client.post(
        address, {"section": talk.section.uuid, "quote": "eftergymnasial utbildning", "text": "Vad är det?"}
    )
    made = Comment.objects.latest("pk")
    assert answer["Location"] == at(talk, "comment", talk.strategy.pk, made.pk)
    assert made.anchor.quote == "eftergymnasial utbildning"


def test_new_comment_on_a_chosen_paragraph_and_on_the_whole_draft(talk):
    block = talk.section.doc["content"][2]["attrs"]["id"]
    talk.client.post(at(talk, "new_comment"), {"section": talk.section.uuid, "block": block, "text": "Hela stycket"})
    assert Comment.objects.latest("pk").anchor.quote == "Kulturen ska vara fri och tillgänglig för alla."
    talk.client.post(at(talk, "new_comment"), {"text": "I stort"})
    assert Comment.objects.latest("pk").section is None


def test_new_comment_that_is_refused_keeps_what_was_written(talk):
    answer = talk.client.post(
        at(talk, "new_comment"), {"section": talk.section.uuid, "quote": "finns inte", "text": "Mina ord"}
    )
    assert answer.status_code == 422
    assert "Mina ord" in answer.content.decode()
    assert "Orden finns inte i avsnittet" in answer.content.decode()


def test_reply_that_comes_after_the_resolving_is_refused_in_words(talk):
    comments.resolve_comment(comment_id=talk.comment.pk, by=talk.editor)
    answer = talk.client.post(at(talk, "comment", talk.strategy.pk, talk.comment.pk), {"text": "För sent", "key": "k"})
    assert answer.status_code == 409
    assert "Öppna den igen" in answer.content.decode()


def test_a_whole_conversation_by_forms(talk):
    thread = at(talk, "comment", talk.strategy.pk, talk.comment.pk)
    talk.client.post(thread, {"text": "Jag menar så här", "key": "k1"})
    talk.client.post(at(talk, "assign_comment", talk.comment.pk), {"assignee": talk.editor.pk})
    remark = talk.comment.remarks.last()
    assert talk.client.get(at(talk, "edit_remark", remark.pk)).status_code == 200
    talk.client.post(at(talk, "edit_remark", remark.pk), {"text": "Jag menar så här i stället"})
    talk.client.post(at(talk, "resolve_comment", talk.comment.pk))
    shown = talk.client.get(thread).content.decode()
    assert "i stället" in shown
    assert f"Löst av {talk.reader.name}" in shown
    talk.client.post(at(talk, "reopen_comment", talk.comment.pk))
    talk.client.post(at(talk, "remove_remark", remark.pk))
    assert "har tagit bort sina ord" in talk.client.get(thread).content.decode()


def test_a_script_gets_the_number_and_asks_for_the_cards(talk):
    answer = talk.client.post(
        at(talk, "new_comment"),
        {"section": talk.section.uuid, "quote": "invånare", "text": "?"},
        headers={"HX-Request": "true"},
    )
    made = Comment.objects.latest("pk")
    assert (answer.status_code, answer["X-Comment"]) == (204, str(made.pk))
    shown = page(talk, "comment_margin", avsnitt=talk.section.uuid)
    assert f'id="kommentar-{made.pk}"' in shown
    assert '"spans"' in shown


def test_pages_are_the_regions_own(talk):
    addresses = [at(talk, name) for name in ("comments", "new_comment", "comment_margin")]
    addresses += [
        at(talk, "comment", talk.strategy.pk, talk.comment.pk),
        at(talk, "edit_remark", talk.comment.remarks.get().pk),
    ]
    for person in (talk.outsider, talk.nobody):
        talk.client.force_login(person)
        assert [talk.client.get(address).status_code for address in addresses] == [404] * len(addresses)
        assert talk.client.post(at(talk, "resolve_comment", talk.comment.pk)).status_code == 404


def test_list_without_a_draft_shows_where_words_are_in_the_frozen_version(talk):
    versions.freeze_version(version_id=talk.draft.pk, by=talk.leader, label="Ett")
    assert "utveckla kollektivtrafiken" in page(talk, "comments")
    assert talk.client.get(at(talk, "new_comment")).status_code == 404
