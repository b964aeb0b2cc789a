"""Curves of log odds: they follow labels, say what they do not know, and are not askew at the ends."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.stats.smooth_odds import Along, Wander, smooth_odds

_USUAL = Wander(0.4, 0.6)


def _one(at: np.ndarray, *, side: np.ndarray | None = None) -> Along:
    none = np.zeros(len(at), dtype=np.intp)
    return Along(curve=none, at=at.astype(float), side=none if side is None else side)


def test_expected_shares_add_up_to_the_labels_also_where_nearly_all_violate() -> None:
    rng = np.random.default_rng(1)
    n = np.full(12, 25.0)
    hits = rng.binomial(25, 0.97, 12).astype(float)
    found = smooth_odds(hits, n, along=_one(np.linspace(1, 5, 12)), wander=_USUAL)
    assert found.mean() @ n == pytest.approx(hits.sum(), rel=0.004)
    assert found.draws(4_000, rng=rng).mean(axis=0) == pytest.approx(found.mean(), abs=0.01)


def test_a_curve_goes_on_where_there_are_no_labels_and_knows_less_there() -> None:
    at = np.linspace(-3, 3, 13)
    share = 1 / (1 + np.exp(-at))
    n = np.where(at < 1, 100.0, 0.0)
    found = smooth_odds(n * share, n, along=_one(at), wander=_USUAL)
    drawn = found.draws(500, rng=np.random.default_rng(2))
    assert found.mean()[-1] > 0.75
    assert drawn[:, -1].std() > 3 * drawn[:, 0].std()


def test_a_side_lies_where_its_labels_say_not_where_the_curve_is() -> None:
    at = np.tile(np.linspace(0, 3, 6), 2)
    side = np.repeat([0, 1], 6)
    n = np.full(12, 30.0)
    hits = n * np.where(side == 0, 0.3, 0.95)
    found = smooth_odds(hits, n, along=_one(at, side=side), wander=Wander(0.4, 1.5)).mean()
    assert found[side == 0].mean() == pytest.approx(0.3, abs=0.03)
    assert found[side == 1].mean() == pytest.approx(0.95, abs=0.03)


def test_labels_tell_how_far_curves_wander() -> None:
    at = np.linspace(-3, 3, 16)
    straight = 1 / (1 + np.exp(-at))
    bent = np.where(np.abs(at) < 1, 0.9, 0.1)
    n = np.full(16, 60.0)

    def fits(share: np.ndarray, step: float) -> float:
        return smooth_odds(n * share, n, along=_one(at), wander=Wander(step, 0.1)).fits

    assert fits(straight, 0.1) > fits(straight, 2.0)
    assert fits(bent, 2.0) > fits(bent, 0.1)
