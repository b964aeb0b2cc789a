"""Drawn shares of cells: their intervals cover, and little is borrowed where cells differ."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.errors import DesignError
from shroff.stats.share_draws import (
    Along,
    CellLabels,
    cell_labels,
    draw_shares,
    members_drawn,
    spread_of_clusters,
)

_BINS, _KINDS = 12, 4


def _along(cells: int, *, curve: np.ndarray | None = None, at: np.ndarray | None = None) -> Along:
    """Lay cells out; one curve and one place for all unless told."""
    none = np.zeros(cells, dtype=np.intp)
    return Along(
        curve=none if curve is None else curve,
        at=np.zeros(cells) if at is None else at.astype(float),
        side=none,
    )


def _platform(rng: np.random.Generator, *, unlike: float) -> tuple[np.ndarray, np.ndarray]:
    """Give the bin and the share of violating ads of each cell."""
    bins = np.tile(np.arange(_BINS), _KINDS)
    odds = -4 + 7 * bins / _BINS + np.repeat(rng.normal(0, unlike, _KINDS), _BINS)
    return bins, 1 / (1 + np.exp(-odds))


def _covered(seed: int, *, unlike: float, labels: int) -> tuple[bool, float]:
    rng = np.random.default_rng(seed)
    bins, shares = _platform(rng, unlike=unlike)
    size = rng.integers(20, 800, len(bins)).astype(float)
    truth = rng.binomial(size.astype(int), shares)
    seen = np.minimum(rng.poisson(labels * size / size.mean()), size.astype(int))
    hits = rng.hypergeometric(truth, size.astype(int) - truth, seen)
    cell = np.repeat(np.arange(len(bins)), seen)
    violating = np.concatenate([np.arange(n) < h for n, h in zip(seen, hits, strict=True)])
    weight = np.repeat(size / np.maximum(seen, 1), seen)
    found = cell_labels(
        cell, violating, weight,
        along=Along(
            curve=np.zeros(len(bins), dtype=np.intp), at=7 * bins / _BINS - 4.0,
            side=np.repeat(np.arange(_KINDS), _BINS),
        ),
    )  # fmt: skip
    drawn = draw_shares(found, draws=400, rng=rng)
    asked = bins >= _BINS * 2 // 3
    total = members_drawn(drawn, labels=found, size=size, rng=rng)[:, asked].sum(axis=1)
    low, high = np.quantile(total, [0.025, 0.975])
    return bool(low <= truth[asked].sum() <= high), float(high - low)


@pytest.mark.parametrize(("unlike", "labels"), [(0.0, 8), (0.6, 8), (0.3, 2)])
def test_intervals_of_totals_cover(unlike: float, labels: int) -> None:
    found = [_covered(seed, unlike=unlike, labels=labels)[0] for seed in range(150)]
    assert np.mean(found) >= 0.9  # three errors of simulation under 0.95


def test_more_labels_tell_more() -> None:
    few = np.mean([_covered(seed, unlike=0.3, labels=3)[1] for seed in range(10)])
    many = np.mean([_covered(seed, unlike=0.3, labels=30)[1] for seed in range(10)])
    assert many < 0.7 * few


def test_a_census_is_known() -> None:
    labels = CellLabels(
        n=np.array([50.0, 40.0]), share=np.array([0.1, 0.6]), along=_along(2, at=np.arange(2))
    )
    rng = np.random.default_rng(1)
    size = np.array([50.0, 40.0])
    drawn = members_drawn(
        draw_shares(labels, draws=50, rng=rng), labels=labels, size=size, rng=rng
    )
    assert np.allclose(drawn, [5.0, 24.0])


def test_a_cell_without_labels_leans_on_its_curve() -> None:
    labels = CellLabels(
        n=np.array([300.0, 0.0, 300.0, 0.0]),
        share=np.array([0.05, 0.0, 0.7, 0.0]),
        along=_along(4, at=np.array([-3, -3, 1, 1])),
    )
    drawn = draw_shares(labels, draws=500, rng=np.random.default_rng(2))
    assert drawn[:, 1].mean() == pytest.approx(0.07, abs=0.06)
    assert drawn[:, 3].mean() == pytest.approx(0.68, abs=0.06)
    assert drawn[:, 1].std() > 2 * drawn[:, 0].std()


def test_ads_that_err_together_widen_the_doubt() -> None:
    rng = np.random.default_rng(3)
    cluster = np.repeat(np.arange(100), 10)
    violating = np.repeat(rng.random(100) < 0.3, 10)
    cell, weight = np.zeros(1000, dtype=np.intp), np.ones(1000)
    together = spread_of_clusters(cell, violating, weight, cluster=cluster, cells=1)
    alone = spread_of_clusters(cell, violating, weight, cluster=np.arange(1000), cells=1)
    assert together == pytest.approx(10.0, rel=0.05)
    assert alone == 1.0


def test_no_label_is_refused() -> None:
    none = CellLabels(n=np.zeros(2), share=np.zeros(2), along=_along(2))
    with pytest.raises(DesignError, match="no ad is labelled"):
        draw_shares(none, draws=10, rng=np.random.default_rng(0))


def test_curves_know_nothing_of_each_other() -> None:
    labels = CellLabels(
        n=np.full(4, 200.0),
        share=np.array([0.5, 0.9, 0.05, 0.2]),
        along=_along(4, curve=np.array([0, 0, 1, 1]), at=np.array([0, 1, 0, 1])),
    )
    drawn = draw_shares(labels, draws=400, rng=np.random.default_rng(4))
    assert np.allclose(drawn.mean(axis=0), labels.share, atol=0.03)
