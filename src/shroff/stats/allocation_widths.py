"""Labels for intervals of a wanted width: what a sample will tell, before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.allocation import Allocation, Limits, allocate, allocate_within, poisson_limits
from shroff.stats.linearise import Flags, Ints, add_up
from shroff.stats.proportions import Floats, require_level
from shroff.stats.sampling import Cells, Ratio, Strata, kind_codes, ratios_many

__all__ = ["Beliefs", "Plan", "Range", "expected_widths", "plan_widths", "width_ranges"]

_TUNINGS = 24
_NEAR = 2e-3
_LEAST_SHARE = 1e-12
_GUESS = 2.0
"""Labels that a guess is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """What is believed of the ads before they are labelled.

    Parameters
    ----------
    population : array of shape (S,)
        Ads of each stratum.
    shares : array of shape (S, C)
        Share of each outcome expected in it.
    doubt : array of shape (S,)
        Labels that these shares rest on, in effect; 0 for a mere guess.
    frame : array of int, shape (S,)
        Stratum of the estimator that its labels will be in, 0..F-1.
    sampled : array of bool, shape (S,)
        False where everything is labelled already, so that nothing is left to chance.
    inside : array of bool, shape (K, S)
        Which strata each goal speaks of.
    metrics : tuple of Ratio
        The share that each goal speaks of.
    known : array of int, shape (C,)
        What is known of an outcome beforehand, as in `Cells`.
    """

    population: Floats
    shares: Floats
    doubt: Floats
    frame: Ints
    sampled: Flags
    inside: Flags
    metrics: tuple[Ratio, ...]
    known: Ints

    def moments(self) -> Floats:
        """Give the mean square residual of each goal in each stratum, shape (K, S)."""
        whole = self.population[:, None] * self.shares
        found = np.zeros(self.inside.shape)
        for k, metric in enumerate(self.metrics):
            part = whole * self.inside[k][:, None]
            above, below = part[:, metric.numerator].sum(), part[:, metric.denominator].sum()
            if below <= 0:
                raise DesignError(
                    "a goal speaks of ads that are not expected at all",
                    hint="choose another slice, or a longer period",
                )
            residual = metric.numerator - above / below * metric.denominator
            found[k] = self.inside[k] * (self.shares @ residual**2) / below**2
        found[:, ~self.sampled] = 0.0
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Labels by stratum, and the intervals to expect of them.

    Parameters
    ----------
    allocation : Allocation
        The labels.
    widths : array of shape (K,)
        Width of each goal's interval to expect.
    """

    allocation: Allocation
    widths: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What may come of a plan, as far as the beliefs behind it are in doubt.

    Parameters
    ----------
    low, high : array of shape (K,)
        Tenth and ninetieth percentile of each goal's expected width.
    labels_low, labels_high : int
        The same of the labels that the goals would take.
    """

    low: Floats
    high: Floats
    labels_low: int
    labels_high: int


def expected_widths(beliefs: Beliefs, labels: Floats, *, level: float) -> Floats:
    """Say how wide each goal's interval will be.

    Parameters
    ----------
    beliefs : Beliefs
        What is expected.
    labels : array of shape (S,)
        Labels of each stratum.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    array of shape (K,)
        Widths: those that `ratios_many` gives for the sample that is expected; 1 where it gives
        none.
    """
    cells = _expected_cells(beliefs, labels)
    groups, size = len(beliefs.metrics), int(beliefs.frame.max()) + 1
    taken = np.bincount(beliefs.frame, weights=beliefs.sampled, minlength=size) > 0
    kinds = [DesignKind.POISSON if some else DesignKind.CENSUS for some in taken]
    strata = Strata(
        kind=kind_codes(kinds),
        population=np.full(size, np.nan),
        labels=add_up(beliefs.frame, labels, size=size),
    )
    found = ratios_many(cells, strata, metrics=beliefs.metrics, groups=groups, level=level)
    widths = np.array([each.high[k] - each.low[k] for k, each in enumerate(found)])
    return np.where(np.isfinite(widths), widths, 1.0)


