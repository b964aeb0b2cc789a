"""Where a metric will be on the day its goal is due, if things go on as they have lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.special import ndtr, ndtri

from shroff.domain.slices import Period
from shroff.measure.brief import Goal
from shroff.stats.estimate import Estimate
from shroff.store.sql import ident, literal

__all__ = ["Outlook", "inside_sql", "outlook_of", "told_of"]

_LATELY = timedelta(days=28)
_LEAST_LABELS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Where a metric will be.

    Parameters
    ----------
    due : date
        The day.
    value, low, high : float
        The share from the goal's start to that day, with a 95% interval.
    chance : float
        Chance that the goal is met then.
    lately : float
        The share of the last four weeks, which is taken to go on.
    """

    due: date
    value: float
    low: float
    high: float
    chance: float
    lately: float

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "due": str(self.due),
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "chance": self.chance,
            "lately": self.lately,
        }


def outlook_of(
    goal: Goal, looks: Sequence[tuple[date, Estimate]], period: Period
) -> Outlook | None:
    """Say where a metric will be on the day its goal is due.

    Parameters
    ----------
    goal : Goal
        The goal.
    looks : sequence of (date, Estimate)
        The share from the start to each day.
    period : Period
        Days judged so far.

    Returns
    -------
    Outlook or None
        None where the goal has no day ahead, or too few labels are known.

    Notes
    -----
    What was so far and what was lately (the last four weeks, or all of it) are mixed by days. The
    doubt of what was lately counts twice: once as it is not known well, once as it may change by
    as much again.
    """
    known = [(day, e) for day, e in looks if e.value is not None and e.n_effective]
    if goal.due is None or not known or goal.due <= known[-1][0]:
        return None
    last, now = known[-1]
    earlier = [pair for pair in known if pair[0] <= last - _LATELY]
    lately, labels = _between(earlier[-1][1] if earlier else None, now)
    if labels < _LEAST_LABELS:
        return None
    past, ahead = period.days, (goal.due - last).days
    whole = past + ahead
    value = (past * (now.value or 0.0) + ahead * lately) / whole
    doubt = _variance(now.value or 0.0, now.n_effective or 1.0)
    later = 2 * _variance(lately, labels)
    sd = float(np.sqrt(past**2 * doubt + ahead**2 * later)) / whole
    reach = float(ndtri(0.975)) * sd
    bar = goal.at_most if goal.at_most is not None else goal.at_least
    below = float(ndtr(((bar or 0.0) - value) / sd)) if sd > 0 else float(value <= (bar or 0.0))
    return Outlook(
        due=goal.due,
        value=value,
        low=max(value - reach, 0.0),
        high=value + reach,
        chance=below if goal.at_most is not None else 1 - below,
        lately=lately,
    )


def _between(before: Estimate | None, now: Estimate) -> tuple[float, float]:
    """Give the share of what came after a look, and the labels it rests on."""
    value, labels = now.value or 0.0, now.n_effective or 0.0
    if before is None or before.value is None or not before.n_effective:
        return value, labels
    more = labels - before.n_effective
    if more < _LEAST_LABELS:
        return value, labels
    share = (value * labels - before.value * before.n_effective) / more
    return float(np.clip(share, 0.0, 1.0)), more


def _variance(share: float, labels: float) -> float:
    """Give the variance of a share, with half a label of each kind more."""
    smooth = (share * labels + 0.5) / (labels + 1)
    return smooth * (1 - smooth) / labels


def inside_sql(goal: Goal) -> str:
    """Write which labels a goal speaks of."""
    tests = [f"CAST({ident(name)} AS VARCHAR) = {literal(value)}" for name, value in goal.where]
    return " AND ".join(tests) or "TRUE"


def told_of(estimate: Estimate) -> dict[str, object]:
    """Give a figure as a JSON-ready record."""
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "level": estimate.level,
        "status": estimate.status.value,
        "n": estimate.n,
        "n_effective": estimate.n_effective,
    }
