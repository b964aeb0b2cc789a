"""How a ratio's change splits over slices: what their rates did, and what the mix did; exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from shroff.errors import DesignError
from shroff.stats.dense import Flags, Ints
from shroff.stats.proportions import Floats

__all__ = ["Observed", "Parts", "decompose", "within_groups"]

_FEW = np.array([1.0, 0.0, 1.0])
"""What half an event more adds to the doubt of rate, mix and their sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a ratio's two periods are made of: rows of ads alike, or one row a label.

    Parameters
    ----------
    later : array of bool, shape (rows,)
        Whether a row is of the later period.
    above : array of bool, shape (rows,)
        Whether it counts above the line; each row counts below it.
    weight : array of shape (rows,)
        What one ad or label of the row counts for, at least 0.
    count : array of shape (rows,)
        Ads or labels of the row.
    unit : array of int, shape (rows,), or None
        What was drawn together, from 0; None where each row stands alone.
    stratum : array of int, shape (rows,), or None
        Stratum each label was drawn from; None where ads are counted in full: what they do is
        then taken as one outcome of chance, ad by ad.
    certain : array of bool, shape (strata,), or None
        Strata of which all was labelled.
    """

    later: Flags
    above: Flags
    weight: Floats
    count: Floats
    unit: Ints | None = None
    stratum: Ints | None = None
    certain: Flags | None = None

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.later)

    @property
    def total(self) -> Floats:
        """Say what each row counts for."""
        return self.weight * self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What each group adds to the change of a ratio; arrays of shape (groups,).

    Parameters
    ----------
    before, after : array
        Ratio of each group in the two periods; NaN where nothing is below its line.
    share_before, share_after : array
        Its share of all that is below the line.
    n_before, n_after : array
        Its ads or labels.
    rate, mix : array
        What its own ratio, and its share, add to the change; they sum to the change over groups.
    rate_error, mix_error, error : array
        Standard errors of ``rate``, ``mix`` and their sum.
    overall : (float, float)
        The ratio of everything, before and after.
    overall_error : float
        Standard error of its change.
    within : (float, float)
        Sum of ``rate`` over groups, and its standard error.
    freedom : array
        Degrees of freedom of each group's standard errors.
    """

    before: Floats
    after: Floats
    share_before: Floats
    share_after: Floats
    n_before: Floats
    n_after: Floats
    rate: Floats
    mix: Floats
    rate_error: Floats
    mix_error: Floats
    error: Floats
    overall: tuple[float, float]
    overall_error: float
    within: tuple[float, float]
    freedom: Floats

    def ends(self, values: Floats, errors: Floats, *, level: float) -> tuple[Floats, Floats]:
        """Give the ends of intervals of groups' contributions.

        Parameters
        ----------
        values, errors : array of shape (groups,)
            Contributions, and their standard errors.
        level : float
            Coverage wanted, in (0, 1).

        Returns
        -------
        (array, array)
            Lower and upper ends.
        """
        reach = -stdtrit(self.freedom, (1 - level) / 2) * errors
        return values - reach, values + reach

    @property
    def total(self) -> Floats:
        """Give what each group adds to the change."""
        return self.rate + self.mix

    @property
    def change(self) -> float:
        """Give the change of the ratio."""
        return self.overall[1] - self.overall[0]


