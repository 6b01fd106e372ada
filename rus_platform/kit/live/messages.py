"""What every kind of live session asks of a browser's message before it looks at what it says."""

import json
from collections.abc import Collection
from typing import Any

from rus_platform.kit.live.limits import LONGEST


def parsed(text: str | None, kinds: Collection[str]) -> dict[str, Any] | None:
    """The JSON object with a ``type`` among ``kinds``, its other fields unchecked; None for everything else."""
    if not text or len(text) > LONGEST:
        return None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and said.get("type") in kinds else None
