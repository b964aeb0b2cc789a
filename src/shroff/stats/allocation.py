"""The cheapest labels that answer several questions at once: how many from each stratum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from shroff.errors import DesignError
from shroff.stats.proportions import Floats

__all__ = ["Allocation", "Limits", "allocate", "allocate_within", "poisson_limits"]

Whole: TypeAlias = NDArray[np.int64]

_ROUNDS = 4000
_CLOSE = 1e-5
_SLACK = 1 + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the labels must achieve: ``sum_h unit[k, h] / labels[h] <= top[k]`` for each goal.

    Parameters
    ----------
    unit : array of shape (K, S)
        What a stratum adds to the variance of a goal when it has one label; not negative.
    top : array of shape (K,)
        Variance that each goal may have, in the same unit; positive.
    """

    unit: Floats
    top: Floats

    def used(self, labels: Floats) -> Floats:
        """Say which part of its limit each goal uses, shape (K,); above 1 it is missed."""
        each = np.divide(self.unit, labels, out=np.full(self.unit.shape, np.inf), where=labels > 0)
        each = np.where(self.unit > 0, each, 0.0)
        used: Floats = each.sum(axis=1) / self.top
        return used


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """How many labels each stratum gets.

    Parameters
    ----------
    labels : array of int, shape (S,)
        Labels, between the least and the most that were allowed.
    used : array of shape (K,)
        Part of its limit that each goal uses.
    cost : float
        Cost of all labels.
    scale : float
        What the limits were multiplied by to stay in the budget; 1 when all are kept.
    """

    labels: Whole
    used: Floats
    cost: float
    scale: float = 1.0

    @property
    def total(self) -> int:
        """Count the labels."""
        return int(self.labels.sum())


def poisson_limits(moments: Floats, population: Floats, *, variance: Floats) -> Limits:
    """Say what labels must achieve when each ad is drawn on its own.

    Parameters
    ----------
    moments : array of shape (K, S)
        Mean square, over the ads of a stratum, of what one ad adds to a goal's estimate: the
        linearised residual ``(a - R b) / B`` of a ratio.
    population : array of shape (S,)
        Ads of each stratum.
    variance : array of shape (K,)
        Variance that each goal may have.

    Returns
    -------
    Limits
        Unit and limit of each goal.

    Notes
    -----
    With n labels expected of N ads each is drawn with n / N, and the Horvitz-Thompson variance is
    ``N M (N / n - 1)`` (Sarndal, Swensson and Wretman 1992, ch. 3): zero when all are labelled,
    so that a variance above zero can always be reached.
    """
    whole = moments * population
    return Limits(unit=whole * population, top=variance + whole.sum(axis=1))


def allocate(limits: Limits, *, cost: Floats, least: Floats, most: Floats) -> Allocation:
    """Find the cheapest labels that meet every goal.

    Parameters
    ----------
    limits : Limits
        The goals.
    cost : array of shape (S,)
        Cost of one label of each stratum; positive.
    least, most : array of shape (S,)
        Labels that a stratum gets at least and at most, whole numbers.

    Returns
    -------
    Allocation
        Whole labels that meet every goal; none can be left out without missing one.

    Raises
    ------
    DesignError
        If a goal is missed even with all labels there are, or a number is out of range.

    Notes
    -----
    The cost is linear and each variance is convex in the labels, so there is one optimum:
    ``labels = sqrt(sum_k price[k] unit[k] / cost)``, Neyman's allocation for a mix of the goals,
    cut at the bounds. The prices of the goals are found by Chromy's iteration, as Bethel proposed;
    prices of goals that are met anyway fall to zero. Fractions are rounded up, then single labels
    are taken away, dearest first, as long as every goal is still met.

    References
    ----------
    Bethel, Survey Methodology 15 (1989); Chromy, Proceedings of the ASA Survey Research Methods
    Section (1987).

    Examples
    --------
    >>> unit = np.array([[9000.0**2 * 0.01, 1000.0**2 * 0.24]]) / 10_000.0**2
    >>> bounds = {"least": np.array([30.0, 30.0]), "most": np.array([9000.0, 1000.0])}
    >>> found = allocate(Limits(unit=unit, top=np.array([2.5e-5])), cost=np.ones(2), **bounds)
    >>> found.labels.tolist()
    [500, 273]
    """
    _require(limits, cost=cost, least=least, most=most)
    floats = _continuous(limits, cost=cost, least=least, most=most)
    labels = np.minimum(np.ceil(floats - 1e-6), most)
    labels = _trimmed(labels, limits, cost=cost, least=least)
    return Allocation(
        labels=labels.astype(np.int64),
        used=limits.used(labels),
        cost=float(labels @ cost),
    )


