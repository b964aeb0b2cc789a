"""The cheapest labels for several goals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from shroff.errors import DesignError
from shroff.stats.allocation import Limits, allocate, allocate_within, poisson_limits


def problem(
    seed: int, *, strata: int = 12, goals: int = 4
) -> tuple[Limits, dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    ads = rng.integers(10, 100_000, strata).astype(float)
    moments = rng.random((goals, strata)) * (rng.random((goals, strata)) < 0.6)
    moments[:, 0] += 0.01
    limits = poisson_limits(moments / ads.sum() ** 2, ads, variance=rng.uniform(1e-5, 1e-3, goals))
    return limits, {
        "cost": rng.uniform(0.5, 5, strata),
        "least": np.minimum(ads, 30),
        "most": ads,
    }


@given(seed=st.integers(0, 10**6), strata=st.integers(1, 25), goals=st.integers(1, 6))
def test_every_goal_is_met_with_whole_labels_between_the_bounds(
    seed: int, strata: int, goals: int
) -> None:
    limits, bounds = problem(seed, strata=strata, goals=goals)
    found = allocate(limits, **bounds)
    assert np.all(limits.used(found.labels.astype(float)) <= 1 + 1e-6)
    assert np.all(found.labels >= bounds["least"])
    assert np.all(found.labels <= bounds["most"])
    assert found.cost == pytest.approx(found.labels @ bounds["cost"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_label_less_of_any_stratum_misses_a_goal(seed: int) -> None:
    limits, bounds = problem(seed)
    found = allocate(limits, **bounds).labels.astype(float)
    free = np.flatnonzero(found > bounds["least"])
    assert len(free)
    for stratum in free:
        less = found.copy()
        less[stratum] -= 1
        assert np.any(limits.used(less) > 1)


@pytest.mark.parametrize("seed", range(6))
def test_no_general_solver_finds_cheaper_labels(seed: int) -> None:
    limits, bounds = problem(seed)
    ours = allocate(limits, **bounds).cost
    start = np.log(bounds["least"] + (bounds["most"] - bounds["least"]) / 2)
    ends = list(zip(np.log(bounds["least"]), np.log(bounds["most"]), strict=True))
    other = minimize(
        lambda z: np.exp(z) @ bounds["cost"] / ours,
        start,
        constraints={"type": "ineq", "fun": lambda z: 1 - limits.used(np.exp(z))},
        bounds=ends,
        method="SLSQP",
        options={"maxiter": 1000},
    )
    # whole labels cost a little more than fractions: at most one label a stratum
    assert ours <= other.fun * ours + bounds["cost"].sum()


def test_one_goal_gives_neyman_s_allocation() -> None:
    ads, spread = np.array([50_000.0, 9000.0, 20_000.0]), np.array([0.1, 0.4, 0.02])
    limits = Limits(unit=(ads * spread)[None] ** 2 / ads.sum() ** 2, top=np.array([1e-5]))
    found = allocate(limits, cost=np.ones(3), least=np.ones(3), most=ads)
    assert found.labels / found.total == pytest.approx(ads * spread / (ads @ spread), rel=0.01)


def test_dear_labels_are_drawn_less() -> None:
    unit = np.array([[1.0, 1.0]])
    bounds = {"least": np.ones(2), "most": np.full(2, 1e6)}
    found = allocate(Limits(unit=unit, top=np.array([0.01])), cost=np.array([1.0, 4.0]), **bounds)
    assert found.labels[0] == pytest.approx(2 * found.labels[1], rel=0.02)


def test_a_goal_of_no_variance_takes_only_the_floor() -> None:
    limits = poisson_limits(np.zeros((1, 2)), np.array([500.0, 20.0]), variance=np.array([1e-6]))
    found = allocate(
        limits, cost=np.ones(2), least=np.array([30.0, 20.0]), most=np.array([500.0, 20.0])
    )
    assert found.labels.tolist() == [30, 20]


def test_a_tiny_variance_labels_everything_and_no_more() -> None:
    ads = np.array([400.0, 30.0])
    limits = poisson_limits(np.full((1, 2), 1e-5), ads, variance=np.array([1e-12]))
    assert allocate(limits, cost=np.ones(2), least=np.ones(2), most=ads).labels.tolist() == [
        400,
        30,
    ]


def test_a_budget_relaxes_every_goal_alike() -> None:
    limits, bounds = problem(4)
    full = allocate(limits, **bounds)
    fixed = np.zeros(len(limits.top))
    found = allocate_within(0.7 * full.cost, limits, fixed=fixed, **bounds)
    assert found.cost <= 0.7 * full.cost
    assert found.scale > 1
    eased = Limits(unit=limits.unit, top=limits.top * found.scale)
    assert eased.used(found.labels.astype(float)).max() == pytest.approx(1, abs=0.02)
    enough = allocate_within(full.cost, limits, fixed=fixed, **bounds)
    assert enough.scale == 1
    assert enough.labels.tolist() == full.labels.tolist()


def test_a_budget_under_the_floor_is_refused() -> None:
    limits, bounds = problem(4)
    with pytest.raises(DesignError, match="does not pay"):
        allocate_within(1.0, limits, fixed=np.zeros(4), **bounds)


@pytest.mark.parametrize(
    ("unit", "top", "cost", "least", "most"),
    [
        ([], [1.0], [], [], []),
        ([1.0], [1.0], [0.0], [1.0], [5.0]),
        ([1.0], [1.0], [1.0], [9.0], [5.0]),
        ([1.0], [0.0], [1.0], [1.0], [5.0]),
        ([1.0], [0.1], [1.0], [1.0], [5.0]),
        ([np.nan], [0.1], [1.0], [1.0], [5.0]),
    ],
)
def test_what_cannot_be_allocated_is_refused(
    unit: list[float], top: list[float], cost: list[float], least: list[float], most: list[float]
) -> None:
    limits = Limits(unit=np.array([unit]), top=np.array(top))
    with pytest.raises(DesignError) as fault:
        allocate(limits, cost=np.array(cost), least=np.array(least), most=np.array(most))
    assert fault.value.hint
