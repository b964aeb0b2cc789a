"""p-values of a floor hold under every design, and see what is plain to see."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, hypergeom

from shroff.errors import DesignError
from shroff.stats.precision_tests import (
    DrawDesign,
    LineLabels,
    binomial_tails,
    design_of,
    floor_pvalues,
)
from shroff.stats.score_cells import BINS, PLACES

FLOOR = np.full(BINS, 0.8)
ADS, RUNS = 2000, 400


def _labels(
    violating: np.ndarray, weight: np.ndarray, cluster: np.ndarray | None = None
) -> LineLabels:
    place = np.full(len(violating), 901, dtype=np.intp)
    return LineLabels(place=place, violating=violating, weight=weight, cluster=cluster)


def _p(labels: LineLabels, design: DrawDesign, ads: int = ADS) -> float:
    found = floor_pvalues(
        labels, design, at=np.array([500]), ads=np.full(BINS, float(ads)), floor=FLOOR, level=0.1
    )
    return float(found[0])


def test_tails_are_the_binomial_s() -> None:
    hits, labels = np.array([95.0, 99.0, 80.0, 0.0]), np.array([100.0, 100.0, 100.0, 0.0])
    found = binomial_tails(hits, labels, floor=np.full(4, 0.9))
    assert found[:2] == pytest.approx(binom.sf(hits[:2] - 1, 100, 0.9))
    assert found[2:].tolist() == [1.0, 1.0]


def test_they_are_never_below_those_of_drawing_without_replacement() -> None:
    for ads, drawn in ((40, 20), (200, 50), (1000, 300)):
        violating = int(0.8 * ads)
        hits = np.arange(drawn + 1)
        exact = hypergeom.sf(hits - 1, ads, violating, drawn)
        mine = binomial_tails(hits.astype(float), np.full(drawn + 1, drawn), floor=np.full(1, 0.8))
        assert np.all(mine >= exact - 1e-12)


def test_a_census_knows() -> None:
    design = design_of(_labels(np.ones(10, bool), np.ones(10)))
    right = np.arange(10) < 8
    assert _p(_labels(right, np.ones(10)), design) == 0.0
    assert _p(_labels(np.arange(10) < 7, np.ones(10)), design) == 1.0
    assert _p(_labels(np.zeros(0, bool), np.zeros(0)), design) == 1.0


def _draw(
    kind: str, rng: np.random.Generator, truth: np.ndarray, chance: np.ndarray
) -> LineLabels:
    """Draw labels from ads whose precision is just under the floor."""
    cluster = None
    if kind == "clusters":
        home = np.arange(ADS) // 4
        drawn = (rng.random(ADS // 4) < 0.2)[home]
        cluster, weight = home[drawn], np.full(int(drawn.sum()), 5.0)
    elif kind == "fixed numbers":
        halves = [np.arange(ADS // 4), np.arange(ADS // 4, ADS)]
        rows = np.concatenate([rng.choice(half, 120, replace=False) for half in halves])
        drawn = np.isin(np.arange(ADS), rows)
        weight = np.where(np.flatnonzero(drawn) < ADS // 4, ADS / 4 / 120, ADS * 0.75 / 120)
    else:
        drawn = rng.random(ADS) < chance
        weight = 1 / chance[drawn]
    return _labels(truth[drawn], weight, cluster)


@pytest.mark.parametrize(
    "kind", ["evenly", "two chances", "far apart", "fixed numbers", "clusters"]
)
def test_they_reject_a_true_floor_no_more_often_than_they_say(kind: str) -> None:
    rng = np.random.default_rng(7)
    truth = np.arange(ADS) % 5 > 0  # 80%, but never in the ads that are rarely drawn
    truth[ADS // 4 :] = rng.permutation(
        np.arange(ADS * 3 // 4) < 0.8 * ADS - truth[: ADS // 4].sum() - 1
    )
    assert truth.mean() < 0.8
    rare = np.arange(ADS) < ADS // 4
    chance = {
        "two chances": np.where(rare, 0.1, 0.2),
        "far apart": np.where(rare, 0.02, 0.4),
    }.get(kind, np.full(ADS, 0.15))
    largest = np.full(BINS, 4.0) if kind == "clusters" else None
    one = kind not in {"fixed numbers", "clusters"}
    found = []
    for _ in range(RUNS):
        labels = _draw(kind, rng, truth, chance)
        found.append(_p(labels, design_of(labels, one_by_one=one, largest=largest)))
    for level in (0.05, 0.2):
        wrong = float(np.mean(np.array(found) <= level))
        assert wrong <= level + 3 * np.sqrt(level * (1 - level) / RUNS)


@pytest.mark.parametrize(
    "kind", ["evenly", "two chances", "far apart", "fixed numbers", "clusters"]
)
def test_they_see_what_is_plain_to_see(kind: str) -> None:
    rng = np.random.default_rng(8)
    truth = np.ones(ADS, bool)
    rare = np.arange(ADS) < ADS // 4
    chance = {
        "two chances": np.where(rare, 0.1, 0.2),
        "far apart": np.where(rare, 0.05, 0.4),
    }.get(kind, np.full(ADS, 0.15))
    labels = _draw(kind, rng, truth, chance)
    largest = np.full(BINS, 4.0) if kind == "clusters" else None
    one = kind not in {"fixed numbers", "clusters"}
    assert _p(labels, design_of(labels, one_by_one=one, largest=largest)) < 0.01


def test_thinning_leaves_every_ad_the_same_chance() -> None:
    rng = np.random.default_rng(3)
    weight = np.where(rng.random(20_000) < 0.5, 4.0, 8.0)
    labels = _labels(weight > 4, weight)
    design = design_of(labels)
    assert design.thinned.all()
    # half of the labels that stand for four ads are kept: two of three violate then, and not
    # one of two as they do unthinned
    assert labels.violating.mean() < 0.51
    even = floor_pvalues(
        labels,
        design,
        at=np.array([0]),
        ads=np.full(BINS, 1e5),
        floor=np.full(BINS, 0.64),
        level=0.1,
    )
    assert even[0] < 1e-6


def test_no_more_can_be_shown_than_the_labels_of_those_above() -> None:
    below = LineLabels(
        place=np.full(50, 300, dtype=np.intp), violating=np.ones(50, bool), weight=np.full(50, 3.0)
    )
    assert _p(below, design_of(below)) == 1.0


def test_a_floor_above_all_cannot_be_shown() -> None:
    labels = _labels(np.ones(300, bool), np.full(300, 3.0))
    for one in (True, False):
        found = floor_pvalues(
            labels,
            design_of(labels, one_by_one=one),
            at=np.array([10]),
            ads=np.full(BINS, 900.0),
            floor=np.full(BINS, 1.0),
            level=0.1,
        )
        assert found[0] == 1.0


def test_nobody_knows_what_a_label_without_a_weight_stands_for() -> None:
    with pytest.raises(DesignError, match="less than one ad"):
        design_of(_labels(np.ones(3, bool), np.full(3, 0.5)))
    with pytest.raises(DesignError, match="no labelled ad"):
        design_of(_labels(np.zeros(0, bool), np.zeros(0)))
    with pytest.raises(DesignError, match="unknown size"):
        design_of(_labels(np.ones(3, bool), np.full(3, 2.0), np.arange(3)))
    with pytest.raises(DesignError):
        LineLabels(
            place=np.array([PLACES]), violating=np.ones(1, bool), weight=np.ones(1)
        ).require()
