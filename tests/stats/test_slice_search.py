"""Searching all slices: planted ones are found, others are not, and stories are told once."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.slice_discoveries import CASES, POWER, nulls, planted

from shroff.errors import DesignError
from shroff.stats.lattice import CodedLabels
from shroff.stats.slice_search import apart, search

BY_NAME = {case.name: case for case in (*CASES, *POWER)}


def made(count: int = 6000, *, plant: float = 6.0, seed: int = 2) -> CodedLabels:
    """Labels of three columns; where the first is 1 and the second 2, errors are more."""
    rng = np.random.default_rng(seed)
    values = tuple(rng.integers(0, size, count) for size in (5, 4, 3))
    share = np.where((values[0] == 1) & (values[1] == 2), 0.03 * plant, 0.03)
    return CodedLabels(
        values=values, error=rng.random(count) < share, w=rng.choice([5.0, 20.0], count)
    )


def test_a_planted_slice_is_found_and_its_story_told_once() -> None:
    labels = made()
    found = search(labels, depth=3, least=20, false_share=0.05)
    chosen, remaining = apart(found, labels)
    assert [found.lattice.terms(each.place) for each in chosen] == [((0, 1), (1, 2))]
    assert chosen[0].explains == len(found.found()) - 1 > 0
    assert remaining == 0


def test_two_stories_are_both_told() -> None:
    labels = made(9000)
    error = labels.error.copy()
    rng = np.random.default_rng(7)
    other = labels.values[2] == 0
    error[other] |= rng.random(int(other.sum())) < 0.06
    labels = CodedLabels(values=labels.values, error=error, w=labels.w)
    found = search(labels, depth=3, least=20, false_share=0.05)
    chosen, _ = apart(found, labels)
    assert {found.lattice.terms(each.place) for each in chosen} == {((0, 1), (1, 2)), ((2, 0),)}


def test_a_list_ends_where_it_is_told_to() -> None:
    labels = made(9000)
    found = search(labels, depth=3, least=20, false_share=0.05)
    chosen, remaining = apart(found, labels, most=1)
    assert len(chosen) == 1
    assert remaining <= len(found.found()) - 1


def test_a_slice_with_the_very_labels_of_another_is_looked_at_once() -> None:
    labels = made(2000)
    twice = CodedLabels(
        values=(labels.values[0], labels.values[0], np.zeros(2000, np.intp)),
        error=labels.error,
        w=labels.w,
    )
    found = search(twice, depth=3, least=20, false_share=0.05)
    # five values, by either of two columns; never a pair of both, nor the column of one value
    assert found.looked_at == 10
    assert np.isnan(found.adjusted[found.lattice.depth > 1]).all()


def test_adjusted_p_values_follow_benjamini_and_yekutieli() -> None:
    found = search(made(3000), depth=2, least=20, false_share=0.05)
    tested = np.isfinite(found.adjusted)
    p = np.sort(np.exp(found.log_p[tested]))
    ranks = np.arange(1, len(p) + 1)
    raw = p * len(p) * np.sum(1 / ranks) / ranks
    by_hand = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1)
    assert np.sort(found.adjusted[tested]) == pytest.approx(by_hand)


def test_no_slice_with_enough_labels_is_no_finding() -> None:
    labels = made(30)
    found = search(labels, depth=3, least=31, false_share=0.05)
    assert found.looked_at == 0
    assert apart(found, labels) == ([], 0)


@pytest.mark.parametrize("error", [False, True])
def test_one_class_only_finds_nothing(error: bool) -> None:
    labels = made(500)
    single = CodedLabels(values=labels.values, error=np.full(500, error), w=labels.w)
    found = search(single, depth=3, least=20, false_share=0.05)
    assert not len(found.found())
    assert np.isfinite(found.log_p).all()


def test_ten_thousand_slices_are_looked_at() -> None:
    rng = np.random.default_rng(1)
    size = 200_000
    labels = CodedLabels(
        values=(rng.integers(0, 10_000, size).astype(np.uint16), rng.integers(0, 3, size)),
        error=rng.random(size) < 0.05,
        w=np.ones(size),
        cluster=None,
    )
    found = search(labels, depth=2, least=5, false_share=0.05)
    assert found.looked_at > 10_000
    tested = found.adjusted[~np.isnan(found.adjusted)]
    assert ((tested >= 0) & (tested <= 1)).all()
    assert not len(found.found())


def test_no_label_is_refused() -> None:
    with pytest.raises(DesignError, match="no label to search"):
        search(made(10).taken(np.zeros(0, np.intp)), depth=3, least=1, false_share=0.05)


def test_labels_without_weight_are_refused() -> None:
    labels = made(100)
    with pytest.raises(DesignError, match="no label has a weight"):
        search(
            CodedLabels(values=labels.values, error=labels.error, w=np.zeros(100)),
            depth=3,
            least=1,
            false_share=0.05,
        )


def test_one_cluster_is_refused() -> None:
    labels = made(100)
    single = CodedLabels(
        values=labels.values, error=labels.error, w=labels.w, cluster=np.zeros(100, np.intp)
    )
    with pytest.raises(DesignError, match="one cluster"):
        search(single, depth=3, least=1, false_share=0.05)


@pytest.mark.parametrize("share", [0.0, 1.0, np.nan])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(DesignError, match="not between 0 and 1"):
        search(made(100), depth=1, least=1, false_share=share)


@pytest.mark.parametrize("name", ["equal weights", "strata by risk, weights 1000 and 10"])
def test_hardly_any_repetition_finds_a_slice_where_none_is_worse(name: str) -> None:
    # 5% nominal; with 60 repetitions nine or more would turn up once in a thousand times
    assert nulls(BY_NAME[name], repetitions=60).false * 60 < 9


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_false_discoveries_stay_below_what_is_allowed(case: object) -> None:
    found = nulls(BY_NAME[case.name], repetitions=400)  # type: ignore[attr-defined]
    assert found.false <= 0.05
    assert found.uncorrected <= 0.05 * found.slices


@pytest.mark.slow
@pytest.mark.parametrize("case", POWER, ids=lambda case: case.name)
def test_held_out_intervals_of_slices_that_were_found_cover_their_share(case: object) -> None:
    found = planted(BY_NAME[case.name], repetitions=100)  # type: ignore[attr-defined]
    slices = max(found.listed * found.repetitions, 1)
    assert found.false_share <= 0.05
    # three standard errors below 93%
    assert found.later >= 0.93 - 3 * np.sqrt(0.93 * 0.07 / slices)
