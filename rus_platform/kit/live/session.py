"""One live session: a page that somebody has open. Each kind of page says where it is, who may be there and what is heard.

Out, whatever the kind: welcome {id, can_edit}, beat, presence {people}, bell {up}, closed {reason}.
"""

import asyncio
import json
import logging
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, ClassVar

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from redis.exceptions import RedisError

from rus_platform.kit.bell import person_group
from rus_platform.kit.live import presence
from rus_platform.kit.live.limits import Pace, crowd

logger = logging.getLogger(__name__)

AWAY = (RedisError, OSError, TimeoutError)  # what is raised when Valkey is away
CODES = {"signedout": 4401, "role": 4403, "frozen": 4409, "many": 4429, "pace": 4429}

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody may do in a room: ``reason`` says why not be there at all (signedout, role, frozen), or is empty."""

    reason: str = ""
    person_id: int = 0
    name: str = ""
    can_edit: bool = False


class LiveSession(AsyncWebsocketConsumer):
    """Nothing here writes to the database, and what is written in a text never comes this way."""

    has_presence: ClassVar[bool] = True  # whether those who are here are shown to each other
    look_again: ClassVar[int] = 2  # beats between two questions about rights, should a ring have been missed

    # --- What each kind says

    def place(self) -> Place:
        """Who the browser's session (``self.session_key``) belongs to, and what they may do here, asked of the database now."""
        raise NotImplementedError

    @property
    def room(self) -> str:
        """The group of all sessions of the same kind in the same place, which verbs ring."""
        raise NotImplementedError

    def read(self, text: str | None) -> Message | None:
        """What a browser may say, with its fields checked; None for everything else."""
        raise NotImplementedError

    async def said(self, message: Message) -> None:
        """Something that ``read`` let through."""
        raise NotImplementedError

    def where(self) -> Message:
        """What is shown of this session beside the person."""
        return {}

    # --- From knock to good-bye

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
        self.can_edit, self.person_id = place.can_edit, place.person_id
        if not crowd.enter(self.person_id):
            return await self._end("many")
        self.counted = True
        self.id = self.channel_name[-12:]
        self.row = self._row(place)
        for group in (self.room, person_group(self.person_id)):
            await self.join(group)
        await self.tell({"type": "welcome", "id": self.id, "can_edit": self.can_edit})
        self.beating = asyncio.create_task(self._beat())

    def _row(self, place: Place) -> Message:
        """What others see. Those who only read are not shown."""
        if not place.can_edit:
            return {"since": time.time()}
        colour = presence.colour_of(place.person_id)
        return {"person": place.person_id, "name": place.name, "color": colour, "since": time.time()}

    async def disconnect(self, code: int) -> None:
        """Whatever the reason: forget the session, and tell those who remain."""
        self.over = True
        await self._stop_beating()
        if self.counted:
            self.counted = False
            crowd.leave(self.person_id)
        if self.row and self.has_presence:
            with suppress(*AWAY):
                await self._share(await presence.leave(self.room, self.id))

    async def _stop_beating(self) -> None:
        """A client library may swallow a cancellation, so ask more than once, and never wait for ever."""
        for _ in range(3):
            if self.beating and not self.beating.done():
                self.beating.cancel()
                await asyncio.wait({self.beating}, timeout=0.5)

    async def join(self, group: str) -> None:
        """From now on, hear what is rung in the group."""
        await self.channel_layer.group_add(group, self.channel_name)
        self.groups.append(group)

    async def leave(self, group: str) -> None:
        """No longer hear it."""
        self.groups.remove(group)
        await self.channel_layer.group_discard(group, self.channel_name)

    # --- From the browser

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One message. Too many: the session ends (the browser comes back after a while)."""
        if self.over or not self.row:
            return
        if not self.pace.allows():
            return await self._end("pace")
        message = self.read(text_data)
        if message is None:
            return
        try:
            await self.said(message)
        except AWAY:
            await self._bell(up=False)

    async def tell_others(self, group: str, message: Message) -> None:
        """The message, with who says it, to the group's other sessions."""
        who = {name: self.row[name] for name in ("person", "name", "color")}
        await self.channel_layer.group_send(group, {"type": "others", "said": {**message, "id": self.id, **who}})

    async def moved(self) -> None:
        """What ``where`` says has changed: everybody hears of it."""
        if self.can_edit:
            await self._share(await presence.note(self.room, self.id, {**self.row, **self.where()}))

    async def _share(self, people: list[Message]) -> None:
        await self.channel_layer.group_send(self.room, {"type": "people", "people": people})

    # --- From the other sessions and from the verbs

    async def people(self, event: Message) -> None:
        """Somebody came, went or moved: the list, when it is not the one that was sent last."""
        if event["people"] != self.shown:
            self.shown = event["people"]
            await self.tell({"type": "presence", "people": self.shown})

    async def others(self, event: Message) -> None:
        """What another session said with ``tell_others``."""
        if event["said"]["id"] != self.id:
            await self.tell(event["said"])

    async def rights(self, event: Message) -> None:
        """A role, an account or the place has changed: may we still be here?"""
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
        await self.tell({"type": "beat"})
        await self.channel_layer.send(self.channel_name, {"type": "echo"})
        if self.has_presence:
            people = await presence.note(self.room, self.id, {**self.row, **self.where()})
            await (self._share(people) if beats == 0 else self.people({"people": people}))
        if beats % self.look_again == 1:
            await self.rights({})

    async def _bell(self, *, up: bool) -> None:
        """Tell the browser, once, whether it can rely on being rung for."""
        if up != self.up:
            self.up = up
            await self.tell({"type": "bell", "up": up})

    # --- Small things

    async def _look(self) -> Place:
        return await database_sync_to_async(self.place)()

    async def tell(self, message: Message) -> None:
        """One message to the browser."""
        if not self.over:
            await self.send(text_data=json.dumps(message, ensure_ascii=False))

    async def _end(self, reason: str) -> None:
        """Say why, and close."""
        await self.tell({"type": "closed", "reason": reason})
        self.over = True
        await self.close(code=CODES[reason])
