"""Nonsense, far too much, and markup where words are expected: refused in words or shown as words, never a broken page."""

import json
import uuid
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from actors.domain.mail import queue_mail, send_waiting
from actors.domain.membership import end_role
from actors.models import Membership, OutgoingMail, Role
from consultations.domain import notes, questions, responses, rounds
from consultations.domain.invitations import accept_invitation
from consultations.models import Point, Response
from rus_platform.kit.errors import WrongState
from strategies.domain import sections
from strategies.models import Section
from tests.factories.actors import make_person
from tests.factories.consultations import (
    World,
    close,
    make_draft,
    make_round,
    next_draft,
    other_consultee,
    start,
    submit,
    token_of,
    write,
)
from tests.factories.texts import insert
from tests.factories.threads import together
from tests.safety.test_strangers_with_accounts import every_address, ids

pytestmark = pytest.mark.django_db
XSS = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e{{7*7}}'
MARKS = ("<script>alert", "<img src=x", "onerror=alert(1)>\u202e</")
HUGE = 10**30


@pytest.fixture
def world() -> World:
    world, _response = make_draft(points=2)
    world.draft = next_draft(world, "Något nytt i målet.")  # type: ignore[attr-defined]
    return world


def client_of(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def test_ids_larger_than_any_row_are_not_found(world: World) -> None:
    values = {name: HUGE if isinstance(value, int) else value for name, value in ids(world).items()}
    broken = {}
    for user in (world.leader, world.editor):
        client = client_of(user)
        for name, address in every_address(values):
            if name == "actors:logout":
                continue
            for answer in (client.get(address), client.post(address, {"x": "1"})):
                if answer.status_code >= 500:
                    broken[name] = address
    assert broken == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        f"page=abc&ord=%ff%fe%00&avsnitt={HUGE}&block=%00&since=%D9%A3&efter=%00&visa=%F0&next=//ond.example",
        f"page={HUGE}&till=%00&section=999999999999999999&actor=-1&q=%00&fran=%00&bredvid=1&sida=-3&version=x&avsnitt=%C0%80",
    ],
)
def test_strange_queries_break_no_page(world: World, query: str) -> None:
    broken = {}
    for user in (world.leader, world.editor):
        client = client_of(user)
        for name, address in every_address(ids(world)):
            answer = client.get(f"{address}?{query}")
            if answer.status_code >= 500:
                broken[name] = answer.status_code
            assert "ond.example" not in answer.get("Location", ""), name
    assert broken == {}


HOSTILE = {
    "nul": "a\x00b", "markup": XSS, "huge": "9" * 5000, "year 9999": "9999-12-31T23:59", "broken utf-8": b"\xff\xfe\xed\xa0\x80",
}  # fmt: skip
FIELDS = [
    "title",
    "text",
    "summary",
    "kind",
    "stance",
    "reason",
    "decision",
    "point",
    "query",
    "change",
    "revision",
    "version",
    "number",
    "label",
    "status",
    "email",
    "name",
    "role",
    "password",
    "old",
    "new_password1",
    "opens_at",
    "closes_at",
    "public_when",
    "accepts_late",
    "cover_letter",
    "case_number",
    "own_case_number",
    "choices",
    "direction",
    "parent",
    "after",
    "near",
    "target_year",
    "responsible",
    "sdg",
    "counties",
    "horizon_from",
    "horizon_to",
    "chapters",
    "go",
    "actors",
    "body",
    "outcome",
    "decided_on",
    "paragraph",
    "note",
    "by_whom",
    "section",
    "quote",
    "block",
    "prefix",
    "suffix",
    "to_block",
    "start",
    "end",
    "suggested_wording",
    "language",
    "next",
    "theme",
    "konto",
    "username",
    "key",
    "slag",
    "remove",
    "contact",
]


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_fields_break_no_page(world: World, kind: str) -> None:
    broken = {}
    addresses = [
        row for row in every_address(ids(world)) if row[0] not in ("actors:logout", "set_language", "strategies:pdf")
    ]
    body = dict.fromkeys([*FIELDS, *(f"q{question.pk}" for question in world.questions)], HOSTILE[kind])
    for user in (make_person(world.region, Role.LEADER, Role.SECRETARY, Role.ADMIN), world.editor):
        client = client_of(user)
        for name, address in addresses:
            with transaction.atomic():  # what one page breaks must not hide what the next does
                answer = client.post(address, body)
                transaction.set_rollback(True)
            if answer.status_code >= 500:
                broken[name] = answer.exc_info[1] if answer.exc_info else answer.status_code
    assert broken == {}


