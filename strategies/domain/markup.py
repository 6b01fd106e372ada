"""The text as plain writing, for the form without JavaScript and for templates. Pure functions.

    ## Rubrik (## to ####)          **fet**  _kursiv_  ^upphöjt^  ~nedsänkt~  [länk](https://...)
    - punkt        1. numrerad      > citat        ---  (linje)        fotnot: ^[text]
    | a | b |  with |---|---| under the first row for a table        \\ at the end of a line: line break
    {{avsnitt UUID namn}}  a reference (the name is only for the reader)
    {{oförändrat ID beskrivning}}  a block that this form cannot show; it stays as it is

Whatever does not survive the way out and back is shown as ``oförändrat``, so saving a form never changes
what nobody touched. Ids come back by comparing with the text the form was made from (``merge``).
"""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from strategies.domain import documents
from strategies.domain.documents import Doc
from strategies.schema import BLOCKS, HREF, TEXT_BLOCKS, UUID

Item = dict[str, Any]
Names = Mapping[str, str]

SIGNS = {"strong": "**", "em": "_", "superscript": "^", "subscript": "~"}
ORDER = ("link", "strong", "em", "superscript", "subscript")
SPECIAL = re.compile(r"([\\*_^~\[\]{}|])")
BLOCK_START = re.compile(r"#{1,6} |[-+] |\d{1,6}[.)] |>|---")

# --- Out ----------------------------------------------------------------------------------------


def to_markup(doc: Doc, names: Names | None = None) -> str:
    """The document as writing. ``names``: section uuid -> what a reference is called today. Empty paragraphs are not shown."""
    return "\n\n".join(_top(block, names or {}) for block in doc.get("content") or [] if not _is_empty(block)) + "\n"


def _top(block: Item, names: Names) -> str:
    """A block as writing if it comes back the same; else its place is kept."""
    try:
        lines = _block(block, names)
        if _bare(_parse_blocks(lines, {})) == _bare([block]):
            return "\n".join(lines)
    except _CannotShow:
        pass
    words = " ".join(documents.plain_text({"type": "doc", "content": [block]}).split())
    words = re.sub(r"[{}\\]", "", words)
    return f"{{{{oförändrat {(block.get('attrs') or {}).get('id') or ''} {words[:80]}}}}}"


class _CannotShow(Exception):
    """This form has no way of writing it."""


def _block(block: Item, names: Names) -> list[str]:
    kind, attrs, content = block["type"], block.get("attrs") or {}, block.get("content") or []
    if block.get("marks"):
        raise _CannotShow
    if kind == "paragraph":
        return _paragraph(content, names)
    if kind == "heading":
        return ["#" * attrs.get("level", 2) + " " + _one_line(content, names)]
    if kind == "horizontal_rule":
        return ["---"]
    if kind == "blockquote":
        return [("> " + line).rstrip() for line in _many(content, names)]
    if kind in {"bullet_list", "ordered_list"}:
        return _list(block, names)
    if kind == "table":
        return _table(content, names)
    raise _CannotShow


def _many(content: list[Item], names: Names) -> list[str]:
    lines: list[str] = []
    for index, block in enumerate(content):
        lines += ([""] if index else []) + _block(block, names)
    return lines


def _paragraph(content: list[Item], names: Names) -> list[str]:
    text = _inline(content, names)
    if not text.strip():
        raise _CannotShow
    lines = text.split("\n")
    return ["\\" + line if BLOCK_START.match(line) else line for line in lines]


def _one_line(content: list[Item], names: Names) -> str:
    text = _inline(content, names)
    if "\n" in text or not text.strip():
        raise _CannotShow
    return text


def _list(block: Item, names: Names) -> list[str]:
    number = (block.get("attrs") or {}).get("start", 1)
    lines: list[str] = []
    for index, item in enumerate(block.get("content") or []):
        sign = f"{number + index}. " if block["type"] == "ordered_list" else "- "
        inner = _many(item.get("content") or [], names) or [""]
        lines += [(sign if row == 0 else " " * len(sign)) + line if line else "" for row, line in enumerate(inner)]
    return lines


