"""Many words at once: every occurrence, nothing else."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.rules.term_kernel import code_points, index_of_terms, occurrences

FEW = st.text(alphabet="abc 的一天é😀", max_size=12)
ANY = st.text(max_size=12)
TEXTS = st.lists(st.one_of(FEW, ANY), max_size=8)


def found(terms: list[str], texts: list[str]) -> list[tuple[int, int, int, int]]:
    codes, bounds = code_points(texts)
    hits = occurrences(index_of_terms(*code_points(terms)), codes, bounds=bounds)
    first = bounds[hits.text]
    places = zip(
        hits.text.tolist(),
        hits.term.tolist(),
        (hits.start - first).tolist(),
        (hits.end - first).tolist(),
        strict=True,
    )
    return sorted(places)


def slowly(terms: list[str], texts: list[str]) -> list[tuple[int, int, int, int]]:
    return sorted(
        (row, number, start, start + len(term))
        for row, text in enumerate(texts)
        for number, term in enumerate(terms)
        if term
        for start in range(len(text) - len(term) + 1)
        if text.startswith(term, start)
    )


@given(st.lists(st.one_of(FEW, ANY), max_size=30), TEXTS)
def test_every_occurrence_is_found_and_nothing_else(terms: list[str], texts: list[str]) -> None:
    assert found(terms, texts) == slowly(terms, texts)


@given(TEXTS, st.data())
def test_what_is_cut_out_of_a_text_is_found_there(texts: list[str], data: st.DataObject) -> None:
    whole = "".join(texts)
    cuts = data.draw(st.lists(st.integers(0, len(whole)), max_size=20))
    terms = [whole[low:high] for low, high in pairwise(sorted(cuts))]
    assert found(terms, [whole, *texts]) == slowly(terms, [whole, *texts])


def test_no_term_and_no_text_are_no_fault() -> None:
    assert found([], ["free"]) == []
    assert found(["free"], []) == []
    assert found([""], ["", "free"]) == []


def test_terms_do_not_reach_over_the_end_of_a_text() -> None:
    assert found(["ab", "减肥"], ["a", "b减", "肥"]) == []


def test_a_term_of_one_code_point_is_found_at_both_ends() -> None:
    assert found(["a", "的"], ["a的a", "的"]) == slowly(["a", "的"], ["a的a", "的"])


@pytest.mark.parametrize("count", [3_000, 100_000])
def test_many_terms_are_found_as_few_are(count: int) -> None:
    rng = np.random.default_rng(count)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz的一是在不了有和人这"))
    terms = list(dict.fromkeys("".join(rng.choice(letters, 6)) for _ in range(count)))
    numbers = {term: number for number, term in enumerate(terms)}
    texts = ["".join(rng.choice(letters, 40)) + terms[n * 7] + "x" for n in range(300)]
    wanted = sorted(
        (row, numbers[text[start : start + 6]], start, start + 6)
        for row, text in enumerate(texts)
        for start in range(len(text) - 5)
        if text[start : start + 6] in numbers
    )
    assert len(wanted) >= 300
    assert found(terms, texts) == wanted


def test_a_crowded_text_asks_for_more_room() -> None:
    assert len(found(["a", "aa", "aaa", "aaaa"], ["a" * 5_000])) == 4 * 5_000 - 6
