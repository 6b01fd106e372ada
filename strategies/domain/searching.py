"""Finding words in the text of a draft. Pure functions; positions are ProseMirror's.

A hit never reaches over a reference, a footnote's mark, a line break or text that somebody has proposed to delete. A footnote's own
words are searched by themselves. Attributes (addresses of links, descriptions of pictures) are not searched.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from prosemirror.model import Fragment, Node, Slice
from prosemirror.transform import ReplaceStep

from strategies.domain.documents import OBJECT, TEXT_BLOCKS, Doc, size
from strategies.schema import SCHEMA

LONGEST = 120  # characters of the words that are sought
AROUND = 60  # characters of context on each side


@dataclass(frozen=True)
class Words:
    """What is sought: any of ``words``. Whole words as a reader sees them ("mål" is not in "målet")."""

    words: tuple[str, ...]
    whole: bool = True
    match_case: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Longest first, so that "regional utveckling" is not found as "regional". White space matches any white space."""
        each = sorted(
            {" ".join(word.split()) for word in self.words if word.strip()}, key=lambda word: (-len(word), word)
        )
        inner = "|".join(re.escape(word).replace(r"\ ", r"[ \u00a0]+") for word in each) or r"(?!)"
        bounded = rf"(?<!\w)(?:{inner})(?!\w)" if self.whole else f"(?:{inner})"
        return re.compile(bounded, 0 if self.match_case else re.IGNORECASE)


@dataclass(frozen=True)
class Hit:
    """``n``: number of the hit in its text, from 0. ``start``, ``end``: ProseMirror positions. ``before``, ``after``: context."""

    n: int
    start: int
    end: int
    found: str
    before: str
    after: str


def hits_in(doc: Doc, words: Words) -> list[Hit]:
    """Every place, in reading order."""
    found: list[Hit] = []
    for text, pos in runs(doc):
        for match in words.pattern.finditer(text):
            first, last = match.span()
            found.append(
                Hit(
                    len(found), pos + _units(text[:first]), pos + _units(text[:last]), match[0],
                    _clip_start(text[:first]), _clip_end(text[last:]),
                )
            )  # fmt: skip
    return found


def runs(doc: Doc) -> Iterator[tuple[str, int]]:
    """(text, position of its first character) of every block of text and every footnote; objects are OBJECT."""
    yield from _runs(doc.get("content") or [], 0)


def _runs(children: Sequence[dict[str, Any]], pos: int) -> Iterator[tuple[str, int]]:
    for child in children:
        content = child.get("content") or []
        if child["type"] in TEXT_BLOCKS:
            yield "".join(_seen(part) for part in content), pos + 1
            inner = pos + 1
            for part in content:
                if part["type"] == "footnote":
                    yield "".join(_seen(text) for text in part.get("content") or []), inner + 1
                inner += size(part)
        elif content:
            yield from _runs(content, pos + 1)
        pos += size(child)


def _seen(part: dict[str, Any]) -> str:
    """A text's letters; as many OBJECT as the position is wide for what is no text, and for text that is proposed to go."""
    if part["type"] == "text" and not any(mark["type"] == "deletion" for mark in part.get("marks") or []):
        return str(part["text"])
    return OBJECT * size(part)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _clip_start(text: str) -> str:
    text = _shown(text)
    return text if len(text) <= AROUND else "… " + text[-AROUND:].split(" ", 1)[-1]


def _clip_end(text: str) -> str:
    text = _shown(text)
    return text if len(text) <= AROUND else text[:AROUND].rsplit(" ", 1)[0] + " …"


def _shown(text: str) -> str:
    return re.sub(f"{OBJECT}+", "", text)


def replacement(found: str, new: str, keep_capital: bool) -> str:
    """The new words, with a capital letter first where the old had one and ``keep_capital`` is asked for."""
    if (
        keep_capital
        and found[:1].isupper()
        and new[:1].islower()
        and not (len(found) > 1 and found.isupper() and len(new) > 1)
    ):
        return new[:1].upper() + new[1:]
    return new


def steps_for(node: Node, hits: Sequence[Hit], new: str, *, keep_capital: bool = True) -> list[Any]:
    """Steps that put ``new`` in the place of each hit, from the end backwards; marks of the first letter are kept."""
    steps = []
    for hit in sorted(hits, key=lambda hit: -hit.start):
        words = replacement(hit.found, new, keep_capital)
        first = node.resolve(hit.start).node_after
        content = Fragment.from_(SCHEMA.text(words, first.marks if first else [])) if words else Fragment.empty
        steps.append(ReplaceStep(hit.start, hit.end, Slice(content, 0, 0)).to_json())
    return steps
