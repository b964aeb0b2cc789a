"""What a ratio can be when part of the ads was never labelled."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums
from shroff.stats.estimate import Estimates
from shroff.stats.linearise import Flags, Ints, add_up
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Ratio

__all__ = ["Unlabelled", "bounds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlabelled:
    """Ads in strata that nobody sampled, counted by slice and by what is known of them.

    Parameters
    ----------
    group : array of int, shape (k,)
        Slice 0..G-1.
    known : array of int, shape (k,)
        Known class, such as the machine's action: an ad may turn out to be any outcome of it.
    count : array of shape (k,)
        Ads, or their exposure, in the unit of the ratio.
    """

    group: Ints
    known: Ints
    count: Floats


def bounds(
    labelled: Estimates, unlabelled: Unlabelled, *, metric: Ratio, known: Ints
) -> Estimates:
    """Say between which ends a ratio lies, whatever the unlabelled ads are.

    Parameters
    ----------
    labelled : Estimates
        The ratio among the strata that were sampled, with totals and interval.
    unlabelled : Unlabelled
        The ads of the others.
    metric : Ratio
        Outcomes above and below the line.
    known : array of int, shape (C,)
        Known class of each outcome.

    Returns
    -------
    Estimates
        Slices with unlabelled ads that matter have NaN as value, and as ends the least and the
        most that the ratio can be; the other slices are returned as they were.

    Notes
    -----
    Each unlabelled ad is given the outcome of its class that moves the ratio furthest: below the
    line only, else outside it, else above, for the low end; the reverse for the high end. The
    labelled part enters with the low or high end of its own interval and its estimated total, so
    the ends hold at least as often as that interval does as long as the total is well known; they
    are not an interval around a value, and no value is given.

    References
    ----------
    Manski, Partial Identification of Probability Distributions (2003), ch. 1.
    """
    _require(unlabelled, groups=len(labelled), known=known)
    up, down = _extremes(unlabelled, metric, known=known, groups=len(labelled))
    base = np.nan_to_num(labelled.denominator)
    low = _ratio(np.nan_to_num(labelled.low) * base, base, added=down)
    high = _ratio(np.nan_to_num(labelled.high) * base, base, added=up)
    moved = (up[0] + up[1] + down[0] + down[1]) > 0
    return replace(
        labelled,
        value=np.where(moved, np.nan, labelled.value),
        low=np.where(moved, low, labelled.low),
        high=np.where(moved, high, labelled.high),
        numerator=np.where(moved, np.nan, labelled.numerator),
        denominator=np.where(moved, np.nan, labelled.denominator),
        n_effective=np.where(moved, np.nan, labelled.n_effective),
        design_effect=np.where(moved, np.nan, labelled.design_effect),
    )


def _extremes(
    unlabelled: Unlabelled, metric: Ratio, *, known: Ints, groups: int
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Add up (hits, misses) of the unlabelled ads at the ratio's highest and at its lowest."""
    classes = int(known.max(initial=0)) + 1
    member: Flags = known == np.arange(classes)[:, None]
    hit, miss = metric.numerator, metric.denominator & ~metric.numerator
    can_hit, can_miss = _able(member & hit), _able(member & miss)
    can_leave = _able(member & ~metric.denominator)

    def total(chosen: Flags) -> Floats:
        return add_up(unlabelled.group, unlabelled.count * chosen[unlabelled.known], size=groups)

    highest = total(can_hit), total(~can_hit & ~can_leave)
    lowest = total(~can_miss & ~can_leave), total(can_miss)
    return highest, lowest


def _able(outcomes: Flags) -> Flags:
    found: Flags = np.max(outcomes, axis=1, initial=False)
    return found


def _ratio(hits: Floats, base: Floats, *, added: tuple[Floats, Floats]) -> Floats:
    below = base + added[0] + added[1]
    # nothing below the line at this extreme: the other one says all there is to say
    return np.divide(hits + added[0], below, out=np.zeros(len(base)), where=below > 0)


def _require(unlabelled: Unlabelled, *, groups: int, known: Ints) -> None:
    require_index("group", unlabelled.group, size=groups, where="unlabelled")
    require_sums("count", unlabelled.count, where="unlabelled", hint="count ads, each once")
    if not np.all(np.isin(unlabelled.known, known)):
        raise DesignError("an unlabelled ad of a class without outcomes", where="unlabelled")
