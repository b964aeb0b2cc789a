"""Differences on the same mix, and weeks that differ by more than chance."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.errors import DesignError
from shroff.stats.agreement_change import Pairs, adjusted_difference, homogeneity, surprises
from shroff.stats.estimate import Estimates


def pairs(*rows: tuple[float, float, float, float], group: list[int] | None = None) -> Pairs:
    hits_1, n_1, hits_2, n_2 = (np.array(column) for column in zip(*rows, strict=True))
    place = np.array(group or [0] * len(rows))
    return Pairs(group=place, first_hits=hits_1, first=n_1, second_hits=hits_2, second=n_2)


def shares(value: list[float], n: list[float]) -> Estimates:
    some = np.array(value)
    return Estimates(
        value=some,
        low=some,
        high=some,
        n=np.array(n).astype(np.int64),
        n_effective=np.array(n),
        design_effect=np.ones(len(n)),
        numerator=some,
        denominator=some,
        level=0.95,
        method="test",
    )


def test_one_stratum_gives_the_plain_difference() -> None:
    found = adjusted_difference(pairs((10, 100, 30, 150)), groups=1)
    assert found.value[0] == pytest.approx(0.2 - 0.1)
    assert found.low[0] < 0.1 < found.high[0]


def test_a_mix_that_changed_is_no_change() -> None:
    # each stratum stays at 10% and at 50%, but the second kind has far more of the hard one
    found = adjusted_difference(pairs((90, 900, 10, 100), (50, 100, 450, 900)), groups=1)
    assert found.value[0] == pytest.approx(0)
    assert (50 + 90) / 1000 < (460 / 1000) - 0.3


def test_a_stratum_of_one_kind_only_tells_nothing() -> None:
    alone = adjusted_difference(pairs((10, 100, 30, 150)), groups=1)
    beside = adjusted_difference(pairs((10, 100, 30, 150), (0, 0, 40, 50)), groups=1)
    assert beside.value[0] == pytest.approx(alone.value[0])
    assert beside.n[0] == alone.n[0] == 250


def test_two_kinds_without_ads_in_common_cannot_be_compared() -> None:
    found = adjusted_difference(pairs((10, 100, 0, 0), (0, 0, 30, 150)), groups=1)
    assert np.isnan([found.value[0], found.low[0], found.high[0]]).all()
    assert found.n[0] == 0


def test_nothing_overturned_is_not_a_sure_nothing() -> None:
    found = adjusted_difference(pairs((0, 60, 0, 40)), groups=1)
    assert found.value[0] == 0
    assert found.low[0] < -0.02
    assert found.high[0] > 0.02


def test_counts_that_make_no_sense_are_refused() -> None:
    with pytest.raises(DesignError, match="count"):
        adjusted_difference(pairs((-1, 60, 0, 40)), groups=1)


def test_surprise_goes_with_the_interval() -> None:
    found = adjusted_difference(
        pairs((10, 100, 30, 100), (10, 100, 10, 100), (0, 0, 1, 2), group=[0, 1, 2]), groups=3
    )
    p = surprises(found)
    assert p[0] < 0.01
    assert p[1] == 1
    assert np.isnan(p[2])


def test_weeks_that_differ_are_told_from_weeks_that_do_not() -> None:
    assert homogeneity(shares([0.1, 0.11, 0.09], [200, 200, 200])) > 0.5
    assert homogeneity(shares([0.1, 0.3, 0.1], [200, 200, 200])) < 1e-4


@pytest.mark.parametrize("n", [[200.0], [200.0, 1.0], [np.nan, 200.0]])
def test_one_week_cannot_differ_from_itself(n: list[float]) -> None:
    assert np.isnan(homogeneity(shares([0.1] * len(n), np.nan_to_num(n).tolist())))


def test_weeks_where_nothing_was_overturned_do_not_differ() -> None:
    assert homogeneity(shares([0.0, 0.0], [50, 60])) == 1


def test_false_alarms_over_weeks_are_as_many_as_allowed() -> None:
    rng, alarms, rounds = np.random.default_rng(1), 0, 1000
    for _ in range(rounds):
        n = rng.integers(15, 60, 8)
        found = shares((rng.binomial(n, 0.12) / n).tolist(), n.astype(float).tolist())
        alarms += homogeneity(found) < 0.05
    assert alarms / rounds < 0.065  # 5%, and three standard errors more


@pytest.mark.parametrize(
    ("strata", "first", "second", "share", "gap"),
    [(1, 50, 1000, 0.1, 0.0), (10, 5, 50, 0.1, 0.0), (30, 2, 6, 0.15, 0.1), (4, 15, 15, 0.2, 0.2)],
)
def test_intervals_cover_the_truth(
    strata: int, first: int, second: int, share: float, gap: float
) -> None:
    rng, rounds = np.random.default_rng(strata), 1500
    usual = np.clip(share * np.exp(rng.normal(0, 0.6, strata)), 0, 0.6)
    n_1, n_2 = rng.poisson(first, (rounds, strata)), rng.poisson(second, (rounds, strata))
    hits_1, hits_2 = rng.binomial(n_1, usual), rng.binomial(n_2, usual + gap)

    def flat(counts: np.ndarray) -> np.ndarray:
        return counts.ravel().astype(np.float64)

    told = Pairs(
        group=np.repeat(np.arange(rounds), strata),
        first_hits=flat(hits_1),
        first=flat(n_1),
        second_hits=flat(hits_2),
        second=flat(n_2),
    )
    found = adjusted_difference(told, groups=rounds)
    assert np.mean((found.low <= gap) & (gap <= found.high)) >= 0.93
