"""Several draws of the same ads as one sample."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.stats.paired import compare_paired
from shroff.stats.paired_doubt import PairedLabels, covariance
from shroff.stats.paired_merging import merged
from shroff.stats.sampling import kind_codes


def draw_of(w: list[float]) -> PairedLabels:
    n = len(w)
    return PairedLabels(
        stratum=np.zeros(n, np.intp),
        w=np.array(w),
        bad=np.arange(n) % 2 == 0,
        kind=kind_codes([DesignKind.POISSON]),
    )


def test_one_draw_stays_as_it_is() -> None:
    draw = draw_of([2.0, 3.0])
    assert merged([draw], [np.zeros(2, np.intp)]) is draw


def test_draws_share_the_weight_of_a_class_by_their_labels() -> None:
    found = merged(
        [draw_of([10.0] * 3), draw_of([4.0] * 6)],
        [np.zeros(3, np.intp), np.zeros(6, np.intp)],
    )
    assert found.weight.tolist() == pytest.approx([10 / 3] * 3 + [4 * 2 / 3] * 6)
    assert found.stratum.tolist() == [0] * 3 + [1] * 6


def test_a_class_that_one_draw_lacks_is_told_by_the_other() -> None:
    found = merged(
        [draw_of([10.0, 10.0]), draw_of([4.0, 4.0])],
        [np.array([0, 1]), np.array([0, 0])],
    )
    assert found.weight[1] == 10.0


def test_a_shared_weight_leaves_each_draw_its_own_chance() -> None:
    found = merged([draw_of([5.0, 5.0]), draw_of([2.0, 2.0])], [np.zeros(2, np.intp)] * 2)
    z, where = found.weight, np.zeros(4, np.intp)
    variance = covariance(z, z, labels=found, group=where, groups=1)[0]
    assert variance == pytest.approx(np.sum((1 - 1 / found.w) * z**2))


def test_a_second_draw_where_versions_differ_makes_the_interval_narrower() -> None:
    rng = np.random.default_rng(8)
    n = 6000
    bad = rng.random(n) < 0.3
    first, second = (rng.random(n) < np.where(bad, share, 0.1) for share in (0.5, 0.6))
    pair = 2 * first + second
    widths = []
    for chance in ([0.1] * 4, [0.02, 0.3, 0.3, 0.02]):
        rows = np.flatnonzero(rng.random(n) < np.array(chance)[pair])
        widths.append((rows, 1 / np.array(chance)[pair[rows]]))
    draws = [
        PairedLabels(
            stratum=pair[rows],
            w=w,
            bad=bad[rows],
            kind=kind_codes([DesignKind.POISSON] * 4),
        )
        for rows, w in widths
    ]
    together = merged(draws, [pair[rows] for rows, _ in widths])
    every = np.concatenate([rows for rows, _ in widths])
    alone, both = (
        compare_paired(
            labels,
            first=first[rows],
            second=second[rows],
            group=np.zeros(len(rows), np.intp),
            groups=1,
        )[0].difference
        for labels, rows in ((draws[0], widths[0][0]), (together, every))
    )
    assert both.high[0] - both.low[0] < alone.high[0] - alone.low[0]
