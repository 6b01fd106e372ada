"""The consultation version come back from Word: comments in the margin become points, tracked changes become proposals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.domain.intake.draft import Draft, Reading, line
from consultations.domain.intake.places import Place, Places
from consultations.domain.intake.word import Paragraph, Piece, Word, without_number
from consultations.models import IntakeKind, PointKind
from rus_platform.kit.wording import own_language
from strategies.domain.anchors import comparable

KEY = re.compile(r"RUS-V(\d{1,18})-([0-9a-f]{12})")
NEAR = 12  # letters between two changes of one person that are read as one
ENOUGH = 3  # paragraphs of the version that make a file one of its copies
MOST = 1500


@dataclass
class Edit:
    """``was[first:last]`` is to be ``new``."""

    first: int
    last: int
    new: str
    by: str


@dataclass
class Held:
    """A stretch that a comment holds on to: paragraph number, ``was[first:last]`` of it."""

    n: int
    first: int
    last: int


def is_version(word: Word, places: Places) -> bool:
    """Whether the file is a copy of the consultation version with something in its margin."""
    if not word.comments and not word.changed and not any(row.place for row in word.paragraphs):
        return False
    if any(row.place for row in word.paragraphs) or version_key_in(word):
        return True
    known = 0
    for row in word.paragraphs[:400]:
        known += len(row.was) > 40 and bool(places.target.find(comparable(row.was)))
        if known >= ENOUGH:
            return True
    return False


def version_key_in(word: Word) -> re.Match[str] | None:
    """The key of the version, as it stands at the top."""
    return next((match for row in word.paragraphs[:40] if (match := KEY.search(row.text))), None)


def read_margin(word: Word, places: Places) -> Reading:
    """Every comment and every change, in the order of the text."""
    rows = _joined(word.paragraphs)
    for row in rows:
        without_number(row)
    key = version_key_in(word)
    is_other = key is not None and int(key[1]) != places.version.pk
    if is_other or not any(row.place and row.place[0] in places.sections for row in rows):
        for row in rows:
            row.place = None
    found = Reading(IntakeKind.MARGIN, original=[line(row.text, "heading" if row.level else "") for row in rows])
    if is_other:
        found.notices.append(
            _(
                "Dokumentet är en annan version än den som samrådet gäller. Platserna är sökta efter orden; kontrollera dem."
            )
        )
    where = [row.place or (places.block_like(row.was) if row.pieces else None) for row in rows]
    untracked = 0
    for n, items in _comments(word, rows, where, places):
        found.items.append(items)
        items.first = items.last = n
    for n, row in enumerate(rows):
        before = next((spot for spot in reversed(where[:n]) if spot is not None), None)
        made = list(_changes(row, where[n], places, before))
        if not made and (proposal := _untracked(row, where[n], places)):
            made, untracked = [proposal], untracked + 1
        for item in made:
            item.first = item.last = n
        found.items += made
    found.items.sort(key=lambda item: (item.first or 0, item.place.start or 0))
    _say(found, untracked)
    del found.items[MOST:]
    return found


def _say(found: Reading, untracked: int) -> None:
    if untracked:
        found.notices.append(
            ngettext(
                "%(n)s stycke är ändrat utan att ändringen har spårats. Det visas som ett förslag att granska.",
                "%(n)s stycken är ändrade utan att ändringarna har spårats. De visas som förslag att granska.",
                untracked,
            )
            % {"n": untracked}
        )
    if len(found.items) > MOST:
        found.notices.append(_("Bara de första %(n)s lästes.") % {"n": MOST})
    if not found.items:
        found.notices.append(_("Dokumentet har inga kommentarer i marginalen och inga spårade ändringar."))


def _joined(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Paragraphs as they were before somebody pressed Enter in them."""
    found: list[Paragraph] = []
    begun: Paragraph | None = None
    for row in paragraphs:
        if begun is not None:
            row.pieces = [*begun.pieces, Piece("\n", "ins", _who(begun)), *row.pieces]
            row.place = begun.place or row.place
            row.level = begun.level if begun.was.strip() else row.level
        begun = row if row.joined else None
        if begun is None:
            found.append(row)
    return [*found, begun] if begun is not None else found


def _who(row: Paragraph) -> str:
    return next((piece.by for piece in row.pieces if piece.by), "")


# --- comments


