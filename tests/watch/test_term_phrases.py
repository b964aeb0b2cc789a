"""Pieces become the phrases a person would list."""

from __future__ import annotations

import numpy as np

from shroff.watch.gram_kernel import UNSPACED
from shroff.watch.gram_table import Occurrences
from shroff.watch.term_growth import Rise, least_growth
from shroff.watch.term_phrases import Pieces, phrases_of, standing_pieces

SHARE = 0.2


def standing(counts: dict[str, tuple[int, int]]) -> set[str]:
    here, there = np.array(list(counts.values()), float).T
    rise = Rise(here=here, there=there, expected=SHARE * (here + there), effect=np.ones(len(here)))
    pieces = Pieces(
        words=[tuple(map(ord, word)) for word in counts], rise=rise, score=least_growth(rise)
    )
    return {word for word, stands in zip(counts, standing_pieces(pieces), strict=True) if stands}


def test_a_piece_of_a_longer_one_in_the_same_ads_goes() -> None:
    assert standing({"加": (22, 4), "加微": (20, 0), "微信": (21, 0), "加微信": (20, 0)}) == {
        "加微信"
    }


def test_a_piece_that_goes_on_in_few_ways_goes() -> None:
    found = standing({"加群": (60, 1), "加群领": (30, 0), "加群送": (25, 0)})
    assert found == {"加群领", "加群送"}


def test_a_single_character_goes_before_a_phrase_of_half_its_ads() -> None:
    rise = Rise(
        here=np.array([40.0, 24.0]),
        there=np.array([4.0, 0.0]),
        expected=SHARE * np.array([44.0, 24.0]),
        effect=np.ones(2),
    )
    one, two = (UNSPACED << 1 | 16 << at for at in range(1, 3))
    pieces = Pieces(words=[(one,), (one, two)], rise=rise, score=np.array([2.0, 1.5]))
    assert standing_pieces(pieces).tolist() == [False, True]


def test_a_word_that_rises_in_a_new_phrase_only_goes() -> None:
    assert standing({"免费": (60, 120), "免费茅台": (30, 0)}) == {"免费茅台"}


def test_a_word_around_which_everything_varies_stays_and_its_company_goes() -> None:
    found = standing({"薇信": (40, 0), "加薇信": (12, 0), "薇信领": (9, 0)})
    assert found == {"薇信"}


def test_a_word_that_rises_beside_the_phrase_stays_with_it() -> None:
    assert standing({"茅台": (90, 20), "茅台礼盒": (30, 0)}) == {"茅台", "茅台礼盒"}


def occurrences(rows: list[tuple[int, int, int, int]], *, goes_on: bool = True) -> Occurrences:
    gram, text, first, size = np.array(rows, np.int32).T
    beside = np.full(len(rows), int(goes_on), np.uint64)
    return Occurrences(gram=gram, text=text, first=first, size=size, before=beside, after=beside)


def test_windows_of_one_phrase_are_joined() -> None:
    rows = [(piece, text, piece, 6) for text in range(5) for piece in range(3)]
    assert len(set(phrases_of(occurrences(rows), pieces=3).tolist())) == 1


def test_pieces_of_different_ads_or_clauses_are_not() -> None:
    apart = [(0, text, 0, 2) for text in range(5)] + [(1, text, 0, 2) for text in range(5, 9)]
    assert len(set(phrases_of(occurrences(apart), pieces=2).tolist())) == 2
    beside = [(piece, text, 2 * piece, 2) for text in range(5) for piece in range(2)]
    assert len(set(phrases_of(occurrences(beside, goes_on=False), pieces=2).tolist())) == 2
    assert len(set(phrases_of(occurrences(beside), pieces=2).tolist())) == 1
