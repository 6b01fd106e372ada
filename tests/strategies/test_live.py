"""Live sessions: who may have one, what they are told, when they end. Real Valkey, real database."""

import asyncio
import json
import uuid
from types import SimpleNamespace

import pytest
from channels.layers import channel_layers
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import CookieMiddleware
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import path

from actors.domain.accounts import close_account
from actors.domain.membership import end_role, give_role
from actors.models import Role, User
from rus_platform.asgi import application
from rus_platform.kit.live import limits, presence
from strategies.domain.doorbell import draft_group
from strategies.domain.versions import freeze_version
from strategies.live.consumer import DraftConsumer
from tests.factories.sockets import ORIGIN, Socket, Stage, away, own_channels, play
from tests.factories.texts import insert, make_section, write

pytestmark = pytest.mark.django_db(transaction=True)


class Elsewhere(DraftConsumer):
    """The same session in another web process: with a channel layer of its own."""

    channel_layer_alias = "elsewhere"


elsewhere = AllowedHostsOriginValidator(
    CookieMiddleware(URLRouter([path("live/utkast/<int:version_id>/", Elsewhere.as_asgi())]))
)


@pytest.fixture(autouse=True)
def channels_of_our_own(settings) -> None:
    own_channels(settings)


def draft(version_id: int) -> str:
    return f"/live/utkast/{version_id}/"


# --- Who may be there -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "reason", "can_edit"),
    [
        ("leader", "", True),
        ("editor", "", True),
        ("secretary", "", False),
        ("reader", "", False),
        ("outsider", "role", False),
        ("nobody", "role", False),
        (None, "signedout", False),
    ],
)
def test_a_session_by_role(world: SimpleNamespace, who: str | None, reason: str, can_edit: bool) -> None:
    async def scene(stage: Stage) -> None:
        socket = await stage.open(world.people[who] if who else None, draft(world.draft.pk))
        if reason:
            await socket.hear("closed", reason=reason)
            assert (await socket.receive_output(5))["type"] == "websocket.close"
        else:
            await socket.hear("welcome", can_edit=can_edit)

    play(scene)


def test_a_session_from_another_site_is_refused(world: SimpleNamespace) -> None:
    async def scene(stage: Stage) -> None:
        for origin in ("https://evil.example", "null", ""):
            assert not (await stage.open(world.leader, draft(world.draft.pk), origin=origin)).opened

    play(scene)


def test_a_session_in_a_draft_that_does_not_exist_is_refused_alike(world: SimpleNamespace) -> None:
    async def scene(stage: Stage) -> None:
        await (await stage.open(world.leader, draft(987654321))).hear("closed", reason="role")
        await (await stage.open(world.leader, draft(10**30))).hear("closed", reason="role")

    play(scene)


def test_an_unknown_address_is_refused(world: SimpleNamespace) -> None:
    async def scene(stage: Stage) -> None:
        socket = Socket(application, "/live/annat/", headers=[(b"origin", ORIGIN.encode())])
        assert not await socket.connect()

    play(scene)


# --- When it ends -----------------------------------------------------------------------------


def test_a_revoked_role_closes_the_session_at_once(world: SimpleNamespace) -> None:
    admin = give_role(actor_id=world.region.pk, email="admin@sago.example", name="Ada", role=Role.ADMIN, by=None).user

    async def scene(stage: Stage) -> None:
        socket, other = (
            await stage.open(world.editor, draft(world.draft.pk)),
            await stage.open(world.leader, draft(world.draft.pk)),
        )
        await socket.hear("welcome")
        await other.people(world.editor.name, world.leader.name)
        membership = await away(world.editor.memberships.get)()
        await away(end_role)(membership_id=membership.pk, by=admin)
        await asyncio.wait_for(socket.hear("closed", reason="role"), 2)
        await socket.disconnect()
        await other.people(world.leader.name)

    play(scene)


def test_one_of_two_roles_ended_keeps_the_session(world: SimpleNamespace) -> None:
    admin = give_role(actor_id=world.region.pk, email="admin@sago.example", name="Ada", role=Role.ADMIN, by=None).user
    give_role(actor_id=world.region.pk, email=world.editor.email, name="", role=Role.READER, by=None)

    async def scene(stage: Stage) -> None:
        socket = await stage.open(world.editor, draft(world.draft.pk))
        await socket.people(world.editor.name)
        membership = await away(world.editor.memberships.get)(role=Role.READER)
        await away(end_role)(membership_id=membership.pk, by=admin)
        assert await socket.silent(0.7)

    play(scene)


