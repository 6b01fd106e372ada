"""Two people changed the same text: their changes put together when they do not collide, word by word (as diff3 does)."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\w+|\n+|[^\S\n]+|[^\w\s]")


@dataclass(frozen=True)
class Edit:
    """The tokens ``start``..``end`` of the base become ``words``."""

    start: int
    end: int
    words: str

    @property
    def is_paragraph(self) -> bool:
        """Something put in that begins or ends a paragraph: it can stand beside another."""
        return self.start == self.end and (self.words.startswith("\n") or self.words.endswith("\n"))


def merged(base: str, mine: str, theirs: str) -> str | None:
    """``base`` with both persons' changes; None when they changed the same words in different ways."""
    if mine in (theirs, base):
        return theirs
    if theirs == base:
        return mine
    tokens = WORDS.findall(base)
    edits = _together(_edits(tokens, theirs), _edits(tokens, mine))
    if edits is None:
        return None
    out, at = [], 0
    for edit in edits:
        out += [*tokens[at : edit.start], edit.words]
        at = edit.end
    return "".join(out + tokens[at:])


def _edits(base: list[str], text: str) -> list[Edit]:
    tokens = WORDS.findall(text)
    found = SequenceMatcher(None, base, tokens, autojunk=False).get_opcodes()
    return [Edit(a, b, "".join(tokens[c:d])) for tag, a, b, c, d in found if tag != "equal"]


def _together(theirs: list[Edit], mine: list[Edit]) -> list[Edit] | None:
    """Both lists in order, theirs first at the same place; None when two collide."""
    for one in theirs:
        for other in mine:
            if one != other and _collide(one, other):
                return None
    kept = {(edit.start, edit.end, edit.words): edit for edit in [*theirs, *mine]}
    return sorted(kept.values(), key=lambda edit: (edit.start, edit.end))


def _collide(one: Edit, other: Edit) -> bool:
    """Whether they change the same words, or put different words in at the same place in the middle of a sentence."""
    if one.start == one.end and other.start == other.end:
        return one.start == other.start and not (one.is_paragraph and other.is_paragraph)
    if one.start == one.end or other.start == other.end:
        put, changed = (one, other) if one.start == one.end else (other, one)
        return (
            changed.start <= put.start <= changed.end
            and not put.is_paragraph
            or changed.start < put.start < changed.end
        )
    return one.start < other.end and other.start < one.end
