"""The shape of a section's document: one JSON file that TypeScript and Python both load.

The file says which nodes and marks there are; ``RULES`` below adds what a type name cannot say
(an id's form, a heading's level, a link's scheme). Every validator raises ValueError.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prosemirror.model import Node, Schema

Validator = Callable[[Any], None]

SPEC: dict[str, Any] = json.loads((Path(__file__).parent / "document.json").read_text("utf-8"))
SCHEMA_VERSION: int = SPEC["version"]

# Node.resolve keeps every document it ever saw alive (its cache holds what its weak reference should let go).
Node.resolve = Node.resolve_no_cache  # type: ignore[method-assign]

ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}\Z")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
# The same expression stands in frontend/src/editor/schema.ts.
HREF = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#)[^\s<>\"\\\x00-\x1f\x7f]{0,1990}\Z", re.IGNORECASE)


def _matches(pattern: re.Pattern[str], empty: bool = False) -> Validator:
    def validate(value: Any) -> None:
        if (value is None and empty) or (isinstance(value, str) and pattern.match(value)):
            (value or "").encode()  # half a surrogate pair is a ValueError
            return
        raise ValueError(f"{value!r:.60} has not the form {pattern.pattern}")

    return validate


def _whole(lowest: int, highest: int) -> Validator:
    def validate(value: Any) -> None:
        if type(value) is not int or not lowest <= value <= highest:
            raise ValueError(f"{value!r:.60} is not a whole number {lowest}-{highest}")

    return validate


def _text(longest: int) -> Validator:
    def validate(value: Any) -> None:
        if not isinstance(value, str) or len(value) > longest or "\x00" in value:
            raise ValueError(f"{value!r:.60} is not a text of at most {longest} characters")
        value.encode()  # half a surrogate pair is a ValueError

    return validate


def _widths(value: Any) -> None:
    if value is None:
        return
    if not isinstance(value, list) or not 0 < len(value) <= 100:
        raise ValueError("column widths are a list")
    for width in value:
        _whole(0, 10_000)(width)


def _one_of(*values: Any) -> Validator:
    def validate(value: Any) -> None:
        if value not in values or isinstance(value, bool) is not isinstance(values[0], bool):
            raise ValueError(f"{value!r:.60} is none of {values}")

    return validate


def _small_json(value: Any) -> None:
    if len(json.dumps(value)) > 4000 or "\\u0000" in json.dumps(value):
        raise ValueError("the value is too large")
    json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is a ValueError


RULES: dict[str, dict[str, Validator]] = {
    "heading": {"level": _whole(2, 4)},
    "ordered_list": {"start": _whole(0, 1_000_000)},
    "table_cell": {"colspan": _whole(1, 100), "rowspan": _whole(1, 1000), "colwidth": _widths},
    "table_header": {"colspan": _whole(1, 100), "rowspan": _whole(1, 1000), "colwidth": _widths},
    "figure": {"image": _matches(UUID), "alt": _text(2000), "caption": _text(2000), "decorative": _one_of(True, False)},
    "ref": {"section": _matches(UUID)},
    "link": {"href": _matches(HREF)},
    "insertion": {"id": _matches(ID)},
    "deletion": {"id": _matches(ID)},
    "modification": {
        "id": _matches(ID),
        "type": _text(40),
        "attrName": lambda value: None if value is None else _text(40)(value),
        "previousValue": _small_json,
        "newValue": _small_json,
    },
}
BLOCK_ID = _matches(ID, empty=True)


def build() -> Schema[Any, Any]:
    """The schema with its rules as validators; blocks are the nodes that have an ``id``."""
    spec = json.loads(json.dumps(SPEC))
    for name, type_spec in (spec["nodes"] | spec["marks"]).items():
        for attr, attr_spec in type_spec.get("attrs", {}).items():
            is_block_id = attr == "id" and name in spec["nodes"]
            attr_spec["validate"] = BLOCK_ID if is_block_id else RULES[name][attr]
    return Schema({key: spec[key] for key in ("nodes", "marks", "topNode")})  # type: ignore[misc]


SCHEMA = build()
BLOCKS = frozenset(name for name, spec in SPEC["nodes"].items() if "id" in spec.get("attrs", {}))
TEXT_BLOCKS = frozenset({"paragraph", "heading"})
