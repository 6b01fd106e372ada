"""Simulated editors for the benchmarks: they write over HTTP as the browser does and hear over a websocket."""

import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import connect

BATCHING = 0.3  # seconds: the editor's own delay, added to a keystroke before anything is sent


class Http:
    """One keep-alive connection. A bench that waits for its own HTTP library measures that."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self.port, self.head = port, "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, Any]:
        """Status and JSON of the answer."""
        status, _head, data = await self.exchange(method, path, body)
        return status, json.loads(data)

    async def exchange(self, method: str, path: str, body: bytes = b"") -> tuple[int, str, bytes]:
        """Status, head (in lower case) and body of the answer. A connection that the server has closed while it lay idle is
        opened again, as a browser does."""
        used = self.streams is not None
        try:
            return await self._exchange(method, path, body)
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            self.streams = None
            if not used or getattr(error, "partial", b""):
                raise
            return await self._exchange(method, path, body)

    async def _exchange(self, method: str, path: str, body: bytes) -> tuple[int, str, bytes]:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        writer.write(f"{method} {path} HTTP/1.1\r\n{self.head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        data = await reader.readexactly(length)
        return int(head.split(" ")[1]), head, data

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()


@dataclass
class Tally:
    """What is counted while the clients write."""

    commits: int = 0
    seconds: float = 0.0
    conflicts: int = 0
    answer: list[float] = field(default_factory=list)  # seconds from sending to the durable answer
    arrival: list[float] = field(default_factory=list)  # seconds from sending to a colleague's screen
    sent: dict[str, float] = field(default_factory=dict)  # batch -> when


class Editor:
    """One person in one section: ``write`` sends a batch, ``listen`` hears the others'."""

    def __init__(self, port: int, cookie: str, token: str, version: int, section: str, tally: Tally) -> None:
        headers = {
            "Host": f"127.0.0.1:{port}", "Cookie": f"{cookie}; csrftoken={token}", "X-CSRFToken": token,
            "Content-Type": "application/json", "Accept": "application/json",
        }  # fmt: skip
        self.http, self.tally, self.cookie = Http(port, headers), tally, cookie
        self.steps = f"/api/utkast/{version}/avsnitt/{section}/steg/"
        self.socket_url, self.origin = f"ws://127.0.0.1:{port}/live/utkast/{version}/", f"http://127.0.0.1:{port}"
        self.section, self.version = section, 0
        self.ready = asyncio.Event()

    async def begin(self) -> None:
        """Learn the section's version."""
        _, answer = await self.http.ask("GET", f"{self.steps}?since=0")
        self.version = answer["version"]

    async def write(self, text: str) -> None:
        """One batch, sent again on what is new when it was refused as stale."""
        batch = str(uuid.uuid4())
        self.tally.sent[batch] = started = time.perf_counter()
        step = {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": [{"type": "text", "text": text}]}}
        while True:
            body = json.dumps({"version": self.version, "batch_id": batch, "steps": [step]}).encode()
            status, answer = await self.http.ask("POST", self.steps, body)
            if status not in (200, 409):
                raise RuntimeError(f"{status}: {answer}")
            self.version = max(self.version, answer["version"])
            if status == 200:
                break
            self.tally.conflicts += 1
        self.tally.commits += 1
        self.tally.answer.append(time.perf_counter() - started)

    async def listen(self) -> None:
        """Hear of the others' steps, and fetch those that the bell did not bring along."""
        headers = {"Cookie": self.cookie}
        async with connect(self.socket_url, origin=self.origin, additional_headers=headers, compression=None) as socket:  # type: ignore[arg-type]
            async for message in socket:
                heard = json.loads(message)
                if heard["type"] == "welcome":
                    await socket.send(json.dumps({"type": "hello", "section": self.section}))
                    self.ready.set()
                if heard["type"] == "step" and heard["section"] == self.section:
                    for step in heard["steps"] or ():
                        sent = self.tally.sent.get(step["batch"])
                        if sent is not None:
                            self.tally.arrival.append(time.perf_counter() - sent)
                    self.version = max(self.version, heard["version"])


async def write_for(editors: list[Editor], seconds: float, *, pause: float) -> float:
    """Everybody writes for so long; ``pause`` seconds between a person's batches (0: as fast as they are answered)."""
    until = time.perf_counter() + seconds

    async def one(editor: Editor, number: int) -> None:
        await asyncio.sleep(pause * number / len(editors))  # people do not press keys in step
        while time.perf_counter() < until:
            await editor.write("ord ")
            if pause:
                await asyncio.sleep(pause)

    started = time.perf_counter()
    await asyncio.gather(*(one(editor, number) for number, editor in enumerate(editors)))
    return time.perf_counter() - started
