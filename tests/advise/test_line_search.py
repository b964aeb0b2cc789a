from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.advise.line_problem import LINES, Limit, LinePlan, LineProblem
from shroff.advise.line_search import find_lines, lines_possible


def problem(
    seed: int, *, cells: int, bins: int, hours: float = 0.2, floor: float = 0.8, **more: Any
) -> LineProblem:
    rng = np.random.default_rng(seed)
    at = (np.arange(bins) + 0.5) / bins
    ads = rng.gamma(0.6, 60.0, (cells, bins))
    odds = rng.normal(0, 1, (cells, 1)) + rng.uniform(4, 9, (cells, 1)) * (at - 0.6)
    chance = 1 / (1 + np.exp(-odds))
    dear, work = rng.lognormal(2, 0.8, (cells, 1)), rng.uniform(0.01, 0.05, (cells, 1))
    approve = ads * chance * dear
    reject = ads * (1 - chance) * rng.lognormal(0.5, 0.5, (cells, 1))
    limits = [
        Limit(name="hours", top=float((ads * work).sum()) * hours, action=1, unit=ads * work),
        Limit(name="precision", top=0.0, action=2, unit=ads * (floor - chance)),
    ]
    if "leakage" in more:
        unit = ads * (chance - more["leakage"])
        limits.append(Limit(name="leakage", top=0.0, action=0, unit=unit))
    if "changes" in more:
        limits.append(Limit(name="changes", top=float(more["changes"]), action=LINES))
    return LineProblem(
        cost=np.stack([approve, 0.1 * approve, reject]),
        limits=tuple(limits),
        allowed=np.ones((cells, bins + 1), dtype=np.bool_),
        review=np.full(cells, bins // 2),
        reject=np.full(cells, bins - 1),
    )


def used_of(asked: LineProblem, review: Any, reject: Any) -> tuple[float, list[float]]:
    """Add up cost and use in plain Python."""
    cost, used = 0.0, [0.0] * len(asked.limits)
    for cell, (low, high) in enumerate(zip(review, reject, strict=True)):
        for place in range(asked.cost.shape[2]):
            action = 0 if place < low else 1 if place < high else 2
            cost += float(asked.cost[action, cell, place])
            for kind, limit in enumerate(asked.limits):
                if limit.action == action:
                    used[kind] += float(limit.unit[cell, place])
        for kind, limit in enumerate(asked.limits):
            if limit.action == LINES:
                used[kind] += int(low != asked.review[cell]) + int(high != asked.reject[cell])
    return cost, used


def keeps(asked: LineProblem, used: list[float]) -> bool:
    return all(
        use <= limit.top + 1e-6 * max(1.0, abs(limit.top))
        for use, limit in zip(used, asked.limits, strict=True)
    )


def best_of_all(asked: LineProblem) -> float:
    """Try every pair of lines of every cell."""
    places = asked.cost.shape[2] + 1
    pairs = [(low, high) for high in range(places) for low in range(high + 1)]
    best = np.inf
    for chosen in product(pairs, repeat=asked.cost.shape[1]):
        cost, used = used_of(asked, *zip(*chosen, strict=True))
        if cost < best and keeps(asked, used):
            best = cost
    return best


def test_few_cells_get_the_best_of_all_lines() -> None:
    for seed in range(6):
        asked = problem(seed, cells=2, bins=5)
        plan = find_lines(asked, good=0.0)
        assert plan.feasible
        assert plan.cost == pytest.approx(best_of_all(asked), rel=1e-4)


def test_few_cells_with_more_limits_too() -> None:
    for seed in range(4):
        asked = problem(seed, cells=2, bins=4, changes=2, leakage=0.45)
        plan, best = find_lines(asked, good=0.0), best_of_all(asked)
        assert plan.feasible == np.isfinite(best)
        if plan.feasible:
            assert plan.cost == pytest.approx(best, rel=1e-4)


@given(seed=st.integers(0, 10_000), cells=st.integers(1, 12), hours=st.floats(0.0, 0.6))
def test_lines_keep_every_limit_and_cost_no_less_than_the_bound(
    seed: int, cells: int, hours: float
) -> None:
    asked = problem(seed, cells=cells, bins=12, hours=hours)
    plan = find_lines(asked, good=0.02)
    assert plan.feasible  # approving everything keeps both limits
    cost, used = used_of(asked, plan.review, plan.reject)
    assert np.all(plan.review <= plan.reject)
    assert keeps(asked, used)
    assert plan.cost == pytest.approx(cost, rel=1e-6, abs=1e-6)
    assert plan.used == pytest.approx(used, rel=1e-6, abs=1e-6)
    assert plan.bound <= cost + 1e-6 * abs(cost)


def test_many_cells_are_within_a_thousandth_of_the_bound() -> None:
    plan = find_lines(problem(1, cells=240, bins=100))
    assert plan.feasible
    assert plan.gap < 1e-3


def test_the_price_of_hours_is_what_one_more_hour_saves() -> None:
    asked = problem(3, cells=400, bins=50)
    more = problem(3, cells=400, bins=50, hours=0.21)
    plan, other = find_lines(asked), find_lines(more)
    hours = more.limits[0].top - asked.limits[0].top
    assert (plan.cost - other.cost) / hours == pytest.approx(plan.prices[0], rel=0.1)


def test_of_lines_that_cost_the_same_todays_are_kept() -> None:
    asked = problem(1, cells=3, bins=10)
    nothing = LineProblem(
        cost=np.zeros((3, 3, 10)),
        limits=(),
        allowed=asked.allowed,
        review=asked.review,
        reject=asked.reject,
    )
    plan = find_lines(nothing)
    assert plan.review.tolist() == asked.review.tolist()
    assert plan.reject.tolist() == asked.reject.tolist()
    assert plan.cost == 0


def test_reject_lines_stay_where_they_are_allowed() -> None:
    asked = problem(1, cells=20, bins=30)
    allowed = np.zeros((20, 31), dtype=np.bool_)
    allowed[:, [25, 30]] = True
    plan = find_lines(
        LineProblem(
            cost=asked.cost,
            limits=asked.limits[:1],
            allowed=allowed,
            review=asked.review,
            reject=asked.reject,
        )
    )
    assert set(plan.reject.tolist()) <= {25, 30}


def test_limits_that_cannot_all_be_kept_are_found_out() -> None:
    asked = problem(1, cells=30, bins=40, hours=0.0, floor=0.999, leakage=1e-5)
    plan: LinePlan = find_lines(asked)
    assert not plan.feasible
    assert plan.bound == np.inf
    assert not lines_possible(asked)
    assert lines_possible(problem(1, cells=30, bins=40))


def test_no_change_at_all_leaves_todays_lines() -> None:
    free = problem(2, cells=30, bins=40, hours=1.0, floor=0.01, changes=0)
    plan = find_lines(free)
    assert plan.feasible
    assert plan.review.tolist() == free.review.tolist()
    assert plan.reject.tolist() == free.reject.tolist()