def _table(rows: list[Item], names: Names) -> list[str]:
    lines = []
    for index, row in enumerate(rows):
        kinds = {cell["type"] for cell in row.get("content") or []}
        if kinds != ({"table_header"} if index == 0 else {"table_cell"}):
            raise _CannotShow
        lines.append("| " + " | ".join(_cell(cell, names) for cell in row["content"]) + " |")
        if index == 0:
            lines.append("|" + "---|" * len(row["content"]))
    if not lines:
        raise _CannotShow
    return lines


def _cell(cell: Item, names: Names) -> str:
    attrs, content = cell.get("attrs") or {}, cell.get("content") or []
    if len(content) != 1 or content[0]["type"] != "paragraph":
        raise _CannotShow
    if attrs.get("colspan", 1) != 1 or attrs.get("rowspan", 1) != 1 or attrs.get("colwidth"):
        raise _CannotShow
    text = _inline(content[0].get("content") or [], names)
    if "\n" in text:
        raise _CannotShow
    return text


def _inline(content: list[Item], names: Names) -> str:
    """Marks open and close like brackets; a mark that runs over several texts is written once."""
    out, open_marks = "", []
    for part in [*content, None]:
        wanted = _sorted_marks(part) if part else []
        keep = 0
        while keep < min(len(open_marks), len(wanted)) and open_marks[keep] == wanted[keep]:
            keep += 1
        for mark in reversed(open_marks[keep:]):
            out += _closing(mark)
        for mark in wanted[keep:]:
            out += "[" if mark["type"] == "link" else SIGNS[mark["type"]]
        open_marks = wanted
        if part:
            out += _part(part, names)
    return out


def _sorted_marks(part: Item) -> list[Item]:
    marks = part.get("marks") or []
    if any(mark["type"] not in ORDER for mark in marks):
        raise _CannotShow
    return sorted(marks, key=lambda mark: ORDER.index(mark["type"]))


def _closing(mark: Item) -> str:
    return f"]({mark['attrs']['href']})" if mark["type"] == "link" else SIGNS[mark["type"]]


def _part(part: Item, names: Names) -> str:
    kind = part["type"]
    if kind == "text":
        return SPECIAL.sub(r"\\\1", part["text"])
    if kind == "hard_break":
        return "\\\n"
    if kind == "ref":
        section = part["attrs"]["section"]
        name = re.sub(r"[{}\\|]", "", names.get(section, ""))
        return f"{{{{avsnitt {section} {name}".rstrip() + "}}"
    if kind == "footnote":
        return "^[" + _inline(part.get("content") or [], names) + "]"
    raise _CannotShow


# --- In -----------------------------------------------------------------------------------------


def to_doc(text: str) -> Doc:
    """A document of the writing, with new ids."""
    return documents.with_ids({"type": "doc", "content": _parse_blocks(_split(text), {})})


def merge(base: Doc, text: str) -> Doc:
    """A document of the writing in which blocks keep the ids they have in ``base``."""
    kept = {(block.get("attrs") or {}).get("id"): block for block in base.get("content") or []}
    before = base.get("content") or []
    content = _with_old_ids([block for block in before if not _is_empty(block)], _parse_blocks(_split(text), kept))
    return documents.with_ids({"type": "doc", "content": _with_empties(before, content)})


def _is_empty(block: Item) -> bool:
    return block["type"] == "paragraph" and not block.get("content") and not block.get("marks")


def _with_empties(before: list[Item], content: list[Item]) -> list[Item]:
    """Empty paragraphs, which the writing does not show, stay behind the block they stood behind."""
    followers: dict[str | None, list[Item]] = {}
    last: str | None = None
    for block in before:
        if _is_empty(block):
            followers.setdefault(last, []).append(block)
        else:
            last = block["attrs"]["id"]
    done = followers.get(None, [])
    for block in content:
        done = [*done, block, *followers.get((block.get("attrs") or {}).get("id") or "", [])]
    return done


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("\t", "    ").split("\n")


