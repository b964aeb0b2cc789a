"""The split of a ratio's change is exact, and its intervals hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shroff.errors import DesignError
from shroff.watch.decomposition import Observed, Parts, decompose

BEFORE = np.array([0.05, 0.10, 0.20, 0.02]), np.array([0.40, 0.30, 0.20, 0.10])
AFTER = np.array([0.06, 0.08, 0.20, 0.05]), np.array([0.30, 0.40, 0.15, 0.15])


def counted(below: np.ndarray, above: np.ndarray) -> tuple[Observed, np.ndarray]:
    """Rows of two periods counted in full; arrays of shape (2, groups)."""
    groups = below.shape[1]
    later = np.repeat([False, True], 2 * groups)
    side = np.tile(np.repeat([True, False], groups), 2)
    group = np.tile(np.arange(groups), 4)
    count = np.concatenate([np.concatenate([a, b - a]) for a, b in zip(above, below, strict=True)])
    observed = Observed(
        later=later, above=side, weight=np.ones(len(later)), count=count.astype(float)
    )
    return observed, group


def true_parts() -> tuple[np.ndarray, np.ndarray]:
    (r0, w0), (r1, w1) = BEFORE, AFTER
    middle = ((w0 * r0).sum() + (w1 * r1).sum()) / 2
    return (w0 + w1) / 2 * (r1 - r0), ((r0 + r1) / 2 - middle) * (w1 - w0)


class Coverage:
    def __init__(self) -> None:
        self.hits, self.runs = np.zeros((3, 4)), 0
        self.rate, self.mix = true_parts()

    def add(self, parts: Parts) -> None:
        truths = (self.rate, self.mix, self.rate + self.mix)
        errors = (parts.rate_error, parts.mix_error, parts.error)
        for row, (value, error, truth) in enumerate(
            zip((parts.rate, parts.mix, parts.total), errors, truths, strict=True)
        ):
            low, high = parts.ends(value, error, level=0.95)
            self.hits[row] += (low <= truth) & (truth <= high)
        self.runs += 1

    @property
    def shares(self) -> np.ndarray:
        return self.hits / self.runs


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 9))
def test_contributions_sum_to_the_change(seed: int, groups: int) -> None:
    rng = np.random.default_rng(seed)
    below = rng.integers(0, 50, (2, groups)) * rng.integers(0, 2, (2, groups))
    below[:, 0] += 1
    parts = decompose(*counted(below, rng.binomial(below, 0.3)), groups=groups)
    assert parts.total.sum() == pytest.approx(parts.change, abs=1e-12)
    assert np.isfinite(np.concatenate([parts.rate, parts.mix, parts.error])).all()


def test_the_split_is_the_one_a_hand_computes() -> None:
    parts = decompose(
        *counted(np.array([[800, 200], [500, 500]]), np.array([[80, 100], [45, 240]])), groups=2
    )
    assert parts.overall == (pytest.approx(0.18), pytest.approx(0.285))
    assert parts.rate == pytest.approx([0.65 * -0.01, 0.35 * -0.02])
    assert parts.mix == pytest.approx([(0.095 - 0.2325) * -0.3, (0.49 - 0.2325) * 0.3])
    assert parts.within[0] == pytest.approx(-0.0135)  # every rate fell, and the whole rose


def test_a_group_of_one_period_only_adds_mix() -> None:
    parts = decompose(*counted(np.array([[100, 0], [100, 50]]), np.array([[10, 0], [10, 25]])),
                      groups=2)  # fmt: skip
    assert parts.rate[1] == 0
    assert parts.mix[1] == pytest.approx((0.5 - (0.1 + 35 / 150) / 2) / 3)
    assert np.isnan(parts.before[1])


@pytest.mark.parametrize(("size", "runs"), [(1500, 500), pytest.param(6000, 1000)])
def test_intervals_of_counts_cover(size: int, runs: int) -> None:
    rng, seen = np.random.default_rng(size), Coverage()
    for _ in range(runs):
        below = np.stack([rng.poisson(size * w) for _, w in (BEFORE, AFTER)])
        above = np.stack(
            [rng.binomial(b, r) for b, (r, _) in zip(below, (BEFORE, AFTER), strict=True)]
        )
        seen.add(decompose(*counted(below, above), groups=4))
    few = (
        size * 0.1 * 0.02 < 5
    )  # the last slice holds three events: its interval is wide on purpose
    assert (seen.shares[:, :3] >= 0.925).all()
    assert (seen.shares[:, :3] <= 0.98).all()
    assert seen.shares[:, 3].min() >= 0.925
    assert few or seen.shares[:, 3].max() <= 0.98


@pytest.mark.slow
@pytest.mark.parametrize("clustered", [False, True])
def test_intervals_of_sampled_labels_cover(clustered: bool) -> None:
    """Ads of three strata drawn at different rates, one a census; or whole advertisers drawn."""
    rng, seen = np.random.default_rng(7 + clustered), Coverage()
    ads = [_ads(rng, *of) for of in (BEFORE, AFTER)]
    seen.rate, seen.mix = _realised(ads)
    for _ in range(600):
        drawn = [_drawn(rng, each, clustered=clustered) for each in ads]
        column = [np.concatenate(parts) for parts in zip(*drawn, strict=True)]
        group, above, weight, stratum, account = column
        later = np.repeat([False, True], [len(each[0]) for each in drawn])
        seen.add(decompose(
            Observed(
                later=later, above=above, weight=weight, count=np.ones(len(later)),
                unit=account if clustered else None, stratum=stratum,
                certain=np.array([False, False, True]),
            ),
            group, groups=4,
        ))  # fmt: skip
    assert (seen.shares[:, :3] >= 0.925).all()
    assert (seen.shares[1:2, :3] <= 0.995).all()


def _ads(rng: np.random.Generator, rate: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, ...]:
    group = rng.choice(4, 20_000, p=share)
    stratum = rng.choice(3, 20_000, p=[0.8, 0.15, 0.05])
    account = rng.integers(0, 4000, 20_000)
    chance = (
        rate[group] * np.array([0.5, 2, 4])[stratum] * np.exp(rng.normal(0, 0.5, 4000))[account]
    )
    return group, rng.random(20_000) < np.clip(chance, 0, 0.9), stratum, account


def _realised(ads: list[tuple[np.ndarray, ...]]) -> tuple[np.ndarray, np.ndarray]:
    below = np.stack([np.bincount(each[0], minlength=4) for each in ads])
    above = np.stack([np.bincount(each[0], each[1], minlength=4) for each in ads])
    parts = decompose(*counted(below, above), groups=4)
    return parts.rate, parts.mix


def _drawn(
    rng: np.random.Generator, ads: tuple[np.ndarray, ...], *, clustered: bool
) -> tuple[np.ndarray, ...]:
    group, bad, stratum, account = ads
    chance = np.array([0.04, 0.12, 1.0])[stratum]
    lot = rng.random((3, 4000))[stratum, account] if clustered else rng.random(len(group))
    rows = np.flatnonzero(lot < chance)
    return group[rows], bad[rows], 1 / chance[rows], stratum[rows], account[rows]


def test_a_census_leaves_no_doubt() -> None:
    observed, group = counted(np.array([[80, 20], [50, 50]]), np.array([[8, 10], [4, 24]]))
    rows = len(observed)
    sure = Observed(
        later=observed.later, above=observed.above, weight=observed.weight, count=observed.count,
        stratum=np.zeros(rows, np.intp), certain=np.array([True]),
    )  # fmt: skip
    parts = decompose(sure, group, groups=2)
    assert not np.concatenate([parts.rate_error, parts.mix_error, parts.error]).any()


def test_a_period_without_anything_below_the_line_is_refused() -> None:
    with pytest.raises(DesignError, match="earlier"):
        decompose(*counted(np.array([[0, 0], [5, 5]]), np.array([[0, 0], [1, 1]])), groups=2)
    with pytest.raises(DesignError, match="later"):
        decompose(*counted(np.array([[5, 5], [0, 0]]), np.array([[1, 1], [0, 0]])), groups=2)
