"""What a cascade does and takes, beside other strategies, in worlds that labels and judgements allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import erf, log, sqrt

import numpy as np
import numpy.typing as npt

from shroff.advise.cascade_answers import ANSWERS
from shroff.advise.cascade_chances import CascadeWorld
from shroff.advise.cascade_problem import CascadeRoom, Edges
from shroff.advise.cascade_reading import Waits
from shroff.advise.line_problem import APPROVE, REJECT, REVIEW
from shroff.stats.estimate import Estimate, Status

__all__ = [
    "CASCADE_FIGURES",
    "CascadeStrategy",
    "LivedWorld",
    "delay_of",
    "drawn_ends",
    "estimates_of",
    "live_worlds",
    "strategy_of",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CASCADE_FIGURES = (
    "violating_impressions",
    "recall",
    "reject_precision",
    "leakage",
    "missed_ads",
    "wrong_rejects",
    "approve_ads",
    "asked_ads",
    "calls",
    "review_ads",
    "reject_ads",
    "money",
    "llm_hours",
    "review_hours",
)
"""Figures of a strategy over the period."""

_COUNTED = {"asked_ads", "calls", "money", "llm_hours"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeStrategy:
    """What is done with every ad.

    Parameters
    ----------
    done : array of shape (3, `ANSWERS` + 1, cells, bins)
        Share that is approved, reviewed, rejected, by the LLM's answer.
    asked : array of shape (cells, bins)
        Share that the LLM is asked about.
    """

    done: Floats
    asked: Floats


@dataclass(frozen=True, slots=True)
class LivedWorld:
    """A world with its ads drawn: which violate, what those would be shown, whom people catch.

    Parameters
    ----------
    ads, bad, shown : array of shape (`ANSWERS` + 1, cells, bins)
        Ads, violating ones, impressions that those would have.
    caught, passed : float
        Chance that a reviewer finds a violating ad, and passes a compliant one.
    """

    ads: Floats
    bad: Floats
    shown: Floats
    caught: float
    passed: float


def strategy_of(
    room: CascadeRoom, edges: Sequence[Edges], *, review: Ints, reject: Ints
) -> CascadeStrategy:
    """Write a cascade as what is done with every ad.

    Parameters
    ----------
    room : CascadeRoom
        Cells and their groups.
    edges : sequence of Edges
        Of each group.
    review, reject : array of int, shape (cells,)
        First bin of the middle, first that is rejected.

    Returns
    -------
    CascadeStrategy
        Shares of 0 and 1.
    """
    bins = room.calls.shape[1]
    place = np.arange(bins)[None, :]
    high = place >= reject[:, None]
    low = (place < review[:, None]) & ~high
    middle = ~low & ~high
    done = np.zeros((3, ANSWERS + 1, *middle.shape))
    actions = np.array([each.action() for each in edges])[room.group]
    for action in range(3):
        done[action] = (actions.T[:, :, None] == action) & middle[None]
    done[APPROVE] += low[None]
    done[REJECT] += high[None]
    asks = np.array([each.asked for each in edges])[room.group]
    return CascadeStrategy(done=done, asked=(middle & asks[:, None]).astype(np.float64))


def live_worlds(
    room: CascadeRoom, worlds: Sequence[CascadeWorld], *, rng: np.random.Generator
) -> tuple[LivedWorld, ...]:
    """Draw the ads of each world: few of the violating ones are shown very often."""
    worth, found = room.worth, []
    for world in worlds:
        whole = np.rint(world.ads).astype(np.int64)
        bad = rng.binomial(whole, world.chances).astype(np.float64)
        sure = 1 / np.maximum(worth.doubt, 1e-9)
        each = worth.violating_shown * (rng.standard_gamma(sure) / sure)[:, None]
        shown = rng.standard_gamma(bad / worth.spread) * worth.spread * each[None]
        caught, passed = (
            float(rng.beta(*pair)) if pair[1] > 0 else 1.0
            for pair in (worth.catches, worth.passes)
        )
        found.append(LivedWorld(whole.astype(np.float64), bad, shown, caught, passed))
    return tuple(found)


def _expected(room: CascadeRoom) -> LivedWorld:
    bad, worth = room.ads * room.chances, room.worth
    return LivedWorld(room.ads, bad, bad * worth.violating_shown[None], worth.caught, worth.passed)


def _figures(room: CascadeRoom, strategy: CascadeStrategy, world: LivedWorld) -> dict[str, float]:
    """Add up what a strategy does in one world."""
    worth, done = room.worth, strategy.done
    approve, review, reject = (float((share * world.ads).sum()) for share in done)
    bad_approve, bad_review, bad_reject = (float((share * world.bad).sum()) for share in done)
    bad = float(world.bad.sum())
    part = worth.queued_shown[:, None] / np.maximum(worth.violating_shown, 1e-12)
    slips = 1 - world.caught + world.caught * np.minimum(part, 1.0)
    exposed = (done[APPROVE] + done[REVIEW] * slips[None]) * world.shown
    hours = (done[REVIEW] * world.ads).sum(axis=(0, 2)) @ worth.hours.sum(axis=1)
    calls = strategy.asked * room.calls
    overruled = float((done[REVIEW] * (world.ads - world.bad)).sum()) * (1 - world.passed)
    return {
        "violating_impressions": float(exposed.sum()),
        "recall": (bad_reject + bad_review * world.caught) / bad if bad else np.nan,
        "reject_precision": bad_reject / reject if reject else np.nan,
        "leakage": bad_approve / approve if approve else np.nan,
        "missed_ads": bad_approve + bad_review * (1 - world.caught),
        "wrong_rejects": reject - bad_reject + overruled,
        "approve_ads": approve,
        "asked_ads": float((strategy.asked * room.ads.sum(axis=0)).sum()),
        "calls": float(calls.sum()),
        "review_ads": review,
        "reject_ads": reject,
        "money": float((calls * room.price[:, None]).sum()),
        "llm_hours": float((calls * room.seconds[:, None]).sum()) / 3600,
        "review_hours": float(hours),
    }


def estimates_of(
    room: CascadeRoom,
    strategy: CascadeStrategy,
    worlds: Sequence[LivedWorld],
    *,
    labels: int,
    level: float,
) -> tuple[dict[str, Estimate], dict[str, Floats]]:
    """Say what a strategy does over the period, with intervals.

    Parameters
    ----------
    room : CascadeRoom
        Counts, mean chances, prices.
    strategy : CascadeStrategy
        What is done.
    worlds : sequence of LivedWorld
        The same for all strategies that are compared.
    labels : int
        Labels behind the chances.
    level : float
        Coverage of the intervals, in (0, 1).

    Returns
    -------
    dict of str to Estimate, dict of str to array
        Each of `CASCADE_FIGURES`; and the same in every world.
    """
    now = _figures(room, strategy, _expected(room))
    rows = [_figures(room, strategy, world) for world in worlds]
    drawn = {name: np.array([row[name] for row in rows]) for name in now}
    found = {
        name: _estimate(name, value, drawn[name], labels=labels, level=level)
        for name, value in now.items()
    }
    return found, drawn


def drawn_ends(draws: Floats, level: float) -> tuple[float, float]:
    """Give the ends between which another draw would lie as often as asked.

    Parameters
    ----------
    draws : array
        Draws.
    level : float
        How often, in (0, 1).

    Returns
    -------
    float, float
        Lower and upper end. Of 120 draws the third from either end, for 95%: quantiles that
        interpolate between draws lie further in, where another draw falls in 93% of cases.
    """
    ends = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], method="weibull")
    return float(ends[0]), float(ends[1])


def _estimate(name: str, value: float, drawn: Floats, *, labels: int, level: float) -> Estimate:
    known, counted = bool(np.isfinite(value)), name in _COUNTED
    told = drawn[np.isfinite(drawn)]
    if not known or not len(told):
        low = high = None
    elif counted:
        low = high = value
    else:
        ends = drawn_ends(told, level)
        low, high = float(min(ends[0], value)), float(max(ends[1], value))
    status = Status.COUNT if counted else Status.ESTIMATE
    return Estimate(
        value=value if known else None,
        low=low,
        high=high,
        level=level,
        status=status if known else Status.UNKNOWN,
        method="count" if counted else "posterior draws",
        n=labels,
    )


def delay_of(shares: tuple[float, float, float], latency: Waits, turnaround: Waits) -> Waits:
    """Tell how long ads wait for a decision: at the score, after the LLM, after people.

    Parameters
    ----------
    shares : tuple of float
        Of ads that the LLM decides, that people decide after it, and that people decide without it.
    latency, turnaround : Waits
        Of one call, and of a review task.

    Returns
    -------
    Waits
        Seconds over all ads; ads that the score decides wait for nothing. Middle and late are read
        from lognormal curves through the median and the 95th percentile of each wait.
    """
    llm, both, people = shares
    call = latency.mean if latency.n else 0.0
    task = turnaround.mean if turnaround.n else (np.nan if both + people > 0 else 0.0)
    mean = (llm + both) * call + ((both + people) * task if both + people > 0 else 0.0)

    def below(seconds: float) -> float:
        parts = [1 - llm - both - people]
        parts.append(llm * _reached(latency, seconds))
        parts.append((both + people) * _reached(turnaround, seconds))
        return sum(parts)

    middle, late = (_when(below, share) for share in (0.5, 0.95))
    return Waits(float(mean), middle, late, min(latency.n, turnaround.n))


def _reached(waits: Waits, seconds: float) -> float:
    """Give the chance that a wait is over."""
    if not waits.n:
        return 0.0
    if waits.middle <= 0 or waits.late <= waits.middle:
        return float(seconds >= waits.middle)
    spread = log(waits.late / waits.middle) / 1.6448536269514722
    return 0.5 * (1 + erf(log(max(seconds, 1e-9) / waits.middle) / spread / sqrt(2)))


def _when(below: Callable[[float], float], share: float) -> float:
    if below(1e-9) >= share:
        return 0.0
    low, high = 1e-9, 1e9
    if below(high) < share:
        return float("nan")
    for _ in range(100):
        middle = sqrt(low * high)
        low, high = (middle, high) if below(middle) < share else (low, middle)
    return high