def _comments(
    word: Word, rows: list[Paragraph], where: list[tuple[int, int | None] | None], places: Places
) -> Iterator[tuple[int, Draft]]:
    held: dict[str, list[Held]] = {}
    for n, row in enumerate(rows):
        at = 0
        for piece in row.pieces:
            size = 0 if piece.kind == "ins" else len(piece.text)
            for comment in piece.on:
                stretches = held.setdefault(comment, [])
                if stretches and stretches[-1].n == n:
                    stretches[-1].last = at + size
                else:
                    stretches.append(Held(n, at, at + size))
            at += size
    threads: dict[tuple[tuple[int, int, int], ...], list[str]] = {}
    for comment in word.comments:
        if word.comments[comment].text:
            parent = word.comments[comment].answers or comment  # a reply stands with what it answers
            stretch = tuple((row.n, row.first, row.last) for row in held.get(parent, held.get(comment, [])))
            threads.setdefault(stretch if stretch else ((-1, len(threads), 0),), []).append(comment)
    for stretch, said in threads.items():
        first = stretch[0]
        place = _held_place([Held(*row) for row in stretch], rows, where, places) if first[0] >= 0 else Place()
        yield max(first[0], 0), _point(word, said, place)


def _point(word: Word, said: list[str], place: Place) -> Draft:
    """A point of a comment and the replies to it."""
    comments = [word.comments[key] for key in said]
    text = comments[0].text
    if len(comments) > 1:
        text = "\n\n".join(f"{comment.author}: {comment.text}" for comment in comments)
    doubt = "" if place.section else _("Platsen i texten hittades inte.")
    if comments[0].resolved:
        doubt = _("Kommentaren är markerad som löst i Word.")
    certain = place.is_sure and not doubt
    return Draft(text=text, kind=PointKind.REMARK, place=place, author=comments[0].author, certain=certain, doubt=doubt)


def _held_place(
    held: list[Held], rows: list[Paragraph], where: list[tuple[int, int | None] | None], places: Places
) -> Place:
    """One stretch, or from the first block to the last as long as they are in one section."""
    parts = []
    for stretch in held:
        spot = where[stretch.n]
        if spot is None:
            continue
        section = places.sections.get(spot[0])
        if spot[1] is None:
            parts.append(Place(section, score=1.0))
        elif found := places.in_block(spot[0], spot[1], rows[stretch.n].was, *_trimmed(rows[stretch.n].was, stretch)):
            parts.append(found)
        else:
            parts.append(Place(section, score=0.6, doubt=_("Orden hittades inte, bara avsnittet.")))
    if not parts:
        return Place()
    exact = [part for part in parts if part.start is not None and part.section == parts[0].section]
    if len(exact) > 1:
        first, last = exact[0], exact[-1]
        return Place(
            first.section,
            first.start,
            last.end,
            "\n".join(part.quote for part in exact),
            min(part.score for part in exact),
        )
    return exact[0] if exact else parts[0]


def _trimmed(was: str, held: Held) -> tuple[int, int]:
    """The stretch without blanks at its ends; all of the paragraph when it holds no words of it (a number, new words)."""
    first, last = held.first, held.last
    while first < last and was[first].isspace():
        first += 1
    while last > first and was[last - 1].isspace():
        last -= 1
    return (first, last) if first < last else (0, len(was))


# --- changes


def _after(spot: tuple[int, int | None], places: Places) -> Place:
    """Where a paragraph that is wholly new is to stand: after the one before it."""
    section = places.sections.get(spot[0])
    blocks = places.bodies(section) if section else []
    words = blocks[spot[1]].text.strip() if spot[1] is not None and spot[1] < len(blocks) else ""
    return Place(section, score=0.8, doubt=_("Ett nytt stycke, efter ”%(words)s”.") % {"words": _short(words)[:120]})


def _changes(
    row: Paragraph, spot: tuple[int, int | None] | None, places: Places, after: tuple[int, int | None] | None = None
) -> Iterator[Draft]:
    """``after``: where the paragraph before stands."""
    edits = list(_edits(row))
    if not edits:
        return
    was = row.was
    for edit in _near_ones(edits, was):
        _widen(edit, was)
        old, new = was[edit.first : edit.last], edit.new
        if old == new or (not old.strip() and not new.strip()):
            continue
        if spot is None and after is not None and not was.strip():
            place = _after(after, places)
        elif spot is None or spot[1] is None:
            place = Place(places.sections.get(spot[0]), score=0.8) if spot else Place()
            place.doubt = _("Platsen i texten hittades inte.") if not spot else _("Ändringen gäller rubriken.")
        else:
            place = places.in_block(*spot, was, edit.first, edit.last) or Place(  # type: ignore[arg-type]
                places.sections.get(spot[0]), score=0.6, doubt=_("Orden hittades inte, bara avsnittet.")
            )
        yield Draft(
            text=in_words(old, new), kind=PointKind.CHANGE, suggested_wording=new.strip(), place=place, author=edit.by,
            certain=place.is_sure and place.start is not None,
        )  # fmt: skip