def allocate_within(
    budget: float, limits: Limits, *, fixed: Floats, cost: Floats, least: Floats, most: Floats
) -> Allocation:
    """Find the labels that come nearest to every goal within a budget.

    Parameters
    ----------
    budget : float
        What labels may cost in all.
    limits : Limits
        The goals.
    fixed : array of shape (K,)
        Part of each limit that is no allowance (`poisson_limits` adds it); the rest is relaxed.
    cost, least, most
        As for `allocate`.

    Returns
    -------
    Allocation
        The labels; ``scale`` says what every allowed variance had to be multiplied by.

    Raises
    ------
    DesignError
        If the budget does not pay for the least labels.
    """
    found = allocate(limits, cost=cost, least=least, most=most)
    if found.cost <= budget:
        return found
    if float(least @ cost) > budget:
        raise DesignError(
            f"the budget of {budget:g} does not pay for the least labels of each stratum,"
            f" {float(least @ cost):g}",
            hint="raise the budget, lower --floor, or name fewer slices",
        )
    low, high = 0.0, 60.0  # the logarithm of the scale
    for _ in range(40):
        middle = (low + high) / 2
        eased = _eased(limits, fixed, scale=middle)
        tried = allocate(eased, cost=cost, least=least, most=most)
        low, high = (low, middle) if tried.cost <= budget else (middle, high)
    found = allocate(_eased(limits, fixed, scale=high), cost=cost, least=least, most=most)
    return Allocation(
        labels=found.labels,
        used=limits.used(found.labels.astype(np.float64)),
        cost=found.cost,
        scale=float(np.exp(high)),
    )


def _eased(limits: Limits, fixed: Floats, *, scale: float) -> Limits:
    return Limits(unit=limits.unit, top=fixed + (limits.top - fixed) * float(np.exp(scale)))


def _continuous(limits: Limits, *, cost: Floats, least: Floats, most: Floats) -> Floats:
    """Solve without rounding, by Chromy's iteration on the prices of the goals."""
    scaled = limits.unit / limits.top[:, None]

    def labels_at(prices: Floats) -> Floats:
        wanted: Floats = np.sqrt(prices @ scaled / cost)
        return np.clip(wanted, np.maximum(least, 1e-9), most)

    used = limits.used(np.maximum(least, 1e-9))
    if np.all(used <= _SLACK):
        return least
    prices = np.maximum(used, _CLOSE) * float(cost.mean())
    labels = labels_at(prices)
    for _ in range(_ROUNDS):
        used = limits.used(labels)
        # what the Lagrangian is below the cost bounds what a better answer could save
        spare = float(prices @ np.where(np.isfinite(used), 1 - used, -np.inf))
        if np.all(used <= 1 + _CLOSE) and spare <= 1e-5 * float(labels @ cost):
            break
        step = np.where(np.isfinite(used), used, 4.0)
        prices *= np.clip(step, 0.25, 4.0) ** 1.5
        labels = labels_at(prices)
    return _enough(labels, limits, least=least, most=most)


def _enough(labels: Floats, limits: Limits, *, least: Floats, most: Floats) -> Floats:
    """Add what the iteration was short of, in proportion."""
    low, high = 1.0, 1.0
    while np.any(limits.used(np.clip(labels * high, least, most)) > _SLACK) and high < 1e12:
        low, high = high, high * 1.1
    for _ in range(30 * (high > 1)):
        middle = (low + high) / 2
        short = np.any(limits.used(np.clip(labels * middle, least, most)) > _SLACK)
        low, high = (middle, high) if short else (low, middle)
    return np.clip(labels * high, least, most)


def _trimmed(labels: Floats, limits: Limits, *, cost: Floats, least: Floats) -> Floats:
    """Take single labels away, dearest first, as long as every goal is met."""
    labels = labels.copy()
    for stratum in np.argsort(-cost, kind="stable"):
        while labels[stratum] - 1 >= max(least[stratum], 0.0):
            labels[stratum] -= 1
            if np.any(limits.used(labels) > _SLACK):
                labels[stratum] += 1
                break
    return labels


def _require(limits: Limits, *, cost: Floats, least: Floats, most: Floats) -> None:
    if limits.unit.shape != (len(limits.top), len(most)) or len(most) == 0:
        raise DesignError("no ads to draw from", hint="choose a period with decisions")
    if not (np.all(cost > 0) and np.all(np.isfinite(cost))):
        raise DesignError("a label that costs nothing", hint="give each label a cost above 0")
    if not (np.all(least >= 0) and np.all(least <= most) and np.all(np.isfinite(limits.unit))):
        raise DesignError("a stratum has fewer ads than it must give", hint="lower --floor")
    if not np.all(limits.top > 0):
        raise DesignError("a goal of no doubt at all", hint="ask for a width above 0")
    missed = limits.used(np.maximum(most, 1e-9)) > _SLACK
    if np.any(missed):
        raise DesignError(
            f"goal {int(np.argmax(missed)) + 1} is missed even with every label there is",
            hint="ask for a wider interval, a longer period or fewer slices",
        )
