"""A text that anchors are looked for in: all its blocks, findable by id, by exact words and by likeness."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .text import TextBlock, _with_map, comparable, text_blocks

_WORD = re.compile(r"\w+|[^\w\s]")
SENTENCE_START = re.compile(r"(?<=[.!?…:])\s+(?=[\"“”(]?[^\Wa-zåäö])|\n")
_COMMON_PAIR = 60
"""A pair of words standing in more blocks than this tells nothing about which block is meant."""


class Target:
    """Built once per version and reused for all its anchors. Read-only after construction."""

    def __init__(self, blocks: Iterable[TextBlock]) -> None:
        self.blocks = list(blocks)
        self.by_id: dict[tuple[str | None, str], list[TextBlock]] = {}
        self.anywhere: dict[str, list[TextBlock]] = {}
        self._words: dict[int, list[tuple[str, int, int]]] = {}
        self._sentences: dict[int, list[tuple[int, str]]] = {}
        self._found: dict[str, list[tuple[TextBlock, int]]] = {}
        self._pairs: dict[tuple[str, str], set[int]] | None = None
        for index, block in enumerate(self.blocks):
            block.index = index
            if block.id:
                self.by_id.setdefault((block.section, block.id), []).append(block)
                self.anywhere.setdefault(block.id, []).append(block)
        self._all = "\0".join(block.text for block in self.blocks)
        self._starts: list[int] = []
        at = 0
        for block in self.blocks:
            self._starts.append(at)
            at += len(block.text) + 1

    @classmethod
    def of(cls, source: Any) -> Target:
        """From a document, ``{section: document}``, sections ``{"uuid", "doc"}``; or from words: a list of ``{"id", "text"}``,
        of ``(id, text)`` or of strings, or ``{id: text}``."""
        if isinstance(source, cls):
            return source
        return cls(_blocks_of(source))

    def find(self, words: str) -> list[tuple[TextBlock, int]]:
        """Every place where exactly these words stand."""
        found = self._found.get(words)
        if found is None:
            found = self._found[words] = []
            at = self._all.find(words) if words else -1
            while at >= 0:
                n = bisect_right(self._starts, at) - 1
                found.append((self.blocks[n], at - self._starts[n]))
                at = self._all.find(words, at + 1)
        return found

    def home(self, section: str | None, block_id: str | None) -> list[TextBlock]:
        """The block with this id in its section, else the only section that has it now."""
        if not block_id:
            return []
        here = self.by_id.get((section, block_id))
        if here:
            return here
        found = self.anywhere.get(block_id, [])
        return found if len({b.section for b in found}) == 1 else []

    def words(self, block: TextBlock) -> list[tuple[str, int, int]]:
        found = self._words.get(block.index)
        if found is None:
            found = self._words[block.index] = split_words(block.text)
        return found

    def sentences(self, block: TextBlock) -> list[tuple[int, str]]:
        """Where each sentence of the block starts, and what it says."""
        found = self._sentences.get(block.index)
        if found is None:
            starts = [0, *(m.end() for m in SENTENCE_START.finditer(block.text))]
            ends = [*starts[1:], len(block.text)]
            found = [(a, block.text[a:z].rstrip()) for a, z in zip(starts, ends, strict=True)]
            self._sentences[block.index] = found
        return found

    def alike(self, text: str, limit: int = 6) -> list[TextBlock]:
        """The blocks that share most of the telling word pairs of a text."""
        if self._pairs is None:
            self._pairs = defaultdict(set)
            for block in self.blocks:
                for pair in _pairs(block.text):
                    self._pairs[pair].add(block.index)
        shared: Counter[int] = Counter()
        for pair in _pairs(text):
            places = self._pairs.get(pair, ())
            if len(places) <= _COMMON_PAIR:
                shared.update(places)
        return [self.blocks[n] for n, _ in shared.most_common(limit)]


def split_words(text: str) -> list[tuple[str, int, int]]:
    return [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]


def _pairs(text: str) -> set[tuple[str, str]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return set(zip(words, words[1:], strict=False))


def _blocks_of(source: Any) -> list[TextBlock]:
    if isinstance(source, Mapping):
        if source.get("type") == "doc":
            return text_blocks(source)
        if all(isinstance(value, str) for value in source.values()):
            return [_plain(None, key, text) for key, text in source.items()]
        return [b for section, doc in source.items() for b in text_blocks(doc or {}, str(section))]
    return [block for item in enumerate(source) for block in _item(*item)]


def _item(n: int, item: Any) -> list[TextBlock]:
    """One of a list: a ready block, only words, (id, words), a section with its ``doc``, or a block as a dict."""
    if isinstance(item, TextBlock):
        return [item]
    if isinstance(item, str):
        return [_plain(None, None, item)]
    if isinstance(item, Sequence):
        return [_plain(None, item[0], item[1])]
    if "doc" in item:
        return text_blocks(item["doc"] or {}, str(item.get("uuid", item.get("section", n))))
    section = item.get("section", item.get("section_uuid"))
    text = item.get("text") or ""
    return [_plain(str(section) if section is not None else None, item.get("id", item.get("block_id")), text)]


def _plain(section: str | None, block_id: Any, raw: str | None) -> TextBlock:
    """A block that is only words: its positions are offsets in those words. A line break in it is a space."""
    raw = (raw or "").replace("\r\n", "  ").replace("\n", " ")
    text = comparable(raw)
    if text == raw:
        return TextBlock(section, block_id, "text", raw, 0, len(raw))
    text, starts, _ = _with_map(raw, list(range(len(raw))))
    return TextBlock(section, block_id, "text", text, 0, len(raw), 0, starts, [*starts[1:], len(raw)][: len(starts)])