def test_a_closed_account_closes_the_session(world: SimpleNamespace) -> None:
    support = User.objects.create_superuser("support@sago.example", None, name="Support")

    async def scene(stage: Stage) -> None:
        socket = await stage.open(world.editor, draft(world.draft.pk))
        await socket.hear("welcome")
        await away(close_account)(user_id=world.editor.pk, by=support)
        await socket.hear("closed", reason="signedout")

    play(scene)


def test_signing_out_closes_the_session(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "BEAT", 0.1)

    async def scene(stage: Stage) -> None:
        socket = await stage.open(world.editor, draft(world.draft.pk))
        await socket.hear("welcome")
        await away(Session.objects.all().delete)()
        await socket.hear("closed", reason="signedout")

    play(scene)


def test_a_frozen_version_closes_every_session(world: SimpleNamespace) -> None:
    async def scene(stage: Stage) -> None:
        sockets = [await stage.open(user, draft(world.draft.pk)) for user in (world.leader, world.editor)]
        for socket in sockets:
            await socket.hear("welcome")
        await away(freeze_version)(version_id=world.draft.pk, by=world.leader, label="Samrådsversion")
        for socket in sockets:
            await socket.hear("closed", reason="frozen")
        await (await stage.open(world.leader, draft(world.draft.pk))).hear("closed", reason="frozen")

    play(scene)


# --- The bell ---------------------------------------------------------------------------------


def test_a_commit_rings_for_everybody_in_the_section_and_for_nobody_else(world: SimpleNamespace) -> None:
    section = make_section(world.draft, "Ett stycke.", by=world.leader)
    reader = world.people["reader"]

    async def scene(stage: Stage) -> None:
        near, far = (
            await stage.open(world.editor, draft(world.draft.pk)),
            await stage.open(world.leader, draft(world.draft.pk), app=elsewhere),
        )
        reading, elsewhere_in_it = (
            await stage.open(reader, draft(world.draft.pk)),
            await stage.open(reader, draft(world.draft.pk)),
        )
        for socket in (near, far, reading):
            await socket.hear("welcome")
            await socket.say(type="hello", section=str(section.uuid))
            await socket.hear("here", section=str(section.uuid))
        await elsewhere_in_it.people(world.editor.name, world.leader.name)
        done = await away(write)(section, world.leader, insert(1, "Nytt: "))
        for socket in (near, far, reading):
            rung = await socket.hear("step", section=str(section.uuid), version=done.version)
            assert [(step["n"], step["by_name"]) for step in rung["steps"]] == [(done.version, world.leader.name)]
            assert "undo" not in json.dumps(rung)
        await away(write)(section, world.leader, insert(1, "x" * 9_000))
        assert (await near.hear("step"))["steps"] is None
        assert await elsewhere_in_it.silent(0.5, but="presence")
        await near.say(type="hello", section=None)
        while any(
            row["section"]
            for row in (await near.people(world.editor.name, world.leader.name))
            if row["person"] == world.editor.pk
        ):
            pass
        await away(write)(section, world.leader, insert(1, "Mer. "))
        await far.hear("step")
        assert await near.silent(0.5, but="presence")

    play(scene)


def test_a_commit_that_is_rolled_back_rings_for_nobody(world: SimpleNamespace) -> None:
    section = make_section(world.draft, "Ett stycke.", by=world.leader)

    def undone() -> None:
        with transaction.atomic():
            write(section, world.leader, insert(1, "Nytt: "))
            transaction.set_rollback(True)

    async def scene(stage: Stage) -> None:
        socket = await stage.open(world.editor, draft(world.draft.pk))
        await socket.say(type="hello", section=str(section.uuid))
        await socket.hear("here")
        await away(undone)()
        assert await socket.silent(0.5, but="presence")

    play(scene)


# --- Presence ---------------------------------------------------------------------------------


def test_presence_across_two_processes(world: SimpleNamespace) -> None:
    where = str(uuid.uuid4())

    async def scene(stage: Stage) -> None:
        anna, bo = (
            await stage.open(world.leader, draft(world.draft.pk)),
            await stage.open(world.editor, draft(world.draft.pk), app=elsewhere),
        )
        await anna.people(world.leader.name, world.editor.name)
        mine = (await bo.hear("welcome"))["id"]
        await anna.say(type="hello", section=where)
        await bo.say(type="hello", section=where)
        while not all(row["section"] == where for row in (await anna.hear("presence"))["people"]):
            pass
        await bo.say(type="cursor", section=where, version=3, anchor=5, head=9)
        cursor = await anna.hear("cursor")
        assert cursor == {
            "type": "cursor", "id": mine, "section": where, "version": 3, "anchor": 5, "head": 9,
            "person": world.editor.pk, "name": world.editor.name, "color": presence.colour_of(world.editor.pk),
        }  # fmt: skip
        await bo.say(type="typing", section=where)
        assert (await anna.hear("typing"))["id"] == mine
        await bo.disconnect()
        await anna.people(world.leader.name)

    play(scene)


