"""Other words in one place of a text: the text as it would be, and what stands in the way. Pure functions.

For a proposal from outside that is plain words: formatting, references and footnotes of what stays are kept, and
references and footnotes in what goes are kept too: they are moved behind the new words, never lost.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from prosemirror.model import Fragment, Mark, Node, Slice

from strategies.domain import documents
from strategies.domain.diff.suggestions import SUGGESTED
from strategies.domain.diff.words import opcodes
from strategies.domain.suggesting import PIECES
from strategies.schema import SCHEMA

BLANK = " "
SUGGESTED_HERE, NOT_WORDS = "suggested", "not_words"  # what may stand in the way


@dataclass(frozen=True, slots=True)
class Spot:
    """A text block at ``pos``, of which the words from ``start`` to ``end`` (positions in its own content) are meant."""

    pos: int
    node: Node
    start: int
    end: int

    @property
    def is_whole(self) -> bool:
        return not _text(self.node.content.cut(0, self.start)).strip() and not self.tail.size

    @property
    def tail(self) -> Fragment:
        """What stands after the words; empty when it is only blanks."""
        rest = self.node.content.cut(self.end)
        return rest if any(not child.is_text for child in rest.content) or _text(rest).strip() else Fragment.empty


@dataclass(frozen=True, slots=True)
class Reworded:
    """``doc``: the text as it would be. ``block_id``: the first block that changes. ``before``, ``after``: the words of the
    blocks that change, one block a line; ``words``: those that go, between ``head`` and
    ``tail``, which stay."""

    doc: Node
    block_id: str
    before: str
    after: str
    words: str
    head: str = ""
    tail: str = ""


def paragraphs_of(words: str) -> list[str]:
    """Plain words as paragraphs: every line that has words is one."""
    clean = words.replace("\x00", "").replace("\r\n", "\n").replace("\u2029", "\n")
    return [" ".join(line.split()) for line in clean.split("\n") if line.strip()]


def in_the_way(doc: Node, start: int, end: int) -> str:
    """``SUGGESTED_HERE``: somebody's open suggestion is about these very words, or begins or ends
    where they do. ``NOT_WORDS``: what lies there is not (only)
    words of paragraphs (a figure, a footnote, cells of a table). Else empty."""
    if end > doc.content.size or start >= end:
        return NOT_WORDS
    found: list[Node] = []
    doc.nodes_between(start, end, lambda node, *_more: found.append(node))
    kinds = [node.type.name for node in found]
    cells = kinds.count("table_cell") + kinds.count("table_header")
    ends = {doc.resolve(start).parent.type.name, doc.resolve(end).parent.type.name}
    if "footnote" in ends or {"figure", "horizontal_rule"} & set(kinds) or cells > 1 or not spots(doc, start, end):
        return NOT_WORDS
    doc.nodes_between(max(start - 1, 0), min(end + 1, doc.content.size), lambda node, *_more: found.append(node))
    return SUGGESTED_HERE if any(mark.type.name in SUGGESTED for node in found for mark in node.marks) else ""


def spots(doc: Node, start: int, end: int) -> list[Spot]:
    """The text blocks between two positions, with the words of each that lie between them."""
    found: list[Spot] = []

    def visit(node: Node, pos: int, *_more: object) -> bool:
        if node.is_textblock:
            a, z = max(start - pos - 1, 0), min(end - pos - 1, node.content.size)
            if a < z and _text(node.content.cut(a, z)).strip():
                found.append(_trimmed(Spot(pos, node, a, z)))
        return not node.is_textblock

    doc.nodes_between(start, end, visit)
    return found


def _trimmed(spot: Spot) -> Spot:
    """Without the blanks at the two ends."""
    words = spot.node.content.cut(spot.start, spot.end).content
    first = words[0].text or "" if words[0].is_text else ""
    last = words[-1].text or "" if words[-1].is_text else ""
    lead = 0 if first.isspace() else len(first) - len(first.lstrip())
    trail = 0 if last.isspace() else len(last) - len(last.rstrip())
    return Spot(spot.pos, spot.node, spot.start + lead, spot.end - trail)


def reworded(doc: Node, start: int, end: int, words: str) -> Reworded:
    """``doc`` with ``words`` instead of what stands from ``start`` to ``end``. Paragraphs take the places of paragraphs in
    order; those that are left over are new, or go. ``in_the_way`` is asked first."""
    places, said = spots(doc, start, end), paragraphs_of(words)
    after: list[Node] = []
    work = doc
    for n in range(len(places) - 1, -1, -1):
        mine = said[n:] if n == len(places) - 1 else said[n : n + 1]
        made = _blocks(places[n], mine)
        after = made + after
        work = _exchanged(work, places[n], made)
    made_whole = documents.parse(documents.with_ids({"content": [], **work.to_json()}))
    return Reworded(
        made_whole,
        str(places[0].node.attrs.get("id") or ""),
        _lines([spot.node for spot in places]),
        _lines(after),
        "\n".join(_text(spot.node.content.cut(spot.start, spot.end)) for spot in places),
        _text(places[0].node.content.cut(0, places[0].start)),
        _text(places[-1].node.content.cut(places[-1].end)),
    )


def _blocks(spot: Spot, said: Sequence[str]) -> list[Node]:
    """What stands in the block's place: nothing when all of it goes and nothing comes."""
    content, tail = spot.node.content, spot.tail
    if not said and spot.is_whole and not any(map(_is_object, content.content)):
        return []
    first = _inline(spot, said[0] if said else "")
    more = [SCHEMA.nodes["paragraph"].create(None, SCHEMA.text(words)) for words in said[1:]]
    if more:
        more[-1] = _with(more[-1], [*more[-1].content.content, *tail.content])
        return [_with(spot.node, [*content.cut(0, spot.start).content, *first]), *more]
    rest = content.cut(spot.end).content
    if not first and spot.start == 0 and rest and rest[0].is_text:  # the blank between what goes and what stays
        words = (rest[0].text or "").lstrip()
        rest = [*([SCHEMA.text(words, rest[0].marks)] if words else []), *rest[1:]]
    return [_with(spot.node, [*content.cut(0, spot.start).content, *first, *rest])]


