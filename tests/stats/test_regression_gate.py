"""A gate that fails only beyond noise, and knows what it could have seen."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.paired import compare_paired
from shroff.stats.paired_doubt import PairedLabels
from shroff.stats.regression_gate import Drop, drop_of, each_level, shortfall_of
from shroff.stats.said_shares import spread

ADS, SEED = 12_000, 11


def one_gate(rng: np.random.Generator, *, worse: float, matters: float = 0.05) -> Drop:
    """Draw a golden set of about 500 ads and hold a challenger of known recall against 80%."""
    bad = rng.random(ADS) < 0.2
    chance = np.where(bad, 0.12, 0.02)
    drawn = rng.random(ADS) < chance
    tie = rng.random(ADS)
    old = np.where(bad, tie < 0.8, tie < 0.05)
    fresh = rng.random(ADS) < 0.3  # on most ads the two decide alike
    new = np.where(bad, np.where(fresh, rng.random(ADS), tie) < 0.8 - worse, tie < 0.05)
    stratum, w, kind = spread(1 / chance[drawn], drawn=1 / chance[drawn], kind=DesignKind.POISSON)
    labels = PairedLabels(stratum=stratum, w=w, bad=bad[drawn], kind=kind)
    recall = compare_paired(
        labels,
        first=old[drawn],
        second=new[drawn],
        group=np.zeros(len(w), dtype=np.intp),
        groups=1,
        level=each_level(0.05, 1),
    )[0]
    found = drop_of(recall.difference.at(0), higher_is_better=True, margin=0.0, matters=matters)
    assert found is not None
    return found


def test_where_nothing_is_worse_it_seldom_fails() -> None:
    rng = np.random.default_rng(SEED)
    failed = sum(one_gate(rng, worse=0.0).fails for _ in range(400))
    assert failed / 400 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 400)


def test_the_smallest_regression_it_names_it_would_have_caught() -> None:
    rng = np.random.default_rng(SEED + 1)
    named = float(np.median([one_gate(rng, worse=0.0).smallest for _ in range(60)]))
    assert 0.03 < named < 0.2
    caught = sum(one_gate(rng, worse=named).fails for _ in range(200)) / 200
    assert 0.65 < caught < 0.97


def test_a_set_that_is_too_small_says_how_many_labels_it_takes() -> None:
    rng = np.random.default_rng(SEED + 2)
    found = one_gate(rng, worse=0.0, matters=0.01)
    assert found.smallest > 0.01
    again = one_gate(rng, worse=0.0, matters=0.5)
    assert again.needed < found.needed


def test_several_checks_share_the_chance_to_fail_by_mistake() -> None:
    assert each_level(0.05, 10) == pytest.approx(0.99)
    with pytest.raises(DesignError, match="no chance"):
        each_level(0.7, 1)


def test_a_floor_fails_only_when_the_whole_interval_is_below_it() -> None:
    from shroff.stats.proportions import wilson

    figure = wilson(60, 100)
    below = shortfall_of(figure, higher_is_better=True, floor=0.8, matters=0.05)
    near = shortfall_of(figure, higher_is_better=True, floor=0.65, matters=0.05)
    above = shortfall_of(figure, higher_is_better=False, floor=0.3, matters=0.05)
    assert below is not None
    assert near is not None
    assert above is not None
    assert (below.fails, near.fails, above.fails) == (True, False, True)
