"""Rings for those who have a response or a coverage board open. The bell says where something has changed, never what: that is
asked for again, by somebody who may see it.
"""

from consultations.models import Response
from rus_platform.kit.bell import ring_after_commit


def response_group(response_id: int) -> str:
    """The group of all live sessions of those who write in one response."""
    return f"response.{response_id}"


def board_group(round_id: int) -> str:
    """The group of all live sessions in a round's coverage board."""
    return f"board.{round_id}"


def ring_piece(response: Response, piece: str, revision: int) -> None:
    """Somebody wrote in a piece (named as in ``queries.together.pieces_of``), whose words are now those of ``revision``."""
    ring_after_commit(response_group(response.pk), "piece_saved", piece=piece, revision=revision)


def ring_state(response: Response) -> None:
    """The response has gone on to another state: those who write in it are told, and the board shows it."""
    ring_after_commit(response_group(response.pk), "state")
    ring_board(response.round_id)


def ring_gone(response_id: int, round_id: int) -> None:
    """The response is not there any more, or is somebody else's to write: those who may not have it open are let go."""
    ring_after_commit(response_group(response_id), "rights")
    ring_board(round_id)


def ring_board(round_id: int) -> None:
    """Something that the round's coverage board shows has changed."""
    ring_after_commit(board_group(round_id), "board")