def _with(block: Node, inline: list[Node]) -> Node:
    return block.copy(Fragment.from_array(inline))


def _exchanged(doc: Node, spot: Spot, made: list[Node]) -> Node:
    """The block's place taken by ``made``; a list's item (and so on) that nothing is left in goes with it."""
    start, end = spot.pos, spot.pos + spot.node.node_size
    here = doc.resolve(spot.pos)
    depth = here.depth
    while not made and depth > 0 and here.node(depth).child_count == 1:
        start, end, depth = here.before(depth), here.after(depth), depth - 1
    return doc.replace(start, end, Slice(Fragment.from_array(made), 0, 0))


# --- Inside a block -----------------------------------------------------------------------------------

Piece = tuple[str, Node]


def _inline(spot: Spot, words: str) -> list[Node]:
    """The new words, with the formatting of what they stand for, or of both neighbours; what is not words is kept."""
    content = spot.node.content
    pieces, new = _pieces(content.cut(spot.start, spot.end)), PIECES.findall(words)
    found: list[Node] = []
    for op, a, b, c, d in opcodes([key for key, _node in pieces], [_key(piece) for piece in new]):
        gone = [node for _key_, node in pieces[a:b]]
        if op == "=":
            found += gone
            continue
        texts = [node for node in gone if node.is_text]
        if c < d:
            before = [*content.cut(0, spot.start).content, *(node for _key_, node in pieces[:a])]
            after = [*(node for _key_, node in pieces[b:]), *content.cut(spot.end).content]
            found.append(SCHEMA.text("".join(new[c:d]), texts[0].marks if texts else _common_marks(before, after)))
        found += [node for node in gone if _is_object(node)]
    return found


def _common_marks(before: Sequence[Node], after: Sequence[Node]) -> list[Mark]:
    """The formatting on both sides."""
    left, right = [node for node in before if node.is_text], [node for node in after if node.is_text]
    if not left or not right:
        return []
    kept = [mark for mark in left[-1].marks if mark.is_in_set(right[0].marks)]
    return [mark for mark in kept if mark.type.name not in SUGGESTED]


def _pieces(old: Fragment) -> list[Piece]:
    found: list[Piece] = []
    for node in old.content:
        if node.is_text:
            found += [(_key(piece), SCHEMA.text(piece, node.marks)) for piece in PIECES.findall(node.text or "")]
        else:
            found.append((BLANK if node.type.name == "hard_break" else f"\ufffc{node.to_json()}", node))
    return found


def _key(piece: str) -> str:
    return BLANK if piece.isspace() else unicodedata.normalize("NFC", piece)


def _is_object(node: Node) -> bool:
    """A reference or a footnote."""
    return not node.is_text and node.type.name != "hard_break"


def _text(content: Fragment) -> str:
    return "".join(
        node.text or "" if node.is_text else " " if node.type.name == "hard_break" else "" for node in content.content
    )


def _lines(blocks: Sequence[Node]) -> str:
    return "\n".join(_text(block.content) for block in blocks)
