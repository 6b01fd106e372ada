"""The last minutes before a round closes: people who save again and again, and signatories who hand in."""

import asyncio
import json
import random
import re
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks.live_clients import Http

PATIENCE = 30.0  # seconds: after that an answer counts as none
FINE = (200, 302)
SAID = (403, 409, 422)  # "it has been handed in": a refusal in words, with what was typed on the page


@dataclass
class Storm:
    """What is counted."""

    saves: list[float] = field(default_factory=list)  # seconds each
    looks: list[float] = field(default_factory=list)
    submits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    refused: int = 0
    words: dict[tuple[int, str], str] = field(
        default_factory=dict
    )  # (response, piece) -> what was last said to be saved
    handed_in: set[int] = field(default_factory=set)


class Writer:
    """One person who writes one piece of an answer: the summary, a position or the answer to a question."""

    def __init__(self, port: int, cookie: str, token: str, place: SimpleNamespace, piece: str, storm: Storm) -> None:
        headers = {
            "Host": f"127.0.0.1:{port}", "Cookie": f"{cookie}; csrftoken={token}", "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html",
        }  # fmt: skip
        self.saving, self.looking = Http(port, headers), Http(port, headers)  # a browser opens a second connection
        self.place, self.piece, self.storm = place, piece, storm
        self.revision, self.count = 0, 0
        self.base = self.values("") | ({"own_case_number": "", "stance": ""} if piece != "answer" else {})

    async def ask(self, method: str, path: str, fields: dict[str, Any] | None = None) -> tuple[int, str, bytes]:
        """As the browser does; what takes too long, or breaks, is an error that is counted."""
        http = self.looking if "/nytt/" in path else self.saving
        try:
            async with asyncio.timeout(PATIENCE):
                return await http.exchange(method, path, urlencode(fields or {}).encode())
        except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            http.close()
            http.streams = None
            return 0, "", repr(error).encode()

    def values(self, words: str) -> dict[str, str]:
        """The piece's fields."""
        return {
            "summary": {"kind": "answer", "summary": words, "own_case_number": "KS 2027-1"},
            "position": {"stance": "supports_with_changes", "reason": words},
            "answer": {"value": words},
        }[self.piece]

    @property
    def name(self) -> str:
        """The piece as the page calls it."""
        where = {"summary": "", "position": f"-{self.place.section}", "answer": f"-{self.place.question}"}
        return self.piece + where[self.piece]

    async def save(self) -> bool:
        """One save; False when it was refused because the answer has been handed in."""
        self.count += 1
        words = f"Vi vill att tåget byggs ut, {self.piece} gång {self.count}. " * 8
        words = words.strip()
        started = time.perf_counter()
        sent = {**self.values(words), "piece": self.name, "revision": self.revision, "base": json.dumps(self.base)}
        status, _head, body = await self.ask("POST", f"/svar/{self.place.response}/spara/", sent)
        if status in FINE:
            self.storm.saves.append(time.perf_counter() - started)
            self.revision = json.loads(body)["revision"]
            self.base = self.values(words)
            self.storm.words[self.place.response, self.piece] = words
            return True
        if status in SAID and self.place.response in self.storm.handed_in | self.place.handing_in:
            self.storm.refused += 1
        else:
            self.storm.errors.append(f"save {self.piece}: {status} {title_of(body)}")
        return False

    async def look(self, until: float, pause: float, chance: random.Random) -> None:
        """Look for what colleagues have written, as the page does while it is open."""
        await asyncio.sleep(pause * chance.random())
        while time.perf_counter() < until:
            started = time.perf_counter()
            status, _head, body = await self.ask(
                "GET", f"/svar/{self.place.response}/nytt/?{self.name}={self.revision}"
            )
            if status == 200:
                self.storm.looks.append(time.perf_counter() - started)
            else:
                self.storm.errors.append(f"look: {status} {title_of(body)}")
            await asyncio.sleep(pause)

    async def write(self, until: float, pause: float, chance: random.Random) -> None:
        """Save again and again until the time is up or the answer has been handed in."""
        await asyncio.sleep(pause * chance.random())
        while time.perf_counter() < until and await self.save():
            await asyncio.sleep(pause * chance.uniform(0.7, 1.3))

    async def hand_in(self, at: float) -> None:
        """Look through, and hand in."""
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        path, started = f"/svar/{self.place.response}/lamna-in/", time.perf_counter()
        status, _head, body = await self.ask("GET", path)
        if status == 200:
            self.place.handing_in.add(self.place.response)
            status, head, body = await self.ask("POST", path)
            if status == 302 and "/kvitto/" in head:
                self.storm.submits.append(time.perf_counter() - started)
                self.storm.handed_in.add(self.place.response)
                return
        self.storm.errors.append(f"hand in: {status} {title_of(body)}")


def title_of(page: bytes) -> str:
    """What a refusal is about."""
    found = re.search(rb"<title>([^<]*)", page)
    return (found.group(1) if found else page[:120]).decode(errors="replace").strip()
