"""The strategy texts of the demonstration: ``build`` (80 pages), ``build_earlier`` and ``build_energy``.

A section is a dict: {key, uuid, kind, title, parent (key or None), parent_uuid, position, target_year, responsible (keys of
consultees, or "region" and "kommuner"), policy ([(framework, code)]), doc (ProseMirror JSON)}. Parents come before children.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from consultations.demo.composing import Composer
from consultations.demo.facts import county
from consultations.demo.markup import Blocks
from consultations.demo.reading import TEXT

Section = dict[str, Any]

NAMESPACE = uuid.UUID("6f1e7c52-3a0d-5e0b-9d0e-8a1f0c9d2b11")
HEAD = re.compile(r"^=== (.+)$", re.MULTILINE)
DIRECTIVE = re.compile(r"^@(\w+)(?: (\w+))?$", re.MULTILINE)
FACT = re.compile(r"\{(\w+)\}")


def build(seed: int = 1, scale: int = 1) -> list[Section]:
    """The current strategy. ``scale`` 4 gives four times the sections and the text, with ids of their own."""
    return [section for part in range(scale) for section in _compose("current", seed, part)]


def build_earlier(seed: int = 1) -> list[Section]:
    """The edition of 2018, about a quarter as long."""
    return _compose("earlier", seed, 0)


def build_energy(seed: int = 1) -> list[Section]:
    """A short thematic strategy on climate and energy."""
    return _compose("energy", seed, 0)


def build_energy_early(seed: int = 1) -> list[Section]:
    """What there was to talk about before that strategy was written; the sections have the keys of ``build_energy``."""
    return _compose("energy_early", seed, 0)


def with_uuids(doc: dict[str, Any], uuids: dict[str, str]) -> dict[str, Any]:
    """A copy of the document whose references go to ``uuids[old]``."""
    copy = dict(doc)
    if doc["type"] == "ref":
        copy["attrs"] = {"section": uuids[doc["attrs"]["section"]]}
    if "content" in doc:
        copy["content"] = [with_uuids(child, uuids) for child in doc["content"]]
    return copy


def characters(sections: list[Section]) -> int:
    """Characters of running text, titles included."""
    return sum(len(section["title"]) + _length(section["doc"]) for section in sections)


def _length(node: dict[str, Any]) -> int:
    return len(node.get("text", "")) + sum(_length(child) for child in node.get("content", []))


def _compose(folder: str, seed: int, part: int) -> list[Section]:
    composer, facts = Composer(seed), county(seed)

    def uuid_of(key: str) -> str:
        return str(uuid.uuid5(NAMESPACE, f"{folder}/{seed}/{part}/{key}"))

    sections: list[Section] = []
    for head, body in _raw(folder):
        key, kind, title, *rest = (cell.strip() for cell in head.split("|"))
        fields = dict(cell.split("=", 1) for cell in rest)
        text = DIRECTIVE.sub(lambda match, key=key: composer.expand(match[1], match[2] or "", key), body)
        text = FACT.sub(lambda match: facts[match[1]], text)
        sections.append({
            "key": key, "uuid": uuid_of(key), "kind": kind, "title": title if part == 0 else f"{title} ({part + 1})",
            "parent": fields.get("parent"), "parent_uuid": uuid_of(fields["parent"]) if "parent" in fields else None,
            "position": len(sections), "target_year": int(fields["year"]) if "year" in fields else None,
            "responsible": fields["resp"].split(",") if "resp" in fields else [],
            "policy": [tuple(item.split(":")) for item in fields["policy"].split(",")] if "policy" in fields else [],
            "doc": {"type": "doc", "content": Blocks(uuid_of, folder[0]).parse(text)},
        })  # fmt: skip
    return sections


def _raw(folder: str) -> Iterator[tuple[str, str]]:
    for path in sorted((TEXT / folder).glob("*.md")):
        pieces = HEAD.split(path.read_text("utf-8"))
        yield from zip(pieces[1::2], pieces[2::2], strict=True)
