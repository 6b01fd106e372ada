"""Attribute defaults of the document schema, so that a default left out and a default written are the same."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).resolve().parents[2] / "schema" / "document.json"


@cache
def defaults(kind: str, name: str) -> dict[str, Any]:
    """The defaults of a node or mark: ``kind`` is ``nodes`` or ``marks``."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    attrs = schema[kind].get(name, {}).get("attrs") or {}
    return {key: spec["default"] for key, spec in attrs.items() if "default" in spec}


def set_attrs(kind: str, name: str, attrs: dict[str, Any] | None) -> dict[str, Any]:
    """The attributes that differ from their defaults."""
    usual = defaults(kind, name)
    return {key: value for key, value in (attrs or {}).items() if key not in usual or usual[key] != value}
