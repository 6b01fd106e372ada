"""A running text into the views that it holds. A person confirms each, so this errs on the side of keeping together.

``lines`` are those of the original, one for each paragraph: {"text", "kind", "page"}.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from consultations.domain.intake.draft import Draft
from consultations.domain.intake.places import Place, Places
from consultations.domain.intake.references import kind_of, place_of, wording_in
from consultations.models import ItemWhat
from strategies.models import Section

Line = dict[str, Any]
MARKER = re.compile(r"^\s*(?:[-–—•·*▪■○]|\(?\d{1,3}[.)]|[a-zåäö]\))\s+", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?…:;”\"')]\s*$")
CLOSING = re.compile(
    r"^\s*(?:hej\b.{0,40}|god(?:dag|morgon)\b.{0,30}|(?:med )?vänlig(?:a|en)? ?(?:hälsning(?:ar)?)?.{0,60}|mvh\b.{0,60}|bästa hälsningar.{0,60}|hälsningar.{0,40}|med vänlig hälsning.{0,60}"
    r"|på uppdrag av.{0,80}|för .{3,60}(?:kommun|styrelsen|region)|ort(?: och)? datum.{0,40}|dnr\b.{0,60}|diarienummer\b.{0,60}|till region .{2,60}|yttrande|remissvar|remissyttrande|datum\b.{0,40}"
    r"|sida \d+(?: av \d+)?|\d{4}-\d{2}-\d{2}|\S+@\S+\.\w{2,}|(?:tel|telefon|e-post|växel|postadress)\b.{0,100}|dear .{0,40}|kind regards.{0,60})[\s,.!]*$",
    re.IGNORECASE,
)  # fmt: skip
SHORT = 60  # letters: a paragraph this short says little by itself
LONGEST_LIST = 90  # letters: items shorter than this are one view together
MOST = 1500
MOST_LINES = 20_000


@dataclass
class Stretch:
    """Lines that say one thing."""

    first: int
    last: int
    parts: list[str] = field(default_factory=list)
    heading: str = ""
    context: Section | None = None
    quote: str = ""

    @property
    def text(self) -> str:
        return "\n\n".join(self.parts)


def split(lines: list[Line], places: Places) -> list[Draft]:
    """The proposed views, in order."""
    return [_draft(stretch, lines, places) for stretch in _stretches(lines[:MOST_LINES], places)][:MOST]


def _stretches(lines: list[Line], places: Places) -> Iterator[Stretch]:
    heading = ""
    context: Section | None = None
    now: Stretch | None = None
    quoted: Stretch | None = None
    for n, row in enumerate(lines):
        text, kind = row["text"].strip(), row.get("kind", "")
        kind = kind or ("heading" if _is_named(text, places) else "")
        if not text:
            continue
        if kind == "heading":
            if now is not None:
                yield now
            now = None
            if quoted is not None:
                yield quoted
                quoted = None
            heading, context = (
                text,
                section_of_heading(text, places) or (context if _is_deeper(row, lines, n) else None),
            )
            continue
        if kind == "quote" and places.find(text, context) is not None:
            if now is not None:
                yield now
            now = None
            quoted = Stretch(n, n, [], heading, context, text) if quoted is None else _longer(quoted, n, text)
            continue
        if now is not None and _goes_on(now, text, kind, lines, n):
            now.parts.append(text)
            now.last = n
            continue
        if now is not None:
            yield now
        now = Stretch(n, n, [text], heading, context)
        if quoted is not None:
            now.first, now.quote, quoted = quoted.first, quoted.quote, None
    for left in (now, quoted):
        if left is not None:
            yield left


def _is_named(text: str, places: Places) -> bool:
    """Whether a line is the name of a section and no more: a heading, where the file does not say that it is one."""
    return len(text) < 200 and " ".join(re.sub(r"[:.–-](?=\s|$)", " ", text.casefold()).split()) in places.names


def _longer(quoted: Stretch, n: int, text: str) -> Stretch:
    quoted.last, quoted.quote = n, f"{quoted.quote}\n{text}"
    return quoted


def _is_deeper(row: Line, lines: list[Line], n: int) -> bool:
    """Whether a heading stands under one that named a section: its level is lower."""
    level = row.get("level", 1)
    before = next((one.get("level", 1) for one in reversed(lines[:n]) if one.get("kind") == "heading"), 0)
    return bool(level > before > 0)


def section_of_heading(text: str, places: Places) -> Section | None:
    """The section that a heading names by code or by title."""
    title = re.sub(r"\s+", " ", MARKER.sub("", text)).casefold().rstrip(" .:")
    if title in places.titles:
        return places.titles[title]
    found = place_of(text, places)
    if found.section is not None and found.start is None:
        return found.section
    for name, titled in places.titles.items():
        if len(name) >= 12 and name in title:
            return titled
    code = re.match(r"\s*(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+\S", text)
    section = places.coded(code[1]) if code else None
    return section if section is not None and _alike(title, section.title) else None


def _alike(one: str, other: str) -> bool:
    mine, theirs = set(one.casefold().split()), set(other.casefold().split())
    return len(mine & theirs) * 2 >= len(theirs)


def _goes_on(now: Stretch, text: str, kind: str, lines: list[Line], n: int) -> bool:
    """Whether a paragraph belongs to the view before it."""
    if CLOSING.match(now.parts[0]):
        return bool(CLOSING.match(text)) or _is_signature(text)
    if CLOSING.match(text):
        return False
    is_item = kind == "item" or bool(MARKER.match(text))
    before = now.parts[-1]
    before_is_item = lines[now.last].get("kind") == "item" or bool(MARKER.match(before))
    if is_item:
        introduced = before.rstrip().endswith(":") or (before_is_item and now.parts[0].rstrip().endswith(":"))
        return introduced and _run_is_short(lines, n)
    if before_is_item:
        return not SENTENCE_END.search(before) and text[:1].islower()
    if not SENTENCE_END.search(before) or text[:1].islower():
        return True
    if before.rstrip().endswith(":"):
        return True
    return (
        len(text) < SHORT
        or len(before) < SHORT
        or text.startswith(("Därför", "Detta ", "Därmed", "Dessutom", "Förslag till ", "Föreslagen "))
    )


def _is_signature(text: str) -> bool:
    """A name, a title, an address: what follows a greeting and is no sentence."""
    return len(text) < 70 and not text.rstrip().endswith((".", "!", "?", ":"))


def _run_is_short(lines: list[Line], n: int) -> bool:
    """Whether the items from here on are a list of short things rather than views of their own."""
    items = []
    for row in lines[n:]:
        if row.get("kind") != "item" and not MARKER.match(row["text"]):
            break
        items.append(len(row["text"]))
    return not items or sum(items) / len(items) < LONGEST_LIST


def _draft(stretch: Stretch, lines: list[Line], places: Places) -> Draft:
    text = MARKER.sub("", stretch.text, count=1) if len(stretch.parts) == 1 else stretch.text
    text, wording = wording_in(text.strip())
    if not text.strip():
        text = stretch.quote
    place = places.find(stretch.quote, stretch.context) if stretch.quote else None
    if place is None or (place.section is None and not place.alternatives):
        place = place_of(text, places, stretch.context)
    chatter = bool(stretch.parts and CLOSING.match(stretch.parts[0]))
    return Draft(
        what=ItemWhat.POINT, text=text, kind=kind_of(text), suggested_wording=wording, place=Place() if chatter else place,
        first=stretch.first, last=stretch.last, page=lines[stretch.first].get("page"), certain=place.is_sure and not chatter, left_out=chatter,
    )  # fmt: skip
