"""The benchmark of sure lines and of growth, as a test: the risk is kept, and lines are found."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import growth, guarantee


def _most(share: float, runs: int) -> float:
    return runs * share + 3 * float(np.sqrt(runs * share * (1 - share)))


def test_the_floor_is_kept_with_weighted_labels() -> None:
    case = next(each for each in guarantee.CASES if each.above > 1)
    found = guarantee.run(case, runs=60)
    assert found.failed["sure"] <= _most(guarantee.DELTA, 60)
    assert found.failed["looks good"] > 15
    assert 0.7 * found.oracle < found.share["sure"] <= found.oracle * 1.05
    assert "six times as often" in guarantee.table([found])


@pytest.mark.slow
@pytest.mark.parametrize("case", guarantee.CASES, ids=lambda case: f"{case.name}, {case.labels}")
def test_the_floor_is_kept_under_every_design(case: guarantee.Case) -> None:
    found = guarantee.run(case, runs=500)
    assert found.failed["sure"] <= _most(guarantee.DELTA, 500)
    assert found.share["sure"] > 0


def test_what_is_told_to_be_safe_is_safe() -> None:
    found = growth.run(growth.CASES[0], runs=25)
    assert found.missed <= _most(1 - growth.LEVEL, 25)
    assert found.picked["bounds for all"] > 0
    assert abs(np.mean(found.surprise["expected"])) < abs(np.mean(found.surprise["plain"]))
    assert "100 slices" in growth.table([found])


@pytest.mark.slow
@pytest.mark.parametrize("case", growth.CASES, ids=lambda case: case.name)
def test_bounds_hold_for_all_slices(case: growth.Case) -> None:
    found = growth.run(case, runs=200)
    assert found.missed <= _most(1 - growth.LEVEL, 200)
