"""Live sessions of a consultation: who may have one, what they are told, when they end. Real Valkey, real database."""

import asyncio
import json

import pytest
from channels.layers import channel_layers
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from actors.domain.membership import end_role
from actors.models import Membership, OutgoingMail, Role
from consultations.domain import behalf, corrections, extensions, invitations, passing_on, responses, rounds, signoff
from consultations.live import messages, rights
from consultations.models import Response
from rus_platform.asgi import application
from rus_platform.kit import clock
from rus_platform.kit.live import limits, presence
from tests.consultations.test_own_pages import signed_in as client_of
from tests.consultations.test_own_pages import url
from tests.consultations.test_visibility import STATES, world_in
from tests.factories import consultations as make
from tests.factories.actors import make_person
from tests.factories.sockets import ORIGIN, Socket, away, own_channels, play, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = {"own_editor", "own_signatory"}
OFFICERS = {"leader", "officer"}


@pytest.fixture(autouse=True)
def channels_of_our_own(settings) -> None:
    own_channels(settings)


def answer(response) -> str:
    return f"/live/svar/{response.pk}/"


def board(world) -> str:
    return f"/live/svarslage/{world.round.pk}/"


def write(world, response, text, *, by=None):
    now = Response.objects.get(pk=response.pk)
    return responses.save_summary(
        response_id=now.pk,
        by=by or world.editor,
        revision=now.revision,
        summary=text,
        kind="answer",
        own_case_number="",
    )


async def welcomed(stage, *who_where):
    sockets = [await stage.open(*each) for each in who_where]
    for socket in sockets:
        await socket.hear("welcome")
    return sockets


# --- Who may be there: person x state of the response, person x state of the round


@pytest.mark.parametrize("state", STATES)
def test_a_session_by_person_and_state(state):
    world, response, persons = world_in(state)

    async def scene(stage):
        allowed, at_board = set(), set()
        for name, person in {**persons, "anonymous": None}.items():
            reason = {"anonymous": "signedout"}.get(name, "role")
            for path, may, found in (
                (answer(response), WRITERS, allowed),
                (board(world), OFFICERS, at_board),
            ):
                socket = await stage.open(person, path)
                if name in may:
                    await socket.hear("welcome")
                    found.add(name)
                else:
                    await socket.hear("closed", reason=reason)
        assert (allowed, at_board) == (WRITERS, OFFICERS)

    play(scene)


def test_a_session_in_what_the_region_enters_is_the_regions():
    world, response = make.make_draft()
    other, person = make.other_consultee(world)
    entered = behalf.start_on_behalf(
        round_id=world.round.pk, actor_id=other.pk, by=world.leader, channel="letter", received_at=clock.now(), note="A"
    )

    async def scene(stage):
        region, theirs = await stage.open(world.leader, answer(entered)), await stage.open(person, answer(entered))
        await region.hear("welcome")
        await theirs.hear("closed", reason="role")
        await away(behalf.take_over)(response_id=entered.pk, by=person)
        await region.hear("closed", reason="role")
        await (await stage.open(person, answer(entered))).hear("welcome")

    play(scene)


def test_guests_write_together_and_only_in_their_own():
    world, response = make.make_draft()
    other, neighbour = make.other_consultee(world)
    strange = responses.start_response(round_id=world.round.pk, actor_id=other.pk, by=neighbour)
    guest, invitation = invitations.accept_invitation(token=make.token_of(world), name="Gäst Ett")
    passing_on.pass_on(invitation_id=invitation.pk, email="tva@gast.example", by=guest)
    passed = OutgoingMail.objects.get(key__startswith="passed_on:").text.split("/inbjudan/")[1].split("/")[0]
    colleague, _row = invitations.accept_invitation(token=passed, name="Gäst Två")
    participant, public = make.take_part(make_public(world))

    async def scene(stage):
        one, two = await welcomed(stage, (guest, answer(response)), (colleague, answer(response)))
        await one.people("Gäst Ett", "Gäst Två")
        await away(responses.save_summary)(
            response_id=response.pk,
            by=colleague,
            revision=response.revision,
            summary="Hej",
            kind="answer",
            own_case_number="",
        )
        await one.hear("piece", piece="summary", revision=response.revision + 1)
        for person, path in ((guest, strange), (colleague, public), (participant, response), (world.leader, public)):
            socket = await stage.open(person, answer(path))
            first = json.loads((await socket.receive_output(5))["text"])
            assert first == {"type": "closed", "reason": "role"}, (person, path)
        await (await stage.open(participant, answer(public))).hear("welcome")

    play(scene)


