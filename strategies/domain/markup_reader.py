"""Reading the plain writing of ``markup`` into blocks. Pure functions; nothing that is written is an error."""

import re
from collections.abc import Mapping
from typing import Any

from strategies.schema import HREF, UUID

Item = dict[str, Any]

MARK_ORDER = ("link", "strong", "em", "superscript", "subscript")
BLOCK_START = re.compile(r"#{1,6} |[-+] |\d{1,6}[.)] |>|---")  # what a paragraph's line may not begin with unescaped


def split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("\t", "    ").split("\n")


KEPT = re.compile(r"\{\{oförändrat (\S*)[^{}]*\}\}\s*\Z")
HEADING = re.compile(r"(#{1,6}) +(.*\S)")
BULLET = re.compile(r"([-+*]) +|(\d{1,6})[.)] +")
RULE = re.compile(r"-{3,}\s*\Z")
TABLE_RULE = re.compile(r"\|(\s*:?-{3,}:?\s*\|)+\s*\Z")
MAX_NESTING = 12


def parse_blocks(lines: list[str], kept: Mapping[str, Item], depth: int = 0) -> list[Item]:
    blocks: list[Item] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
            continue
        block, at = _next_block(lines, at, kept, depth)
        if block is not None:
            blocks.append(block)
    return blocks


def _next_block(lines: list[str], at: int, kept: Mapping[str, Item], depth: int) -> tuple[Item | None, int]:
    line = lines[at].lstrip()
    if match := KEPT.match(line):
        return kept.get(match[1]), at + 1
    if match := HEADING.match(line):
        level = min(4, max(2, len(match[1])))
        return {"type": "heading", "attrs": {"level": level}, "content": _parse_inline(match[2])}, at + 1
    if RULE.match(line):
        return {"type": "horizontal_rule"}, at + 1
    if depth < MAX_NESTING and line.startswith(">"):
        return _parse_quote(lines, at, kept, depth)
    if depth < MAX_NESTING and BULLET.match(line):
        return _parse_list(lines, at, kept, depth)
    if line.startswith("|") and at + 1 < len(lines) and TABLE_RULE.match(lines[at + 1].strip()):
        return _parse_table(lines, at)
    return _parse_paragraph(lines, at)


def _parse_quote(lines: list[str], at: int, kept: Mapping[str, Item], depth: int) -> tuple[Item, int]:
    inner = []
    while at < len(lines) and lines[at].lstrip().startswith(">"):
        inner.append(lines[at].lstrip()[1:].removeprefix(" "))
        at += 1
    return {"type": "blockquote", "content": parse_blocks(inner, kept, depth + 1)}, at


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _parse_list(lines: list[str], at: int, kept: Mapping[str, Item], depth: int) -> tuple[Item, int]:
    indent = _indent(lines[at])
    first = BULLET.match(lines[at].lstrip())
    assert first
    ordered = first[2] is not None
    items: list[Item] = []
    while at < len(lines):
        sign = BULLET.match(lines[at].lstrip()) if _indent(lines[at]) == indent else None
        if not sign or (sign[2] is not None) != ordered:
            break
        width = indent + len(sign[0])
        inner, at = _item_lines(lines, at, width)
        items.append({"type": "list_item", "content": parse_blocks(inner, kept, depth + 1)})
    if ordered:
        return {"type": "ordered_list", "attrs": {"start": int(first[2])}, "content": items}, at
    return {"type": "bullet_list", "content": items}, at


def _item_lines(lines: list[str], at: int, width: int) -> tuple[list[str], int]:
    """The lines of a list item: its first, and those indented under it (blank lines between them belong to it)."""
    inner = [lines[at][width:]]
    at += 1
    while at < len(lines):
        if lines[at].strip():
            if _indent(lines[at]) < width:
                break
            inner.append(lines[at][width:])
            at += 1
            continue
        after = at
        while after < len(lines) and not lines[after].strip():
            after += 1
        if after < len(lines) and _indent(lines[after]) >= width:
            inner += [""] * (after - at)
            at = after
            continue
        break
    return inner, at


def _parse_table(lines: list[str], at: int) -> tuple[Item, int]:
    rows = [_cells(lines[at], "table_header")]
    width = len(rows[0])
    at += 2
    while at < len(lines) and lines[at].lstrip().startswith("|"):
        cells = _cells(lines[at], "table_cell")[:width]
        cells += [_empty_cell() for _ in range(width - len(cells))]
        rows.append(cells)
        at += 1
    return {"type": "table", "content": [{"type": "table_row", "content": cells} for cells in rows]}, at


def _cells(line: str, kind: str) -> list[Item]:
    inside = line.strip().removeprefix("|")
    parts = re.split(r"(?<!\\)((?:\\\\)*)\|", inside)
    texts = ["".join(parts[i : i + 2]) for i in range(0, len(parts), 2)]
    if texts and not texts[-1].strip():
        texts.pop()
    return [{"type": kind, "content": [_paragraph_of(text.strip())]} for text in texts]


def _empty_cell() -> Item:
    return {"type": "table_cell", "content": [{"type": "paragraph"}]}


def _paragraph_of(text: str) -> Item:
    return {"type": "paragraph", "content": _parse_inline(text)}