def decompose(observed: Observed, group: Ints, *, groups: int) -> Parts:
    """Split the change of a ratio over groups.

    Parameters
    ----------
    observed : Observed
        What the two periods are made of.
    group : array of int, shape (rows,)
        Group of each row, from 0.
    groups : int
        Number of groups.

    Returns
    -------
    Parts
        Contributions that sum to the change, with standard errors.

    Raises
    ------
    DesignError
        If nothing is below the line in one of the periods.

    Notes
    -----
    With shares w and ratios r of groups, R of everything, and means over both periods marked by a
    bar, ``R1 - R0 = sum_g [ w_bar (r1 - r0) + (r_bar - R_bar) (w1 - w0) ]``: the first term is the
    rate's, the second the mix's, and there is no third. A group that is in one period only has no
    rate to change: all it adds is mix. Standard errors are of the linearised terms, between the
    labels of a stratum, or what was drawn together; of ads counted in full, each ad is a draw.
    """
    sums = _sums(observed, group, groups)
    below = sums.below.sum(axis=1)
    if not (below > 0).all():
        when = "the earlier" if not below[0] > 0 else "the later"
        raise DesignError(
            f"nothing is below the line in {when} period",
            hint="choose a longer period, or another to hold against it",
        )
    terms = _Terms(sums)
    error = _Errors(observed)
    found = [[error.of(each) for each in kinds] for kinds in terms.influences(observed, group)]
    few, freedom = _few(observed, group, terms)
    errors = np.sqrt(np.array(found).reshape(groups, 3) ** 2 + few[:, None] * _FEW)
    change, within = terms.whole(observed, group)
    return Parts(
        before=terms.seen[0],
        after=terms.seen[1],
        share_before=terms.share[0],
        share_after=terms.share[1],
        n_before=sums.count[0],
        n_after=sums.count[1],
        rate=terms.rate,
        mix=terms.mix,
        rate_error=errors[:, 0],
        mix_error=errors[:, 1],
        error=errors[:, 2],
        overall=(float(terms.overall[0]), float(terms.overall[1])),
        overall_error=error.of(change),
        within=(float(terms.rate.sum()), error.of(within)),
        freedom=freedom,
    )


