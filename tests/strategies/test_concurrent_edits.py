"""Two people change the same place at once: the seven edits that decided for a step authority (docs/adr/0002), and more.

Each scene is played in both orders through the real verb. Everybody ends with the same, valid text; what was typed stands in it,
or has fallen away where its surroundings were taken away, which the browser puts on a card.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from prosemirror.transform import Transform, find_wrapping
from prosemirror.transform.structure import NodeTypeWithAttrs

from strategies.domain import documents
from strategies.models import Section
from strategies.schema import SCHEMA
from tests.factories.texts import make_section
from tests.strategies.test_convergence import Typist

pytestmark = pytest.mark.django_db

TEXT = "Alfa ett två.\n\nBeta tre fyra.\n\nGamma fem sex."
LIST = "- punkt ett\n- punkt två"
TABLE = "| Mål | År |\n|---|---|\n| Tåg | 2030 |\n| Buss | 2035 |"
Change = Callable[[Transform], object]


def at(doc: object, words: str) -> int:
    """Where ``words`` begin."""
    found: list[int] = []
    doc.descendants(
        lambda node, pos, *_: (
            found.append(pos + node.text.index(words)) if node.is_text and words in node.text else None
        )
    )  # type: ignore[attr-defined]
    return found[0]


def block(doc: object, words: str) -> tuple[int, int]:
    """Where the text block with ``words`` begins and ends."""
    place = doc.resolve(at(doc, words))  # type: ignore[attr-defined]
    return place.before(), place.after()


def types(words: str, new: str, *, after: bool = True) -> Change:
    return lambda tr: tr.insert(
        at(tr.doc, words) + (len(words.encode("utf-16-le")) // 2 if after else 0), SCHEMA.text(new)
    )


def joins(words: str) -> Change:
    return lambda tr: tr.join(block(tr.doc, words)[0])


def removes(words: str) -> Change:
    return lambda tr: tr.delete(*block(tr.doc, words))


def wraps(words: str) -> Change:
    def change(tr: Transform) -> None:
        start, end = block(tr.doc, words)
        around = tr.doc.resolve(start + 1).block_range(tr.doc.resolve(end - 1))
        kind = SCHEMA.nodes["blockquote"]
        wrapping = find_wrapping(around, kind, {"id": documents.new_id()})
        tr.wrap(around, wrapping)

    return change


def becomes_heading(words: str) -> Change:
    def change(tr: Transform) -> None:
        start, _ = block(tr.doc, words)
        tr.set_node_markup(start, SCHEMA.nodes["heading"], {"id": tr.doc.node_at(start).attrs["id"], "level": 2}, [])

    return change


def moves_last(words: str) -> Change:
    """As cutting and pasting does."""

    def change(tr: Transform) -> None:
        start, end = block(tr.doc, words)
        node = tr.doc.node_at(start)
        tr.delete(start, end)
        tr.insert(tr.doc.content.size, node)

    return change


def splits(words: str) -> Change:
    def change(tr: Transform) -> None:
        place = at(tr.doc, words)
        kind = tr.doc.resolve(place).parent.type
        tr.split(place, 1, [NodeTypeWithAttrs(kind, {"id": documents.new_id()})])

    return change


def bolds(words: str) -> Change:
    return lambda tr: tr.add_mark(at(tr.doc, words), at(tr.doc, words) + len(words), SCHEMA.marks["strong"].create())


def deletes(words: str) -> Change:
    return lambda tr: tr.delete(at(tr.doc, words), at(tr.doc, words) + len(words))


@dataclass
class Scene:
    one: Change
    other: Change
    stays: tuple[str, ...]  # in the text, in the end
    gone: tuple[str, ...] = ()  # not in the text
    text: str = TEXT
    either: tuple[str, ...] = ()  # confirmed before it was taken away, or fallen away: according to who was first


SCENES = {
    # the seven
    "join": Scene(joins("Beta"), types("tre ", "NYTT "), ("Alfa ett två.Beta tre NYTT fyra.",)),
    "wrap": Scene(wraps("Beta"), types("tre ", "NYTT "), ("Beta tre NYTT fyra.",)),
    "paragraph to heading": Scene(becomes_heading("Beta"), types("tre ", "NYTT "), ("Beta tre NYTT fyra.",)),
    "each removes one of two": Scene(removes("Alfa"), removes("Beta"), ("Gamma fem sex.",), ("Alfa", "Beta")),
    "both type in the same place": Scene(types("tre ", "EN "), types("tre ", "TVÅ "), ("EN ", "TVÅ ", "fyra.")),
    "move by cut and paste": Scene(moves_last("Alfa"), types("Alfa ", "NYTT "), ("ett två.", "Beta", "Gamma"), either=("NYTT",)),
    "typed where it was removed": Scene(removes("Beta"), types("tre ", "NYTT "), ("Alfa", "Gamma"), either=("NYTT",)),
    # more of our own
    "split and type": Scene(splits("tre"), types("tre ", "NYTT "), ("tre NYTT fyra.",)),
    "both split": Scene(splits("tre"), splits("fyra"), ("Beta \ntre \nfyra.",)),
    "bold and delete": Scene(bolds("tre fyra"), deletes("fyra"), ("Beta tre .",), ("fyra",)),
    "bold and type inside": Scene(bolds("tre fyra"), types("tre ", "NYTT "), ("tre NYTT fyra.",)),
    "both remove the same": Scene(removes("Beta"), removes("Beta"), ("Alfa", "Gamma"), ("Beta",)),
    "join and split": Scene(joins("Beta"), splits("tre"), ("Alfa ett två.Beta ", "tre fyra.")),
    "join and join": Scene(joins("Beta"), joins("Gamma"), ("Alfa ett två.Beta tre fyra.Gamma fem sex.",)),
    "heading and wrap": Scene(becomes_heading("Beta"), wraps("Gamma"), ("Beta tre fyra.\nGamma",)),
    "list item removed and typed in the other": Scene(deletes("punkt ett"), types("punkt två", " NYTT"), ("punkt två NYTT",), text=LIST),
    "a cell and its neighbour": Scene(types("Tåg", " och spår"), types("Buss", " och båt"), ("Tåg och spår", "Buss och båt"), text=TABLE),
    "emoji beside emoji": Scene(types("😀", "👩‍🚒"), types("😀", "🇸🇪", after=False), ("🇸🇪😀👩‍🚒",), text="Glad 😀 text."),
    "combining characters": Scene(types("e\u0301", "a\u030a"), types("e\u0301", "o\u0308", after=False), ("o\u0308e\u0301a\u030a",), text="Kafe\u0301 e\u0301 i la\u0308n."),
}  # fmt: skip


class Hand(Typist):
    """Somebody who makes one change."""

    def do(self, change: Change) -> None:
        tr = Transform(self.doc)
        change(tr)
        self.mine += tr.steps


@pytest.mark.parametrize("turned", [False, True], ids=["one first", "other first"])
@pytest.mark.parametrize("name", SCENES)
def test_two_at_once(world: SimpleNamespace, name: str, turned: bool) -> None:
    scene = SCENES[name]
    section = make_section(world.draft, scene.text, by=world.leader)
    people = (world.leader, world.editor)
    one, other = (Hand(section, person, number, random.Random(1)) for number, person in enumerate(people))
    one.do(scene.one)
    other.do(scene.other)
    first, second = (other, one) if turned else (one, other)
    for hand in (first, second, first, second, first, second):
        hand.exchange()
    stored = Section.objects.get(pk=section.pk)
    documents.parse(stored.doc)
    for hand in (one, other):
        assert hand.mine == []
        assert documents.canonical(hand.doc) == documents.canonical(stored.doc)
        assert hand.restarts == 0
    words = documents.plain_text(stored.doc)
    fallen = "".join(one.dropped + other.dropped)
    assert [each for each in scene.stays if each not in words] == [], words
    assert [each for each in scene.gone if each in words] == [], words
    trail = str(list(section.steps.values_list("step", flat=True)))
    assert [each for each in scene.either if (each in trail) == (each in fallen)] == [], "confirmed, or on a card"
