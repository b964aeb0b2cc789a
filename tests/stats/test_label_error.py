"""Shares corrected for the errors of labels: by hand, bounded in time, covering the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.estimate import Estimates, Status
from shroff.stats.label_error import Accuracy, bounded_by_error, rogan_gladen, telling
from shroff.stats.sampling import Cells, Strata, kind_codes, ratios


def share(hits: np.ndarray | list[int], n: int, *, level: float = 0.95) -> Estimates:
    """Estimate shares of simple samples of one size."""
    found = np.asarray(hits, dtype=np.float64)
    groups = len(found)
    counts = np.stack([n - found, found], axis=1).ravel()
    some = counts > 0
    place = np.repeat(np.arange(groups), 2)
    cells = Cells(
        group=place[some],
        stratum=place[some],
        cell=np.tile([0, 1], groups)[some],
        n=counts[some],
        w=counts[some],
        w2=counts[some],
    )
    strata = Strata(
        kind=kind_codes([DesignKind.PPS] * groups),
        population=np.full(groups, np.nan),
        labels=np.full(groups, float(n)),
    )
    yes, either = np.array([False, True]), np.array([True, True])
    return ratios(cells, strata, numerator=yes, denominator=either, groups=groups, level=level)


def right(sensitivity: int, specificity: int, *, n: int = 100) -> Accuracy:
    return Accuracy(sensitivity=share([sensitivity], n), specificity=share([specificity], n))


def test_the_value_is_that_of_rogan_and_gladen() -> None:
    found = rogan_gladen(share([120], 400), right(90, 95))
    assert found.value[0] == pytest.approx((0.3 + 0.95 - 1) / (0.9 + 0.95 - 1))
    assert found.low[0] < found.value[0] < found.high[0]
    assert found.at(0).status is Status.ESTIMATE


def test_labels_that_never_err_change_little() -> None:
    sure = Accuracy(sensitivity=share([100_000], 100_000), specificity=share([100_000], 100_000))
    plain = share([60], 400)
    found = rogan_gladen(plain, sure)
    assert found.value[0] == pytest.approx(plain.value[0], abs=1e-3)
    assert found.low[0] == pytest.approx(plain.low[0], abs=0.006)
    assert found.high[0] == pytest.approx(plain.high[0], abs=0.006)


def test_doubt_about_the_labels_widens_the_interval() -> None:
    observed = share([40], 400)
    narrow = rogan_gladen(observed, right(9000, 9500, n=10_000))
    wide = rogan_gladen(observed, right(36, 38, n=40))
    assert wide.value[0] == pytest.approx(narrow.value[0])
    assert wide.high[0] - wide.low[0] > 1.5 * (narrow.high[0] - narrow.low[0])


def test_fewer_alarms_than_errors_alone_would_give_is_nothing_found() -> None:
    found = rogan_gladen(share([1], 400), right(90, 95))
    assert found.value[0] == found.low[0] == 0
    assert 0 < found.high[0] < 0.1


def test_labels_near_chance_give_bounds_and_no_value() -> None:
    weak = right(60, 50)
    assert not telling(weak, size=1)[0]
    found = rogan_gladen(share([120], 400), weak)
    assert found.at(0).status is Status.BOUNDS
    assert (found.low[0], found.high[0]) == (0, 1)


def test_labels_little_better_than_chance_give_what_the_share_can_be() -> None:
    poor = right(60, 64, n=100)
    observed = share([200], 400)
    found = rogan_gladen(observed, poor)
    assert np.isnan(found.value[0])
    low, high = bounded_by_error(observed, poor)
    assert (found.low[0], found.high[0]) == (low[0], high[0])
    assert 0 <= low[0] < high[0] <= 1


def test_one_pair_of_rates_corrects_many_shares() -> None:
    found = rogan_gladen(share([20, 60, 120], 400), right(90, 95))
    assert np.all(np.diff(found.value) > 0)


def test_a_share_without_labels_stays_unknown() -> None:
    observed = share([20, 30], 100)
    observed = replace(
        observed,
        value=np.array([np.nan, 0.3]),
        low=np.array([np.nan, observed.low[1]]),
        high=np.array([np.nan, observed.high[1]]),
        n_effective=np.array([np.nan, 100.0]),
    )
    found = rogan_gladen(observed, right(90, 95))
    assert found.at(0).status is Status.UNKNOWN
    assert found.at(1).status is Status.ESTIMATE


def test_rates_that_nobody_measured_are_refused() -> None:
    known = share([90], 100)
    nothing = replace(known, value=np.array([np.nan]))
    with pytest.raises(DesignError, match="how often labels are right"):
        rogan_gladen(share([10], 100), Accuracy(sensitivity=nothing, specificity=known))


def test_rates_for_other_shares_are_refused() -> None:
    two = share([90, 91], 100)
    with pytest.raises(DesignError, match="match"):
        rogan_gladen(share([1, 2, 3], 100), Accuracy(sensitivity=two, specificity=two))


@pytest.mark.parametrize(
    ("true", "se", "sp", "n", "n_se", "n_sp"),
    [
        (0.2, 0.85, 0.95, 500, 60, 200),
        (0.05, 0.85, 0.97, 1000, 60, 300),
        (0.01, 0.8, 0.98, 1500, 50, 400),
        (0.9, 0.9, 0.9, 300, 100, 50),
        (0.5, 0.7, 0.7, 300, 80, 80),
    ],
)
def test_intervals_cover_the_truth(
    true: float, se: float, sp: float, n: int, n_se: int, n_sp: int
) -> None:
    rng, rounds = np.random.default_rng(n), 1000
    observed = share(rng.binomial(n, true * se + (1 - true) * (1 - sp), rounds), n)
    accuracy = Accuracy(
        sensitivity=share(rng.binomial(n_se, se, rounds), n_se),
        specificity=share(rng.binomial(n_sp, sp, rounds), n_sp),
    )
    found = rogan_gladen(observed, accuracy)
    assert np.mean((found.low <= true) & (true <= found.high)) >= 0.93


def test_rates_taken_as_known_cover_far_less_than_they_say() -> None:
    rng, rounds = np.random.default_rng(7), 1000
    observed = share(rng.binomial(1500, 0.01 * 0.8 + 0.99 * 0.02, rounds), 1500)
    power = rng.binomial(50, 0.8, rounds) / 50 + (sp := rng.binomial(400, 0.98, rounds) / 400) - 1
    low, high = (observed.low + sp - 1) / power, (observed.high + sp - 1) / power
    assert np.mean((low <= 0.01) & (high >= 0.01)) < 0.85
