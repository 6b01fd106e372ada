"""Comments through random edits: what is said to be there is there, and undoing everything brings every comment back."""

import random

import pytest

from strategies.domain import carry
from strategies.domain.anchors import comparable, selector_from_positions
from strategies.domain.standing import standing_of
from strategies.models import Section, Step
from tests.factories.texts import delete, insert, make_section, write
from tests.strategies.test_comments import TEXT, on_words

pytestmark = pytest.mark.django_db
QUOTES = (
    "utveckla kollektivtrafiken",
    "invånare",
    "fri och tillgänglig",
    "Regionen ska",
    "lägre än i riket",
    "för alla",
)


@pytest.mark.parametrize("seed", range(8))
def test_comments_survive_random_edits_and_undo_restores_them(world, seed):
    chance = random.Random(seed)
    section = make_section(world.draft, TEXT + "\n\n" + TEXT.replace("Regionen", "Kommunerna"), by=world.editor)
    world.section = section
    anchors = [on_words(world, *about, by=world.reader).anchor for about in chosen(section)]
    first = section.doc_version
    for turn in range(25):
        edit(section, world.editor, chance)
        if turn % 7 == 6 and chance.random() < 0.5:
            carry.resolve_anchors(version_id=world.draft.pk)
        check(world.draft, anchors)
    for step in Step.objects.filter(section=section, n__gt=first).order_by("-n"):
        write(section, world.editor, step.step["undo"])
    for anchor, found in zip(
        anchors, (standing_of(world.draft, anchors)[anchor.pk] for anchor in anchors), strict=True
    ):
        assert (found.outcome, found.text, found.start) == ("exact", anchor.quote, anchor.start)


def chosen(section):
    """Words that stand once in the section."""
    text = str(section.doc)
    return [(quote,) for quote in QUOTES if text.count(quote) == 1] or [("Regionen ska",)]


def edit(section, by, chance):
    """Write, or delete, somewhere in a paragraph."""
    section.refresh_from_db()
    at, spots = 0, []
    for block in section.doc["content"]:
        length = sum(len(child["text"]) for child in block.get("content", []))
        spots.append((at + 1, length))
        at += length + 2
    start, length = chance.choice(spots)
    place = start + chance.randint(0, length)
    if chance.random() < 0.5 or not length:
        return write(section, by, insert(place, chance.choice(["nytt ", "åe\u0301 ", "2035", "ska "])))
    end = min(start + length, place + chance.randint(1, 30))
    return write(section, by, delete(place, end)) if end > place else None


def check(draft, anchors):
    """Found words are where they are said to be; exact ones are the quote."""
    docs = {row.pk: row.doc for row in Section.objects.filter(version=draft)}
    for anchor in anchors:
        found = standing_of(draft, [anchor])[anchor.pk]
        if found.is_lost:
            assert found.outcome in ("gone", "ambiguous")
            continue
        words = selector_from_positions(docs[found.section.pk], found.start, found.end).quote
        assert comparable(words) == comparable(found.text)
        if found.outcome in ("exact", "moved"):
            assert comparable(words) == comparable(anchor.quote)
