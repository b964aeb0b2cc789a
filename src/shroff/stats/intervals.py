"""From a linearised ratio to an interval that holds when labels are few."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri, stdtrit

from shroff.stats.dense import divide
from shroff.stats.estimate import Estimates
from shroff.stats.linearise import Linearised, Side
from shroff.stats.proportions import Floats, beta_odds

__all__ = ["METHOD", "korn_graubard"]

METHOD = "korn-graubard"
_FEW_HEAVY = 0.5  # 2 would take it in full, with no half label beside; by benchmarks/labeller.py
_SURE_LABELS = 1e9  # stands for a side that was counted in full


def korn_graubard(parts: Linearised, *, level: float) -> Estimates:
    """Turn linearised ratios into figures with intervals.

    Parameters
    ----------
    parts : Linearised
        Ratios and variances.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        One figure per slice.

    Notes
    -----
    Korn and Graubard put the effective number of labels into Clopper and Pearson's interval. Here
    the two sides of the ratio have each their own: a recall may rest on hundreds of violations
    caught, at weight one, and two missed, at weight five hundred. With H hits and M misses,
    effective labels h and m, the odds H / M have the ends ``beta(h, m + 1)`` and
    ``beta(h + 1, m)``, scaled from h / m to H / M. With equal units it is their interval, and with
    a simple random sample Clopper and Pearson's.

    Ten ads seldom hold the one that has most of the impressions, so their own squares say too
    little of the doubt. How unequal exposures are is told by all labels of the same machine action
    and stratum, whatever their outcome (`shroff.stats.dense.Blocks.unevenness`): with a mean
    square of u squared means, n labels count as 1 + (n - 1) / u, which is exact for gamma
    exposures, and Student's quantile is taken at as many degrees of freedom as labels count. The
    outcome's own squares take over as its labels exceed 50. A total of unequal exposures is skewed
    too: the one label more is up to 2.5.

    A side may hang on few labels of a stratum that weighs much, so that both it and its variance are
    small where few of them turned up. Its effective labels are shrunk by the square root of the
    ratio of Student's quantiles: at as many degrees of freedom as labels of one weight would give
    its variance, and at those that Satterthwaite finds for labels as they weigh.
    """
    total = parts.hits.total + parts.misses.total
    value = divide(parts.hits.total, total)
    sure = parts.variance <= 0
    ends = _ends(parts, penalty=_penalty(parts, level=level), tail=(1 - level) / 2)
    effective = np.where(sure, parts.n, _effective(parts, value))
    return Estimates(
        value=value,
        low=np.where(sure, value, np.minimum(ends[0], value)),
        high=np.where(sure, value, np.maximum(ends[1], value)),
        n=parts.n,
        n_effective=np.where(np.isfinite(value), effective, np.nan),
        design_effect=np.where(sure, 0.0, divide(parts.n, effective)),
        numerator=parts.hits.total,
        denominator=total,
        level=level,
        method=METHOD,
    )


def _ends(parts: Linearised, *, penalty: Floats, tail: float) -> tuple[Floats, Floats]:
    """Find the ends on the odds scale, each side with its own effective labels."""
    above, below = parts.hits, parts.misses
    hit_unit = np.maximum(above.unit, above.total / _SURE_LABELS) / _doubt(above, tail=tail)
    miss_unit = np.maximum(below.unit, below.total / _SURE_LABELS) / _doubt(below, tail=tail)
    hits = penalty * divide(above.total, hit_unit)
    misses = penalty * divide(below.total, miss_unit)
    scale = divide(hit_unit, miss_unit)
    none, all_ = above.total <= 0, below.total <= 0
    low = beta_odds(np.where(none, np.nan, hits), misses + 1 + below.more, tail=tail) * scale
    high = beta_odds(hits + 1 + above.more, np.where(all_, np.nan, misses), tail=1 - tail) * scale
    return np.where(none, 0.0, low / (1 + low)), np.where(all_, 1.0, high / (1 + high))


def _doubt(side: Side, *, tail: float) -> Floats:
    """Shrink the effective labels of a side whose few labels tell how unequal all are, or are most of it."""
    student = _quantiles(np.round(side.evenness * side.labels), tail=tail)
    uneven = 1 - (1 - side.evenness) * (1 - (float(ndtri(tail)) / student) ** 2)
    few = _quantiles(np.round(side.freedom), tail=tail)
    return uneven * (_quantiles(np.round(side.even_freedom), tail=tail) / few) ** _FEW_HEAVY


def _effective(parts: Linearised, value: Floats) -> Floats:
    """Count the labels of a simple sample whose share would have as uncertain odds."""
    ours = parts.share * (1 - parts.share)
    middle = np.clip(0.5, np.minimum(parts.share, value), np.maximum(parts.share, value))
    return divide(ours**2, parts.variance * middle * (1 - middle))


def _penalty(parts: Linearised, *, level: float) -> Floats:
    """Shrink the effective labels where few labels must tell their own variance."""
    tail = (1 - level) / 2
    simple = _quantiles(parts.labels - 1, tail=tail)
    ours = _quantiles(np.round(parts.freedom), tail=tail)
    return (simple / ours) ** 2


def _quantiles(freedom: Floats, *, tail: float) -> Floats:
    """Look up Student's quantiles; slices share few values, and each is dear."""
    values, where = np.unique(np.maximum(freedom, 1.0), return_inverse=True)
    found: Floats = stdtrit(values, tail)
    return found[where]
