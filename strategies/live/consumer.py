"""One live session: a page of a draft that somebody has open.

In: hello {section}, cursor {section, version, anchor, head}, typing {section}.
Out: welcome {id}, here {section}, beat, presence {people}, step {section, version, steps?}, comment {id}, cursor, typing,
bell {up}, closed {reason}.
"""

import asyncio
import json
import logging
import random
import time
from contextlib import suppress
from itertools import count
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from redis.exceptions import RedisError

from rus_platform.kit.bell import person_group
from strategies.domain.doorbell import draft_group, section_group
from strategies.live import messages, presence
from strategies.live.limits import Pace, crowd
from strategies.live.rights import Place, place_of

logger = logging.getLogger(__name__)

AWAY = (RedisError, OSError, TimeoutError)  # what is raised when Valkey is away
CODES = {"signedout": 4401, "role": 4403, "frozen": 4409, "many": 4429, "pace": 4429}
LOOK_AGAIN = 2  # beats between two questions about rights, should a ring have been missed

Message = dict[str, Any]


class DraftConsumer(AsyncWebsocketConsumer):
    """Nothing here writes to the database, and what is written in a text never comes this way."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """With Valkey away there is nothing to offer: refused, and the browser asks over HTTP instead."""
        try:
            await super().__call__(scope, receive, send)
        except AWAY as error:
            logger.warning("A live session was refused or lost: %s", error)
            with suppress(Exception):  # it may have been closed already
                await send({"type": "websocket.close", "code": 1013})

    async def connect(self) -> None:
        """Anybody may knock; whoever may not be here is told why, and the door is shut."""
        self.version_id: int = self.scope["url_route"]["kwargs"]["version_id"]
        self.section: str | None = None
        self.session_key: str | None = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME)
        self.shown: list[Message] | None = None
        self.row: Message = {}
        self.beating: asyncio.Task[None] | None = None
        self.counted = self.over = False
        self.echoed, self.up = True, True
        self.pace = Pace()
        await self.accept()
        place = await self._look()
        if place.reason:
            return await self._end(place.reason)
        assert place.person is not None
        self.can_edit, self.person_id = place.can_edit, place.person.pk
        if not crowd.enter(self.person_id):
            return await self._end("many")
        self.counted = True
        self.id = self.channel_name[-12:]
        self.row = self._row(place)
        for group in (draft_group(self.version_id), person_group(self.person_id)):
            await self.channel_layer.group_add(group, self.channel_name)
            self.groups.append(group)
        await self._tell({"type": "welcome", "id": self.id, "can_edit": self.can_edit})
        self.beating = asyncio.create_task(self._beat())

    def _row(self, place: Place) -> Message:
        """What others see. Those who only read are not shown."""
        if not place.can_edit or place.person is None:
            return {"since": time.time()}
        colour = presence.colour_of(place.person.pk)
        return {"person": place.person.pk, "name": place.person.name, "color": colour, "since": time.time()}

    async def disconnect(self, code: int) -> None:
        """Whatever the reason: forget the session, and tell those who remain."""
        self.over = True
        await self._stop_beating()
        if self.counted:
            self.counted = False
            crowd.leave(self.person_id)
        if self.row:
            with suppress(*AWAY):
                await self._share(await presence.leave(self.version_id, self.id))

    async def _stop_beating(self) -> None:
        """A client library may swallow a cancellation, so ask more than once, and never wait for ever."""
        for _ in range(3):
            if self.beating and not self.beating.done():
                self.beating.cancel()
                await asyncio.wait({self.beating}, timeout=0.5)

    # --- From the browser

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One message. Too many: the session ends (the browser comes back after a while)."""
        if self.over or not self.row:
            return
        if not self.pace.allows():
            return await self._end("pace")
        message = messages.read(text_data)
        if message is None:
            return
        try:
            if message["type"] == "hello":
                await self._hello(message["section"])
            elif message["section"] == self.section and self.can_edit:
                who = {name: self.row[name] for name in ("person", "name", "color")}
                await self.channel_layer.group_send(
                    section_group(self.version_id, self.section),
                    {**message, "type": f"others_{message['type']}", "id": self.id, **who},
                )
        except AWAY:
            await self._bell(up=False)

    async def _hello(self, section: str | None) -> None:
        """Only those who have a section open hear what happens in it. ``here``: from now on; the browser asks for what came
        before."""
        if self.section not in (None, section):
            left = section_group(self.version_id, self.section)
            self.groups.remove(left)
            await self.channel_layer.group_discard(left, self.channel_name)
        if section not in (None, self.section):
            await self.channel_layer.group_add(entered := section_group(self.version_id, section), self.channel_name)
            self.groups.append(entered)
            await self._tell({"type": "here", "section": section})
        self.section = section
        if self.can_edit:
            await self._share(await presence.note(self.version_id, self.id, {**self.row, "section": section}))

    async def _share(self, people: list[Message]) -> None:
        await self.channel_layer.group_send(draft_group(self.version_id), {"type": "people", "people": people})

    # --- From the other sessions and from the verbs

    async def people(self, event: Message) -> None:
        """Somebody came, went or moved: the list, when it is not the one that was sent last."""
        if event["people"] != self.shown:
            self.shown = event["people"]
            await self._tell({"type": "presence", "people": self.shown})

    async def step(self, event: Message) -> None:
        """Somebody wrote. The steps are JSON already, made once for everybody."""
        head = json.dumps({"type": "step", "section": event["section"], "version": event["version"]})
        if not self.over:
            await self.send(text_data=f'{head[:-1]}, "steps": {event["steps"] or "null"}}}')

    async def comment(self, event: Message) -> None:
        """A thread has changed."""
        await self._tell({"type": "comment", "id": event["id"]})

    async def section_state(self, event: Message) -> None:
        """A section has been locked for review, or unlocked."""
        await self._tell({"type": "section", "section": event["section"]})

    async def others_cursor(self, event: Message) -> None:
        """Somebody's cursor moved."""
        if event["id"] != self.id:
            await self._tell({**event, "type": "cursor"})

    async def others_typing(self, event: Message) -> None:
        """Somebody is typing."""
        if event["id"] != self.id:
            await self._tell({**event, "type": "typing"})

    async def rights(self, event: Message) -> None:
        """A role, an account or the version has changed: may we still be here?"""
        place = await self._look()
        if place.reason or place.can_edit != self.can_edit:
            await self._end(place.reason or "role")

    async def echo(self, event: Message) -> None:
        """Our own call came back: the bell works."""
        self.echoed = True
        await self._bell(up=True)

    # --- Beating

    async def _beat(self) -> None:
        """Signs of life, for as long as the session lasts."""
        for beats in count():
            if self.over:
                return
            try:
                await self._beat_once(beats)
            except AWAY:
                await self._bell(up=False)
            except Exception:  # the database is away: the page's own questions say so, and the next beat asks again
                logger.warning("A live session could not ask about its rights", exc_info=True)
            await asyncio.sleep(presence.BEAT * random.uniform(0.9, 1.1))

    async def _beat_once(self, beats: int) -> None:
        """Present in the list, able to hear ourselves, and still allowed to be here."""
        if not self.echoed:  # what we said to ourselves at the last beat has not come back: nor do the rings
            await self._bell(up=False)
        self.echoed = False
        await self._tell({"type": "beat"})
        await self.channel_layer.send(self.channel_name, {"type": "echo"})
        people = await presence.note(self.version_id, self.id, {**self.row, "section": self.section})
        await (self._share(people) if beats == 0 else self.people({"people": people}))
        if beats % LOOK_AGAIN == 1:
            await self.rights({})

    async def _bell(self, *, up: bool) -> None:
        """Tell the browser, once, whether it can rely on being rung for."""
        if up != self.up:
            self.up = up
            await self._tell({"type": "bell", "up": up})

    # --- Small things

    async def _look(self) -> Place:
        return await database_sync_to_async(place_of)(self.session_key, self.version_id)

    async def _tell(self, message: Message) -> None:
        if not self.over:
            await self.send(text_data=json.dumps(message, ensure_ascii=False))

    async def _end(self, reason: str) -> None:
        """Say why, and close."""
        await self._tell({"type": "closed", "reason": reason})
        self.over = True
        await self.close(code=CODES[reason])
