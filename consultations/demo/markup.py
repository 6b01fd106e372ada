"""Turns the light markup of ``text/`` into a section's document (ProseMirror JSON with deterministic block ids).

``## heading``, ``- bullet``, ``1. number``, ``|a|b|`` table (first row is the header), ``> quote``; within a line
``**strong**``, ``*em*``, ``^[footnote]`` and ``[[key]]`` for a reference to a section.
"""

import re
from collections.abc import Callable
from typing import Any

Node = dict[str, Any]
Uuid = Callable[[str], str]

INLINE = re.compile(r"\*\*(?P<strong>.+?)\*\*|\*(?P<em>[^*]+?)\*|\^\[(?P<note>[^\]]+)\]|\[\[(?P<ref>\w+)\]\]")


class Blocks:
    """Builds the blocks of one section; ids are the letter and 1, 2 ... in reading order."""

    def __init__(self, uuid_of: Uuid, letter: str = "s") -> None:
        self.uuid_of = uuid_of
        self.letter = letter
        self.count = 0

    def node(self, kind: str, content: Callable[[], list[Node]] | list[Node], **attrs: Any) -> Node:
        self.count += 1
        made: Node = {"type": kind, "attrs": {"id": f"{self.letter}{self.count}", **attrs}}
        made["content"] = content() if callable(content) else content
        return made

    def parse(self, text: str) -> list[Node]:
        """Blocks are separated by an empty line; a heading is always a block of its own."""
        return [self.block(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]

    def block(self, text: str) -> Node:
        rows = text.split("\n")
        if text.startswith("#"):
            level = len(text) - len(text.lstrip("#"))
            return self.node("heading", self.inline(text[level:].strip()), level=level)
        if text.startswith("|"):
            return self.table([row.strip().strip("|").split("|") for row in rows])
        if text.startswith("> "):
            return self.node("blockquote", lambda: [self.paragraph(" ".join(row[2:] for row in rows))])
        if text.startswith("- "):
            return self.node("bullet_list", lambda: [self.item(row[2:]) for row in rows])
        if re.match(r"1\. ", text):
            return self.node("ordered_list", lambda: [self.item(row.split(". ", 1)[1]) for row in rows])
        return self.paragraph(" ".join(rows))

    def item(self, text: str) -> Node:
        return self.node("list_item", lambda: [self.paragraph(text)])

    def paragraph(self, text: str) -> Node:
        return self.node("paragraph", self.inline(text))

    def table(self, rows: list[list[str]]) -> Node:
        def row(cells: list[str], kind: str) -> Node:
            return self.node(
                "table_row",
                lambda: [self.node(kind, lambda cell=cell: [self.paragraph(cell.strip())]) for cell in cells],
            )

        return self.node(
            "table", lambda: [row(cells, "table_cell" if index else "table_header") for index, cells in enumerate(rows)]
        )

    def inline(self, text: str, marks: tuple[str, ...] = ()) -> list[Node]:
        found: list[Node] = []
        position = 0
        for match in INLINE.finditer(text):
            found += _text(text[position : match.start()], marks)
            position = match.end()
            if match["strong"] or match["em"]:
                found += self.inline(match["strong"] or match["em"], (*marks, "strong" if match["strong"] else "em"))
            elif match["note"]:
                found.append({"type": "footnote", "content": _text(match["note"], ())})
            else:
                found.append(_marked({"type": "ref", "attrs": {"section": self.uuid_of(match["ref"])}}, marks))
        return found + _text(text[position:], marks)


def _text(text: str, marks: tuple[str, ...]) -> list[Node]:
    return [_marked({"type": "text", "text": text}, marks)] if text else []


def _marked(node: Node, marks: tuple[str, ...]) -> Node:
    if marks:
        node["marks"] = [{"type": mark} for mark in marks]
    return node