def test_a_reader_sees_but_is_not_seen(world: SimpleNamespace) -> None:
    async def scene(stage: Stage) -> None:
        reader, writer = (
            await stage.open(world.reader, draft(world.draft.pk)),
            await stage.open(world.editor, draft(world.draft.pk)),
        )
        await reader.people(world.editor.name)
        await reader.say(type="hello", section=str(uuid.uuid4()))
        await writer.people(world.editor.name)
        assert await writer.silent(0.5)

    play(scene)


def test_a_session_that_died_is_not_counted(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "BEAT", 0.2)
    monkeypatch.setattr(presence, "GONE", 1.0)

    async def scene(stage: Stage) -> None:
        ghost = {"person": 1, "name": "Ghost", "color": 1, "since": 0.0, "section": None}
        await presence.note(draft_group(world.draft.pk), "ghost", ghost)
        socket = await stage.open(world.editor, draft(world.draft.pk))
        await socket.people("Ghost", world.editor.name)
        await socket.people(world.editor.name)

    play(scene)


# --- Limits and hostility ---------------------------------------------------------------------

SOME = str(uuid.UUID(int=1))
HOSTILE = [
    "", "x", "[]", "null", "{}", '{"type":"rights"}', '{"type":"echo"}', '{"type":"people","people":[]}', "[" * 900, "9" * 900,
    '{"type":"hello","section":"not-a-uuid"}', '{"type":"hello","section":5}', '{"type":"typing"}',
    '{"type":"cursor","section":"SOME","version":1,"anchor":-1,"head":2}'.replace("SOME", SOME),
    '{"type":"cursor","section":"SOME","version":1,"anchor":true,"head":2}'.replace("SOME", SOME),
    '{"type":"cursor","section":"SOME","version":1e400,"anchor":1,"head":2}'.replace("SOME", SOME),
    '{"type":"step","section":"SOME","version":1,"steps":"[]"}'.replace("SOME", SOME),
    '{"type":"typing","section":"SOME"}'.replace("SOME", SOME),  # not where the session says it is
    '{"type":"hello","section":null,"pad":"' + "x" * 2000 + '"}',
]  # fmt: skip


def test_what_is_not_understood_is_ignored(world: SimpleNamespace) -> None:
    async def scene(stage: Stage) -> None:
        socket, other = (
            await stage.open(world.editor, draft(world.draft.pk)),
            await stage.open(world.leader, draft(world.draft.pk)),
        )
        for each in (socket, other):
            await each.people(world.editor.name, world.leader.name)
        for text in HOSTILE:
            await socket.text(text)
        await socket.send_input({"type": "websocket.receive", "bytes": b"\xff\x00"})
        assert await other.silent(0.5)
        assert await socket.silent(0.1)
        await socket.say(type="hello", section=str(uuid.UUID(int=7)))
        await socket.people(world.editor.name, world.leader.name)

    play(scene)


def test_too_many_messages_end_the_session(world: SimpleNamespace) -> None:
    async def scene(stage: Stage) -> None:
        socket = await stage.open(world.editor, draft(world.draft.pk))
        await socket.hear("welcome")
        for _ in range(limits.AT_ONCE * 3):
            await socket.text("{}")
        await socket.hear("closed", reason="pace")

    play(scene)


def test_too_many_sessions_of_one_person(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SESSIONS", 2)

    async def scene(stage: Stage) -> None:
        first, _second = (
            await stage.open(world.editor, draft(world.draft.pk)),
            await stage.open(world.editor, draft(world.draft.pk)),
        )
        await (await stage.open(world.editor, draft(world.draft.pk))).hear("closed", reason="many")
        await first.disconnect()
        await (await stage.open(world.editor, draft(world.draft.pk))).hear("welcome")

    play(scene)


# --- Valkey away ------------------------------------------------------------------------------


def test_writing_goes_on_without_valkey(world: SimpleNamespace, settings) -> None:
    section = make_section(world.draft, "Ett stycke.", by=world.leader)
    settings.CHANNEL_LAYERS = {
        "default": {**settings.CHANNEL_LAYERS["default"], "CONFIG": {"hosts": ["redis://127.0.0.1:1/0"], "prefix": "x"}}
    }
    channel_layers.backends.clear()
    assert write(section, world.leader, insert(1, "Nytt: ")).version == section.doc_version + 1

    async def scene(stage: Stage) -> None:
        assert not (await stage.open(world.leader, draft(world.draft.pk))).opened

    play(scene)
