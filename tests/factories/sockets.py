"""Live sessions as a browser has them, against the real application, Valkey and database."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.layers import channel_layers
from django.conf import settings
from django.db import connections
from django.test import Client

from actors.models import User
from rus_platform.asgi import application
from rus_platform.kit.live import presence

ORIGIN = "http://127.0.0.1"
PATIENCE = 5.0


def own_channels(settings: Any) -> None:
    """Valkey's channels know no databases: tests that run side by side must not hear each other. For a fixture."""
    prefix = f"test-{uuid.uuid4().hex}"
    layer = {**settings.CHANNEL_LAYERS["default"], "CONFIG": {"hosts": [settings.REDIS_URL], "prefix": prefix}}
    settings.CHANNEL_LAYERS = {"default": layer, "elsewhere": layer}
    settings.LIVE_PREFIX = prefix
    channel_layers.backends.clear()


class Socket(ApplicationCommunicator):
    """What a browser has. (Channels' own would need another web server only to be imported.)"""

    def __init__(self, app: Any, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {"type": "websocket", "path": path, "query_string": b"", "headers": headers, "subprotocols": []}
        super().__init__(app, scope)
        self.opened = False

    async def connect(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        self.opened = (await self.receive_output(PATIENCE))["type"] == "websocket.accept"
        return self.opened

    async def disconnect(self) -> None:
        if not self.future.done():
            await self.send_input({"type": "websocket.disconnect", "code": 1000})
            await self.wait(PATIENCE)

    async def hear(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """The next message of this kind (others are passed over) with these values."""
        async with asyncio.timeout(PATIENCE):
            while True:
                output = await self.receive_output(PATIENCE)
                assert output["type"] == "websocket.send", f"{output} instead of {kind}"
                said = json.loads(output["text"])
                if said["type"] == kind and all(said.get(name) == value for name, value in wanted.items()):
                    return said

    async def silent(self, seconds: float, *, but: str = "beat") -> bool:
        """Whether nothing but signs of life (and ``but``) is heard for so long."""
        heard = []
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    heard.append(json.loads((await self.output_queue.get())["text"])["type"])
        return set(heard) <= {"beat", but}

    async def people(self, *names: str) -> list[dict[str, Any]]:
        """Waits until exactly these are there."""
        while True:
            people = (await self.hear("presence"))["people"]
            if sorted(person["name"] for person in people) == sorted(names):
                return people

    async def say(self, **message: Any) -> None:
        await self.text(json.dumps(message))

    async def text(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})


class Stage:
    """Opens sockets and closes them all at the end."""

    def __init__(self) -> None:
        self.sockets: list[Socket] = []

    async def open(self, user: User | None, path: str, *, origin: str = ORIGIN, app: Any = application) -> Socket:
        cookie = await sync_to_async(signed_in)(user)
        headers = [(b"origin", origin.encode()), (b"cookie", cookie.encode())]
        socket = Socket(app, path, headers=headers)
        self.sockets.append(socket)
        await socket.connect()
        return socket

    async def close(self) -> None:
        for socket in self.sockets:
            await socket.disconnect()
        await presence.close()


def signed_in(user: User | None) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}" if user else "a=b"


def play(scene: Callable[[Stage], Awaitable[None]]) -> None:
    """Run a scene in an event loop of its own, in a thread where no other loop runs (browser tests leave one behind)."""

    async def whole() -> None:
        stage = Stage()
        try:
            await scene(stage)
        finally:
            await stage.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(played, whole).result()


def played(scene: Callable[[], Awaitable[None]]) -> None:
    try:
        async_to_sync(scene)()
    finally:
        connections.close_all()


def away(call: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    return sync_to_async(call)
