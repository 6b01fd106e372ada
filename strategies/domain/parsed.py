"""Sections' texts as this process parsed them last, so that a commit reads neither the whole text nor parses it again.

A parsed document is told by section, version and the moment of its last step; that moment also stands in the step itself, so
a newer text is reached from an older one by its steps alone. Only what has been committed is remembered.
"""

import json
from collections import OrderedDict
from datetime import datetime
from threading import Lock
from typing import NamedTuple

from django.db import transaction
from prosemirror.model import Node

from strategies.domain import documents
from strategies.domain import steps as moves
from strategies.models import Section

KEPT = 400  # documents per process
FAR = 100  # steps: further behind than that, the text itself is read
JSON_OF = "_json"  # a piece of text that many steps leave as it is keeps its JSON on itself


class Known(NamedTuple):
    """A text after ``version`` steps, the last of them made ``at``."""

    version: int
    at: datetime
    node: Node


class Shelf:
    """The documents used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Known] = OrderedDict()
        self._lock = Lock()

    def get(self, section_id: int) -> Known | None:
        """What is known of the section, perhaps out of date."""
        with self._lock:
            return self._kept.get(section_id)

    def keep(self, section_id: int, known: Known) -> None:
        """Remember, and forget the one not used for longest."""
        with self._lock:
            self._kept[section_id] = known
            self._kept.move_to_end(section_id)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


_shelf = Shelf()


def current(section: Section) -> Node:
    """The section's text, parsed. Of the section only its version and ``updated_at`` need be at hand."""
    known = _shelf.get(section.pk)
    if known and known.version == section.doc_version and known.at == section.updated_at:
        return known.node
    node = _caught_up(section, known) if known else None
    return node or documents.read(documents.upgrade(section.doc, section.schema_version))


def remember(section: Section, node: Node) -> None:
    """``node`` is the section's text, once the transaction is safe."""
    known = Known(section.doc_version, section.updated_at, node)

    def keep() -> None:  # a function with a name: Django names it in the log
        _shelf.keep(section.pk, known)

    transaction.on_commit(keep)


def _caught_up(section: Section, known: Known) -> Node | None:
    """The text reached from a known one by the steps since; None when they do not join."""
    if not 0 < known.version < section.doc_version <= known.version + FAR:
        return None
    rows = list(section.steps.filter(n__gte=known.version).order_by("n"))
    if not rows or (rows[0].n, rows[0].at) != known[:2] or rows[-1].n != section.doc_version:
        return None
    node = known.node
    for row in rows[1:]:
        node = moves.apply_step(node, moves.read_step(row.step))
    return node


def json_of(doc: Node) -> str:
    """The document as JSON, with ``content`` also when it is empty. Blocks that have not changed are not written anew."""
    return '{"type": "doc", "content": [' + ", ".join(_json(child) for child in doc.content.content) + "]}"


def _json(node: Node) -> str:
    written: str | None = node.__dict__.get(JSON_OF)
    if written is None:
        written = json.dumps(node.to_json(), ensure_ascii=False)
        node.__dict__[JSON_OF] = written
    return written
