"""What a browser that writes in a response may say. Everything else is ignored."""

import re
from typing import Any

from rus_platform.kit.live.messages import parsed

KINDS = ("at", "typing")
PIECE = re.compile(r"summary|(position|answer|point)-[0-9]{1,18}", re.ASCII)


def read(text: str | None) -> dict[str, Any] | None:
    """A message with its fields checked: {type: "at", piece or None} or {type: "typing", piece}."""
    said = parsed(text, KINDS)
    if said is None:
        return None
    piece = said.get("piece")
    nowhere = piece is None and said["type"] == "at"
    if not nowhere and not (isinstance(piece, str) and PIECE.fullmatch(piece)):
        return None
    return {"type": said["type"], "piece": piece}
