"""Differences between figures, one and many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.errors import DesignError
from shroff.stats.compare import (
    benjamini_hochberg,
    benjamini_yekutieli,
    difference,
    differences,
    holm,
    p_values,
)
from shroff.stats.estimate import Estimate, Estimates, Status
from shroff.stats.proportions import wilson


def test_square_and_add_is_as_published() -> None:
    # Newcombe (1998), 56 of 70 against 48 of 80: 0.2, from 0.0524 to 0.3339
    change = difference(wilson(48, 80), wilson(56, 70))
    assert change.value == pytest.approx(0.2)
    assert (round(change.low or 0, 4), round(change.high or 0, 4)) == (0.0524, 0.3339)


def test_a_change_turned_around_is_its_mirror() -> None:
    there, back = (
        difference(wilson(3, 80), wilson(9, 70)),
        difference(wilson(9, 70), wilson(3, 80)),
    )
    assert there.low == pytest.approx(-(back.high or 0))
    assert there.high == pytest.approx(-(back.low or 0))


def test_a_proxy_makes_the_change_a_proxy() -> None:
    proxy = replace(wilson(9, 70), status=Status.PROXY)
    assert difference(wilson(3, 80), proxy).status is Status.PROXY


def test_an_unknown_figure_makes_the_change_unknown() -> None:
    unknown = replace(wilson(9, 70), value=None, low=None, high=None, status=Status.UNKNOWN)
    assert difference(wilson(3, 80), unknown).status is Status.UNKNOWN


def test_bounds_make_the_change_bounds() -> None:
    ends = replace(wilson(9, 70), value=None, low=0.1, high=0.5, status=Status.BOUNDS)
    before = wilson(3, 80)
    change = difference(before, ends)
    assert change.status is Status.BOUNDS
    assert change.low == pytest.approx(0.1 - (before.high or 0))
    assert change.high == pytest.approx(0.5 - (before.low or 0))


def test_levels_must_match() -> None:
    with pytest.raises(DesignError, match="match"):
        difference(wilson(3, 80), wilson(9, 70, level=0.9))


def column(figures: list[Estimate]) -> Estimates:
    def gather(name: str) -> np.ndarray:
        return np.array([getattr(figure, name) for figure in figures], dtype=float)

    names = ("value", "low", "high", "n", "n_effective", "design_effect")
    return Estimates(
        **{name: gather(name) for name in (*names, "numerator", "denominator")},
        level=0.95,
        method="wilson",
    )


def test_many_changes_are_each_as_alone() -> None:
    first, second = [wilson(3, 80), wilson(5, 50)], [wilson(9, 70), wilson(5, 500)]
    many = differences(column(first), column(second))
    alone = [difference(one, other) for one, other in zip(first, second, strict=True)]
    assert many.low == pytest.approx([change.low for change in alone])


def test_an_interval_that_touches_zero_has_a_p_value_of_five_percent() -> None:
    first, second = column([wilson(40, 100)] * 300), column([wilson(k, 100) for k in range(1, 99)])
    first = column([wilson(40, 100)] * len(second))
    change = differences(first, second)
    p = p_values(first, second)
    clear = (change.low > 0) | (change.high < 0)
    assert np.array_equal(clear, p < 0.05)
    assert p[39] == 1.0


def test_differences_cover_the_true_change() -> None:
    rng = np.random.default_rng(8)
    for before, after, labels in [(0.05, 0.08, 400), (0.01, 0.01, 500), (0.9, 0.95, 300)]:
        hits = rng.binomial(labels, before, 1500), rng.binomial(labels, after, 1500)
        known = {(k, labels): wilson(k, labels) for k in set(np.concatenate(hits).tolist())}
        pair = [column([known[k, labels] for k in side.tolist()]) for side in hits]
        change = differences(pair[0], pair[1])
        covered = (change.low <= after - before) & (after - before <= change.high)
        assert 0.935 <= covered.mean() <= 0.975


PS = st.lists(st.floats(0, 1), min_size=1, max_size=30).map(np.array)


def test_the_adjustments_are_as_published() -> None:
    # Benjamini and Hochberg (1995), 15 p-values: 4 discoveries, 3 by the family-wise rule
    p = np.array([
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0,
    ])  # fmt: skip
    assert (benjamini_hochberg(p) < 0.05).sum() == 4
    assert (holm(p) < 0.05).sum() == 3
    assert benjamini_yekutieli(p)[0] == pytest.approx(0.0015 * sum(1 / k for k in range(1, 16)))


@given(p=PS)
def test_each_adjustment_only_makes_p_values_larger_and_keeps_their_order(p: np.ndarray) -> None:
    for adjust in (holm, benjamini_hochberg, benjamini_yekutieli):
        adjusted = adjust(p)
        assert np.all((adjusted >= p - 1e-15) & (adjusted <= 1))
        assert np.all(np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-15)


@given(p=PS)
def test_the_false_discovery_rate_is_the_milder_rule(p: np.ndarray) -> None:
    assert np.all(benjamini_hochberg(p) <= holm(p) + 1e-12)


def test_missing_p_values_are_left_alone() -> None:
    adjusted = holm(np.array([0.01, np.nan, 0.04]))
    assert adjusted[[0, 2]] == pytest.approx([0.02, 0.04])
    assert np.isnan(adjusted[1])
