"""The plain entry point on hard cases: words in, an outcome out, never a lookalike, never an error."""

import doctest
import random
import unicodedata

import pytest

from strategies.domain import anchors
from strategies.domain.anchors import resolve

SENTENCE = "Regionen ska tillsammans med kommunerna utveckla kollektivtrafiken."
BY_2030 = "Utsläppen ska minska med hälften till år 2030."
BY_2035 = BY_2030.replace("2030", "2035")
OTHER = "Skogen är länets största tillgång och ska brukas varsamt."
UNKNOWN = ("gone", "ambiguous")


def blocks(**texts):
    return [{"id": name, "text": text} for name, text in texts.items()]


def asked(quote, block="b", before="", after="", **more):
    return {"quote": quote, "block_id": block, "prefix": before, "suffix": after, **more}


def test_the_example_in_the_docstring():
    assert doctest.testmod(anchors).attempted > 4
    assert doctest.testmod(anchors).failed == 0


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        (asked(SENTENCE), blocks(a=SENTENCE, c=SENTENCE)),
        (asked(SENTENCE, before="Ett. ", after=" Två."), blocks(a=SENTENCE, c=f"Ett. {SENTENCE} Två.")),
        (asked(SENTENCE), blocks(b=OTHER, c=SENTENCE)),
        (asked(SENTENCE), blocks(a=SENTENCE.replace("utveckla", "stärka"))),
        (asked(BY_2030), blocks(a=BY_2035)),
        (asked("2030", before=BY_2030[:-5], after="."), blocks(a=BY_2035, c=BY_2035)),
        (asked(BY_2030, after=f" {BY_2035}"), blocks(b=BY_2035)),
        (asked(BY_2035, before=f"{BY_2030} "), blocks(b=BY_2030)),
    ],
)
def test_a_lookalike_never_wins(selector, text):
    assert resolve(selector, text).outcome in UNKNOWN


@pytest.mark.parametrize("base", [None, blocks(b=BY_2030, c=BY_2035)])
def test_words_that_changed_places_are_asked_about(base):
    assert resolve(asked(BY_2030), blocks(b=BY_2035, c=BY_2030), base=base).outcome in UNKNOWN


def test_a_figure_that_was_changed_in_its_sentence_is_reworded():
    assert resolve(asked(BY_2030), blocks(b=BY_2035)).outcome == "reworded"


@pytest.mark.parametrize("n", [1, 3, 40])
def test_a_repeated_sentence_is_the_one_in_its_block(n):
    text = [{"id": f"x{k}", "text": SENTENCE} for k in range(n)]
    found = resolve(asked(SENTENCE, f"x{n - 1}"), text)
    assert (found.outcome, found.block) == ("exact", f"x{n - 1}")


def test_a_repeated_sentence_in_one_block_by_what_stands_around():
    text = f"Först. {SENTENCE} Sedan gäller {SENTENCE} Sist."
    found = resolve(asked(SENTENCE, before="Sedan gäller ", after=" Sist."), blocks(b=text))
    assert (found.outcome, found.start) == ("exact", text.rindex(SENTENCE))
    assert resolve(asked(SENTENCE), blocks(b=text)).outcome in UNKNOWN


@pytest.mark.parametrize(
    ("quote", "text", "span"),
    [
        ("😀 mål", "Ett 👩‍👩‍👧 😀 mål.", "😀 mål"),
        (
            "Åsele växer",
            unicodedata.normalize("NFD", "I dag Åsele växer mest."),
            unicodedata.normalize("NFD", "Åsele växer"),
        ),
        (unicodedata.normalize("NFD", "Åsele växer"), "I dag Åsele växer mest.", "Åsele växer"),
        ("100 000 invånare", "Länet har 100\u00a0000  invå\u00adnare i dag.", "100\u00a0000  invå\u00adnare"),
        ("ett två", "ett\ntvå tre", "ett\ntvå"),
        ("  ett   två ", "noll ett två", "ett två"),
        ("e\u0301n", "Bara \u00e9n gång.", "\u00e9n"),
    ],
)
def test_words_are_the_same_however_they_are_written(quote, text, span):
    found = resolve(asked(quote), blocks(b=text))
    assert (found.outcome, text[found.start : found.end]) == ("exact", span)


def test_words_over_two_blocks():
    selector = asked("slutet.\nBörjan", before="Första ", after=" på andra")
    found = resolve(selector, blocks(b="Första slutet.", c="Början på andra."))
    assert (found.outcome, found.block, found.start, found.end_block, found.end) == ("exact", "b", 7, "c", 6)
    joined = resolve(selector, blocks(b="Första slutet. Början på andra."))
    assert (joined.outcome, joined.block) == ("moved", "b")
    assert resolve(selector, blocks(x=OTHER)).outcome in UNKNOWN


def test_a_paragraph_that_was_split_gives_up_its_words():
    selector = asked("kollektivtrafiken", before=SENTENCE[:-18], after=".")
    found = resolve(selector, blocks(b="Regionen ska tillsammans med kommunerna", n="utveckla kollektivtrafiken."))
    assert (found.outcome, found.block, found.text) == ("moved", "n", "kollektivtrafiken")


def test_paragraphs_that_were_joined():
    old = blocks(a="Länet växer i norr.", b=SENTENCE)
    found = resolve(
        asked(SENTENCE, before="Länet växer i norr.\n"), blocks(a=f"Länet växer i norr. {SENTENCE}"), base=old
    )
    assert (found.outcome, found.block, found.text) == ("moved", "a", SENTENCE)


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        ({}, blocks(a="x")),
        ({"quote": None, "block_id": None}, blocks(a="x")),
        (asked("ord"), []),
        (asked("ord"), blocks(a="", b="", c=" ")),
        (asked("ord"), [{"id": "b", "text": None}]),
        (asked("ord"), [{"text": "inget här"}]),
        (asked(SENTENCE * 50), blocks(b="kort")),
        (asked("\n\n"), blocks(b="kort")),
        (asked("...", start=9999, end=10_000), blocks(b="inga punkter")),
    ],
)
def test_odd_input_is_no_error(selector, text):
    assert resolve(selector, text).start is None


@pytest.mark.parametrize(
    "text", [[("b", "Det ska bli.")], {"b": "Det ska bli."}, [{"id": "b", "text": "Det ska bli."}]]
)
def test_blocks_may_be_given_in_any_plain_form(text):
    assert resolve(asked("ska"), text).as_dict() | {"score": 0} == {
        "outcome": "exact", "score": 0, "section": None, "block": "b", "start": 4, "end": 7, "text": "ska", "alternatives": [],
        "end_block": None,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_random_noise_is_no_error_and_what_is_exact_is_the_words(seed):
    rng = random.Random(seed)
    signs = ["ska", "mål", "2030", "2035", ".", " ", "\n", "å", "A\u030a", "😀", "\u00ad", "\u200d", "", SENTENCE, "\t"]
    make = lambda: "".join(rng.choice(signs) for _ in range(rng.randint(0, 12)))  # noqa: E731
    for _ in range(60):
        text = [{"id": str(n), "text": make()} for n in range(rng.randint(0, 5))]
        chosen = asked(
            make(),
            str(rng.randint(0, 5)),
            make(),
            make(),
            start=rng.choice([None, 0, 7]),
            end=rng.choice([None, 3, 99]),
        )
        found = resolve(chosen, text, base=text if rng.random() < 0.3 else None)
        if found.outcome in ("exact", "moved") and found.text:
            assert anchors.comparable(found.text) == anchors.comparable(chosen["quote"]).strip("\n")
