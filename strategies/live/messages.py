"""What a browser may say. Everything else is ignored."""

from typing import Any
from uuid import UUID

from rus_platform.kit.live.messages import parsed

KINDS = ("hello", "cursor", "typing")
FAR = 2**31


def read(text: str | None) -> dict[str, Any] | None:
    """A message with its fields checked: {type, section} or a cursor's {type, section, version, anchor, head}."""
    said = parsed(text, KINDS)
    if said is None:
        return None
    section = _uuid(said.get("section"))
    if section is None and not (said["type"] == "hello" and said.get("section") is None):
        return None
    message: dict[str, Any] = {"type": said["type"], "section": section}
    if said["type"] == "cursor":
        for name in ("version", "anchor", "head"):
            value = said.get(name)
            if type(value) is not int or not 0 <= value < FAR:
                return None
            message[name] = value
    return message


def _uuid(value: object) -> str | None:
    try:
        return str(UUID(value)) if isinstance(value, str) else None
    except ValueError:
        return None
