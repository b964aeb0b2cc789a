"""Shares corrected for the errors of those who label, with the doubt of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from shroff.errors import DesignError
from shroff.stats.estimate import Estimates
from shroff.stats.linearise import divide
from shroff.stats.proportions import Floats, require_level

__all__ = ["LEAST_POWER", "Accuracy", "bounded_by_error", "rogan_gladen", "telling"]

LEAST_POWER = 0.1
"""Labels whose sensitivity and specificity may add up to less than this over one tell too little
to correct anything by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How often labels are right.

    Parameters
    ----------
    sensitivity, specificity : Estimates
        Share of violating ads labelled violating, and of compliant ads labelled compliant; both
        of one figure, or of as many as the shares to correct.
    """

    sensitivity: Estimates
    specificity: Estimates


def rogan_gladen(observed: Estimates, accuracy: Accuracy) -> Estimates:
    """Say what share is truly violating, when labels err at rates that were themselves estimated.

    Parameters
    ----------
    observed : Estimates
        Shares labelled violating, estimated under the design of the labels.
    accuracy : Accuracy
        How often such labels are right, estimated from other items.

    Returns
    -------
    Estimates
        Corrected shares in [0, 1], at the level of ``observed``. Where the labels may be little
        better than chance (`telling`) there is no value, only what the share can be.

    Raises
    ------
    DesignError
        If the figures do not match.

    Notes
    -----
    The value is ``(p + Sp - 1) / (Se + Sp - 1)``, kept within [0, 1]. The interval is Lang and
    Reiczigel's: the doubts of the share, of sensitivity and of specificity add up, each after a
    few successes and failures are added, and the middle is moved for their skew. Labels enter as
    the effective numbers of their designs. It takes errors to be as frequent in every part that
    is corrected by the same rates: an auditor may be better at what the machine rejects than at
    what it approves, and then this is wrong. Where violations are rare, almost all of it rests on
    the specificity: at one violation in 200 and 99% specificity, two of three labels that say
    violating are wrong.

    References
    ----------
    Rogan and Gladen, American Journal of Epidemiology 107 (1978); Lang and Reiczigel, Preventive
    Veterinary Medicine 113 (2014).
    """
    sensitivity, specificity = _matched(observed, accuracy)
    power = sensitivity.value + specificity.value - 1
    value = np.clip(divide(observed.value + specificity.value - 1, power), 0.0, 1.0)
    reached, spread = _lang_reiczigel(observed, sensitivity, specificity)
    ends = bounded_by_error(observed, accuracy)
    clear = telling(accuracy, size=len(observed))
    return Estimates(
        value=np.where(clear, value, np.nan),
        low=np.where(clear, np.minimum(reached[0], value), ends[0]),
        high=np.where(clear, np.maximum(reached[1], value), ends[1]),
        n=observed.n,
        n_effective=np.where(clear, divide(value * (1 - value), spread), np.nan),
        design_effect=np.full(len(observed), np.nan),
        numerator=np.where(clear, value * observed.denominator, np.nan),
        denominator=observed.denominator,
        level=observed.level,
        method="rogan-gladen",
    )


def _lang_reiczigel(
    observed: Estimates, sensitivity: Estimates, specificity: Estimates
) -> tuple[tuple[Floats, Floats], Floats]:
    """Give both ends of the corrected shares, and their variances."""
    z = float(ndtri(0.5 + require_level(observed.level) / 2))
    share, n = _lent(observed.value, observed.n_effective, more=z**2)
    se, n_se = _lent(sensitivity.value, sensitivity.n_effective, more=2.0)
    sp, n_sp = _lent(specificity.value, specificity.n_effective, more=2.0)
    power = np.maximum(se + sp - 1, 1e-9)
    middle = np.clip((share + sp - 1) / power, 0.0, 1.0)
    missed, alarmed = se * (1 - se) / n_se, sp * (1 - sp) / n_sp
    moved = middle + 2 * z**2 * (middle * missed - (1 - middle) * alarmed)
    doubt = share * (1 - share) / n + middle**2 * missed + (1 - middle) ** 2 * alarmed
    spread = doubt / power**2
    reach = z * np.sqrt(spread)
    return (np.clip(moved - reach, 0.0, 1.0), np.clip(moved + reach, 0.0, 1.0)), spread


def telling(accuracy: Accuracy, *, size: int) -> np.ndarray:
    """Tell where labels are surely better than chance.

    Parameters
    ----------
    accuracy : Accuracy
        How often labels are right.
    size : int
        Number of shares.

    Returns
    -------
    array of bool, shape (size,)
        Whether the lower end of sensitivity + specificity - 1 is above `LEAST_POWER`.

    Notes
    -----
    The end is put together from the ends of the two (square and add).
    """
    se, sp = accuracy.sensitivity, accuracy.specificity
    fall = np.hypot(se.value - se.low, sp.value - sp.low)
    return np.broadcast_to(se.value + sp.value - 1 - fall > LEAST_POWER, (size,))


def bounded_by_error(observed: Estimates, accuracy: Accuracy) -> tuple[Floats, Floats]:
    """Say what a share can be, whatever the labels' rates are within their intervals.

    Parameters
    ----------
    observed : Estimates
        Shares labelled violating.
    accuracy : Accuracy
        How often labels are right.

    Returns
    -------
    tuple of array
        Least and most; 0 and 1 where labels may be no better than chance.
    """
    se, sp = _matched(observed, accuracy)
    power = np.minimum(se.low, se.high) + sp.low - 1
    low = np.divide(
        observed.low + sp.low - 1,
        se.high + sp.low - 1,
        out=np.zeros(len(observed)),
        where=power > 0,
    )
    high = np.divide(
        observed.high + sp.high - 1,
        se.low + sp.high - 1,
        out=np.ones(len(observed)),
        where=power > 0,
    )
    missing = np.isnan(observed.value)
    return (
        np.where(missing, np.nan, np.clip(low, 0.0, 1.0)),
        np.where(missing, np.nan, np.clip(high, 0.0, 1.0)),
    )


def _lent(share: Floats, n: Floats, *, more: float) -> tuple[Floats, Floats]:
    """Add successes and failures, half of each."""
    return (share * n + more / 2) / (n + more), n + more


def _matched(observed: Estimates, accuracy: Accuracy) -> tuple[Estimates, Estimates]:
    pair = accuracy.sensitivity, accuracy.specificity
    if any(len(each) not in {1, len(observed)} for each in pair):
        raise DesignError(
            "rates that do not match the shares", hint="give one pair, or one for each share"
        )
    if any(np.any(np.isnan(each.value)) for each in pair):
        raise DesignError(
            "nothing is known of how often labels are right",
            hint="seed ads of known truth, violating and compliant, into the queue",
        )
    return pair