@pytest.mark.parametrize("value", ["\\ud800", "\\u0000", "\\udfff x"])
@pytest.mark.parametrize("node", ["alt", "href", "text", "newValue"])
def test_half_characters_in_a_step_are_refused_in_words(world: World, value: str, node: str) -> None:
    section = Section.objects.get(version=world.draft, uuid=world.goal.uuid)  # type: ignore[attr-defined]
    mark = {
        "link": {"type": "link", "attrs": {"href": "/HERE"}},
        "mod": {
            "type": "modification",
            "attrs": {"id": "m1", "type": "attr", "attrName": "x", "previousValue": 1, "newValue": "HERE"},
        },
    }
    content = {
        "alt": {
            "type": "figure",
            "attrs": {"id": "f1", "image": str(uuid.uuid4()), "alt": "HERE", "caption": "", "decorative": False},
        },
        "href": {
            "type": "paragraph",
            "attrs": {"id": "p9"},
            "content": [{"type": "text", "text": "x", "marks": [mark["link"]]}],
        },
        "text": {"type": "paragraph", "attrs": {"id": "p9"}, "content": [{"type": "text", "text": "HERE"}]},
        "newValue": {"type": "paragraph", "attrs": {"id": "p9"}, "marks": [mark["mod"]]},
    }[node]
    step = {"stepType": "replace", "from": 0, "to": 0, "slice": {"content": [content]}}
    body = json.dumps({"version": section.doc_version, "batch_id": str(uuid.uuid4()), "steps": [step]}).replace(
        "HERE", value
    )
    address = reverse("strategies_api:steps", args=[section.version_id, section.uuid])
    answer = client_of(world.leader).post(address, body, content_type="application/json")
    assert answer.status_code == 422


def test_a_range_of_nonsense_is_no_error(world: World) -> None:
    from strategies.views.publication import wanted_part

    assert wanted_part("bytes=-" + "9" * 5000, 10) in (None, (0, 10), (0, 0))
    assert wanted_part("bytes=" + "9" * 5000 + "-", 10) in (None, (0, 0))


def test_markup_is_shown_as_words_everywhere(world: World) -> None:
    """Every free text field, then every page that shows it, for both sides, and the letters."""
    leader, response = world.leader, Response.objects.get(round=world.round)
    draft = world.draft  # type: ignore[attr-defined]
    section = Section.objects.get(version=draft, uuid=world.goal.uuid)
    sections.rename_section(section_id=section.pk, title=XSS[:200], by=leader)
    from strategies.domain import text

    text.commit_steps(
        section_id=section.pk,
        by=leader,
        version=Section.objects.get(pk=section.pk).doc_version,
        batch_id=uuid.uuid4(),
        steps=[insert(1, XSS)],
    )
    responses.save_summary(
        response_id=response.pk,
        by=world.editor,
        revision=response.revision,
        summary=XSS,
        kind="answer",
        own_case_number=XSS[:40],
    )
    responses.add_point(
        response_id=response.pk, by=world.editor, text=XSS, section_id=world.goal.pk, suggested_wording=XSS
    )
    notes.add_note(response_id=response.pk, by=world.editor, text=XSS)
    from consultations.domain import dispositions

    submit(world, response)
    close(world)
    for point in Point.objects.filter(response=response):
        dispositions.decide_point(
            point_id=point.pk, by=leader, decision="not_accommodated" if False else "accommodated", reason=XSS
        )
    leader.name = XSS[:100]
    leader.save(update_fields=["name"])
    found = {}
    for user in (leader, world.editor):
        client = client_of(user)
        for name, address in every_address(ids(world)):
            answer = client.get(address)
            if answer.get("Content-Type", "").startswith("text/html") and any(
                mark in answer.content.decode(errors="replace") for mark in MARKS
            ):
                found[name] = address
            assert answer.status_code < 500, name
    assert found == {}


