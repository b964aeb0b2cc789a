"""Two ways of settling labels on the same items."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.errors import DesignError
from shroff.stats.agreement_paired import credit, paired_difference


def test_a_tie_earns_what_a_toss_would() -> None:
    chances = np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5], [1 / 3, 1 / 3, 1 / 3]])
    assert credit(chances, np.array([0, 2, 1])) == pytest.approx([0.5, 1, 1 / 3])


def test_items_on_which_both_are_right_do_not_narrow_the_difference_to_nothing() -> None:
    first, second = np.ones(200), np.ones(200)
    found = paired_difference(first, second)
    assert found.value == 0
    assert found.low < 0 < found.high
    assert found.n_effective == 0


def test_pairing_knows_more_than_two_samples_would() -> None:
    rng = np.random.default_rng(1)
    first = (rng.random(300) < 0.8).astype(np.float64)
    second = first.copy()
    second[:10] = 1
    found = paired_difference(first, second)
    assert found.high - found.low < 0.05
    assert 2 * 1.96 * (2 * 0.8 * 0.2 / 300) ** 0.5 > 0.1


def test_no_items_are_refused() -> None:
    with pytest.raises(DesignError, match="no items"):
        paired_difference(np.zeros(0), np.zeros(0))


@pytest.mark.parametrize(
    ("n", "up", "down"), [(30, 0.2, 0.1), (239, 0.05, 0.06), (100, 0.02, 0.0)]
)
def test_intervals_cover_the_truth(n: int, up: float, down: float) -> None:
    rng, rounds, hits = np.random.default_rng(n), 1500, 0
    for _ in range(rounds):
        gap = rng.choice([1.0, -1.0, 0.0], size=n, p=[up, down, 1 - up - down])
        found = paired_difference(np.maximum(-gap, 0), np.maximum(gap, 0))
        hits += found.low <= up - down <= found.high
    assert hits / rounds >= 0.93