def make_public(world):
    make.open_to_public(world)
    return world


def test_a_session_from_another_site_or_to_nowhere_is_refused():
    world, response = make.make_draft()

    async def scene(stage):
        for origin in ("https://evil.example", "null", ""):
            assert not (await stage.open(world.editor, answer(response), origin=origin)).opened
        for number in (0, 987654321, 10**30):
            await (await stage.open(world.editor, f"/live/svar/{number}/")).hear("closed", reason="role")
            await (await stage.open(world.leader, f"/live/svarslage/{number}/")).hear("closed", reason="role")
        assert not await Socket(application, "/live/svar/x/", [(b"origin", ORIGIN.encode())]).connect()

    play(scene)


def test_the_queries_of_a_session_are_few_and_do_not_grow():
    counted = []
    for code, points in (("98", 1), ("96", 3)):
        world, response = make.make_draft(code, points=points)
        keys = [signed_in(person).split("=")[1] for person in (world.editor, world.leader)]
        make_person(world.municipality, Role.EDITOR)
        found = []
        for ask, key, number in (
            (rights.place_in_response, keys[0], response.pk),
            (rights.place_at_board, keys[1], world.round.pk),
        ):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert not ask(key, number).reason
            found.append(len(queries))
        counted.append(found)
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 4


# --- When it ends


def test_a_revoked_role_closes_the_session_at_once():
    world, response = make.make_draft()
    admin = make_person(world.municipality, Role.ADMIN)
    officer_admin = make_person(world.region, Role.ADMIN)

    async def scene(stage):
        socket, other, watching = await welcomed(
            stage, (world.editor, answer(response)), (world.signatory, answer(response)), (world.leader, board(world))
        )
        await other.people(world.editor.name, world.signatory.name)
        for person, by, one in ((world.editor, admin, socket), (world.leader, officer_admin, watching)):
            membership = await away(Membership.objects.get)(user=person, until=None)
            await away(end_role)(membership_id=membership.pk, by=by)
            await asyncio.wait_for(one.hear("closed", reason="role"), 2)
        await socket.disconnect()
        await other.people(world.signatory.name)

    play(scene)


def test_signing_out_closes_the_session(monkeypatch):
    monkeypatch.setattr(presence, "BEAT", 0.1)
    world, response = make.make_draft()

    async def scene(stage):
        sockets = await welcomed(stage, (world.editor, answer(response)), (world.leader, board(world)))
        await away(Session.objects.all().delete)()
        for socket in sockets:
            await socket.hear("closed", reason="signedout")

    play(scene)


def test_a_discarded_version_lets_everybody_go():
    world, response = make.make_submitted()
    second = corrections.start_correction(response_id=response.pk, by=world.editor)

    async def scene(stage):
        (socket,) = await welcomed(stage, (world.signatory, answer(second)))
        await away(corrections.discard_correction)(response_id=second.pk, by=world.editor)
        await socket.hear("closed", reason="role")

    play(scene)


# --- The bell


def test_every_save_rings_with_its_piece_and_nothing_that_was_written():
    world, response = make.make_draft()
    goal, question, point = world.goal.pk, world.questions[0].pk, response.points.get()
    other, neighbour = make.other_consultee(world)
    theirs = responses.start_response(round_id=world.round.pk, actor_id=other.pk, by=neighbour)
    common = {"by": world.editor, "revision": 1}
    deeds = {
        "summary": lambda: write(world, response, "HEMLIGT"),
        f"position-{goal}": lambda: responses.set_position(
            response_id=response.pk, section_id=goal, stance="opposes", reason="HEMLIGT", **common
        ),
        f"answer-{question}": lambda: responses.save_answer(
            response_id=response.pk, question_id=question, value="HEMLIGT", **common
        ),
        f"point-{point.pk}": lambda: responses.edit_point(
            point_id=point.pk, by=world.editor, revision=0, text="HEMLIGT", kind="remark", suggested_wording=""
        ),
    }

    async def scene(stage):
        near, far = await welcomed(stage, (world.signatory, answer(response)), (neighbour, answer(theirs)))
        await near.people(world.signatory.name)
        await far.people(neighbour.name)
        for piece, deed in deeds.items():
            done = await away(deed)()
            assert await near.hear("piece") == {"type": "piece", "piece": piece, "revision": done.revision}
        await away(responses.remove_point)(point_id=point.pk, by=world.editor)
        await near.hear("piece", piece=f"point-{point.pk}")
        assert await far.silent(0.5)

    play(scene)


