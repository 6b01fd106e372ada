"""Two people's changes put together, word by word; collisions are said, and no word is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rus_platform.kit.merging import merged

BASE = "Tåget går ofta. Bussen går sällan.\n\nCykeln är bra."


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (BASE, BASE, BASE),
        (BASE.replace("ofta", "oftare"), BASE, BASE.replace("ofta", "oftare")),
        (BASE, BASE.replace("ofta", "oftare"), BASE.replace("ofta", "oftare")),
        (
            BASE.replace("ofta", "oftare"),
            BASE.replace("bra", "bäst"),
            BASE.replace("ofta", "oftare").replace("bra", "bäst"),
        ),
        (BASE.replace("ofta", "oftare"), BASE.replace("ofta", "jämt"), None),
        (BASE.replace("ofta", "jämt"), BASE.replace("ofta", "jämt"), BASE.replace("ofta", "jämt")),
        (BASE + "\n\nMitt.", BASE + "\n\nDitt.", BASE + "\n\nDitt." + "\n\nMitt."),
        (BASE + " Mitt.", BASE + " Ditt.", None),
        (BASE.replace("Bussen går sällan.", ""), BASE.replace("sällan", "aldrig"), None),
        ("", BASE + " Mer.", None),
        ("Mitt", "Ditt", None),
    ],
)
def test_merged(mine, theirs, expected):
    assert merged(BASE, mine, theirs) == expected


def test_two_who_begin_an_empty_text():
    assert merged("", "Mitt", "Ditt") is None
    assert merged("", "Mitt", "") == "Mitt"


texts = st.text(alphabet="ab \n.", max_size=30)


@settings(max_examples=300, deadline=None)
@given(texts, texts, texts)
def test_properties(base, mine, theirs):
    assert merged(base, mine, base) == mine
    assert merged(base, base, theirs) == theirs
    found = merged(base, mine, theirs)
    if found is not None:  # every letter that somebody added is there
        for letter in "ab.":
            added = max(mine.count(letter), theirs.count(letter)) - base.count(letter)
            assert found.count(letter) >= min(mine.count(letter), theirs.count(letter)) or added <= 0
