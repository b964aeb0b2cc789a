"""Do intervals of cascades hold what would have come of every ad, on platforms whose truth is known?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from shroff.advise.cascade_answers import ANSWERS
from shroff.advise.cascade_chances import learn_chances
from shroff.advise.cascade_outcome import estimates_of, live_worlds, strategy_of
from shroff.advise.cascade_problem import CascadeRoom, Edges
from shroff.advise.cascade_reading import LlmReading, Waits
from shroff.advise.decision_cells import DecisionCells
from shroff.advise.decision_queries import BINS
from shroff.advise.decision_worth import worth_of
from shroff.advise.label_sums import LabelSums
from shroff.domain.metrics import Weight
from shroff.measure.frame import Frame
from shroff.measure.score_queries import Chosen

CELLS = 6
AT = (np.arange(BINS) + 0.5) / BINS
NO_WAIT = Waits(np.nan, np.nan, np.nan, 0)
EDGES = Edges(2, 5)
REVIEW, REJECT = np.full(CELLS, 25), np.full(CELLS, 85)
TOLD = ("recall", "reject_precision", "leakage", "missed_ads", "review_ads", "reject_ads")


@dataclass(frozen=True)
class Truth:
    """Every ad: where it is, whether it violates, what the LLM would say of it."""

    cell: np.ndarray
    bin: np.ndarray
    bad: np.ndarray
    answer: np.ndarray

    def figures(self) -> dict[str, float]:
        """Do with each ad what the cascade does."""
        done = EDGES.action()[self.answer]
        done = np.where(self.bin < 25, 0, np.where(self.bin >= 85, 2, done))
        bad = [float(self.bad[done == action].sum()) for action in range(3)]
        ads = [float((done == action).sum()) for action in range(3)]
        return {
            "recall": (bad[1] + bad[2]) / sum(bad),
            "reject_precision": bad[2] / ads[2],
            "leakage": bad[0] / ads[0],
            "missed_ads": bad[0],
            "review_ads": ads[1],
            "reject_ads": ads[2],
        }


def platform(rng: np.random.Generator) -> Truth:
    """Draw a platform: cells differ, and the LLM is worse where the score is unsure."""
    odds = rng.normal(0, 0.6, (CELLS, 1)) + 6 * (AT - 0.62)
    chance = 1 / (1 + np.exp(-odds))
    many = rng.poisson(np.outer(rng.gamma(6, 4, CELLS), 1.35 - AT))
    cell, place = (np.repeat(each.ravel(), many.ravel()) for each in np.indices(many.shape))
    bad = rng.random(len(cell)) < chance[cell, place]
    skill = 1.6 + 1.2 * np.abs(AT[place] - 0.5)
    seen = np.where(bad, skill, -skill) + rng.normal(0, 1.0, len(cell))
    answer = np.searchsorted(np.array([-2.0, -0.9, 0.0, 0.9, 2.0]), seen)
    answer = np.where(rng.random(len(cell)) < 0.02, ANSWERS, answer)
    return Truth(cell, place, bad, answer)


def sums(truth: Truth, mine: np.ndarray, slot: np.ndarray) -> LabelSums:
    n = np.bincount(slot[mine]).astype(float)
    hits = np.bincount(slot[mine], truth.bad[mine])
    some = np.flatnonzero(n)
    return LabelSums(
        cell=some // BINS, bin=some % BINS, hits=hits[some], w=n[some], w2=n[some], n=n[some]
    )


def read(truth: Truth, rng: np.random.Generator) -> tuple[DecisionCells, LlmReading]:
    """Log it: a third of the ads judged, grey ones more often, a tenth labelled by chance."""
    slot = truth.cell * BINS + truth.bin
    grey = (truth.bin > 15) & (truth.bin < 90)
    judged = rng.random(len(slot)) < np.where(grey, 0.45, 0.12)
    labelled = rng.random(len(slot)) < 0.12
    ads = np.zeros((3, CELLS, BINS))
    action = np.where(truth.bin < 50, 0, np.where(truth.bin >= 80, 2, 1))
    np.add.at(ads, (action, truth.cell, truth.bin), 1.0)
    told = np.zeros((ANSWERS + 1, CELLS, BINS))
    np.add.at(told, (truth.answer[judged], truth.cell[judged], truth.bin[judged]), 1.0)
    shown = ads[0] * 1000.0
    cells = DecisionCells(
        chosen=Chosen(model="risk", version="v1", policy="-"),
        days=28,
        by=("market",),
        keys=tuple((f"m{c}",) for c in range(CELLS)),
        ads=ads,
        shown=shown,
        spend=shown / 1000,
        squares=shown.sum(axis=1) * 3000.0,
        found=np.zeros((CELLS, BINS)),
        found_shown=np.zeros((CELLS, BINS)),
        labels=sums(truth, labelled, slot),
        told=np.zeros((2, CELLS, BINS)),
        told_by=0.0,
        queues=("west",),
        minutes=ads[1].sum(axis=1)[:, None] * 1.5,
        worked=ads[1].sum(axis=1)[:, None],
        checked=np.zeros((2, 2)),
        ruled=0,
        other=0,
        unscored=0,
        frame=Frame("frame_ads", Weight.ADS, (), (), False, ""),
    )
    wide = truth.answer * CELLS * BINS + slot
    reading = LlmReading(
        model="judge",
        version="v1",
        shadow=True,
        judged=told,
        labels=sums(truth, labelled & judged, wide),
        calls=ads.sum(axis=0),
        price=np.full(CELLS, 0.004),
        seconds=np.full(CELLS, 1.0),
        currency="USD",
        latency=NO_WAIT,
        turnaround=NO_WAIT,
    )
    return cells, reading


def held(seed: int) -> dict[str, bool]:
    """Tell which figures lie in their intervals on one platform."""
    rng = np.random.default_rng(seed)
    truth = platform(rng)
    cells, reading = read(truth, rng)
    chances = learn_chances(cells, reading)
    world = chances.expected()
    room = CascadeRoom(
        worth=worth_of(cells, chances.curves.mean),
        ads=world.ads,
        chances=world.chances,
        calls=reading.calls,
        price=reading.price,
        seconds=reading.seconds,
        group=np.zeros(CELLS, dtype=np.int64),
        review=np.full(CELLS, 50),
        reject=np.full(CELLS, 80),
    )
    worlds = live_worlds(room, tuple(chances.draws(120, rng=rng)), rng=rng)
    strategy = strategy_of(room, [EDGES], review=REVIEW, reject=REJECT)
    told, _ = estimates_of(room, strategy, worlds, labels=100, level=0.95)
    actual = truth.figures()
    found = {}
    for name in TOLD:
        low, high = told[name].low, told[name].high
        assert low is not None
        assert high is not None
        found[name] = low <= actual[name] <= high
    return found


def coverage(platforms: int) -> dict[str, float]:
    rows = [held(seed) for seed in range(platforms)]
    return {name: float(np.mean([row[name] for row in rows])) for name in TOLD}


def test_intervals_hold_the_truth_on_most_of_a_few_platforms() -> None:
    assert min(coverage(8).values()) >= 0.7  # 8 in 8 is usual; two misses in 8 are not rare


@pytest.mark.slow
def test_intervals_hold_the_truth_in_nineteen_of_twenty_platforms() -> None:
    found = coverage(200)
    assert min(found.values()) >= 0.93 - 2 * (0.93 * 0.07 / 200) ** 0.5, found


def test_answers_speak_for_violations_in_their_order_and_together_as_labels_do() -> None:
    rng = np.random.default_rng(3)
    truth = platform(rng)
    cells, reading = read(truth, rng)
    learnt = learn_chances(cells, reading)
    world = learnt.expected()
    assert world.ads.sum() == pytest.approx(len(truth.bad), rel=1e-6)
    bad = float((world.ads * world.chances).sum())
    assert bad == pytest.approx(float(truth.bad.sum()), rel=0.1)
    means = (world.ads * world.chances).sum(axis=(1, 2)) / world.ads.sum(axis=(1, 2))
    assert (np.diff(means[:ANSWERS]) > -0.01).all()
    assert means[0] < 0.01
    assert means[ANSWERS - 1] > 0.97


def test_answers_come_as_often_as_on_judged_ads_whatever_few_labels_say() -> None:
    rng = np.random.default_rng(11)
    truth = platform(rng)
    cells, reading = read(truth, rng)
    world = learn_chances(cells, reading).expected()
    asked = reading.judged.sum(axis=0)
    slots = (ANSWERS + 1, CELLS, 20, BINS // 20)
    told = (world.ads / world.ads.sum(axis=0) * asked).reshape(slots).sum(axis=(1, 3))
    seen = reading.judged.reshape(slots).sum(axis=(1, 3))
    many = asked.reshape(slots[1:]).sum(axis=(0, 2)) > 100
    # judged ads are in the world as they are; those that are not get answers as often as these
    gap = np.abs(told - seen)[:, many] / seen.sum(axis=0)[many]
    assert gap.max() < 0.03
    assert world.ads.sum(axis=0) == pytest.approx(cells.ads.sum(axis=0), rel=1e-6)
    bad = float((world.ads * world.chances).sum())
    assert bad == pytest.approx(float(truth.bad.sum()), rel=0.1)  # raking leaves truth as it was