def _parse_paragraph(lines: list[str], at: int) -> tuple[Item, int]:
    taken = [lines[at].lstrip()]
    at += 1
    while at < len(lines) and lines[at].strip() and not _starts_block(lines, at):
        taken.append(lines[at].lstrip())
        at += 1
    text = ""
    for line in taken:
        if line.startswith("\\") and BLOCK_START.match(line[1:]):
            line = line[1:]
        broken = (len(text) - len(text.rstrip("\\"))) % 2 == 1
        text += ("\n" if broken else " " if text else "") + line
    return _paragraph_of(text), at


def _starts_block(lines: list[str], at: int) -> bool:
    line = lines[at].lstrip()
    return bool(HEADING.match(line) or RULE.match(line) or BULLET.match(line) or KEPT.match(line)) or line.startswith(
        ">"
    )


REF = re.compile(r"\{\{avsnitt ([0-9a-f-]{36})[^{}]*\}\}")
TOKEN = re.compile(
    r"\\(?P<break>\n)|\\(?P<plain>[\\*_^~\[\]{}|#>+.)-])|(?P<ref>\{\{avsnitt [0-9a-f-]{36}[^{}]*\}\})|(?P<note>\^\[)"
    r"|(?P<strong>\*\*)|(?P<em>_)|(?P<sup>\^)|(?P<sub>~)|(?P<open>\[)|\]\((?P<href>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)|(?P<close>\])",
)


def _parse_inline(text: str) -> list[Item]:
    return _Inline(text).parse()


class _Inline:
    """Reads one paragraph's writing. Signs without their partner are plain letters."""

    NAMES = {"strong": "strong", "em": "em", "sup": "superscript", "sub": "subscript"}

    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[Item] = []  # finished parts; unfinished signs are {"sign": name, "as": text}

    def parse(self) -> list[Item]:
        at = 0
        for match in TOKEN.finditer(self.text):
            self._letters(self.text[at : match.start()])
            at = match.end()
            self._token(match)
        self._letters(self.text[at:])
        for part in self.out:
            if "sign" in part:
                part.update(type="text", text=part.pop("as"))
                part.pop("sign")
        return _joined(self.out)

    def _letters(self, text: str) -> None:
        if text:
            self.out.append({"type": "text", "text": text})

    def _token(self, match: re.Match[str]) -> None:
        kind = match.lastgroup
        if kind == "break":
            self.out.append({"type": "hard_break"})
        elif kind == "plain":
            self._letters(match["plain"])
        elif kind == "ref":
            self._ref(match[0])
        elif kind in self.NAMES:
            self._pair(kind, match[0])
        elif kind in {"note", "open"}:
            self.out.append({"sign": kind, "as": match[0]})
        else:
            self._bracket(match)

    def _ref(self, written: str) -> None:
        match = REF.match(written)
        if match and UUID.match(match[1]):
            self.out.append({"type": "ref", "attrs": {"section": match[1]}})
        else:
            self._letters(written)

    def _last(self, *signs: str) -> int | None:
        for index in range(len(self.out) - 1, -1, -1):
            if self.out[index].get("sign") in signs:
                return index
        return None

    def _pair(self, sign: str, written: str) -> None:
        at = self._last(sign, "note", "open")
        if at is None or self.out[at]["sign"] != sign or at == len(self.out) - 1:
            self.out.append({"sign": sign, "as": written})
            return
        self._wrap(at, {"type": self.NAMES[sign]})

    def _wrap(self, at: int, mark: Item) -> None:
        inner = _closed(self.out[at + 1 :])
        self.out[at:] = [part | {"marks": [*part.get("marks", []), mark]} for part in inner]

    def _bracket(self, match: re.Match[str]) -> None:
        at = self._last("open", "note")
        if at is None:
            self._letters(match[0])
        elif self.out[at]["sign"] == "note":
            self._note(at)
            if match.lastgroup == "href":
                self._letters(match[0][1:])
        elif match.lastgroup == "href" and HREF.match(match["href"]):
            self._wrap(at, {"type": "link", "attrs": {"href": match["href"]}})
        else:
            self.out[at] = {"type": "text", "text": "["}
            self._letters(match[0])

    def _note(self, at: int) -> None:
        inner = [part for part in _closed(self.out[at + 1 :]) if part["type"] == "text"]
        self.out[at:] = [{"type": "footnote", "content": _joined(inner)}]


def _closed(parts: list[Item]) -> list[Item]:
    return [{"type": "text", "text": part["as"]} if "sign" in part else part for part in parts]


def _joined(parts: list[Item]) -> list[Item]:
    joined: list[Item] = []
    for part in parts:
        if part.get("marks"):
            part["marks"] = sorted(_unique(part["marks"]), key=lambda mark: MARK_ORDER.index(mark["type"]))
        if joined and part["type"] == joined[-1]["type"] == "text" and part.get("marks") == joined[-1].get("marks"):
            joined[-1]["text"] += part["text"]
        elif part["type"] != "text" or part["text"]:
            joined.append(dict(part))
    return joined


def _unique(marks: list[Item]) -> list[Item]:
    """One of each kind; of sub- and superscript the inner one."""
    kinds: dict[str, Item] = {}
    for mark in marks:
        other = {"superscript": "subscript", "subscript": "superscript"}.get(mark["type"])
        if mark["type"] not in kinds and other not in kinds:
            kinds[mark["type"]] = mark
    return list(kinds.values())
