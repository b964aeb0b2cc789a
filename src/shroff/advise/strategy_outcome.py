"""What a strategy does: shown violations, precision, leakage, hours, with doubt from the labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shroff.advise.decision_worth import DecisionWorth
from shroff.advise.violation_curves import ViolationCurves
from shroff.stats.estimate import Estimate, Status

__all__ = [
    "FIGURES",
    "Costs",
    "Draws",
    "Outcome",
    "Worlds",
    "drawn",
    "expected_figures",
    "outcome_of",
    "shares_of_lines",
    "worlds_of",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FIGURES = (
    "violating_impressions",
    "missed_ads",
    "wrong_rejects",
    "reject_precision",
    "leakage",
    "review_hours",
    "approve_ads",
    "review_ads",
    "reject_ads",
    "cost",
)
"""Figures of a strategy, each over the period."""

_SEED = 20261123


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What mistakes and work cost.

    Parameters
    ----------
    missed : array of shape (cells, bins)
        Cost of a violating ad that is shown as if it were approved.
    wrong : array of shape (cells, bins)
        Cost of a compliant ad that is rejected, appeals included.
    hour : float
        Cost of an hour of review.
    currency : str
        Its unit.
    appeal : float
        Cost of an appeal.
    appealed : tuple of (float, float)
        Share of wrong rejects that are appealed, which is in ``wrong``, and of right ones.
    """

    missed: Floats
    wrong: Floats
    hour: float
    currency: str
    appeal: float = 0.0
    appealed: tuple[float, float] = (0.0, 0.0)

    @property
    def right(self) -> float:
        """Cost of a violating ad that is rejected: of its appeals."""
        return self.appeal * self.appealed[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """What a strategy does under each of many curves that the labels allow.

    Parameters
    ----------
    figures : mapping of str to array of shape (draws,)
        Each of `FIGURES`.
    """

    figures: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a strategy does over the period.

    Parameters
    ----------
    figures : mapping of str to Estimate
        Each of `FIGURES`; ``cost`` only where costs are known.
    """

    figures: Mapping[str, Estimate]

    def value(self, name: str) -> float:
        """Give one figure; not a number where it has none."""
        figure = self.figures.get(name)
        return np.nan if figure is None or figure.value is None else figure.value

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            name: {"value": figure.value, "low": figure.low, "high": figure.high}
            for name, figure in self.figures.items()
        }


def shares_of_lines(review: Ints, reject: Ints, *, bins: int) -> Floats:
    """Give the share of each bin that is approved, reviewed, rejected: 0 or 1."""
    place = np.arange(bins)[None, :]
    high = place >= reject[:, None]
    low = place < review[:, None]
    return np.stack([low, ~low & ~high, high]).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Worlds:
    """What may be true of the period's ads, in each of many worlds.

    Parameters
    ----------
    bad : array of shape (worlds, cells * bins)
        Violating ads.
    shown : array of shape (worlds, cells * bins)
        Impressions that those would have if they were approved.
    caught, passed : array of shape (worlds,)
        Chance that a reviewer finds a violating ad, and passes a compliant one.
    """

    bad: Floats
    shown: Floats
    caught: Floats
    passed: Floats


def _expected(worth: DecisionWorth, chances: Floats) -> Worlds:
    bad = worth.ads * chances
    shown = bad * worth.violating_shown
    caught, passed = np.array([worth.caught]), np.array([worth.passed])
    return Worlds(bad.reshape(1, -1), shown.reshape(1, -1), caught, passed)


def _possible(
    worth: DecisionWorth, chances: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw which ads violate and how often those would be shown, few of them very often."""
    bad = rng.binomial(worth.ads.astype(np.int64), chances).astype(np.float64)
    each = worth.violating_shown * np.exp(worth.ratio_doubt * rng.standard_normal())
    if worth.doubt.size:
        sure = 1 / np.maximum(worth.doubt, 1e-9)
        each = each * (rng.standard_gamma(sure) / sure)[:, None]
    return bad, rng.standard_gamma(bad / worth.spread) * worth.spread * each


def _figures(
    shares: Floats, worth: DecisionWorth, worlds: Worlds, *, costs: Costs | None
) -> dict[str, Floats]:
    """Add up what a strategy does in each world."""
    each, ads = shares.reshape(3, -1), worth.ads.ravel()
    totals, bad = each @ ads, worlds.bad @ each.T
    hours = float(((shares[1] * worth.ads).sum(axis=1) @ worth.hours).sum())
    # a violating ad that a reviewer finds has been shown for a while
    part = np.minimum(
        worth.queued_shown[:, None] / np.maximum(worth.violating_shown, 1e-12), 1.0
    ).ravel()
    seen = np.stack([each[0], each[1], each[1] * part])
    missed, overruling = 1 - worlds.caught, 1 - worlds.passed
    same = np.ones(len(worlds.caught))
    told = {
        "violating_impressions": _exposed(worlds, seen),
        "missed_ads": bad[:, 0] + bad[:, 1] * missed,
        "wrong_rejects": totals[2] - bad[:, 2] + (totals[1] - bad[:, 1]) * overruling,
        "reject_precision": bad[:, 2] / totals[2] if totals[2] else same * np.nan,
        "leakage": bad[:, 0] / totals[0] if totals[0] else same * np.nan,
        "review_hours": same * hours,
        "approve_ads": same * totals[0],
        "review_ads": same * totals[1],
        "reject_ads": same * totals[2],
    }
    if costs is not None:
        dear = costs.missed / np.maximum(worth.violating_shown, 1e-12)
        wrong = each[1:] * costs.wrong.ravel()
        wronged = wrong @ ads - worlds.bad @ wrong.T
        appealed = (bad[:, 2] + bad[:, 1] * worlds.caught) * costs.right
        lost = _exposed(worlds, seen * dear.ravel()) + wronged[:, 1] + wronged[:, 0] * overruling
        told["cost"] = lost + appealed + hours * costs.hour
    return told


def _exposed(worlds: Worlds, seen: Floats) -> Floats:
    """Add up what violating ads show: approved ones, and reviewed ones until they are found."""
    shown = worlds.shown @ seen.T
    found: Floats = shown[:, 0] + shown[:, 1] * (1 - worlds.caught) + shown[:, 2] * worlds.caught
    return found


def worlds_of(worth: DecisionWorth, curves: ViolationCurves, *, count: int) -> Worlds:
    """Draw worlds that labels and exposures allow.

    Parameters
    ----------
    worth : DecisionWorth
        What ads show and take.
    curves : ViolationCurves
        Chances with doubt.
    count : int
        How many.

    Returns
    -------
    Worlds
        Which of the period's ads violate, what those would be shown, how many of them reviewers
        find.
    """
    rng = np.random.default_rng(_SEED)
    bad, shown = np.zeros((2, count, worth.ads.size))
    for place, chances in enumerate(curves.draws(count, rng=rng)):
        mine = _possible(worth, chances, rng)
        bad[place], shown[place] = (each.ravel() for each in mine)
    caught, passed = (
        rng.beta(*pair, size=count) if pair[1] > 0 else np.ones(count)
        for pair in (worth.catches, worth.passes)
    )
    return Worlds(bad, shown, caught, passed)


def drawn(
    strategies: Mapping[str, Floats], worth: DecisionWorth, worlds: Worlds, *, costs: Costs | None
) -> dict[str, Draws]:
    """Run strategies in the same worlds.

    Parameters
    ----------
    strategies : mapping of str to array of shape (3, cells, bins)
        Share of each bin that is approved, reviewed, rejected.
    worth : DecisionWorth
        What ads show and take.
    worlds : Worlds
        As `worlds_of` draws them.
    costs : Costs or None
        What mistakes cost.

    Returns
    -------
    dict of str to Draws
        The same world stands at the same place for all strategies.
    """
    return {
        name: Draws(figures=_figures(shares, worth, worlds, costs=costs))
        for name, shares in strategies.items()
    }


def expected_figures(
    shares: Floats, worth: DecisionWorth, chances: Floats, *, costs: Costs | None
) -> dict[str, float]:
    """Say what a strategy does where ads violate as often as is thought.

    Parameters
    ----------
    shares : array of shape (3, cells, bins)
        Share of each bin that is approved, reviewed, rejected.
    worth : DecisionWorth
        What ads show and take.
    chances : array of shape (cells, bins)
        Chance of violating.
    costs : Costs or None
        What mistakes cost.

    Returns
    -------
    dict of str to float
        Each of `FIGURES`.
    """
    expected = _figures(shares, worth, _expected(worth, chances), costs=costs)
    return {name: float(figure[0]) for name, figure in expected.items()}


def outcome_of(
    shares: Floats,
    worth: DecisionWorth,
    curves: ViolationCurves,
    *,
    draws: Draws,
    costs: Costs | None,
    level: float,
) -> Outcome:
    """Say what a strategy does, with intervals.

    Parameters
    ----------
    shares : array of shape (3, cells, bins)
        Share of each bin that is approved, reviewed, rejected.
    worth, curves, costs
        As for `drawn`.
    draws : Draws
        What `drawn` gave for it.
    level : float
        Coverage of the intervals, in (0, 1).

    Returns
    -------
    Outcome
        Figures over the period.
    """
    now = expected_figures(shares, worth, curves.mean, costs=costs)
    tails = ((1 - level) / 2, (1 + level) / 2)
    found: dict[str, Estimate] = {}
    for name, value in now.items():
        told = draws.figures[name]
        counted = name in {"review_hours", "approve_ads", "review_ads", "reject_ads"}
        known = bool(np.isfinite(value))
        low, high = np.quantile(told, tails) if known and not counted else (value, value)
        status = Status.COUNT if counted else Status.ESTIMATE
        found[name] = Estimate(
            value=value if known else None,
            low=float(min(low, value)) if known else None,
            high=float(max(high, value)) if known else None,
            level=level,
            status=status if known else Status.UNKNOWN,
            method="count" if counted else "posterior draws",
            n=int(curves.labels),
        )
    return Outcome(figures=found)
