"""A small, seeded part of `python -m benchmarks.fewer_labels`: intervals hold, whatever scores are worth.

With 100 repetitions a right 95% interval covers less than 88% about once in 300 looks; the seeds are
fixed, so a failure means a changed estimator, not bad luck.
"""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.fewer_labels import Line, run
from benchmarks.fewer_labels_designs import METRICS, SCENARIOS, SHAPE, Scenario, build, draw

from shroff.stats.crossfit import chances

ROUNDS, LOWEST = 100, 0.88
SMALL = [
    Scenario(name="good", scorer="good", labels=600, ads=20_000),
    Scenario(name="blind", scorer="blind", labels=600, ads=20_000),
    Scenario(name="useless", scorer="useless", labels=600, ads=20_000, heavy=1.0),
    Scenario(name="good, rare", scorer="good", labels=600, ads=20_000, prevalence=0.005),
    Scenario(name="useless, clusters", scorer="useless", labels=600, ads=20_000, cluster=6),
]


def assert_honest(lines: list[Line], *, lowest: float) -> None:
    for line in lines:
        assert line.scored >= lowest, line
        assert line.width <= 1.01, line
        assert abs(line.bias) < 0.5, line


@pytest.mark.parametrize("scenario", SMALL, ids=[each.name for each in SMALL])
def test_intervals_with_scores_cover_and_are_no_wider(scenario: Scenario) -> None:
    lines = run(scenario, rounds=ROUNDS)
    assert_honest(lines, lowest=LOWEST)
    if scenario.name == "good":
        assert next(line for line in lines if line.metric == "violating share").width < 0.75


def test_scores_taken_at_their_word_would_be_wrong_where_they_are_blind() -> None:
    """What the labels correct: without them, a blind score is off by many standard errors."""
    rng = np.random.default_rng(3)
    world = build(SMALL[1], rng)
    labels, _ = draw(world, SMALL[1], rng)
    table = chances(labels, SHAPE)
    sides = METRICS["leakage"]
    hidden = world.violating & (world.bin < 100) & (world.known == 0)
    said = table[world.fold, world.known, world.bin]
    assert hidden.sum() > 0.1 * (world.violating & (world.known == 0)).sum()
    assert said[hidden].mean() < 0.1
    assert 0 < world.truth(sides) < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS, ids=[each.name for each in SCENARIOS])
def test_intervals_with_scores_cover_in_every_situation(scenario: Scenario) -> None:
    # a coverage of 300 rounds is known to 1.3 points: 0.91 is three of them under 0.95
    assert_honest(run(scenario, rounds=300), lowest=0.91)