def test_what_is_rolled_back_rings_for_nobody():
    world, response = make.make_draft()

    def undone():
        with transaction.atomic():
            write(world, response, "Nytt")
            signoff.mark_ready(response_id=response.pk, by=world.editor)
            transaction.set_rollback(True)

    async def scene(stage):
        sockets = await welcomed(stage, (world.signatory, answer(response)), (world.leader, board(world)))
        await sockets[0].people(world.signatory.name)
        await away(undone)()
        for socket in sockets:
            assert await socket.silent(0.4)

    play(scene)


def test_every_step_of_the_sign_off_rings_for_the_writers_and_the_board():
    world, response = make.make_draft(accepts_late=False)
    other, _person = make.other_consultee(world, 2)
    signoff.choose_sign_off(response_id=response.pk, by=world.editor, political=True)
    ready = lambda: signoff.mark_ready(response_id=response.pk, by=world.editor)  # noqa: E731
    deeds = [
        ready,
        lambda: signoff.return_to_drafting(response_id=response.pk, by=world.signatory, reason="Fel"),
        ready,
        lambda: signoff.record_decision(
            response_id=response.pk, by=world.editor, body="KS", decided_on=clock.today(), paragraph="1"
        ),
        lambda: make.submit(world, response),
    ]

    async def scene(stage):
        mine, watching = await welcomed(stage, (world.signatory, answer(response)), (world.leader, board(world)))
        for deed in deeds:
            await away(deed)()
            await mine.hear("state")
            await watching.hear("board")

    play(scene)


def test_a_round_that_closes_and_opens_again_rings_for_those_who_write():
    world, response = make.make_draft(accepts_late=False)
    until = clock.now() + (world.round.closes_at - world.round.opened_at)
    again = {"actor_ids": [world.municipality.pk], "until": until, "reason": "A", "by": world.leader}

    async def scene(stage):
        mine, watching = await welcomed(stage, (world.editor, answer(response)), (world.leader, board(world)))
        await away(rounds.close_round)(round_id=world.round.pk, by=world.leader)
        await mine.hear("state")
        await watching.hear("board")
        await away(extensions.reopen_for)(round_id=world.round.pk, **again)
        await mine.hear("state")
        await watching.hear("board")

    play(scene)


def test_what_the_board_shows_rings_it_and_another_rounds_does_not():
    world, elsewhere = make.make_open_round(), make.make_open_round("96")
    other, person = make.other_consultee(world)
    until = clock.now() + 2 * (world.round.closes_at - world.round.opened_at)
    deeds = [
        lambda: invitations.note_opened(round_id=world.round.pk, by=person),
        lambda: extensions.request_extension(
            round_id=world.round.pk, actor_id=other.pk, until=until, reason="A", by=person
        ),
        lambda: responses.start_response(round_id=world.round.pk, actor_id=other.pk, by=person),
        lambda: behalf.start_on_behalf(
            round_id=world.round.pk, actor_id=world.municipality.pk, by=world.leader, channel="letter",
            received_at=clock.now(), note="A",
        ),
    ]  # fmt: skip

    async def scene(stage):
        near, far = await welcomed(stage, (world.leader, board(world)), (elsewhere.leader, board(elsewhere)))
        for deed in deeds:
            await away(deed)()
            assert await near.hear("board") == {"type": "board"}
        assert await far.silent(0.4)

    play(scene)


# --- Presence


def test_colleagues_see_who_is_where_and_who_has_left(monkeypatch):
    monkeypatch.setattr(presence, "BEAT", 0.2)
    monkeypatch.setattr(presence, "GONE", 1.0)
    world, response = make.make_draft()
    ghost = {"person": 1, "name": "Ghost", "color": 1, "since": 0.0, "piece": "summary"}

    async def where(socket, person, piece):
        while True:
            rows = (await socket.hear("presence"))["people"]
            if [row["piece"] for row in rows if row["person"] == person.pk] == [piece]:
                return rows

    async def scene(stage):
        await presence.note(f"response.{response.pk}", "ghost", ghost)
        one, two = await welcomed(stage, (world.editor, answer(response)), (world.signatory, answer(response)))
        await one.people("Ghost", world.editor.name, world.signatory.name)
        await one.people(world.editor.name, world.signatory.name)  # who does not beat is gone
        await two.say(type="at", piece="summary")
        await where(one, world.signatory, "summary")
        await two.say(type="typing", piece="answer-1")  # not where the session says it is
        await two.say(type="typing", piece="summary")
        said = await one.hear("typing")
        assert (said["piece"], said["person"], said["name"]) == ("summary", world.signatory.pk, world.signatory.name)
        await two.say(type="at", piece=None)
        await where(one, world.signatory, None)
        await two.disconnect()
        await one.people(world.editor.name)

    play(scene)


