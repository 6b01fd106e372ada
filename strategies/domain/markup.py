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
from strategies.domain.markup_reader import BLOCK_START, MARK_ORDER, parse_blocks, split
from strategies.schema import BLOCKS, TEXT_BLOCKS

Item = dict[str, Any]
Names = Mapping[str, str]

SIGNS = {"strong": "**", "em": "_", "superscript": "^", "subscript": "~"}
SPECIAL = re.compile(r"([\\*_^~\[\]{}|])")

# --- Out ----------------------------------------------------------------------------------------


def to_markup(doc: Doc, names: Names | None = None) -> str:
    """The document as writing. ``names``: section uuid -> what a reference is called today. Empty paragraphs are not shown."""
    return "\n\n".join(_top(block, names or {}) for block in doc.get("content") or [] if not _is_empty(block)) + "\n"


def _top(block: Item, names: Names) -> str:
    """A block as writing if it comes back the same; else its place is kept."""
    try:
        lines = _block(block, names)
        if _bare(parse_blocks(lines, {})) == _bare([block]):
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
    out = ""
    open_marks: list[Item] = []
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
    if any(mark["type"] not in MARK_ORDER for mark in marks):
        raise _CannotShow
    return sorted(marks, key=lambda mark: MARK_ORDER.index(mark["type"]))


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
    return documents.with_ids({"type": "doc", "content": parse_blocks(split(text), {})})


def merge(base: Doc, text: str) -> Doc:
    """A document of the writing in which blocks keep the ids they have in ``base``."""
    kept = {block["attrs"]["id"]: block for block in base.get("content") or []}
    before = base.get("content") or []
    content = _with_old_ids([block for block in before if not _is_empty(block)], parse_blocks(split(text), kept))
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


# --- Ids ----------------------------------------------------------------------------------------


def _bare(blocks: list[Item]) -> list[str]:
    """What the blocks say, without ids."""
    return [documents.canonical(_without_ids(block)) for block in blocks]


def _without_ids(item: Item) -> Item:
    bare = {key: value for key, value in item.items() if key not in {"attrs", "content"}}
    attrs = {
        key: value for key, value in (item.get("attrs") or {}).items() if key != "id" or item["type"] not in BLOCKS
    }
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
