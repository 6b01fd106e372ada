"""What a browser that writes in a response may say. Everything else is ignored."""

import json
import re
from typing import Any

from rus_platform.kit.live.limits import LONGEST

KINDS = ("at", "typing")
PIECE = re.compile(r"summary|(position|answer|point)-[0-9]{1,18}", re.ASCII)


def read(text: str | None) -> dict[str, Any] | None:
    """A message with its fields checked: {type: "at", piece or None} or {type: "typing", piece}."""
    if not text or len(text) > LONGEST:
        return None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("type") not in KINDS:
        return None
    piece = said.get("piece")
    nowhere = piece is None and said["type"] == "at"
    if not nowhere and not (isinstance(piece, str) and PIECE.fullmatch(piece)):
        return None
    return {"type": said["type"], "piece": piece}
