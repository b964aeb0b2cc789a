"""Comparisons of two periods have intervals that hold, and no bias that more days would take off."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.errors import DesignError
from shroff.stats.day_jackknife import jackknifed
from shroff.watch.drift_measures import distances


def ratio(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return np.array([after[0] / after[1] - before[0] / before[1]])


def test_it_is_the_textbook_formula_for_a_difference_of_means() -> None:
    rng = np.random.default_rng(0)
    before, after = rng.normal(3, 1, (9, 1)), rng.normal(4, 1, (12, 1))
    sides = [np.concatenate([side, np.ones_like(side)], axis=1) for side in (before, after)]
    found = jackknifed(ratio, *sides, level=0.95)
    spread = before.var(ddof=1) / 9 + after.var(ddof=1) / 12
    assert found.value[0] == pytest.approx(after.mean() - before.mean())
    assert found.corrected[0] == pytest.approx(found.value[0])
    assert (found.high - found.low)[0] == pytest.approx(2 * 2.306004 * np.sqrt(spread))
    assert found.days == (9, 12)


def test_an_index_of_two_samples_of_the_same_is_nothing() -> None:
    """Without the correction it is (values - 1)(1/n + 1/m)."""
    rng = np.random.default_rng(1)
    share = rng.dirichlet(np.ones(30))
    raw, corrected, wrong = [], [], 0
    for _ in range(300):
        before, after = rng.multinomial(60, share, (2, 28)).astype(float)
        found = jackknifed(distances, before, after, level=0.95)
        raw.append(found.value[0])
        corrected.append(found.corrected[0])
        wrong += bool(found.low[0] > 0)
    assert np.mean(raw) > 0.025
    assert abs(np.mean(corrected)) < 0.003
    assert wrong <= 20


def test_intervals_cover_what_moved() -> None:
    rng = np.random.default_rng(2)
    first, second = np.array([0.5, 0.3, 0.2]), np.array([0.3, 0.3, 0.4])
    truth = ((second - first) * np.log(second / first)).sum()
    held = 0
    for _ in range(300):
        before, after = rng.multinomial(80, first, 28), rng.multinomial(80, second, 28)
        found = jackknifed(distances, before.astype(float), after.astype(float), level=0.95)
        held += bool(found.low[0] <= truth <= found.high[0])
    assert held >= 276  # 95% of 300 less two and a half standard errors


def test_days_without_anything_do_not_count() -> None:
    rng = np.random.default_rng(3)
    side = rng.multinomial(50, [0.5, 0.5], 8).astype(float)
    padded = np.concatenate([side, np.zeros((6, 2))])
    alone, more = (jackknifed(distances, one, side, level=0.9) for one in (side, padded))
    assert more.days == (8, 8)
    assert more.low == pytest.approx(alone.low)


@pytest.mark.parametrize("days", [0, 1, 4])
def test_few_days_are_refused(days: int) -> None:
    with pytest.raises(DesignError, match="days with data"):
        jackknifed(distances, np.ones((days, 2)), np.ones((9, 2)), level=0.95)