# --- Letters and links ----------------------------------------------------------------------------


def test_a_letter_that_cannot_be_written_does_not_hold_up_the_others() -> None:
    for n, to in enumerate(["a@" + "å" * 62 + ".se", "b@sago.example"]):
        queue_mail(
            to=to,
            subject="Hej\r\nBcc: alla@sago.example",
            template="actors/password",
            context={"person": make_person(), "link": "/", "hours": 1},
            key=f"hostile:{n}",
        )
    send_waiting()
    states = dict(OutgoingMail.objects.filter(key__startswith="hostile:").values_list("to", "state"))
    assert states["b@sago.example"] in ("sent", "waiting")
    assert states["a@" + "å" * 62 + ".se"] == "failed"
    assert "\n" not in OutgoingMail.objects.get(key="hostile:1").subject


def test_an_old_invitation_does_not_give_back_an_ended_role() -> None:
    from tests.factories.consultations import make_open_round

    world = make_open_round()
    token = token_of(world)
    user, _invitation = accept_invitation(token=token, name="Registrator")
    keeper = make_person(world.municipality, Role.ADMIN)
    for row in Membership.objects.filter(user=user, until=None):
        end_role(membership_id=row.pk, by=keeper)
    with pytest.raises(WrongState):
        accept_invitation(token=token, name="Registrator")
    assert not Membership.objects.filter(user=user, until=None).exists()


# --- Two at the same time -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_questions_moved_by_two_at_once_never_lock_each_other_out() -> None:
    world = make_round()
    first, *_rest, last = world.questions
    for _turn in range(4):
        results = together(
            lambda: questions.move_question(question_id=last.pk, up=True, by=world.leader),
            lambda: questions.move_question(question_id=first.pk, up=False, by=world.leader),
        )
        assert [row for row in results if isinstance(row, Exception)] == []


@pytest.mark.django_db(transaction=True)
def test_beginning_an_answer_while_the_list_changes_never_locks_anybody_out() -> None:
    from consultations.domain import invitations
    from tests.factories.consultations import make_open_round

    world = make_open_round()
    row = world.round.invitations.get()
    for turn in range(4):
        results = together(
            lambda: responses.start_response(round_id=world.round.pk, actor_id=world.municipality.pk, by=world.editor),
            lambda turn=turn: invitations.set_address(
                invitation_id=row.pk, email=f"ny{turn}@sago.example", by=world.leader
            ),
            lambda: invitations.note_opened(round_id=world.round.pk, by=world.signatory),
        )
        assert [error for error in results if isinstance(error, Exception)] == []
        Response.objects.filter(round=world.round).delete()


@pytest.mark.django_db(transaction=True)
def test_several_clocks_close_a_round_once_and_numbers_have_no_gaps() -> None:
    from datetime import timedelta

    from actors.models import AuditEvent
    from rus_platform.kit import clock
    from tests.factories.consultations import make_open_round

    world = make_open_round()
    one = start(world)
    write(world, one)
    _actor, other = other_consultee(world)
    two = responses.start_response(round_id=world.round.pk, actor_id=_actor.pk, by=other)
    responses.save_summary(
        response_id=two.pk, by=other, revision=two.revision, summary="Bra.", kind="answer", own_case_number=""
    )
    results = together(
        lambda: submit(world, one),
        lambda: responses.submit_response(response_id=two.pk, by=other),
    )
    assert [error for error in results if isinstance(error, Exception)] == []
    assert sorted(Response.objects.filter(round=world.round).values_list("number", flat=True)) == [1, 2]
    round_ = world.fresh()
    round_.opens_at = round_.opened_at = clock.now() - timedelta(hours=1)
    round_.closes_at = clock.now() - timedelta(seconds=1)
    round_.save(update_fields=["opens_at", "opened_at", "closes_at"])
    together(*[rounds.follow_the_clock] * 4)
    assert AuditEvent.objects.filter(verb="close_round", object_id=str(world.round.pk)).count() == 1