KEPT = re.compile(r"\{\{oförändrat (\S*)[^{}]*\}\}\s*\Z")
HEADING = re.compile(r"(#{1,6}) +(.*\S)")
BULLET = re.compile(r"([-+*]) +|(\d{1,6})[.)] +")
RULE = re.compile(r"-{3,}\s*\Z")
TABLE_RULE = re.compile(r"\|(\s*:?-{3,}:?\s*\|)+\s*\Z")
MAX_NESTING = 12


def _parse_blocks(lines: list[str], kept: Mapping[str, Item], depth: int = 0) -> list[Item]:
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
    return {"type": "blockquote", "content": _parse_blocks(inner, kept, depth + 1)}, at


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
        items.append({"type": "list_item", "content": _parse_blocks(inner, kept, depth + 1)})
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
    return bool(HEADING.match(line) or RULE.match(line) or BULLET.match(line) or KEPT.match(line)) or line.startswith(">")


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
            part["marks"] = sorted(_unique(part["marks"]), key=lambda mark: ORDER.index(mark["type"]))
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


# --- Ids ----------------------------------------------------------------------------------------


def _bare(blocks: list[Item]) -> list[str]:
    """What the blocks say, without ids."""
    return [documents.canonical(_without_ids(block)) for block in blocks]


def _without_ids(item: Item) -> Item:
    bare = {key: value for key, value in item.items() if key not in {"attrs", "content"}}
    attrs = {key: value for key, value in (item.get("attrs") or {}).items() if key != "id" or item["type"] not in BLOCKS}
    if attrs:
        bare["attrs"] = attrs
    if item.get("content"):
        content = _trimmed(item["content"]) if item["type"] in TEXT_BLOCKS else item["content"]
        bare["content"] = [_without_ids(child) for child in content]
    return bare


def _trimmed(parts: list[Item]) -> list[Item]:
    """Without blanks at the ends, which writing does not show."""
    parts = list(parts)
    if parts and parts[0]["type"] == "text":
        parts[0] = {**parts[0], "text": parts[0]["text"].lstrip()}
    if parts and parts[-1]["type"] == "text":
        parts[-1] = {**parts[-1], "text": parts[-1]["text"].rstrip()}
    return [part for part in parts if part["type"] != "text" or part["text"]]


def _with_old_ids(old: list[Item], new: list[Item]) -> list[Item]:
    """Blocks that say the same are the same block; between them, blocks of one kind pair up in order."""
    matcher = SequenceMatcher(None, _bare(old), _bare(new), autojunk=False)
    done: list[Item] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            done += old[a:b]
        else:
            done += _paired(old[a:b], new[c:d])
    return done


def _paired(old: list[Item], new: list[Item]) -> list[Item]:
    kinds_old, kinds_new = [item["type"] for item in old], [item["type"] for item in new]
    paired: list[Item] = []
    for tag, a, b, c, d in SequenceMatcher(None, kinds_old, kinds_new, autojunk=False).get_opcodes():
        if tag != "equal":
            paired += new[c:d]
            continue
        paired += [_as_old(before, after) for before, after in zip(old[a:b], new[c:d], strict=True)]
    return paired


def _as_old(old: Item, new: Item) -> Item:
    if (new.get("attrs") or {}).get("id"):
        return new
    attrs = {**(new.get("attrs") or {}), "id": (old.get("attrs") or {}).get("id")}
    merged = {**new, "attrs": attrs}
    if new["type"] in BLOCKS and new["type"] not in {"paragraph", "heading"} and "content" in new:
        merged["content"] = _with_old_ids(old.get("content") or [], new["content"])
    return merged