def _edits(row: Paragraph) -> Iterator[Edit]:
    at, now = 0, None
    for piece in row.pieces:
        size = len(piece.text) if piece.kind != "ins" else 0
        if not piece.kind:
            if now is not None:
                yield now
            now = None
        else:
            if now is None or now.by != piece.by:
                if now is not None:
                    yield now
                now = Edit(at, at, "", piece.by)
            now.last = at + size if piece.kind == "del" else now.last
            now.new += piece.text if piece.kind == "ins" else ""
        at += size
    if now is not None:
        yield now


def _near_ones(edits: list[Edit], was: str) -> Iterator[Edit]:
    """Changes of one person that stand close together, as one."""
    now = edits[0]
    for edit in edits[1:]:
        if edit.by == now.by and edit.first - now.last <= NEAR:
            now = Edit(now.first, edit.last, now.new + was[now.last : edit.first] + edit.new, now.by)
        else:
            yield now
            now = edit
    yield now


def _widen(edit: Edit, was: str) -> None:
    """To whole words; what is only put in or only struck out takes a word beside it along, so that both sides have words."""
    _to_whole_words(edit, was)
    if was[edit.first : edit.last].strip() and edit.new.strip():
        return
    if edit.first > 0:
        start = edit.first
        while start > 0 and was[start - 1].isspace():
            start -= 1
        while start > 0 and not was[start - 1].isspace():
            start -= 1
        edit.new, edit.first = was[start : edit.first] + edit.new, start
    elif edit.last < len(was):
        end = edit.last
        while end < len(was) and was[end].isspace():
            end += 1
        while end < len(was) and not was[end].isspace():
            end += 1
        edit.new, edit.last = edit.new + was[edit.last : end], end


def _to_whole_words(edit: Edit, was: str) -> None:
    while (
        edit.first > 0
        and was[edit.first - 1].isalnum()
        and (was[edit.first : edit.first + 1] or edit.new[:1]).isalnum()
    ):
        edit.first -= 1
        edit.new = was[edit.first] + edit.new
    while (
        edit.last < len(was)
        and was[edit.last].isalnum()
        and (was[edit.last - 1 : edit.last] or edit.new[-1:]).isalnum()
    ):
        edit.new += was[edit.last]
        edit.last += 1


@own_language()
def in_words(old: str, new: str) -> str:
    """The change as a sentence, since a point always has words."""
    old, new = old.strip(), new.strip()
    if not new:
        return _("Stryk ”%(old)s”.") % {"old": _short(old)}
    if not old:
        return _("Lägg till ”%(new)s”.") % {"new": _short(new)}
    return _("Ändra ”%(old)s” till ”%(new)s”.") % {"old": _short(old), "new": _short(new)}


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 400 else words[:400].rsplit(" ", 1)[0] + " …"


def _untracked(row: Paragraph, spot: tuple[int, int | None] | None, places: Places) -> Draft | None:
    """A paragraph that reads otherwise than the version, though nothing is tracked in it."""
    if spot is None or spot[1] is None or spot[0] not in places.sections:
        return None
    blocks = places.bodies(places.sections[spot[0]])
    if spot[1] >= len(blocks):
        return None
    block, now = blocks[spot[1]], comparable(row.text.replace("\n", " "))
    if block.kind == "figure" or _letters(block.text) == _letters(now) or block.end - block.start != len(block.text):
        return None  # the same words, or words that stand for something else (references): nothing can be said
    place = (
        Place(places.sections[spot[0]], *block.span(0, len(block.text)), block.text.strip(), 0.9)
        if block.text
        else Place()
    )
    return Draft(
        text=in_words(block.text, now), kind=PointKind.CHANGE, suggested_wording=now, place=place, doubt=_("Ändrat utan spårning.")
    )  # fmt: skip


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
