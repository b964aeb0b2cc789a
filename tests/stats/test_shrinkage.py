"""Shares of many small groups: intervals cover, rankings beat raw shares, no false certainty."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shroff.errors import DesignError
from shroff.stats.shrinkage import beta_prior, of_finite, posterior, sums_of_betas

CASES = [(1, 9, 300, 6), (1, 9, 2_000, 6), (0.3, 5, 1_000, 10), (20, 180, 500, 8), (2, 2, 60, 5)]


def drawn(
    a: float, b: float, groups: int, labels: float, *, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    truth = rng.beta(a, b, groups)
    trials = rng.geometric(1 / labels, groups) - 1
    return truth, rng.binomial(trials, truth).astype(float), trials.astype(float)


def shares(hits: np.ndarray, trials: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    mix = posterior(beta_prior(hits, trials), hits, trials)
    return sums_of_betas([mix], [np.ones(len(hits))])


@pytest.mark.parametrize(("a", "b", "groups", "labels"), CASES)
def test_intervals_hold_the_truth_of_most_groups(
    a: float, b: float, groups: int, labels: float
) -> None:
    rng = np.random.default_rng(17)
    held = []
    for _ in range(20):
        truth, hits, trials = drawn(a, b, groups, labels, rng=rng)
        _, low, high = shares(hits, trials)
        held.append(((low <= truth) & (truth <= high)).mean())
    assert np.mean(held) >= 0.915
    assert np.mean(held) <= 0.99


def test_the_ranking_beats_that_of_raw_shares_and_errors_are_a_fraction() -> None:
    rng = np.random.default_rng(4)
    ours, raws, errors = [], [], []
    for _ in range(20):
        truth, hits, trials = drawn(1, 9, 2_000, 6, rng=rng)
        mean, _, _ = shares(hits, trials)
        raw = np.where(trials > 0, hits / np.maximum(trials, 1), 0)
        broken = raw + 1e-9 * rng.random(len(raw))
        ours.append(truth[np.argsort(-mean, kind="stable")[:20]].mean())
        raws.append(truth[np.argsort(-broken, kind="stable")[:20]].mean())
        errors.append(((mean - truth) ** 2).mean() / ((raw - truth) ** 2).mean())
    assert np.mean(ours) > 1.3 * np.mean(raws)
    assert np.mean(errors) < 0.4


def test_one_hit_of_one_label_does_not_come_before_forty_of_fifty() -> None:
    rng = np.random.default_rng(3)
    _, hits, trials = drawn(1, 9, 500, 6, rng=rng)
    hits, trials = np.append(hits, [1, 40]), np.append(trials, [1, 50])
    mean, low, high = shares(hits, trials)
    assert mean[-1] > 2 * mean[-2]
    assert high[-2] - low[-2] > high[-1] - low[-1]


def test_a_group_without_labels_gets_what_all_say() -> None:
    prior = beta_prior(np.array([1.0, 0, 3, 0]), np.array([4.0, 6, 9, 0]))
    mix = posterior(prior, np.zeros(1), np.zeros(1))
    assert mix.mean[0] == pytest.approx(prior.mean, abs=0.01)
    assert prior.groups == 3


def test_few_groups_give_no_false_certainty() -> None:
    mean, low, high = shares(np.array([2.0, 1.0]), np.array([5.0, 5.0]))
    assert (high - low > 0.3).all()
    assert ((low < mean) & (mean < high)).all()


def test_groups_that_are_alike_are_drawn_together() -> None:
    rng = np.random.default_rng(8)
    trials = np.full(800, 10.0)
    hits = rng.binomial(10, 0.2, 800).astype(float)
    prior = beta_prior(hits, trials)
    assert prior.strength > 100
    mean, _, _ = shares(hits, trials)
    assert mean.std() < 0.02


def test_a_finite_group_is_known_where_it_is_seen() -> None:
    prior = beta_prior(np.array([1.0, 0, 3]), np.array([4.0, 6, 9]))
    mix = posterior(prior, np.array([2.0, 0.0]), np.array([4.0, 1.0]))
    seen = of_finite(
        mix, size=np.array([4.0, 10.0]), seen=np.array([4.0, 1.0]), hits=np.array([2.0, 0.0])
    )
    assert seen.mean[0] == pytest.approx(0.5)
    assert seen.variance[0] == 0
    assert seen.variance[1] > mix.variance[1] * 0.81


def test_a_finite_share_is_as_likely_as_its_interval_says() -> None:
    rng = np.random.default_rng(12)
    held = []
    for _ in range(20):
        truth = rng.beta(0.5, 4, 800)
        size = rng.integers(1, 60, 800)
        bad = rng.binomial(size, truth)
        seen = np.minimum(rng.binomial(size, 0.2), size)
        hits = rng.hypergeometric(bad, size - bad, seen).astype(float)
        prior = beta_prior(hits, seen.astype(float))
        mix = of_finite(
            posterior(prior, hits, seen.astype(float)),
            size=size.astype(float), seen=seen.astype(float), hits=hits,
        )  # fmt: skip
        _, low, high = sums_of_betas([mix], [np.ones(800)])
        held.append(((np.floor(low * size) <= bad) & (bad <= np.ceil(high * size))).mean())
    assert 0.93 <= np.mean(held) <= 0.995


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 400)), min_size=1, max_size=30).filter(
        lambda rows: any(n > 0.01 for _, n in rows)
    )
)
def test_shares_are_within_their_intervals_and_these_within_one(
    rows: list[tuple[float, float]],
) -> None:
    trials = np.array([n for _, n in rows])
    hits = trials * np.array([p for p, _ in rows])
    mean, low, high = shares(hits, trials)
    assert np.isfinite(mean).all()
    assert ((low >= 0) & (low <= mean) & (mean <= high) & (high <= 1)).all()


def test_without_labels_nothing_can_be_learnt() -> None:
    with pytest.raises(DesignError, match="no group has a label"):
        beta_prior(np.zeros(3), np.zeros(3))
    with pytest.raises(DesignError, match="more hits than labels"):
        beta_prior(np.array([2.0]), np.array([1.0]))
