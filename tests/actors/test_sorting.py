"""Swedish order in any collation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.sorting import LONGEST, sort_key


def test_sort_key_puts_swedish_letters_last():
    names = ["Örebro", "Ale", "Åre", "Zinkgruvan", "Älmhult", "Ängelholm", "Alingsås", "Övik", "Ånge"]
    assert sorted(names, key=sort_key) == [
        "Ale", "Alingsås", "Zinkgruvan", "Ånge", "Åre", "Älmhult", "Ängelholm", "Örebro", "Övik",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Västra Götaland", "Västrabo"),
        ("Region 2", "Region 3"),
        ("Region 0", "Region 1"),
        ("Ek", "Ek AB"),
        ("a b", "aa"),
    ],
)
def test_sort_key_orders_words_and_numbers(first, second):
    assert sort_key(first) < sort_key(second)


@pytest.mark.parametrize(
    ("one", "same"),
    [("Ale", "ALE"), ("Café", "cafe"), ("Å", "A\u030a"), ("Sami-Duodji", "sami duodji"), ("Ek,", " Ek ")],
)
def test_sort_key_ignores_case_accents_and_marks(one, same):
    assert sort_key(one) == sort_key(same)


@given(st.text(max_size=400))
def test_sort_key_is_plain_and_fits_whatever_the_name(name):
    key = sort_key(name)
    assert len(key) <= LONGEST
    assert all(letter in "abcdefghijklmnopqrstuvwxyz0123456789" for letter in key)