# --- Limits and hostility

HOSTILE = [
    "", "x", "[]", "null", "{}", "9" * 900, "[" * 900, '{"type":"piece","piece":"summary"}', '{"type":"rights"}', '{"type":"people","people":[]}',
    '{"type":"at"}', '{"type":"at","piece":5}', '{"type":"at","piece":"summary-1"}', '{"type":"at","piece":"point-\\u0661"}', '{"type":"at","piece":"point-"}',
    '{"type":"at","piece":"answer-1\\n"}', '{"type":"at","piece":"position-' + "1" * 19 + '"}', '{"type":"typing","piece":null}', '{"type":["at"],"piece":null}',
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_not_understood_is_nothing(text):
    expected = {"type": "at", "piece": None} if text == '{"type":"at"}' else None
    assert messages.read(text) == expected


def test_hostile_messages_change_nothing_and_too_many_end_the_session():
    world, response = make.make_draft()

    async def scene(stage):
        socket, other, watching = await welcomed(
            stage, (world.editor, answer(response)), (world.signatory, answer(response)), (world.leader, board(world))
        )
        for each in (socket, other):
            await each.people(world.editor.name, world.signatory.name)
        for text in HOSTILE:
            await socket.text(text)
            await watching.text(text)
        await socket.send_input({"type": "websocket.receive", "bytes": b"\xff\x00"})
        assert await other.silent(0.5)
        for _n in range(limits.AT_ONCE * 2):
            await watching.text("{}")
            await socket.text(json.dumps({"type": "at", "piece": None}))
        await socket.hear("closed", reason="pace")
        await watching.hear("closed", reason="pace")

    play(scene)


# --- Valkey away


def test_saving_and_handing_in_go_on_without_valkey(settings):
    world, response = make.make_draft()
    settings.CHANNEL_LAYERS = {
        "default": {**settings.CHANNEL_LAYERS["default"], "CONFIG": {"hosts": ["redis://127.0.0.1:1/0"], "prefix": "x"}}
    }
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    channel_layers.backends.clear()
    form = {
        "piece": "summary", "revision": response.revision, "base": "{}", "summary": "Nytt", "kind": "answer", "own_case_number": "",
    }  # fmt: skip
    assert client_of(world.editor).post(url("save_piece", response.pk), form).json()["values"]["summary"] == "Nytt"
    assert client_of(world.editor).get(url("news", response.pk), {"at": "summary"}).json()["writing"] == []
    assert make.submit(world, response).number == 1

    async def scene(stage):
        assert not (await stage.open(world.editor, answer(response))).opened

    play(scene)


# --- What the rung-for page is told


def test_news_says_what_has_happened_in_words_and_what_is_gone():
    world, response = make.make_draft()
    client, point = client_of(world.signatory), response.points.get()
    ask = lambda: client.get(url("news", response.pk), {"summary": 99, f"point-{point.pk}": 0}).json()  # noqa: E731
    assert ask() == {"newer": {}, "gone": [], "writing": [], "state": "drafting", "words": ""}
    responses.remove_point(point_id=point.pk, by=world.editor)
    assert ask()["gone"] == [f"point-{point.pk}"]
    signoff.mark_ready(response_id=response.pk, by=world.editor)
    said = ask()
    assert (said["state"], f"{world.editor.name} har sagt att svaret är klart." in said["words"]) == ("ready", True)
    signoff.return_to_drafting(response_id=response.pk, by=world.editor, reason="A")
    assert ask()["words"].startswith(f"{world.editor.name} har tagit tillbaka svaret till utkast.")
    make.submit(world, response)
    assert ask()["words"] == f"{world.signatory.name} har lämnat in svaret. Det kan inte längre ändras."


def test_the_queries_of_the_news_do_not_grow():
    counted = []
    for code, points in (("98", 1), ("96", 3)):
        world, response = make.make_draft(code, points=points)
        for _n in range(points):
            make_person(world.municipality, Role.EDITOR)
        client = client_of(world.editor)
        found = []
        for state in ("drafting", "ready"):
            if state == "ready":
                signoff.mark_ready(response_id=response.pk, by=world.editor)
            client.get(url("news", response.pk), {"summary": 0})
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url("news", response.pk), {"summary": 0}).status_code == 200
            found.append(len(queries))
        counted.append(found)
    assert counted[0] == counted[1]
    assert counted[0][1] <= counted[0][0] + 1
