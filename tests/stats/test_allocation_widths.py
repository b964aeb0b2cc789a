"""Labels for a width: what is expected is what the estimator gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.allocation_widths import Beliefs, expected_widths, plan_widths, width_ranges
from shroff.stats.sampling import Cells, Ratio, Strata, kind_codes, ratios_many

# outcomes: approved compliant, approved violating, rejected compliant, rejected violating
LEAKAGE = Ratio(
    numerator=np.array([False, True, False, False]),
    denominator=np.array([True, True, False, False]),
)
PRECISION = Ratio(
    numerator=np.array([False, False, False, True]),
    denominator=np.array([False, False, True, True]),
)
ADS = np.array([5000.0, 45_000.0, 4000.0])
SHARES = np.array([[0.92, 0.08, 0, 0], [0.98, 0.02, 0, 0], [0, 0, 0.1, 0.9]])
BOUNDS = {"cost": np.ones(3), "least": np.full(3, 30.0)}


def beliefs(**more: object) -> Beliefs:
    usual = {
        "population": ADS,
        "shares": SHARES,
        "doubt": np.array([100.0, 900.0, 100.0]),
        "frame": np.arange(3),
        "sampled": np.ones(3, dtype=bool),
        "inside": np.array([[True, False, False], [True, True, True]]),
        "metrics": (LEAKAGE, PRECISION),
        "known": np.array([0, 0, 1, 1]),
    }
    return Beliefs(**{**usual, **more})  # type: ignore[arg-type]


def sampled_widths(labels: np.ndarray, rng: np.random.Generator) -> list[float]:
    """Draw a sample, and give the two widths that the estimator tells."""
    rows = []
    for stratum, ads in enumerate(ADS):
        drawn = rng.binomial(int(ads), labels[stratum] / ads)
        for cell, n in enumerate(rng.multinomial(drawn, SHARES[stratum])):
            w = ads / labels[stratum]
            groups = (0, 1) if stratum == 0 else (1,)
            rows += [(group, stratum, cell, n, n * w, n * w * w) for group in groups if n]
    group, stratum, cell, n, w, w2 = np.array(rows).T
    cells = Cells(
        group=group.astype(int),
        stratum=stratum.astype(int),
        cell=cell.astype(int),
        n=n,
        w=w,
        w2=w2,
        known=np.array([0, 0, 1, 1]),
    )
    strata = Strata(
        kind=kind_codes([DesignKind.POISSON] * 3), population=np.full(3, np.nan), labels=labels
    )
    found = ratios_many(cells, strata, metrics=(LEAKAGE, PRECISION), groups=2)
    return [float(each.high[k] - each.low[k]) for k, each in enumerate(found)]


def test_the_width_expected_is_the_mean_of_those_that_come() -> None:
    labels = np.array([800.0, 300.0, 500.0])
    rng = np.random.default_rng(7)
    came = np.mean([sampled_widths(labels, rng) for _ in range(200)], axis=0)
    assert came == pytest.approx(expected_widths(beliefs(), labels, level=0.95), rel=0.02)


def test_planned_widths_come_over_200_samples() -> None:
    wanted = np.array([0.03, 0.04])
    plan = plan_widths(beliefs(), wanted, **BOUNDS)
    rng = np.random.default_rng(8)
    labels = plan.allocation.labels.astype(float)
    came = np.array([sampled_widths(labels, rng) for _ in range(200)]) / wanted
    assert came.mean(axis=0) == pytest.approx(1, abs=0.02)
    assert np.all(np.mean(np.abs(came - 1) < 0.1, axis=0) > 0.8)


def test_a_plan_is_no_wider_than_wanted_and_not_much_narrower() -> None:
    wanted = np.array([0.03, 0.04])
    widths = plan_widths(beliefs(), wanted, **BOUNDS).widths
    assert np.all(widths <= wanted)
    assert widths == pytest.approx(wanted, rel=0.01)


def test_a_goal_that_another_meets_is_narrower_for_free() -> None:
    one = beliefs(inside=np.array([[True, False, False]] * 2), metrics=(LEAKAGE, LEAKAGE))
    plan = plan_widths(one, np.array([0.03, 0.3]), **BOUNDS)
    assert plan.widths == pytest.approx([0.03, 0.03], rel=0.01)


def test_a_budget_gives_what_it_buys() -> None:
    wanted = np.array([0.03, 0.04])
    plan = plan_widths(beliefs(), wanted, budget=600.0, **BOUNDS)
    assert plan.allocation.cost <= 600
    assert plan.allocation.scale > 1
    assert np.all(plan.widths > wanted)


def test_what_is_labelled_in_full_adds_no_doubt() -> None:
    sure = beliefs(sampled=np.array([True, True, False]))
    plan = plan_widths(
        sure, np.array([0.03, 0.04]), cost=np.ones(3), least=np.array([30.0, 30.0, 4000.0])
    )
    assert plan.allocation.labels[2] == 4000
    assert plan.widths[1] == 0


def test_a_width_that_no_sample_gives_labels_everything() -> None:
    plan = plan_widths(beliefs(), np.array([1e-6, 0.5]), **BOUNDS)
    assert plan.allocation.labels[0] == 5000
    assert plan.widths[0] <= 1e-6


def test_a_range_is_wider_where_fewer_labels_tell_the_shares() -> None:
    plan = plan_widths(beliefs(), np.array([0.03, 0.04]), **BOUNDS)

    def spread(doubt: float) -> float:
        found = width_ranges(
            beliefs(doubt=np.full(3, doubt)),
            plan,
            level=0.95,
            rng=np.random.default_rng(1),
            **BOUNDS,
        )
        assert found.low[0] <= plan.widths[0] <= found.high[0]
        assert found.labels_low <= plan.allocation.total <= found.labels_high
        return float(found.high[0] - found.low[0])

    assert spread(50) > 2 * spread(2000)


def test_a_range_holds_the_width_that_comes_of_other_shares() -> None:
    plan = plan_widths(beliefs(), np.array([0.03, 0.04]), **BOUNDS)
    found = width_ranges(beliefs(), plan, level=0.95, rng=np.random.default_rng(1), **BOUNDS)
    shares = SHARES.copy()
    shares[0, :2] = [0.9, 0.1]
    other = expected_widths(
        replace(beliefs(), shares=shares), plan.allocation.labels.astype(float), level=0.95
    )
    assert plan.widths[0] < other[0] < found.high[0] * 1.1


@pytest.mark.parametrize("width", [0.0, 1.0, np.nan])
def test_a_width_outside_0_to_1_is_refused(width: float) -> None:
    with pytest.raises(DesignError, match="width"):
        plan_widths(beliefs(), np.array([width, 0.1]), **BOUNDS)


def test_a_goal_about_nothing_is_refused() -> None:
    with pytest.raises(DesignError, match="not expected"):
        plan_widths(beliefs(inside=np.zeros((2, 3), dtype=bool)), np.array([0.1, 0.1]), **BOUNDS)


@given(seed=st.integers(0, 10**6))
def test_whatever_is_believed_widths_are_met(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shares = SHARES.copy()
    shares[0, :2] = [1 - (p := rng.uniform(0.001, 0.4)), p]
    shares[1, :2] = [1 - (p := rng.uniform(0.001, 0.2)), p]
    wanted = rng.uniform(0.005, 0.3, 2)
    least = np.minimum(rng.uniform(0, 3000, 3), ADS)
    plan = plan_widths(beliefs(shares=shares), wanted, cost=rng.uniform(0.5, 2, 3), least=least)
    assert np.all(plan.widths <= wanted)
    assert np.all(plan.allocation.labels >= np.floor(least))
