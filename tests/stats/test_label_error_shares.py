"""Leakage and recall as they would be without errors, from audits judged twice."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.stats.dawid_skene import Votes, dawid_skene
from shroff.stats.dawid_skene_doubt import draws
from shroff.stats.estimate import Estimates
from shroff.stats.label_error_shares import PartRatio, lent, true_shares

ADS = np.array([150_000.0, 20_000.0, 10_000.0, 8_000.0, 12_000.0])
PART = np.array([0, 0, 1, 2, 2])
BAD = np.array([0.004, 0.05, 0.4, 0.8, 0.95])
CHANCE = np.array([0.004, 0.03, 0.06, 0.04, 0.03])
SIZE = np.bincount(PART, weights=ADS)
FIRST, LATER = np.array([1.0, 0, 0]) * SIZE, np.array([0, 1.0, 1.0]) * SIZE
METRICS = (
    PartRatio(above=FIRST, below_violating=FIRST, below_compliant=FIRST),
    PartRatio(above=SIZE, below_violating=SIZE, below_compliant=SIZE),
    PartRatio(above=LATER, below_violating=SIZE, below_compliant=np.zeros(3)),
)
BY_PART = np.bincount(PART, weights=ADS * BAD) / SIZE
TRUE = np.array([BY_PART[0], (SIZE @ BY_PART) / SIZE.sum(), (LATER @ BY_PART) / (SIZE @ BY_PART)])


def audited(rng: np.random.Generator, *, rates: tuple[float, float] = (0.95, 0.87)) -> Votes:
    """Draw an audit, judge each ad twice blind, and let an expert settle where they differ."""
    stratum = np.repeat(np.arange(5), rng.binomial(ADS.astype(np.int64), CHANCE))
    truth = (rng.random(len(stratum)) < BAD[stratum]).astype(np.intp)
    right = rng.random((len(stratum), 2)) < np.array(rates)[truth][:, None]
    bad = np.where(right, truth[:, None], 1 - truth[:, None]).sum(axis=1)
    known = np.where(bad == 1, truth, -1)
    ways, way = np.unique(
        np.column_stack([bad, PART[stratum], known]), axis=0, return_inverse=True
    )
    w, way = 1 / CHANCE[stratum], way.reshape(-1)
    return Votes(
        item=np.repeat(np.arange(len(ways)), 2),
        rater=np.zeros(2 * len(ways), dtype=np.intp),
        label=np.array([said for b in ways[:, 0] for said in ([0, 0], [1, 0], [1, 1])[b]]).ravel(),
        items=len(ways),
        raters=1,
        classes=2,
        count=np.bincount(way).astype(np.float64),
        weight=np.bincount(way, weights=w),
        spread=np.bincount(way, weights=w**2),
        population=ways[:, 1].astype(np.intp),
        truth=ways[:, 2].astype(np.intp),
    )


def corrected(votes: Votes, rng: np.random.Generator, *, times: int = 100) -> Estimates:
    larger = lent(votes)
    again = draws(larger, dawid_skene(larger), rng=rng, times=times)
    return true_shares(votes, dawid_skene(votes), again, metrics=METRICS)


def test_figures_are_near_the_truth_that_was_planted() -> None:
    rng = np.random.default_rng(1)
    found = np.mean([corrected(audited(rng), rng, times=10).value for _ in range(20)], axis=0)
    assert found == pytest.approx(TRUE, rel=0.05)


def test_what_is_lent_is_little_and_goes_to_every_part() -> None:
    votes = audited(np.random.default_rng(2))
    larger = lent(votes)
    assert larger.items == votes.items + 6
    assert larger.counts[votes.items :].sum() == pytest.approx(3)
    assert sorted(set(larger.parts[votes.items :])) == [0, 1, 2]


def test_a_part_that_nobody_judged_is_lent_nothing() -> None:
    votes = audited(np.random.default_rng(3))
    without = votes.parts != 1
    kept = np.flatnonzero(without)
    place = np.cumsum(without) - 1
    rows = without[votes.item]
    some = Votes(
        item=place[votes.item[rows]],
        rater=votes.rater[rows],
        label=votes.label[rows],
        items=len(kept),
        raters=1,
        classes=2,
        count=votes.counts[kept],
        weight=votes.weights[kept],
        spread=votes.spreads[kept],
        population=votes.parts[kept],
    )
    larger = lent(some)
    assert np.all(larger.counts[larger.parts == 1] == 0)


def test_no_violation_found_is_not_none_there() -> None:
    votes = Votes(
        item=np.repeat([0, 1], 3),
        rater=np.zeros(6, dtype=np.intp),
        label=np.array([0, 0, 0, 1, 1, 1]),
        items=2,
        raters=1,
        classes=2,
        count=np.array([200.0, 50.0]),
        weight=np.array([2000.0, 50.0]),
        spread=np.array([20_000.0, 50.0]),
        population=np.array([0, 1]),
    )
    size = np.array([2000.0, 50.0])
    first = size * [1, 0]
    leakage = PartRatio(above=first, below_violating=first, below_compliant=first)
    larger = lent(votes)
    again = draws(larger, dawid_skene(larger), rng=np.random.default_rng(4), times=100)
    found = true_shares(votes, dawid_skene(votes), again, metrics=(leakage,))
    assert found.value[0] == pytest.approx(0, abs=1e-9)
    assert 0.003 < found.high[0] < 0.2


def coverage(rounds: int, seed: int) -> np.ndarray:
    rng, hits = np.random.default_rng(seed), np.zeros(3)
    for _ in range(rounds):
        found = corrected(audited(rng), rng)
        hits += (found.low <= TRUE) & (found.high >= TRUE)
    return hits / rounds


def test_intervals_cover_the_truth_here() -> None:
    assert coverage(60, 5).min() >= 0.87


@pytest.mark.slow
def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    assert coverage(1000, 6).min() >= 0.93