def _expected_cells(beliefs: Beliefs, labels: Floats) -> Cells:
    expected = labels[:, None] * beliefs.shares
    present = beliefs.inside[:, :, None] & (expected > _LEAST_SHARE)[None]
    group, stratum, cell = np.nonzero(present)
    n = expected[stratum, cell]
    weight = (beliefs.population / np.maximum(labels, _LEAST_SHARE))[stratum]
    return Cells(
        group=group,
        stratum=beliefs.frame[stratum],
        cell=cell,
        n=n,
        w=n * weight,
        w2=n * weight**2,
        known=beliefs.known,
    )


def plan_widths(
    beliefs: Beliefs,
    widths: Floats,
    *,
    cost: Floats,
    least: Floats,
    budget: float | None = None,
    level: float = 0.95,
    beside: Limits | None = None,
) -> Plan:
    """Find the cheapest labels that make each goal's interval as narrow as wanted.

    Parameters
    ----------
    beliefs : Beliefs
        What is expected.
    widths : array of shape (K,)
        Width of the whole interval that each goal wants, in (0, 1).
    cost : array of shape (S,)
        Cost of a label.
    least : array of shape (S,)
        Labels that each stratum has or gets at least.
    budget : float, optional
        Most that all labels may cost, those that are there already included; then the widths are
        relaxed until they fit.
    level : float
        Coverage of the intervals, in (0, 1).
    beside : Limits, optional
        What the labels must achieve beside the widths; a budget does not relax it.

    Returns
    -------
    Plan
        The labels, and the widths to expect: at most those wanted, unless there is a budget.

    Raises
    ------
    DesignError
        If no number of labels gives a width, or the budget does not pay for the least labels.

    Notes
    -----
    Variances are allocated (see `shroff.stats.allocation.allocate`), and then what each goal may
    have of variance is tuned until the interval that will really be computed, asymmetric and
    careful with few labels as it is, has the width wanted.
    """
    require_level(level)
    if not np.all((widths > 0) & (widths < 1)):
        raise DesignError("a width outside 0 to 1", hint="0.02 means 2 points from low to high")
    tuning = _Tuning(beliefs, widths, cost=cost, least=least, level=level, beside=beside)
    found, variance = None, _variance(widths, level=level)
    for turn in range(_TUNINGS):
        tried = tuning.solve(variance, budget=budget)
        if tuning.kept(tried) and (found is None or _cost(tried) < _cost(found)):
            found = tried
        if tried.allocation.scale > 1:
            return tried
        tuned, done = tuning.tuned(tried, variance)
        if done or (found is not None and turn >= _TUNINGS // 2):
            break
        # two goals may be met by turns for ever: from now on, nothing is relaxed
        variance = tuned if turn < _TUNINGS // 2 else np.minimum(tuned, variance)
    if found is None:
        raise DesignError(
            "no number of labels gives the width wanted",
            hint="ask for a wider interval, a longer period or fewer slices",
        )
    return found


def _cost(plan: Plan) -> float:
    return plan.allocation.cost


def _variance(widths: Floats, *, level: float) -> Floats:
    found: Floats = (widths / (2 * float(ndtri(0.5 + level / 2)))) ** 2
    return found


class _Tuning:
    """Finds which variances give the widths wanted."""

    def __init__(
        self,
        beliefs: Beliefs,
        widths: Floats,
        *,
        cost: Floats,
        least: Floats,
        level: float,
        beside: Limits | None,
    ) -> None:
        self.beliefs, self.widths, self.level, self.beside = beliefs, widths, level, beside
        self.moments = beliefs.moments()
        most = np.where(beliefs.sampled, beliefs.population, least)
        self.bounds = {"cost": cost, "least": least, "most": most}

    def solve(self, variance: Floats, *, budget: float | None) -> Plan:
        """Allocate the labels for some variances."""
        limits = poisson_limits(self.moments, self.beliefs.population, variance=variance)
        fixed = (self.moments * self.beliefs.population).sum(axis=1)
        if self.beside is not None:
            limits = Limits(
                unit=np.vstack([limits.unit, self.beside.unit]),
                top=np.concatenate([limits.top, self.beside.top]),
            )
            fixed = np.concatenate([fixed, self.beside.top])
        if budget is None:
            found = allocate(limits, **self.bounds)
        else:
            found = allocate_within(budget, limits, fixed=fixed, **self.bounds)
        labels = found.labels.astype(np.float64)
        return Plan(
            allocation=found, widths=expected_widths(self.beliefs, labels, level=self.level)
        )

    def kept(self, plan: Plan) -> bool:
        """Say whether a plan gives every width."""
        return bool(np.all(plan.widths <= self.widths))

    def tuned(self, plan: Plan, variance: Floats) -> tuple[Floats, bool]:
        """Give better variances, and whether these are good enough."""
        # what is labelled in full has no width left to tune
        short = np.maximum(plan.widths / self.widths, 0.5)
        used = plan.allocation.used[: len(short)]
        binding = (used * 1.02 > 1) & (plan.widths > 0)
        done = self.kept(plan) and bool(np.all(np.abs(short[binding] - 1) < _NEAR))
        tune = np.where(binding | (short > 1), (1 - _NEAR / 2) / short, 1.0) ** 2
        # a limit that is not used up must come down to what is used before it tells
        tune *= np.where(short > 1, np.minimum(used, 1.0), 1.0)
        return variance * np.clip(tune, 0.25, 4.0), done


def width_ranges(
    beliefs: Beliefs,
    plan: Plan,
    *,
    cost: Floats,
    least: Floats,
    level: float,
    rng: np.random.Generator,
    draws: int = 30,
) -> Range:
    """Say what may come of a plan if the pilot's shares are off.

    Parameters
    ----------
    beliefs : Beliefs
        What was expected, and how many labels it rests on.
    plan : Plan
        What was planned.
    cost, least
        As for `plan_widths`.
    level : float
        Coverage of the intervals.
    rng : Generator
        Source of chance.
    draws : int
        Sets of shares to try.

    Returns
    -------
    Range
        The middle four fifths of what came of them.

    Notes
    -----
    The shares of a stratum are drawn from a Dirichlet distribution around those believed, as firm
    as the labels behind them; a guess counts as two labels, and half a label of each outcome.
    """
    labels = plan.allocation.labels.astype(np.float64)
    # what is labelled in full leaves no width; what it would take is everything
    variance = np.maximum(_variance(plan.widths, level=level), _LEAST_SHARE)
    most = np.where(beliefs.sampled, beliefs.population, least)
    tuned, base = [], _labels_for(beliefs, variance, cost=cost, least=least, most=most)
    widths: list[Floats] = []
    for _ in range(draws):
        other = replace(beliefs, shares=_other_shares(beliefs, rng))
        widths.append(expected_widths(other, labels, level=level))
        tuned.append(_labels_for(other, variance, cost=cost, least=least, most=most))
    low, high = np.quantile(np.array(widths), [0.1, 0.9], axis=0)
    few, many = np.quantile(np.array(tuned) / max(base, 1.0), [0.1, 0.9])
    total = plan.allocation.total
    return Range(
        low=np.minimum(low, plan.widths),
        high=np.maximum(high, plan.widths),
        labels_low=int(min(few, 1.0) * total),
        labels_high=int(np.ceil(max(many, 1.0) * total)),
    )


def _labels_for(
    beliefs: Beliefs, variance: Floats, *, cost: Floats, least: Floats, most: Floats
) -> float:
    limits = poisson_limits(beliefs.moments(), beliefs.population, variance=variance)
    return float(allocate(limits, cost=cost, least=least, most=most).total)


def _other_shares(beliefs: Beliefs, rng: np.random.Generator) -> Floats:
    firm = np.maximum(beliefs.doubt, _GUESS)[:, None] * beliefs.shares
    # a mere guess may be off by far, upwards too
    firm += 0.5 * ((beliefs.doubt <= _GUESS)[:, None] & (beliefs.shares > 0))
    drawn = rng.standard_gamma(firm)
    total = drawn.sum(axis=1, keepdims=True)
    fine = (total > 0) & beliefs.sampled[:, None]
    return np.where(fine, drawn / np.where(total > 0, total, 1.0), beliefs.shares)
