"""Where in the consultation version something is said to be: quoted words, a section's code, a paragraph's number, a page.

Ambiguity is an answer: a person chooses among ``Place.alternatives``.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from strategies.domain.anchors import AMBIGUOUS, Resolver, Selector, Target, TextBlock, comparable, text_blocks
from strategies.domain.paragraphs import Paragraphs, paragraphs_in
from strategies.models import Section, Version
from strategies.queries.outline import Outline, outline

SURE = 0.99
SHORTEST_QUOTE = 8  # letters: shorter words prove nothing
MOST_ALTERNATIVES = 5


@dataclass
class Place:
    """``section`` None: nowhere in particular. With ``start`` and ``end`` it is exact words. ``doubt``: why a person should look."""

    section: Section | None = None
    start: int | None = None
    end: int | None = None
    quote: str = ""
    score: float = 0.0
    alternatives: list[dict[str, Any]] = field(default_factory=list)
    doubt: str = ""

    @property
    def is_sure(self) -> bool:
        return self.section is not None and self.score >= SURE and not self.doubt


class Places:
    """The text of a version, ready to be searched. A constant number of queries when made, none after."""

    def __init__(self, version: Version, pages: dict[int, list[int]] | None = None) -> None:
        self.version = version
        self.outline: Outline = outline(version, with_text=True)
        self.sections = {node.section.pk: node.section for node in self.outline}
        self.by_uuid = {str(row.uuid): row for row in self.sections.values()}
        self.numbers: Paragraphs = paragraphs_in(self.outline)
        self.target = Target.of({uuid: row.doc for uuid, row in self.by_uuid.items()})
        self.resolver = Resolver(self.target)
        self.pages = pages or {}  # page of the published PDF -> ids of the sections on it
        self.codes = {_plain(code): self.by_uuid[uuid] for uuid, (code, _title) in self.outline.labels.items() if code}
        self.titles = {_plain(title): self.by_uuid[uuid] for uuid, (_code, title) in self.outline.labels.items()}
        self.names = {" ".join(f"{code} {title}".casefold().split()) for code, title in self.outline.labels.values()}
        self.names |= {code for code in self.codes if not code[:1].isdigit()}  # "mål 2" by itself, never a bare number
        self._bodies: dict[int, list[TextBlock]] = {}

    # --- by name

    def coded(self, code: str) -> Section | None:
        """The section with this code as it is said: "mål 2", "delmål 2.3", "mål 2.3", "prioritering 4", "p4", "avsnitt 1.2"."""
        wanted = _plain(code)
        word, _space, number = wanted.rpartition(" ")
        if word == "prioritering":
            wanted = f"p{number}"
        elif word in ("mål", "delmål"):
            wanted = f"delmål {number}" if "." in number else f"mål {number}"
        elif word:
            wanted = number
        return self.codes.get(wanted)

    def name_of(self, section: Section) -> str:
        """ "Mål 2 Ett län som reser" """
        code, title = self.outline.labels.get(str(section.uuid), ("", section.title))
        return f"{code} {title}".strip()

    def paragraph(self, code: str, number: int) -> Place | None:
        """The whole of a numbered paragraph."""
        row = self.numbers.named(code, number)
        if row is None:
            return None
        section = self.by_uuid[row.section]
        blocks = [block for block in self.bodies(section) if block.id in row.inner and block.text.strip()]
        if not blocks:
            return Place(section, score=1.0)
        start, end = blocks[0].span(0, len(blocks[0].text))[0], blocks[-1].span(0, len(blocks[-1].text))[1]
        return Place(section, start, end, "\n".join(block.text.strip() for block in blocks), 1.0)

    def bodies(self, section: Section) -> list[TextBlock]:
        """Text blocks of a section without footnotes; their order is what a bookmark counts."""
        found = self._bodies.get(section.pk)
        if found is None:
            found = self._bodies[section.pk] = [
                row for row in text_blocks(section.doc, str(section.uuid)) if not row.part
            ]
        return found

    # --- by words

    def find(self, quote: str, within: Section | None = None) -> Place | None:
        """Quoted words; ``within`` tells which of several places is meant. None when they are nowhere."""
        wanted = _quoted(quote)
        if len(wanted) < SHORTEST_QUOTE:
            return None
        for words in dict.fromkeys([wanted, wanted.rstrip(" .,;:!?"), _other_case(wanted)]):
            found = self._exact(words, within)
            if found is not None:
                return found
        return self._alike(wanted, within)

    def _exact(self, words: str, within: Section | None) -> Place | None:
        if "\n" in words:
            return None
        hits = [(block, at) for block, at in self.target.find(words) if not block.part]
        if within is not None and any(block.section == str(within.uuid) for block, _at in hits):
            hits = [(block, at) for block, at in hits if block.section == str(within.uuid)]
        places = [self._place(block, at, at + len(words), 1.0) for block, at in hits]
        if len(places) < 2:
            return places[0] if places else None
        chosen = within if all(place.section == places[0].section for place in places) else None
        return self._ambiguous([_as_dict(place) for place in places], chosen or places[0].section)

    def _place(self, block: TextBlock, first: int, last: int, score: float) -> Place:
        start, end = block.span(first, last)
        return Place(self.by_uuid[block.section or ""], start, end, block.text[first:last].strip(), score)

    def _alike(self, words: str, within: Section | None) -> Place | None:
        found = self.resolver.resolve(Selector(words, str(within.uuid) if within else None))
        if found.outcome == AMBIGUOUS and found.alternatives:
            return self._ambiguous(found.alternatives, within)
        if found.start is None or found.end is None or found.section not in self.by_uuid:
            return None
        doubt = "" if found.score >= SURE else _("Orden står inte exakt så i texten.")
        return Place(self.by_uuid[found.section], found.start, found.end, found.text, found.score, doubt=doubt)

    def _ambiguous(self, alternatives: list[dict[str, Any]], section: Section | None) -> Place:
        kept = [
            {name: row.get(name) for name in ("section", "start", "end", "text")}
            for row in alternatives
            if row.get("section") in self.by_uuid and row.get("start") is not None
        ]
        return Place(
            section, score=0.5, alternatives=kept[:MOST_ALTERNATIVES],
            doubt=_("Orden står på flera ställen. Välj vilket som menas."),
        )  # fmt: skip

    def in_block(self, section_id: int, n: int, was: str, first: int, last: int) -> Place | None:
        """Words ``was[first:last]`` of a paragraph that is known by its bookmark to be the n-th block of a section."""
        section = self.sections.get(section_id)
        blocks = self.bodies(section) if section else []
        if section is None or n >= len(blocks):
            return None
        block, words = blocks[n], comparable(was[first:last].replace("\n", " "))
        near = len(comparable(was[:first].replace("\n", " ")))
        at = _occurrences(block.text, words) if words else []
        if at:
            best = min(at, key=lambda offset: abs(offset - near))
            return self._place(block, best, best + len(words), 1.0)
        found = self.resolver.resolve(
            Selector(words, str(section.uuid), block.id, comparable(was[:first])[-160:], comparable(was[last:])[:160])
        )
        if found.start is None or found.end is None or found.section not in self.by_uuid:
            return None
        return Place(
            self.by_uuid[found.section], found.start, found.end, found.text, min(found.score, 0.9),
            doubt=_("Orden står inte exakt så i texten."),
        )  # fmt: skip

    def block_like(self, words: str) -> tuple[int, int] | None:
        """(section id, n) of the block that a paragraph without a bookmark is, by its words."""
        wanted = comparable(words.replace("\n", " "))
        if len(wanted) < SHORTEST_QUOTE:
            return None
        hits = [block for block, _at in self.target.find(wanted) if not block.part and block.text.strip() == wanted]
        if not hits:
            alike = [block for block in self.target.alike(wanted, 2) if not block.part]
            hits = alike[:1] if alike and _share(wanted, alike[0].text) > 0.6 else []
        if len(hits) != 1:
            return None
        section = self.by_uuid[hits[0].section or ""]
        return next(((section.pk, n) for n, row in enumerate(self.bodies(section)) if row.start == hits[0].start), None)

    def on_page(self, page: int) -> list[Section]:
        """The sections on a page of the published PDF, in reading order."""
        return [self.sections[pk] for pk in self.pages.get(page, []) if pk in self.sections]


def _as_dict(place: Place) -> dict[str, Any]:
    assert place.section is not None
    return {"section": str(place.section.uuid), "start": place.start, "end": place.end, "text": place.quote}


def _plain(words: str) -> str:
    return " ".join(words.casefold().split()).rstrip(".")


def _quoted(quote: str) -> str:
    """Quoted words as they are looked for: of words with gaps ("... ") the longest stretch."""
    words = comparable(quote).strip("\n").strip(" ”\"“'»«’")
    stretches = [
        part.strip() for part in words.replace("[…]", "…").replace("[...]", "…").replace("...", "…").split("…")
    ]
    return max(stretches, key=len)


def _other_case(words: str) -> str:
    first = words[:1]
    return (first.lower() if first.isupper() else first.upper()) + words[1:]


def _occurrences(text: str, words: str) -> list[int]:
    found, at = [], text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def _share(one: str, other: str) -> float:
    """How many of the words of the one stand in the other too."""
    mine, theirs = one.casefold().split(), set(other.casefold().split())
    return sum(word in theirs for word in mine) / max(len(mine), len(other.split()), 1)
