"""Sets of characters behave as sets, and names mean what Unicode says."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.rules.char_sets import (
    EVERYTHING,
    NOTHING,
    UNICODE_CLASSES,
    CharSet,
    posix,
    unicode_class,
)

CODES = st.integers(0, 0x10FFFF) | st.sampled_from([0, 0xD7FF, 0xE000, 0x10FFFF])
SETS = st.lists(st.tuples(CODES, CODES).map(sorted).map(tuple), max_size=5).map(CharSet.of)
SIGNS = st.characters(exclude_categories=["Cs"])


@given(SETS, SETS, SIGNS)
def test_sets_are_joined_met_and_turned_around(one: CharSet, two: CharSet, sign: str) -> None:
    assert (sign in one | two) == (sign in one or sign in two)
    assert (sign in one & two) == (sign in one and sign in two)
    assert (sign in one - two) == (sign in one and sign not in two)
    assert (sign in ~one) == (sign not in one)


@given(SETS)
def test_ranges_are_sorted_and_apart(chars: CharSet) -> None:
    assert CharSet.of(chars.ranges) == chars
    assert ~~chars == chars
    assert chars | ~chars == EVERYTHING
    assert chars & ~chars == NOTHING
    assert len(chars) + len(~chars) == len(EVERYTHING)
    assert chars.first(3) == "".join(sorted(chars.first(3)))


@given(SIGNS)
def test_a_category_is_that_of_unicode(sign: str) -> None:
    kind = unicodedata.category(sign)
    groups = [
        name
        for name in UNICODE_CLASSES
        if len(name) <= 2 and sign in (unicode_class(name) or NOTHING)
    ]
    assert sorted(groups) == sorted([kind, kind[0]])


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [("Han", "天〇𠀀々", "あaЖ"), ("Latin", "aéＡ", "天Ж"), ("Cyrillic", "Жa"[:1], "a天"),
     ("Hiragana", "あ", "ア"), ("Greek", "Ω", "a")],
)  # fmt: skip
def test_a_script_has_its_characters(name: str, inside: str, outside: str) -> None:
    chars = unicode_class(name) or NOTHING
    assert all(sign in chars for sign in inside)
    assert not any(sign in chars for sign in outside)


@pytest.mark.parametrize("name", ["alpha", "digit", "punct", "space", "word", "xdigit"])
def test_a_class_of_posix_is_ascii(name: str) -> None:
    chars = posix(name) or NOTHING
    assert chars
    assert re.fullmatch(r"[\x00-\x7f]+", chars.first(200))


def test_a_name_that_does_not_exist_is_none() -> None:
    assert (posix("alfa"), unicode_class("Haan")) == (None, None)
