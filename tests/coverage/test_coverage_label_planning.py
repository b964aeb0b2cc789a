"""A small, seeded part of `python -m benchmarks.label_planning`: the width planned comes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.label_planning import CASES as PRODUCT
from benchmarks.label_planning import Platform
from benchmarks.label_planning import one_round as product_round
from benchmarks.label_planning_rounds import CASES, Case, World, one_round

ROUNDS = 60


def ratios(case: Case, *, rounds: int) -> np.ndarray:
    """Give width over planned width: stage, goal, round."""
    world = World(case)
    found = [one_round(world, number) for number in range(rounds)]
    return np.array(
        [
            [[each[stage][k].came / each[stage][k].planned for each in found] for k, _ in enumerate(case.goals)]
            for stage in (0, 1)
        ]
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES[:2], ids=[case.name for case in CASES[:2]])
def test_planned_widths_come_within_a_tenth(case: Case) -> None:
    found = ratios(case, rounds=ROUNDS)
    assert np.all(np.abs(found.mean(axis=-1) - 1) < 0.1)
    first, topped_up = (found <= 1.1).mean(axis=-1)
    assert np.all(first > 0.75)
    assert np.all(topped_up > 0.93)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_planned_widths_come_within_a_tenth_over_200_rounds(case: Case) -> None:
    found = ratios(case, rounds=200)
    assert np.all(np.abs(found.mean(axis=-1) - 1) < 0.1)
    assert np.all((found[1] <= 1.1).mean(axis=-1) > 0.93)


def test_rounds_through_the_product_come_as_planned(tmp_path: Path) -> None:
    platform = Platform(tmp_path, ads=12_000)
    try:
        found = [each for n in range(2) for each in product_round(platform, PRODUCT[0], n)]
    finally:
        platform.engine.close()
    topped_up = [each.came / each.planned for each in found if each.topped_up]
    assert len(topped_up) == 4
    assert all(0.75 < ratio < 1.15 for ratio in topped_up)
