"""One live session in a draft.

In: hello {section}, cursor {section, version, anchor, head}, typing {section}.
Out, beside what every session says: here {section}, step {section, version, steps?}, comment {id}, section {section}, cursor,
typing.
"""

import json
from typing import Any

from rus_platform.kit.live.session import LiveSession, Message, Place
from strategies.domain.doorbell import draft_group, section_group
from strategies.live import messages
from strategies.live.rights import place_of


class DraftConsumer(LiveSession):
    """A page of a draft that somebody has open. What is written in a text never comes this way."""

    section: str | None = None

    @property
    def version_id(self) -> int:
        """The version that the address names."""
        number: int = self.scope["url_route"]["kwargs"]["version_id"]
        return number

    @property
    def room(self) -> str:
        """All sessions in the draft."""
        return draft_group(self.version_id)

    def place(self) -> Place:
        """What the person may do in the draft now."""
        return place_of(self.session_key, self.version_id)

    def read(self, text: str | None) -> Message | None:
        """See ``messages``."""
        return messages.read(text)

    def where(self) -> dict[str, Any]:
        """The section that the page has open."""
        return {"section": self.section}

    async def said(self, message: Message) -> None:
        """A section is opened, or something happens in the one that is open."""
        if message["type"] == "hello":
            await self._hello(message["section"])
        elif message["section"] == self.section and self.can_edit:
            await self.tell_others(section_group(self.version_id, self.section), message)

    async def _hello(self, section: str | None) -> None:
        """Only those who have a section open hear what happens in it. ``here``: from now on; the browser asks for what came
        before."""
        if self.section not in (None, section):
            await self.leave(section_group(self.version_id, self.section))
        if section not in (None, self.section):
            await self.join(section_group(self.version_id, section))
            await self.tell({"type": "here", "section": section})
        self.section = section
        await self.moved()

    async def step(self, event: Message) -> None:
        """Somebody wrote. The steps are JSON already, made once for everybody."""
        head = json.dumps({"type": "step", "section": event["section"], "version": event["version"]})
        if not self.over:
            await self.send(text_data=f'{head[:-1]}, "steps": {event["steps"] or "null"}}}')

    async def comment(self, event: Message) -> None:
        """A thread has changed."""
        await self.tell({"type": "comment", "id": event["id"]})

    async def section_state(self, event: Message) -> None:
        """A section has been locked for review, or unlocked."""
        await self.tell({"type": "section", "section": event["section"]})
