"""Who drives what: labels weighted by how they were drawn, small accounts not first by luck."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from shroff.watch.account_counts import AccountCounts
from shroff.watch.account_standing import Drive, Order, standings

CHANCE = np.array([0.02, 0.1, 0.3, 0.0])
"""Chance of a label, by machine action: few of the approved, many of the rejected."""


def platform(seed: int, accounts: int = 1_500) -> tuple[AccountCounts, np.ndarray, np.ndarray]:
    """Make accounts whose ads the machine mostly decides as they are; labels by action."""
    rng = np.random.default_rng(seed)
    truth = rng.beta(0.6, 5, accounts)
    ads = np.ceil(rng.lognormal(2.5, 1.2, accounts)).astype(int)
    bad = rng.binomial(ads, truth)
    by_action = [
        (rng.multinomial(b, [0.4, 0.2, 0.4, 0]), rng.multinomial(n - b, [0.85, 0.12, 0.03, 0]))
        for b, n in zip(bad, ads, strict=True)
    ]
    wrong = np.array([one for one, _ in by_action])
    right = np.array([other for _, other in by_action])
    hits, misses = rng.binomial(wrong, CHANCE), rng.binomial(right, CHANCE)
    labels = (hits + misses).astype(float)
    counts = counted(ads=(wrong + right).astype(float), labels=labels, hits=hits.astype(float))
    return counts, bad / ads, bad


def counted(*, ads: np.ndarray, labels: np.ndarray, hits: np.ndarray) -> AccountCounts:
    nothing = np.zeros(len(ads))
    return AccountCounts(
        names=pa.array([f"a{at:05d}" for at in range(len(ads))]),
        ads=ads, young=nothing, labels=labels, hits=hits, counted=labels, found=hits,
        settled=nothing, lost=nothing, tasks=nothing, hours=nothing,
    )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_sum_over_accounts_is_near_the_truth_though_labels_are_mostly_of_rejects(
    seed: int,
) -> None:
    counts, _, bad = platform(seed)
    found = standings(counts).driven[Drive.VIOLATIONS]
    naive = counts.hits.sum() / counts.labels.sum()
    true = bad.sum() / counts.ads.sum()
    assert found.usual == pytest.approx(true, rel=0.25)
    assert naive > 2 * true


def test_numbers_of_violating_ads_are_within_their_intervals() -> None:
    held = []
    for seed in range(6):
        counts, _, bad = platform(seed)
        found = standings(counts).driven[Drive.VIOLATIONS]
        held.append(((found.total_low <= bad) & (bad <= found.total_high)).mean())
    assert np.mean(held) >= 0.93


def test_the_ranking_beats_that_of_raw_shares() -> None:
    ours, raws = [], []
    for seed in range(6):
        counts, share, _ = platform(seed)
        found = standings(counts).driven[Drive.VIOLATIONS]
        rng = np.random.default_rng(seed)
        raw = np.nan_to_num(found.raw) + 1e-9 * rng.random(len(share))
        ours.append(share[found.order(Order.RATE)[:30]].mean())
        raws.append(share[np.argsort(-raw)[:30]].mean())
    assert np.mean(ours) > 1.2 * np.mean(raws)


def test_a_small_account_does_not_come_first_by_luck() -> None:
    counts, _, _ = platform(9)
    found = standings(counts).driven[Drive.VIOLATIONS]
    first = found.order(Order.RATE)[0]
    alone = (counts.labels.sum(axis=1) == 1) & (counts.hits.sum(axis=1) == 1)
    assert alone.any()
    assert not alone[first]


def test_what_no_label_or_log_tells_of_is_named() -> None:
    counts, _, _ = platform(2, accounts=20)
    bare = counted(ads=counts.ads, labels=np.zeros((20, 4)), hits=np.zeros((20, 4)))
    standing = standings(bare)
    assert set(standing.driven) == {Drive.REVIEWS}
    assert set(standing.missing) == {Drive.VIOLATIONS, Drive.LEAKS, Drive.OVERTURNS}


def test_totals_that_are_counted_have_no_doubt() -> None:
    counts, _, _ = platform(4, accounts=300)
    found = standings(counts).driven[Drive.REVIEWS]
    np.testing.assert_array_equal(found.total, counts.ads[:, 1])
    np.testing.assert_array_equal(found.total_low, found.total_high)
    assert found.held_by(300) == pytest.approx(1)
    assert 0 < (found.held_by(10) or 0) < 1


def test_one_account_alone_has_an_answer() -> None:
    one = counted(
        ads=np.array([[5.0, 0, 1, 0]]), labels=np.array([[1.0, 0, 0, 0]]), hits=np.zeros((1, 4))
    )
    found = standings(one).driven[Drive.VIOLATIONS]
    assert found.base.tolist() == [5]
    assert 0 <= found.low[0] < found.high[0] <= 1
