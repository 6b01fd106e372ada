"""Live sessions of a consultation: a response that is written together, and a coverage board.

In (a response): at {piece}, typing {piece}. Out, beside what every session says: piece {piece, revision}, state, typing {piece,
...}; a board: board. Nothing that is written comes this way: the browser is rung for, and asks for it as the page does.
"""

from typing import Any, ClassVar

from consultations.domain.doorbell import board_group, response_group
from consultations.live import messages
from consultations.live.rights import place_at_board, place_in_response
from rus_platform.kit.live.session import LiveSession, Message, Place


class ResponseConsumer(LiveSession):
    """A page where somebody writes in a response."""

    look_again: ClassVar[int] = 4
    piece: str | None = None

    @property
    def response_id(self) -> int:
        """The response that the address names."""
        number: int = self.scope["url_route"]["kwargs"]["response_id"]
        return number

    @property
    def room(self) -> str:
        """All who write in the response."""
        return response_group(self.response_id)

    def place(self) -> Place:
        """May the person write in the response now?"""
        return place_in_response(self.session_key, self.response_id)

    def read(self, text: str | None) -> Message | None:
        """See ``messages``."""
        return messages.read(text)

    def where(self) -> dict[str, Any]:
        """The piece that the person is at."""
        return {"piece": self.piece}

    async def said(self, message: Message) -> None:
        """Somebody goes to a piece, or writes in the one that they are at."""
        if message["type"] == "at":
            if message["piece"] != self.piece:
                self.piece = message["piece"]
                await self.moved()
        elif message["piece"] == self.piece:
            await self.tell_others(self.room, message)

    async def piece_saved(self, event: Message) -> None:
        """Somebody saved, or took away, a piece."""
        await self.tell({"type": "piece", "piece": event["piece"], "revision": event["revision"]})

    async def state(self, event: Message) -> None:
        """The response is in another state."""
        await self.tell({"type": "state"})


class BoardConsumer(LiveSession):
    """A coverage board that somebody at the region has open. Who else looks at it is nobody's business."""

    has_presence: ClassVar[bool] = False
    look_again: ClassVar[int] = 4

    @property
    def room(self) -> str:
        """All who have the board open."""
        return board_group(self.scope["url_route"]["kwargs"]["round_id"])

    def place(self) -> Place:
        """May the person see the board now?"""
        return place_at_board(self.session_key, self.scope["url_route"]["kwargs"]["round_id"])

    def read(self, text: str | None) -> None:
        """A board is only listened to."""

    async def said(self, message: Message) -> None:
        """Nothing can be said."""

    async def board(self, event: Message) -> None:
        """Something that the board shows has changed."""
        await self.tell({"type": "board"})
