"""Shares drawn towards what is expected of them."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.stats.lattice import CodedLabels, grow
from shroff.stats.slice_pooling import pooled


def drawn(share: np.ndarray, values: tuple[np.ndarray, ...], seed: int = 4) -> CodedLabels:
    rng = np.random.default_rng(seed)
    return CodedLabels(
        values=values, error=rng.random(len(share)) < share, w=np.full(len(share), 3.0)
    )


def columns(count: int, seed: int = 9) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    return tuple(rng.integers(0, size, count) for size in (8, 7, 6))


def test_shares_of_slices_that_are_alike_come_nearer_to_the_truth() -> None:
    labels = drawn(np.full(8000, 0.05), columns(8000))
    lattice, sums = grow(labels, depth=3, least=20)
    found = pooled(lattice, sums, share=float(labels.error.mean()))
    own = np.sqrt(np.mean((sums.share - 0.05) ** 2))
    assert np.sqrt(np.mean((found.value - 0.05) ** 2)) < own / 3


def test_a_slice_that_is_far_off_with_many_labels_is_left_alone() -> None:
    values = columns(40_000)
    share = np.where((values[0] == 2) & (values[1] == 3), 0.4, 0.05)
    labels = drawn(share, values)
    lattice, sums = grow(labels, depth=2, least=20)
    found = pooled(lattice, sums, share=float(labels.error.mean()))
    place = next(p for p in range(len(lattice)) if lattice.terms(p) == ((0, 2), (1, 3)))
    assert found.value[place] == pytest.approx(sums.share[place], rel=0.05)
    assert found.expected[place] < 0.2


def test_a_pair_is_expected_to_be_what_its_parts_add_up_to() -> None:
    values = columns(60_000)
    odds = 0.03 * np.where(values[0] == 1, 3.0, 1.0) * np.where(values[1] == 2, 2.0, 1.0)
    labels = drawn(odds / (1 + odds), values)
    lattice, sums = grow(labels, depth=2, least=20)
    found = pooled(lattice, sums, share=float(labels.error.mean()))
    place = next(p for p in range(len(lattice)) if lattice.terms(p) == ((0, 1), (1, 2)))
    assert found.expected[place] == pytest.approx(0.18 / 1.18, rel=0.15)


def test_few_labels_are_drawn_in_more_than_many() -> None:
    values = (np.repeat(np.arange(12), [15, 4000, *[400] * 10]),)
    share = np.full(len(values[0]), 0.1)
    labels = drawn(share, values)
    error = labels.error.copy()
    error[:15] = np.arange(15) < 6
    labels = CodedLabels(values=values, error=error, w=labels.w)
    lattice, sums = grow(labels, depth=1, least=1)
    found = pooled(lattice, sums, share=float(error.mean()))
    assert sums.share[0] == pytest.approx(0.4)
    assert found.value[0] < 0.3
    assert abs(found.value[1] - sums.share[1]) < 0.01


def test_shares_stay_shares_where_slices_have_no_error_or_nothing_else() -> None:
    values = (np.repeat([0, 1, 2], [50, 50, 50]), np.tile([0, 1], 75))
    labels = CodedLabels(values=values, error=np.repeat([True, False, False], 50), w=np.ones(150))
    lattice, sums = grow(labels, depth=2, least=10)
    found = pooled(lattice, sums, share=1 / 3)
    assert np.all((found.value >= 0) & (found.value <= 1))
    assert np.all(np.isfinite(found.worth))
