"""What a strategy does: shown violations, precision, leakage, hours, with doubt from the labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    "World",
    "drawn",
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


@dataclass(frozen=True, slots=True)
class World:
    """What may be true of the period's ads.

    Parameters
    ----------
    bad : array of shape (cells, bins)
        Violating ads.
    shown : array of shape (cells, bins)
        Impressions that those would have if they were approved.
    caught, passed : float
        Chance that a reviewer finds a violating ad, and passes a compliant one.
    """

    bad: Floats
    shown: Floats
    caught: float
    passed: float


def _expected(worth: DecisionWorth, chances: Floats) -> World:
    bad = worth.ads * chances
    return World(bad, bad * worth.violating_shown, worth.caught, worth.passed)


def _possible(worth: DecisionWorth, chances: Floats, rng: np.random.Generator) -> World:
    """Draw which ads violate and how often those would be shown, few of them very often."""
    bad = rng.binomial(worth.ads.astype(np.int64), chances).astype(np.float64)
    each = worth.violating_shown * np.exp(worth.ratio_doubt * rng.standard_normal())
    if worth.doubt.size:
        sure = 1 / np.maximum(worth.doubt, 1e-9)
        each = each * (rng.standard_gamma(sure) / sure)[:, None]
    shown = rng.standard_gamma(bad / worth.spread) * worth.spread * each
    caught, passed = (
        float(rng.beta(*pair)) if pair[1] > 0 else 1.0 for pair in (worth.catches, worth.passes)
    )
    return World(bad, shown, caught, passed)


def _figures(
    shares: Floats, worth: DecisionWorth, world: World, *, costs: Costs | None
) -> dict[str, float]:
    """Add up what a strategy does in one world."""
    approve, review, reject = (float((share * worth.ads).sum()) for share in shares)
    bad_approve, bad_review, bad_reject = shares * world.bad
    hours = float(((shares[1] * worth.ads).sum(axis=1) @ worth.hours).sum())
    # a violating ad that a reviewer finds has been shown for a while
    part = worth.queued_shown[:, None] / np.maximum(worth.violating_shown, 1e-12)
    slips = 1 - world.caught + world.caught * np.minimum(part, 1.0)
    exposed = (shares[0] + shares[1] * slips) * world.shown
    wrong = shares[2] * (worth.ads - world.bad)
    overruled = shares[1] * (worth.ads - world.bad) * (1 - world.passed)
    told = {
        "violating_impressions": float(exposed.sum()),
        "missed_ads": float(bad_approve.sum() + bad_review.sum() * (1 - world.caught)),
        "wrong_rejects": float((wrong + overruled).sum()),
        "reject_precision": float(bad_reject.sum()) / reject if reject else np.nan,
        "leakage": float(bad_approve.sum()) / approve if approve else np.nan,
        "review_hours": hours,
        "approve_ads": approve,
        "review_ads": review,
        "reject_ads": reject,
    }
    if costs is not None:
        dear = costs.missed / np.maximum(worth.violating_shown, 1e-12)
        lost = float((exposed * dear + (wrong + overruled) * costs.wrong).sum())
        told["cost"] = lost + hours * costs.hour
    return told


def worlds_of(worth: DecisionWorth, curves: ViolationCurves, *, count: int) -> tuple[World, ...]:
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
    tuple of World
        Which of the period's ads violate, what those would be shown, how many of them reviewers
        find.
    """
    rng = np.random.default_rng(_SEED)
    return tuple(_possible(worth, chances, rng) for chances in curves.draws(count, rng=rng))


def drawn(
    strategies: Mapping[str, Floats],
    worth: DecisionWorth,
    worlds: Sequence[World],
    *,
    costs: Costs | None,
) -> dict[str, Draws]:
    """Run strategies in the same worlds.

    Parameters
    ----------
    strategies : mapping of str to array of shape (3, cells, bins)
        Share of each bin that is approved, reviewed, rejected.
    worth : DecisionWorth
        What ads show and take.
    worlds : sequence of World
        As `worlds_of` draws them.
    costs : Costs or None
        What mistakes cost.

    Returns
    -------
    dict of str to Draws
        The same world stands at the same place for all strategies.
    """
    found: dict[str, Draws] = {}
    for name, shares in strategies.items():
        rows = [_figures(shares, worth, world, costs=costs) for world in worlds]
        found[name] = Draws(figures={key: np.array([row[key] for row in rows]) for key in rows[0]})
    return found


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
    now = _figures(shares, worth, _expected(worth, curves.mean), costs=costs)
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
