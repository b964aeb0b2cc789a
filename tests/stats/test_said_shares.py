"""Shares of right answers where no answer is a class of its own, and answers given twice."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.repeat_runs import repeats
from shroff.stats.said_shares import CLEARED, FLAGGED, NO_ANSWER, SaidLabels, said_shares, spread


def judged(rng: np.random.Generator, *, ads: int = 8_000) -> tuple[np.ndarray, np.ndarray]:
    bad = rng.random(ads) < 0.15
    said = np.where(rng.random(ads) < np.where(bad, 0.8, 0.06), FLAGGED, CLEARED)
    return bad, np.where(rng.random(ads) < np.where(bad, 0.1, 0.02), NO_ANSWER, said)


def test_intervals_hold_the_truth_under_the_draw() -> None:
    rng = np.random.default_rng(5)
    bad, said = judged(rng)
    flagged, silent = said == FLAGGED, said == NO_ANSWER
    truth = {
        "recall": flagged[bad].mean(),
        "precision": bad[flagged].mean(),
        "fpr": flagged[~bad].mean(),
        "no_answer": silent.mean(),
        "no_answer_violating": silent[bad].mean(),
    }
    chance = np.where(flagged, 0.15, 0.03)
    held = dict.fromkeys(truth, 0)
    for _ in range(300):
        drawn = rng.random(len(bad)) < chance
        w = 1 / chance[drawn]
        stratum, weight, kind = spread(w, drawn=w, kind=DesignKind.POISSON)
        labels = SaidLabels(
            stratum=stratum, w=weight, kind=kind, bad=bad[drawn], said=said[drawn],
            group=np.zeros(len(w), dtype=np.intp),
        )  # fmt: skip
        found = said_shares(labels, groups=1)
        for name, value in truth.items():
            held[name] += found[name].low[0] <= value <= found[name].high[0]
    slack = 2 * np.sqrt(0.05 * 0.95 / 300)
    assert min(held.values()) / 300 >= 0.95 - slack, held


def test_a_refusal_is_missed_and_blames_nobody() -> None:
    labels = SaidLabels(
        stratum=np.zeros(4, np.intp), w=np.full(4, 2.0),
        kind=spread(np.full(4, 2.0), drawn=np.full(4, 2.0), kind=DesignKind.POISSON)[2],
        bad=np.array([True, True, False, False]),
        said=np.array([FLAGGED, NO_ANSWER, CLEARED, NO_ANSWER]),
        group=np.zeros(4, np.intp),
    )  # fmt: skip
    found = said_shares(labels, groups=1)
    told = {name: float(each.value[0]) for name, each in found.items()}
    assert told == {
        "recall": 0.5, "precision": 1.0, "fpr": 0.0, "specificity": 1.0, "no_answer": 0.5,
        "no_answer_violating": 0.5,
    }  # fmt: skip
    assert found["fpr"].high[0] > 0.3


def test_settled_ads_speak_for_open_ones_of_alike_weight() -> None:
    drawn = np.array([2.0, 2.0, 2.0, 100.0, 100.0])
    _, weight, kind = spread(drawn[[0, 1, 3]], drawn=drawn, kind=DesignKind.POISSON)
    assert weight.tolist() == [3.0, 3.0, 200.0]
    assert len(kind) == 2


def test_repeat_runs_hold_the_truth_and_need_two() -> None:
    rng = np.random.default_rng(6)
    p = rng.beta(0.4, 3.6, 10_000)
    truth = float(np.mean(2 * p * (1 - p)))
    held = 0
    for _ in range(200):
        ads = rng.choice(len(p), 250, replace=False)
        answer = (rng.random((250, 3)) < p[ads, None]).astype(np.intp).ravel()
        ad = np.repeat(np.arange(250, dtype=np.intp), 3)
        found, differ = repeats(ad, answer, np.full(250, 40.0), kinds=2)
        held += found.flips.low[0] <= truth <= found.flips.high[0]
        assert found.flips.value[0] == pytest.approx(differ.mean())
    assert held / 200 >= 0.92
    one = np.arange(5, dtype=np.intp)
    with pytest.raises(DesignError, match="judged twice"):
        repeats(one, one * 0, np.ones(5), kinds=1)
