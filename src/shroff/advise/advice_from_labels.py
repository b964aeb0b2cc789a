"""What more labels are worth: how often they would change what one does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import erf, sqrt

import numpy as np

from shroff.advise.advice_bench import Bench
from shroff.advise.recommendation import Recommendation, Worth
from shroff.measure.label_plan_goals import parse_goal
from shroff.measure.label_plan_work import Asked, plan_on, stand

__all__ = ["more_labels", "value_of_knowing"]

_HALF = 0.5
_SPARED = 13  # weeks for which a decision that was right is right


def value_of_knowing(draws: np.ndarray, *, narrower: float = _HALF) -> float:
    """Say what it is worth to know a value better before deciding whether to go for it.

    Parameters
    ----------
    draws : array
        The value as it is known now.
    narrower : float
        Width of its interval afterwards, as a share of today's, in (0, 1).

    Returns
    -------
    float
        How much better one decides on average: zero where it is clear already.

    Notes
    -----
    Expected value of sample information for a normal value: what will be thought of it afterwards
    has the variance that the labels take away.
    """
    mean, sd = float(np.mean(draws)), float(np.std(draws))
    moves = sd * float(np.sqrt(1 - narrower**2))
    if moves <= 0:
        return 0.0
    at = mean / moves
    density = float(np.exp(-0.5 * at**2) / np.sqrt(2 * np.pi))
    return mean * _below(at) + moves * density - max(mean, 0.0)


def _below(at: float) -> float:
    return 0.5 * (1 + erf(at / sqrt(2)))


def _drawn(draws: np.ndarray, *, seed: int, narrower: float = _HALF) -> np.ndarray:
    """Draw how much better one decides; the mean is `value_of_knowing`."""
    mean, sd = float(np.mean(draws)), float(np.std(draws))
    moves = sd * float(np.sqrt(1 - narrower**2))
    thought = mean + moves * np.random.default_rng(seed).standard_normal(len(draws))
    better: np.ndarray = np.maximum(thought, 0.0) - max(mean, 0.0)
    return better


def more_labels(bench: Bench, others: Sequence[Recommendation]) -> Iterator[Recommendation]:
    """Recommend to label more ads, for what that changes in the other recommendations.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.
    others : sequence of Recommendation
        What is recommended besides.

    Yields
    ------
    Recommendation
        At most one: labels that halve the interval of leakage. What knowing better is worth holds
        for a quarter; the labels are bought once.
    """
    goal = parse_goal("leakage:half", metrics=bench.brief.metrics)
    frame = stand(bench.engine, bench.brief)
    plan = plan_on(bench.engine, bench.brief, Asked(goals=(goal,)), frame=frame)
    if not plan.labels:
        return
    uncertain = [each for each in others if each.worth.known and each.actions is not None]
    gain = sum((_drawn(each.worth.draws, seed=n) for n, each in enumerate(uncertain)), np.zeros(1))
    hours = plan.labels * bench.prices.minutes / 60
    price = hours * bench.prices.hour / _SPARED
    yield Recommendation(
        kind="labels",
        subject="labels/leakage:half",
        params={"labels": plan.labels, "unsure": len(uncertain)},
        worth=Worth(gain - price * np.ones(len(bench.trial.chances))),
        hours=hours,
        evidence="shroff labels plan --goal leakage:half",
    )
