"""Made-up roll-outs whose effect is known."""

from __future__ import annotations

import numpy as np

from shroff.stats.rollout_panel import Panel
from shroff.stats.step_series import StepSeries
from shroff.stats.two_arms import ArmRows


def remembering(dice: np.random.Generator, size: int, memory: float) -> np.ndarray:
    noise = dice.normal(size=size)
    for place in range(1, size):
        noise[place] = memory * noise[place - 1] + np.sqrt(1 - memory**2) * noise[place]
    return noise


def stepping(
    dice: np.random.Generator, *, effect: float, memory: float, before: int = 56, after: int = 28
) -> StepSeries:
    """A series with a week, noise that remembers and labels that differ from day to day."""
    size = before + after
    day = np.arange(size)
    own = dice.uniform(0.5, 1.5, size)
    value = 10 + np.array([0.0, 1, 2, 1, 0, -1, -1])[day % 7] + effect * (day >= before)
    value += remembering(dice, size, memory) + dice.normal(size=size) * np.sqrt(own)
    return StepSeries(value=value, variance=own, start=before, season=7)


def markets(
    dice: np.random.Generator, *, effect: float, treated: int = 2, loads: float = 0.0
) -> Panel:
    """Twelve markets that move together; with loads, not by the same factor."""
    before, after, count = 56, 28, 12
    size = before + after
    shared, other = (0.1 * remembering(dice, size, 0.9) for _ in range(2))
    value, variance = np.zeros((count, size)), np.zeros((count, size))
    for market in range(count):
        level = dice.uniform(0.005, 0.03)
        own = 0.08 * remembering(dice, size, 0.5)
        rate = level * np.exp(shared + dice.uniform(0, loads or 1e-9) * other + own)
        if market < treated:
            rate[before:] *= 1 + effect
        labels = int(dice.integers(2000, 6000))
        value[market] = dice.binomial(labels, np.clip(rate, 0, 1)) / labels
        variance[market] = level * (1 - level) / labels
    return Panel(
        value=value,
        variance=variance,
        size=np.ones(count),
        treated=np.arange(count) < treated,
        start=before,
    )


def two_sides(
    dice: np.random.Generator,
    *,
    effect: float,
    rate: float = 0.03,
    advertisers: int = 400,
    by_advertiser: bool = False,
) -> ArmRows:
    """Ads of advertisers of very different size and honesty, put on either side by a hash."""
    sizes = np.ceil(dice.lognormal(1, 1, advertisers)).astype(int)
    cluster = np.repeat(np.arange(advertisers), sizes)
    bad = dice.beta(0.5, 0.5 / rate - 0.5, advertisers)[cluster]
    coin = dice.random(advertisers)[cluster] if by_advertiser else dice.random(len(cluster))
    treated = coin < 0.5
    violating = dice.random(len(cluster)) < bad * np.where(treated, 1 + effect, 1)
    return ArmRows(
        above=violating.astype(float),
        below=np.ones(len(cluster)),
        weight=np.where(dice.random(len(cluster)) < 0.3, 3.0, 1.0),
        treated=treated,
        cluster=cluster,
    )
