"""What a strategy does: shown violations, precision, leakage, hours, with doubt from the labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shroff.advise.decision_worth import DecisionWorth
from shroff.advise.violation_curves import ViolationCurves
from shroff.stats.estimate import Estimate, Status

__all__ = ["FIGURES", "Costs", "Draws", "Outcome", "drawn", "outcome_of", "shares_of_lines"]

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
        Cost of a compliant ad that is rejected.
    hour : float
        Cost of an hour of review.
    currency : str
        Its unit.
    """

    missed: Floats
    wrong: Floats
    hour: float
    currency: str


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


def _figures(
    shares: Floats,
    worth: DecisionWorth,
    chances: Floats,
    *,
    caught: float,
    passed: float,
    costs: Costs | None,
) -> dict[str, float]:
    """Add up what a strategy does at given chances."""
    approve, review, reject = shares * worth.ads
    bad_approve, bad_review = approve * chances, review * chances
    queued = worth.queued_shown[:, None]
    hours = float((review.sum(axis=1) @ worth.hours).sum())
    # a violating ad that a reviewer finds has been shown for a while
    part = np.minimum(queued / np.maximum(worth.violating_shown, 1e-12), 1.0)
    missed = bad_approve + bad_review * (1 - caught)
    exposed = missed + bad_review * caught * part
    wrong = reject * (1 - chances)
    overruled = (review - bad_review) * (1 - passed)
    rejected, approved = float(reject.sum()), float(approve.sum())
    told = {
        "violating_impressions": float((exposed * worth.violating_shown).sum()),
        "missed_ads": float(missed.sum()),
        "wrong_rejects": float((wrong + overruled).sum()),
        "reject_precision": 1 - float(wrong.sum()) / rejected if rejected else np.nan,
        "leakage": float(bad_approve.sum()) / approved if approved else np.nan,
        "review_hours": hours,
        "approve_ads": approved,
        "review_ads": float(review.sum()),
        "reject_ads": rejected,
    }
    if costs is not None:
        told["cost"] = (
            float((exposed * costs.missed + (wrong + overruled) * costs.wrong).sum())
            + hours * costs.hour
        )
    return told


def drawn(
    strategies: Mapping[str, Floats],
    worth: DecisionWorth,
    curves: ViolationCurves,
    *,
    costs: Costs | None,
    count: int = 200,
) -> dict[str, Draws]:
    """Run strategies under the same curves, each drawn from what the labels allow.

    Parameters
    ----------
    strategies : mapping of str to array of shape (3, cells, bins)
        Share of each bin that is approved, reviewed, rejected.
    worth : DecisionWorth
        What ads show and take.
    curves : ViolationCurves
        Chances with doubt.
    costs : Costs or None
        What mistakes cost.
    count : int
        Draws.

    Returns
    -------
    dict of str to Draws
        The same draw stands at the same place for all strategies.
    """
    rng = np.random.default_rng(_SEED)
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in strategies}
    for chances in curves.draws(count, rng=rng):
        caught, passed = (
            float(rng.beta(*pair)) if pair[1] > 0 else 1.0
            for pair in (worth.catches, worth.passes)
        )
        for name, shares in strategies.items():
            rows[name].append(
                _figures(shares, worth, chances, caught=caught, passed=passed, costs=costs)
            )
    return {
        name: Draws(figures={key: np.array([row[key] for row in told]) for key in told[0]})
        for name, told in rows.items()
    }


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
    now = _figures(
        shares, worth, curves.mean, caught=worth.caught, passed=worth.passed, costs=costs
    )
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