def within_groups(observed: Observed, group: Ints, *, groups: int) -> tuple[float, float]:
    """Say what the rates of groups add up to, however many groups there are.

    Parameters
    ----------
    observed, group, groups
        As for `decompose`.

    Returns
    -------
    (float, float)
        Sum of the rate terms, and its standard error.
    """
    terms = _Terms(_sums(observed, group, groups))
    _, within = terms.whole(observed, group)
    return float(terms.rate.sum()), _Errors(observed).of(within)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums by period and group, shape (2, groups)."""

    above: Floats
    below: Floats
    count: Floats


def _sums(observed: Observed, group: Ints, groups: int) -> _Sums:
    at = observed.later * groups + group
    total = observed.total

    def summed(values: Floats) -> Floats:
        found: Floats = np.bincount(at, values, minlength=2 * groups).astype(np.float64)
        return found.reshape(2, groups)

    return _Sums(summed(total * observed.above), summed(total), summed(observed.count))


def _few(observed: Observed, group: Ints, terms: _Terms) -> tuple[Floats, Floats]:
    """Give the variance of half an event more, and degrees of freedom: few events tell little."""
    groups = terms.below.shape[1]
    sure = np.zeros(len(observed), bool)
    if observed.certain is not None and observed.stratum is not None:
        sure = observed.certain[observed.stratum]
    at = observed.later * groups + group
    left = np.where(sure, 0.0, observed.count)
    square, plain = (
        np.bincount(at, left * observed.weight**power, minlength=2 * groups).reshape(2, groups)
        for power in (2, 1)
    )
    typical = np.divide(square, plain, out=np.zeros(square.shape), where=plain > 0)
    unit = np.divide(typical, terms.below, out=np.zeros(square.shape), where=terms.below > 0)
    variance = 0.5 * (terms.both * terms.mean_share * unit) ** 2
    events = [np.bincount(group[side], left[side], groups) for side in _sides(observed.above)]
    return variance.sum(axis=0), np.maximum(np.minimum(*events) - 1, 1)


def _sides(above: Flags) -> tuple[Ints, Ints]:
    return np.flatnonzero(above), np.flatnonzero(~above)


class _Terms:
    """The terms of the split, and how each row moves them."""

    def __init__(self, sums: _Sums) -> None:
        self.below = sums.below
        self.all_below = sums.below.sum(axis=1)
        self.overall = sums.above.sum(axis=1) / self.all_below
        self.share = sums.below / self.all_below[:, None]
        self.part = sums.above / self.all_below[:, None]
        known = sums.below > 0
        self.seen = np.divide(
            sums.above, sums.below, out=np.full(known.shape, np.nan), where=known
        )
        self.ratio = np.where(known, self.seen, np.nan_to_num(self.seen[::-1]))
        self.both: Flags = known[0] & known[1]
        self.step = self.ratio[1] - self.ratio[0]
        self.mean_share = self.share.mean(axis=0)
        self.rate = np.where(self.both, self.mean_share * self.step, 0.0)
        middle = self.ratio.mean(axis=0) - self.overall.mean()
        self.mix = middle * (self.share[1] - self.share[0])

    def influences(
        self, observed: Observed, group: Ints
    ) -> Iterator[tuple[Floats, Floats, Floats]]:
        """Say, for each group, how each row moves its rate, its mix and their sum."""
        t = observed.later.astype(np.intp)
        y = observed.above.astype(np.float64)
        sign = np.where(observed.later, 1.0, -1.0)
        size = observed.weight / self.all_below[t]
        outside = y - self.overall[t]
        mean = float(self.overall.mean())
        for g in range(self.below.shape[1]):
            inside = (group == g).astype(np.float64)
            moved = self.share[1, g] - self.share[0, g]
            own = inside * y - self.part[t, g] - mean * (inside - self.share[t, g])
            total = size * (sign * own - 0.5 * moved * outside)
            rate = np.zeros(len(t))
            if self.both[g]:
                rate = 0.5 * size * (inside - self.share[t, g]) * self.step[g]
                rate += (
                    sign * self.mean_share[g] * inside * (y - self.ratio[t, g])
                    * observed.weight / self.below[t, g]
                )  # fmt: skip
            yield rate, total - rate, total

    def whole(self, observed: Observed, group: Ints) -> tuple[Floats, Floats]:
        """Say how each row moves the change of everything, and the sum of all rates."""
        t = observed.later.astype(np.intp)
        y = observed.above.astype(np.float64)
        sign = np.where(observed.later, 1.0, -1.0)
        size = observed.weight / self.all_below[t]
        step = np.where(self.both, self.step, 0.0)
        mean_step = self.share @ step
        within = 0.5 * size * (step[group] - mean_step[t])
        own = sign * (self.mean_share * self.both)[group] * (y - self.ratio[t, group])
        below = np.maximum(self.below[t, group], np.finfo(float).tiny)
        return sign * size * (y - self.overall[t]), within + own * observed.weight / below


class _Errors:
    """Standard errors of sums of influences under a design."""

    def __init__(self, observed: Observed) -> None:
        self.observed = observed
        self.period: Ints = observed.later.astype(np.intp)
        if observed.stratum is not None:
            known = 0 if observed.certain is None else len(observed.certain)
            self.strata = max(known, int(observed.stratum.max(initial=0)) + 1)
            self.cell = self.period * self.strata + observed.stratum
            self.unit, self.home = self._units()

    def _units(self) -> tuple[Ints, Ints]:
        """Give each row the number of what it was drawn with, within a period and stratum."""
        if self.observed.unit is None:
            return np.arange(len(self.cell)), self.cell
        key = self.cell * (int(self.observed.unit.max(initial=0)) + 1) + self.observed.unit
        _, first, unit = np.unique(key, return_index=True, return_inverse=True)
        return unit.ravel(), self.cell[first]

    def of(self, influence: Floats) -> float:
        """Give the standard error of a sum of influences of single ads or labels."""
        if self.observed.stratum is None:
            return float(np.sqrt((self.observed.count * influence**2).sum()))
        size = 2 * self.strata
        moved = np.bincount(self.unit, self.observed.count * influence, minlength=len(self.home))
        count = np.bincount(self.home, minlength=size)
        total = np.bincount(self.home, moved, minlength=size)
        square = np.bincount(self.home, moved**2, minlength=size)
        spread = square - np.divide(total**2, count, out=np.zeros(size), where=count > 0)
        lone = np.where(count > 1, spread * count / np.maximum(count - 1, 1), square)
        if self.observed.certain is not None:
            lone = np.where(np.tile(self.observed.certain, 2), 0.0, lone)
        return float(np.sqrt(np.maximum(lone, 0).sum()))
